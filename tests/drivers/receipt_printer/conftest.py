"""A simulated receipt printer for each test and each kind of line, and the driver at the other end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from drivers.receipt_printer import driver
from drivers.receipt_printer.driver import ReceiptPrinter
from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.serial_devices.receipt_printer import SimulatedReceiptPrinter
from hardware_sim.serial_devices.tcp_line import TcpLine

WIDTH = 576
LINES = ("serial", "usb", "tcp")


@pytest.fixture(params=LINES)
def kind(request: pytest.FixtureRequest) -> str:
    """How the printer is reached. The USB device of the kernel is played by a pseudo-terminal, read and written raw."""
    return str(request.param)


@pytest.fixture
def line(kind: str, tmp_path: Path) -> SerialLine | TcpLine:
    return TcpLine() if kind == "tcp" else SerialLine(tmp_path / "adm-receipt")


@pytest.fixture
def machine(line: SerialLine | TcpLine, tmp_path: Path) -> Iterator[SimulatedReceiptPrinter]:
    machine = SimulatedReceiptPrinter(line, tmp_path / "receipts", WIDTH)
    machine.start()
    yield machine
    machine.close()


@pytest.fixture
def port(kind: str, machine: SimulatedReceiptPrinter) -> str:
    """What stands in the settings."""
    return f"usb:{machine.line.port}" if kind == "usb" else machine.line.port


@pytest.fixture
async def printer(port: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ReceiptPrinter]:
    monkeypatch.setattr(driver, "STATUS_EVERY_S", 0.1)  # to see changes sooner
    printer = ReceiptPrinter("receipt printer", port, 115200, WIDTH)
    await printer.start()
    yield printer
    await printer.close()
