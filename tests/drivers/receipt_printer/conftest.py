"""A simulated receipt printer on a pseudo-terminal for each test, and the driver at the other end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from drivers.receipt_printer import driver
from drivers.receipt_printer.driver import ReceiptPrinter
from hardware_sim.serial_devices.receipt_printer import SimulatedReceiptPrinter

WIDTH = 576


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[SimulatedReceiptPrinter]:
    machine = SimulatedReceiptPrinter(tmp_path / "adm-receipt", tmp_path / "receipts", WIDTH)
    machine.start()
    yield machine
    machine.close()


@pytest.fixture
async def printer(machine: SimulatedReceiptPrinter, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ReceiptPrinter]:
    monkeypatch.setattr(driver, "STATUS_EVERY_S", 0.1)  # to see changes sooner
    printer = ReceiptPrinter("receipt printer", str(machine.line.link), 115200, WIDTH)
    await printer.start()
    yield printer
    await printer.close()
