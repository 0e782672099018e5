"""A receipt printer and a QR scanner, each on a line of its own, and their acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hardware_sim.control import ControlServer, State
from hardware_sim.faults.arming import Arming
from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.serial_devices.qr_scanner import SimulatedQrScanner
from hardware_sim.serial_devices.receipt_printer import SimulatedReceiptPrinter
from hardware_sim.serial_devices.tcp_line import TcpLine

DEVICES = ("receipt", "scanner")

Acts = Mapping[str, Callable[..., object]]


class SerialDevices:
    """Both devices or one of them, behind one control; lines and receipts are in ``directory``.

    ``receipt_line`` is where the printer is: on a line of its own below the directory, if left out.
    """

    def __init__(
        self,
        directory: Path,
        width: int,
        devices: Sequence[str] = DEVICES,
        receipt_line: SerialLine | TcpLine | None = None,
    ) -> None:
        line = receipt_line or SerialLine(directory / "adm-receipt")
        self.receipt = SimulatedReceiptPrinter(line, directory / "receipts", width)
        self.scanner = SimulatedQrScanner(directory / "adm-scanner")
        self._devices = tuple(devices)
        self._arming = Arming(lambda: self._own_acts)
        self.receipt.reached = self._arming.reached
        self._control: ControlServer | None = None

    def start(self, control_port: int = 0) -> str:
        """Plug the devices in; answers the address of the control."""
        if "receipt" in self._devices:
            self.receipt.start()
        if "scanner" in self._devices:
            self.scanner.start()
        self._control = ControlServer(self.acts, self.state, control_port)
        return self._control.url

    def close(self) -> None:
        if self._control:
            self._control.close()
        if "receipt" in self._devices:
            self.receipt.close()
        if "scanner" in self._devices:
            self.scanner.close()

    def where(self) -> dict[str, Any]:
        """Where the devices are: for each its port, and for the printer the folder of its receipts."""
        places: dict[str, Any] = {
            "receipt": {"port": self.receipt.line.port, "receipts": str(self.receipt.receipts.folder)},
            "scanner": {"port": self.scanner.line.port},
        }
        return {device: places[device] for device in self._devices}

    def state(self) -> State:
        states = {"receipt": self.receipt.state, "scanner": self.scanner.state}
        return {**{device: states[device]() for device in self._devices}, "armed": self._arming.state()}

    @property
    def acts(self) -> Acts:
        return {**self._own_acts, **self._arming.acts}

    @property
    def _own_acts(self) -> Acts:
        acts: dict[str, Callable[..., object]] = {
            "unplug": lambda device: self._line(device).unplug(),
            "plug": lambda device: self._line(device).plug(),
            "repair": self._repair,
        }
        if "receipt" in self._devices:
            acts |= {
                "paper": self.receipt.paper,
                "paper_out_after": self.receipt.paper_out_after,
                "cover": self.receipt.cover,
                "cutter": self.receipt.cutter,
                "silence": self.receipt.silence,
                "stop_reading": self.receipt.stop_reading,
                "pace": self.receipt.pace,
            }
            if isinstance(self.receipt.line, TcpLine):
                acts["black_hole"] = self.receipt.line.black_hole
        if "scanner" in self._devices:
            acts |= {
                "scan": self.scanner.scan,
                "partial": self.scanner.partial,
                "garbage": self.scanner.garbage,
                "flood": self.scanner.flood,
            }
        return acts

    def _repair(self) -> None:
        """Everything as it should be: plugged, paper in, cover shut, nothing armed."""
        self._arming.disarm()
        for device in self._devices:
            line = self._line(device)
            line.plug()
            if isinstance(line, TcpLine):
                line.black_hole(on=False)
        self.receipt.repair()

    def _line(self, device: str) -> SerialLine | TcpLine:
        lines: dict[str, SerialLine | TcpLine] = {"receipt": self.receipt.line, "scanner": self.scanner.line}
        if device not in self._devices:
            raise ValueError(f"no device {device!r}; there are {sorted(self._devices)}")
        return lines[device]
