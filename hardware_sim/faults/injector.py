"""The hand that does the faults of the vocabulary in a world that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hardware_sim.control import Hand
from hardware_sim.faults.arming import Phase
from hardware_sim.faults.fault import Act, Fault
from hardware_sim.faults.vocabulary import DEVICES, FAULTS


class Injector:
    """Does faults where ``where`` (the content of ``world.json``) says that the devices are."""

    def __init__(self, where: Mapping[str, Any]) -> None:
        self._where = where

    @property
    def devices(self) -> list[str]:
        """The devices of this world, by the names of the vocabulary."""
        return [device for device in DEVICES if "control" in self._where.get(device, {})]

    @property
    def faults(self) -> list[Fault]:
        """The faults that this world's devices can have."""
        here = set(self.devices)
        return [f for f in FAULTS.values() if {f.device, f.strike.device} <= here]

    def strike(self, name: str, at: str | None = None, of: str | None = None, times: int | None = 1) -> None:
        """Let that happen: now, or the next ``times`` (None: all) times that ``of`` (its own device) is ``at`` a phase.

        ValueError names what there is not: the fault, the phase, the device.
        """
        fault = self._fault(name)
        if at is None:
            self._do(fault.strike)
            return
        clock = of or fault.device
        phase = _phase(at)
        if of in (None, fault.device) and phase not in fault.phases:
            known = ", ".join(fault.phases) or "none: it strikes at once, or at a phase of another device"
            raise ValueError(f"{name} has no phase {at!r}; it has {known}")
        own = fault.strike.device == clock
        self._hand(clock).do(
            "arm",
            phase=phase,
            act=fault.strike.name,
            arguments=dict(fault.strike.arguments),
            url=None if own else self._hand(fault.strike.device).url,
            times=times,
        )

    def mend(self, name: str) -> None:
        """What a hand does against it; it does not wait for a phase any more either."""
        fault = self._fault(name)
        for act in fault.mend:
            self._do(act)
        for device in self.devices:
            if device not in self.frozen and self._hand(device).state().get("armed"):
                self._hand(device).do("disarm", act=fault.strike.name, arguments=dict(fault.strike.arguments))

    @property
    def frozen(self) -> list[str]:
        """The devices that hear no hand now."""
        return list(self._hand("machine").state()["frozen"]) if "machine" in self.devices else []

    def mend_all(self) -> None:
        """Every device as it should be, and nothing waits."""
        if "machine" in self.devices:
            self._hand("machine").do("repair")  # first: a frozen device hears no hand
        for device in self.devices:
            self._hand(device).do("repair")

    def _do(self, act: Act) -> None:
        self._hand(act.device).do(act.name, **act.arguments)

    def _fault(self, name: str) -> Fault:
        if name not in FAULTS:
            raise ValueError(f"no fault {name!r}; `adm-sim fault list` tells which there are")
        return FAULTS[name]

    def _hand(self, device: str) -> Hand:
        if device not in self.devices:
            raise ValueError(f"this world has no {device!r}; it has {', '.join(self.devices)}")
        return Hand(self._where[device]["control"])


def _phase(name: str) -> Phase:
    try:
        return Phase(name)
    except ValueError:
        raise ValueError(f"no phase {name!r}; there are {', '.join(Phase)}") from None
