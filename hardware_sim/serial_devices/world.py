"""Both devices and their acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from hardware_sim.control import ControlServer, State
from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.serial_devices.qr_scanner import SimulatedQrScanner
from hardware_sim.serial_devices.receipt_printer import SimulatedReceiptPrinter


class SerialDevices:
    """A receipt printer and a QR scanner; lines and receipts are in ``directory``."""

    def __init__(self, directory: Path, width: int) -> None:
        self.receipt = SimulatedReceiptPrinter(directory / "adm-receipt", directory / "receipts", width)
        self.scanner = SimulatedQrScanner(directory / "adm-scanner")
        self._control: ControlServer | None = None

    def start(self, control_port: int = 0) -> str:
        """Plug both in; answers the address of the control."""
        self.receipt.start()
        self.scanner.start()
        self._control = ControlServer(self.acts, self.state, control_port)
        return self._control.url

    def close(self) -> None:
        if self._control:
            self._control.close()
        self.receipt.close()
        self.scanner.close()

    def state(self) -> State:
        return {"receipt": self.receipt.state(), "scanner": self.scanner.state()}

    @property
    def acts(self) -> Mapping[str, Callable[..., object]]:
        return {
            "unplug": lambda device: self._line(device).unplug(),
            "plug": lambda device: self._line(device).plug(),
            "paper": self.receipt.paper,
            "paper_out_after": self.receipt.paper_out_after,
            "cover": self.receipt.cover,
            "cutter": self.receipt.cutter,
            "silence": self.receipt.silence,
            "stop_reading": self.receipt.stop_reading,
            "pace": self.receipt.pace,
            "scan": self.scanner.scan,
            "partial": self.scanner.partial,
            "garbage": self.scanner.garbage,
            "flood": self.scanner.flood,
        }

    def _line(self, device: str) -> SerialLine:
        lines = {"receipt": self.receipt.line, "scanner": self.scanner.line}
        if device not in lines:
            raise ValueError(f"no device {device!r}; there are {sorted(lines)}")
        return lines[device]
