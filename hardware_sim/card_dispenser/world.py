"""The dispenser and its acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from hardware_sim.card_dispenser.dispenser import SimulatedDispenser
from hardware_sim.control import ControlServer, State
from hardware_sim.faults.arming import Arming


class DispenserWorld:
    """One dispenser; its line is in ``directory``. ``printer``: control address of the card printer that it feeds."""

    def __init__(self, directory: Path, variant: str = "m001", printer: str | None = None) -> None:
        self.dispenser = SimulatedDispenser(directory / "adm-dispenser", variant, printer)
        self.arming = Arming(lambda: self._own_acts)
        self.dispenser.machine.reached = self.arming.reached
        self._control: ControlServer | None = None

    def start(self, control_port: int = 0) -> str:
        """Plug it in; answers the address of the control."""
        self.dispenser.start()
        self._control = ControlServer(self.acts, self.state, control_port)
        return self._control.url

    def close(self) -> None:
        if self._control:
            self._control.close()
        self.dispenser.close()

    def settings(self) -> State:
        """The table [card_dispenser] of a kiosk that this dispenser belongs to."""
        return {"port": str(self.dispenser.line.link), "baud": "auto", "address": 0, "variant": "auto"}

    def state(self) -> State:
        return {**self.dispenser.state(), "armed": self.arming.state()}

    @property
    def acts(self) -> Mapping[str, Callable[..., object]]:
        return {**self._own_acts, **self.arming.acts}

    @property
    def _own_acts(self) -> Mapping[str, Callable[..., object]]:
        dispenser, machine = self.dispenser, self.dispenser.machine
        return {
            "unplug": dispenser.line.unplug,
            "plug": dispenser.line.plug,
            "refill": machine.refill,
            "stacker": machine.set_stacker,
            "take_card": machine.take_card,
            "insert_card": machine.insert_card,
            "empty_bin": machine.empty_bin,
            "fill_bin": machine.fill_bin,
            "counter": machine.set_counter,
            "moved_by_hand": machine.moved_by_hand,
            "jam": machine.jam,
            "motor_error": machine.motor_error,
            "times": self._times,
            "silence": dispenser.silence,
            "nak": dispenser.nak,
            "wrong_bcc": dispenser.wrong_bcc,
            "lose_answer": dispenser.lose_answer,
            "lose_ack": dispenser.lose_ack,
            "lose_command": dispenser.lose_command,
            "slow_bytes": dispenser.slow_bytes,
            "restart": dispenser.restart,
            "variant": dispenser.variant,
            "repair": self._repair,
        }

    def _times(self, motion_s: float | None = None, take_back_s: float | None = None) -> None:
        """Seconds of a motion, and after which a card in the gate is taken back (0: never)."""
        machine = self.dispenser.machine
        if motion_s is not None:
            machine.motion_s = motion_s
        if take_back_s is not None:
            machine.take_back_s = take_back_s

    def _repair(self) -> None:
        self.arming.disarm()
        self.dispenser.repair()
