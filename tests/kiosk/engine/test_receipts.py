"""The receipt of a visit, on a simulated printer at the other end of a pseudo-terminal."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from drivers.receipt_printer import driver
from drivers.receipt_printer.driver import ReceiptPrinter
from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.serial_devices.receipt_printer import SimulatedReceiptPrinter
from kiosk.engine.receipts import Receipts
from kiosk.protocol import Ended, EndState
from kiosk.settings import Site

pytestmark = pytest.mark.devices

WIDTH = 576
SITE = Site(name="Anjungan Uji", help="Loket 1")
ENDED = (Ended("Kartu Keluarga", EndState.TAKEN),)
ATTEMPTS = ("0193a5f0-0000-7000-8000-000000000001",)


def now() -> datetime:
    return datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[SimulatedReceiptPrinter]:
    machine = SimulatedReceiptPrinter(SerialLine(tmp_path / "adm-receipt"), tmp_path / "receipts", WIDTH)
    machine.start()
    yield machine
    machine.close()


@pytest.fixture
async def printer(machine: SimulatedReceiptPrinter, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ReceiptPrinter]:
    monkeypatch.setattr(driver, "STATUS_EVERY_S", 0.1)  # to see changes sooner
    printer = ReceiptPrinter("receipt_printer", machine.line.port, 115200, WIDTH)
    await printer.start()
    async with asyncio.timeout(10):
        while not printer.status.ready:
            await asyncio.sleep(0.02)
    yield printer
    await printer.close()


async def test_one_receipt_comes_out(printer: ReceiptPrinter, machine: SimulatedReceiptPrinter) -> None:
    assert await Receipts(printer, SITE, WIDTH, now).print(ENDED, ATTEMPTS)

    (paper,) = machine.receipts.paths
    with Image.open(paper) as picture:
        darkest, _ = picture.convert("L").getextrema()
    assert darkest == 0, "nothing stands on it"


async def test_without_paper_there_is_none_and_nothing_waits(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    machine.paper("out")
    async with asyncio.timeout(10):
        while printer.status.ready:
            await asyncio.sleep(0.02)

    assert not await Receipts(printer, SITE, WIDTH, now).print(ENDED, ATTEMPTS)
    assert machine.receipts.paths == []


async def test_paper_that_ends_in_the_middle_is_no_receipt(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    machine.paper_out_after(40)

    assert not await Receipts(printer, SITE, WIDTH, now).print(ENDED, ATTEMPTS)


async def test_a_kiosk_without_a_receipt_printer_has_none() -> None:
    assert not await Receipts(None, SITE, 0, now).print(ENDED, ATTEMPTS)
