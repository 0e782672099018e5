"""What a fault is, and the shapes that many of them have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hardware_sim.faults.arming import Phase

ANY_PHASE = tuple(Phase)
WORKING = (Phase.BEFORE, Phase.TRANSFER, Phase.PRINTING)


@dataclass(frozen=True)
class Act:
    """What a hand does: an act of one device's control."""

    name: str
    arguments: Mapping[str, Any]
    device: str


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. ``sentence`` is for trainers, Indonesian."""

    device: str
    name: str
    sentence: str
    strike: Act
    mend: tuple[Act, ...] = ()
    phases: tuple[Phase, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.device}.{self.name}"


def act(device: str, name: str, /, **arguments: Any) -> Act:
    return Act(name, arguments, device)


def condition(device: str, name: str, sentence: str, phases: Iterable[Phase] = WORKING, *mend: Act) -> Fault:
    """A condition of a printer that a hand clears."""
    clear = (*mend, act(device, "condition", name=name, on=False))
    return Fault(device, name, sentence, act(device, "condition", name=name, on=True), clear, tuple(phases))


def switched(device: str, name_of_act: str, sentence: str, phases: Iterable[Phase] = WORKING, name: str = "") -> Fault:
    """A fault that is an act with on true, and mended by the same with on false."""
    strike, mend = act(device, name_of_act, on=True), act(device, name_of_act, on=False)
    return Fault(device, name or name_of_act, sentence, strike, (mend,), tuple(phases))


def frozen(device: str, sentence: str, process: str = "", phases: Iterable[Phase] = WORKING) -> Fault:
    process = process or device
    strike, mend = act("machine", "freeze", name=process), act("machine", "thaw", name=process)
    return Fault(device, "frozen", sentence, strike, (mend,), tuple(phases))
