"""The cabinet and its acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from hardware_sim.cabinet.board import PROFILE, SimulatedBoard
from hardware_sim.control import ControlServer, State


class CabinetWorld:
    """One board; its line is in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.board = SimulatedBoard(directory / "adm-cabinet")
        self._control: ControlServer | None = None

    def start(self, control_port: int = 0) -> str:
        """Plug it in; answers the address of the control."""
        self.board.start()
        self._control = ControlServer(self.acts, self.board.state, control_port)
        return self._control.url

    def close(self) -> None:
        if self._control:
            self._control.close()
        self.board.close()

    def settings(self) -> State:
        """The table [cabinet] of a kiosk that this board belongs to."""
        watchdog = dict(zip(("watchdog_register", "watchdog_value"), PROFILE.watchdog or (), strict=False))
        return {
            "port": str(self.board.line.link),
            "baud": 19200,
            "parity": "none",
            "unit": PROFILE.unit,
            **{str(contact): address for contact, address in PROFILE.contacts.items()},
            **{f"{lamp}_lamp": address for lamp, address in PROFILE.lamps.items()},
            **watchdog,
        }

    @property
    def acts(self) -> Mapping[str, Callable[..., object]]:
        board = self.board
        return {
            "unplug": board.line.unplug,
            "plug": board.line.plug,
            "press_call": board.press_call,
            "open_door": board.open_door,
            "close_door": board.close_door,
            "key": board.key,
            "silence": board.silence,
            "wrong_crc": board.wrong_crc,
            "slow_bytes": board.slow_bytes,
            "answer_exception": board.answer_exception,
            "restart": board.restart,
            "repair": board.repair,
        }
