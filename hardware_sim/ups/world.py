"""The UPS and its acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from hardware_sim.control import ControlServer, State
from hardware_sim.ups.nut import UPS, SimulatedUps


class UpsWorld:
    """One UPS behind an upsd of its own; all its files are in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.ups = SimulatedUps(directory)
        self._control: ControlServer | None = None

    def start(self, control_port: int = 0) -> str:
        """Start it, on mains; answers the address of the control."""
        self.ups.start()
        self._control = ControlServer(self.acts, self.ups.state, control_port)
        return self._control.url

    def close(self) -> None:
        if self._control:
            self._control.close()
        self.ups.close()

    def settings(self) -> State:
        """The table [ups] of a kiosk that this UPS feeds."""
        return {"host": "127.0.0.1", "port": self.ups.port, "name": UPS}

    @property
    def acts(self) -> Mapping[str, Callable[..., object]]:
        ups = self.ups
        return {
            "mains": ups.mains,
            "battery": ups.battery,
            "low": ups.low,
            "say": ups.say,
            "plug": ups.plug,
            "unplug": ups.unplug,
            "start_upsd": ups.start_upsd,
            "stop_upsd": ups.stop_upsd,
            "kill_upsd": ups.kill_upsd,
            "repair": ups.repair,
        }
