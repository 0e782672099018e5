"""What happens to the machine as a whole: the power goes, a process hangs or dies, a print queue is stopped."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import cups

from hardware_sim.control import ControlServer, Hand, State
from hardware_sim.printers.cups import PrivateCups

CUPSD = "cupsd"
STOPPED = 5  # printer-state, RFC 8011 5.4.11
PRINTERS = ("paper", "card")


class Process(Protocol):
    def send_signal(self, number: signal.Signals, /) -> None: ...


class KioskProcesses(Protocol):
    """Engine and screen, once they run."""

    def start(self) -> None: ...
    def kill(self) -> None: ...


class Machine:
    """Acts on what is no single device. ``where`` is the world's; processes come in as the world starts them."""

    def __init__(self, where: Mapping[str, Any]) -> None:
        self._where = where
        self.processes: dict[str, Process] = {}
        self.cups: PrivateCups | None = None
        self.kiosk: KioskProcesses | None = None
        self.frozen: set[str] = set()
        self._power = True
        self._switching = threading.Lock()  # a cut that a device has begun is whole before a hand restores the power
        self._control: ControlServer | None = None

    def start(self) -> str:
        """Answers the address of the control."""
        self._control = ControlServer(self.acts, self.state)
        return self._control.url

    def close(self) -> None:
        for name in sorted(self.frozen):
            self.thaw(name)
        if self._control:
            self._control.close()

    def state(self) -> State:
        return {"power": self._power, "frozen": sorted(self.frozen), "cupsd": self._running(), "queues": self._queues()}

    def _running(self) -> bool:
        return self.cups is not None and self.cups.running

    def _queues(self) -> dict[str, str]:
        """Each queue's state (open, stopped), as far as cupsd can be asked."""
        if self.cups is None or not self.cups.running or CUPSD in self.frozen:
            return {}
        try:
            found = self.cups.connection().getPrinters()
        except (RuntimeError, cups.IPPError):  # killed or started at this very moment
            return {}
        return {name: "stopped" if queue["printer-state"] == STOPPED else "open" for name, queue in found.items()}

    @property
    def acts(self) -> Mapping[str, Callable[..., object]]:
        return {
            "freeze": self.freeze,
            "thaw": self.thaw,
            "stop_queue": self.stop_queue,
            "resume_queue": self.resume_queue,
            "kill_cupsd": self.kill_cupsd,
            "start_cupsd": self.start_cupsd,
            "cut_power": self.cut_power,
            "restore_power": self.restore_power,
            "repair": self.repair,
        }

    def freeze(self, name: str) -> None:
        """Stop a device's process, or cupsd, with SIGSTOP: its ports stay open and nothing answers."""
        self._signal(name, signal.SIGSTOP)
        self.frozen.add(name)

    def thaw(self, name: str) -> None:
        self._signal(name, signal.SIGCONT)
        self.frozen.discard(name)

    def stop_queue(self, name: str) -> None:
        """As `cupsdisable` does, or cupsd itself after a failure."""
        self._spooler().connection().disablePrinter(name)

    def resume_queue(self, name: str) -> None:
        self._spooler().connection().enablePrinter(name)

    def kill_cupsd(self) -> None:
        """The daemon alone; what prints goes on."""
        self._spooler().kill()

    def start_cupsd(self) -> None:
        if not self._spooler().running:
            self._spooler().start_daemon()

    def cut_power(self) -> None:
        """Everything in the cabinet goes dark at once, but for the UPS: kiosk, print system and printers."""
        with self._switching:
            self._power = False
            if self.kiosk is not None:
                self.kiosk.kill()
            self._spooler().cut_power()
            for printer in PRINTERS:
                Hand(self._where[printer]["control"]).do("power_off")

    def restore_power(self) -> None:
        """Everything comes up again, in the order of the units."""
        with self._switching:
            self._power = True
            for printer in PRINTERS:
                Hand(self._where[printer]["control"]).do("power_on")
            self.start_cupsd()
            if self.kiosk is not None:
                self.kiosk.start()

    def repair(self) -> None:
        """Nothing frozen, cupsd there, its queues open. The kiosk itself is not started."""
        for name in sorted(self.frozen):
            self.thaw(name)
        self.start_cupsd()
        for queue in self._spooler().queues:
            self.resume_queue(queue.name)

    def _signal(self, name: str, number: signal.Signals) -> None:
        processes = {**self.processes, CUPSD: self._spooler()}
        if name not in processes:
            raise ValueError(f"no process {name!r}; there are {sorted(processes)}")
        processes[name].send_signal(number)

    def _spooler(self) -> PrivateCups:
        if self.cups is None:
            raise ValueError("this world has no print system of its own")
        return self.cups
