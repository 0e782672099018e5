"""What each real driver does with a device, at whatever port it finds it: the same for recording and for replay.

Each answers what the driver saw. ``python tests/hardware_sim/tap/sessions.py`` renews the recordings of this folder.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from drivers.cabinet.driver import Cabinet
from drivers.cabinet.frames import Lamp
from drivers.card_reader.frames import Answer
from drivers.card_reader.protocol import read_photo
from drivers.device import Condition, DeviceState, DeviceStatus
from drivers.receipt_printer.driver import ReceiptPrinter
from drivers.spooler.device import IppDevice
from drivers.spooler.readings import STATUS_ATTRIBUTES
from drivers.ups.driver import Ups
from hardware_sim.cabinet.board import PROFILE, SimulatedBoard
from hardware_sim.printers.config import Kind, PrinterConfig
from hardware_sim.printers.simulated import SimulatedPrinter
from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.serial_devices.receipt_printer import SimulatedReceiptPrinter
from hardware_sim.smart_cards.chips import KtpElChip
from hardware_sim.tap.apdu import ExchangeTap
from hardware_sim.tap.record import SerialTap, TcpTap
from hardware_sim.tap.recording import Recorder, header
from hardware_sim.ups.nut import UPS, SimulatedUps

HERE = Path(__file__).parent / "recordings"
WIDTH = 576
WITHIN_S = 15.0
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4  # no face of anybody


def seen(status: DeviceStatus) -> tuple[DeviceState, frozenset[Condition]]:
    """A status without its time."""
    return status.state, status.conditions


async def until(true: Any) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not true():
            await asyncio.sleep(0.01)


# -- what the drivers do


async def use_cabinet(port: str) -> list[object]:
    cabinet = Cabinet("cabinet", port, 115200, "none", PROFILE)
    await cabinet.start()
    try:
        await until(lambda: cabinet.status.state is DeviceState.ONLINE)
        cabinet.lamp(Lamp.CARD_SLOT, on=True)
        await asyncio.sleep(0.5)
        return [seen(cabinet.status), cabinet.inputs]
    finally:
        await cabinet.close()


def receipt(words: str = "SPESIMEN") -> Image.Image:
    picture = Image.new("1", (WIDTH, 120), 1)
    ImageDraw.Draw(picture).text((20, 20), words, fill=0)
    return picture


async def use_receipt_printer(port: str, words: str = "SPESIMEN") -> list[object]:
    printer = ReceiptPrinter("receipt printer", port, 115200, WIDTH)
    await printer.start()
    try:
        await until(lambda: printer.status.ready)
        before = seen(printer.status)
        await printer.print_picture(receipt(words))
        return [before, seen(await printer.refresh())]
    finally:
        await printer.close()


async def use_ups(port: int) -> list[object]:
    ups = Ups("ups", "127.0.0.1", port, UPS)
    await ups.start()
    try:
        await until(lambda: ups.status.state is DeviceState.ONLINE)
        return [seen(ups.status), ups.power]
    finally:
        await ups.close()


async def use_printer(port: int) -> list[object]:
    device = IppDevice("printer", f"ipp://127.0.0.1:{port}/ipp/print")
    try:
        return [await device.attributes(STATUS_ATTRIBUTES), await device.job("no such job")]
    finally:
        await device.close()


def use_chip(exchange: Any) -> bytes:
    return read_photo("card reader", lambda command: Answer.from_bytes(exchange(command.to_bytes())))


# -- the simulated devices, with a tap before them


@contextmanager
def serial_tap(port: Path, speaks: str, out: Path, *, content: bool = False) -> Iterator[Path]:
    """The port for the driver."""
    head = header("serial", f"/dev/{port.name}", speaks, content=content, baud=115200)
    recorder = Recorder(out, head)
    link = port.with_name("tap-line")
    tap = SerialTap(str(port), 115200, "N", link, recorder)
    tap.start()
    try:
        yield link
    finally:
        tap.close()
        recorder.close()


@contextmanager
def tcp_tap(port: int, device: str, speaks: str, out: Path) -> Iterator[int]:
    recorder = Recorder(out, header("tcp", device, speaks, content=False))
    tap = TcpTap("127.0.0.1", port, recorder)
    tap.start()
    try:
        yield tap.port
    finally:
        tap.close()
        recorder.close()


def record_cabinet(folder: Path, out: Path) -> list[object]:
    board = SimulatedBoard(folder / "adm-cabinet")
    board.start()
    board.open_door("paper_door")
    try:
        with serial_tap(board.line.link, "modbus", out) as link:
            return asyncio.run(use_cabinet(str(link)))
    finally:
        board.close()


def record_receipt_printer(folder: Path, out: Path, *, content: bool = False) -> list[object]:
    line = SerialLine(folder / "adm-receipt")
    machine = SimulatedReceiptPrinter(line, folder / "receipts", WIDTH)
    machine.start()
    machine.paper("near_end")
    try:
        with serial_tap(line.link, "escpos", out, content=content) as link:
            found = asyncio.run(use_receipt_printer(str(link)))
        assert len(machine.receipts.paths) == 1
        return found
    finally:
        machine.close()


def record_ups(folder: Path, out: Path) -> list[object]:
    supply = SimulatedUps(folder / "nut")
    try:
        supply.start()
        supply.battery()
        with tcp_tap(supply.port, "127.0.0.1:3493", "nut", out) as port:
            return asyncio.run(use_ups(port))
    finally:
        supply.close()


def record_printer(folder: Path, out: Path) -> list[object]:
    printer = SimulatedPrinter(PrinterConfig("a4", Kind.PAPER), folder, None)
    try:
        device = int(printer.server.uri.partition("127.0.0.1:")[2].partition("/")[0])
        with tcp_tap(device, "127.0.0.1:631", "ipp", out) as port:
            return asyncio.run(use_printer(port))
    finally:
        printer.close()


def record_chip(folder: Path, out: Path) -> list[object]:
    chip = KtpElChip("B-1")
    chip.put_photo(PHOTO)
    recorder = Recorder(out, header("pcsc", "Kiosk CardPrinter Encoder", "apdu", content=False, atr=chip.atr.hex()))
    photo = use_chip(ExchangeTap(recorder).around(chip.transmit))
    recorder.close()
    assert photo == PHOTO
    return [len(photo)]


RECORD = {
    "cabinet": record_cabinet,
    "receipt": record_receipt_printer,
    "ups": record_ups,
    "printer": record_printer,
    "chip": record_chip,
}


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for kind in sys.argv[1:] or RECORD:
        (HERE / f"{kind}.jsonl").unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            print(kind, RECORD[kind](Path(folder), HERE / f"{kind}.jsonl"))
