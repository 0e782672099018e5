"""The receipt printer over each kind of line, with an ESC/POS interpreter at the other end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import serial
from PIL import Image, ImageChops, ImageDraw

from drivers.device import Condition, DeviceState
from drivers.errors import DeviceAwayError, DeviceRefusedError
from drivers.receipt_printer import protocol
from drivers.receipt_printer.driver import ReceiptPrinter
from drivers.receipt_printer.errors import ReceiptUnknownError
from drivers.testing import until
from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.serial_devices.receipt_printer import SimulatedReceiptPrinter
from hardware_sim.serial_devices.tcp_line import TcpLine

pytestmark = pytest.mark.devices


def receipt(height: int = 600, width: int = 576) -> Image.Image:
    """A picture without symmetry, so that a mirrored or shifted one is another."""
    picture = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(picture)
    draw.text((20, 20), "SPESIMEN struk", fill=0)
    draw.rectangle((100, 60, 180, 90), fill=0)
    draw.line((0, 0, width - 1, height - 1), fill=0, width=3)
    return picture


def printed(machine: SimulatedReceiptPrinter, number: int = 0) -> Image.Image:
    return Image.open(machine.receipts.paths[number])


def same_dots(picture: Image.Image, paper: Image.Image) -> bool:
    """Whether the paper shows the picture at its top, and nothing else."""
    expected = Image.new("1", paper.size, 1)
    expected.paste(picture, (0, 0))
    return ImageChops.logical_xor(expected, paper.convert("1")).getbbox() is None


async def test_what_is_drawn_comes_out_dot_for_dot(printer: ReceiptPrinter, machine: SimulatedReceiptPrinter) -> None:
    await until(lambda: printer.status.ready)
    picture = receipt(1100)

    await printer.print_picture(picture)

    assert len(machine.receipts.paths) == 1, "it returned before the receipt was out"
    assert same_dots(picture, printed(machine))
    assert machine.unknown == []


async def test_receipts_come_out_one_by_one(printer: ReceiptPrinter, machine: SimulatedReceiptPrinter) -> None:
    await until(lambda: printer.status.ready)
    pictures = [receipt(200 + 40 * number) for number in range(3)]

    await asyncio.gather(*(printer.print_picture(picture) for picture in pictures))

    # Which of three that are asked for at once comes first is nobody's promise; that each is whole is.
    came_out = [printed(machine, number) for number in range(3)]
    assert all(sum(same_dots(picture, one) for one in came_out) == 1 for picture in pictures)


async def test_pictures_that_look_like_commands_do_no_harm(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    """Every row holds DLE EOT 1 to 4, GS r and a cut: a printer answers the first, and draws all of them."""
    await until(lambda: printer.status.ready)
    row = (b"\x10\x04\x01\x10\x04\x04\x1dr\x01\x1dV\x00" * 6)[: 576 // 8]
    picture = Image.frombytes("1", (576, 300), bytes(byte ^ 0xFF for byte in row * 300))

    await printer.print_picture(picture)

    assert len(machine.receipts.paths) == 1
    assert same_dots(picture, printed(machine))
    assert (await printer.refresh()).ready


async def test_a_picture_wider_than_the_paper_is_refused_before_anything_is_sent(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    await until(lambda: printer.status.ready)
    with pytest.raises(ValueError, match="does not fit"):
        await printer.print_picture(receipt(width=584))

    assert machine.state()["rows_uncut"] == 0


@pytest.mark.parametrize(
    ("break_it", "state", "condition"),
    [
        (lambda m: m.paper("out"), DeviceState.USER_ERROR, Condition.MEDIA_EMPTY),
        (lambda m: m.cover(True), DeviceState.USER_ERROR, Condition.COVER_OPEN),
        (lambda m: m.cutter(True), DeviceState.USER_ERROR, Condition.CUTTER_FAULT),
    ],
    ids=["paper out", "cover open", "cutter jammed"],
)
async def test_a_fault_is_shown_refuses_receipts_and_goes(
    printer: ReceiptPrinter,
    machine: SimulatedReceiptPrinter,
    break_it: Callable[[SimulatedReceiptPrinter], None],
    state: DeviceState,
    condition: Condition,
) -> None:
    await until(lambda: printer.status.ready)
    break_it(machine)
    await until(lambda: not printer.status.ready)
    assert (printer.status.state, condition in printer.status.conditions) == (state, True)

    with pytest.raises(DeviceRefusedError, match=condition):
        await printer.print_picture(receipt(80))

    machine.paper("ok")
    machine.cover(False)
    machine.cutter(False)
    await until(lambda: printer.status.ready)
    assert machine.receipts.paths == [], "the refused receipt came out later"


async def test_little_paper_is_told_and_does_not_stop_receipts(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    machine.paper("near_end")
    await until(lambda: Condition.MEDIA_LOW in printer.status.conditions)

    await printer.print_picture(receipt(80))

    assert len(machine.receipts.paths) == 1


async def test_a_silent_printer_is_unknown_never_empty(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    await until(lambda: printer.status.ready)
    machine.silence(True)
    await until(lambda: printer.status.state is DeviceState.UNKNOWN)
    assert not printer.status.conditions

    with pytest.raises(DeviceAwayError, match="nothing was sent"):
        await printer.print_picture(receipt(80))

    machine.silence(False)
    await until(lambda: printer.status.ready)


async def test_paper_that_runs_out_in_a_receipt_makes_it_unknown_and_the_rest_stays_away(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    await until(lambda: printer.status.ready)
    machine.paper_out_after(100)

    with pytest.raises(ReceiptUnknownError, match="media_empty"):
        await printer.print_picture(receipt(230))
    assert printer.status.state is DeviceState.USER_ERROR

    machine.paper("ok")
    await until(lambda: printer.status.ready)
    assert machine.state()["bytes_waiting"] == 0, "the rest would come out for the next person"
    assert machine.receipts.paths == []
    await printer.print_picture(receipt(90))
    assert len(machine.receipts.paths) == 1


async def test_a_printer_that_stops_reading_makes_the_receipt_unknown(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(lambda: printer.status.ready)
    monkeypatch.setattr(protocol, "STALL_S", 0.5)
    machine.line.unplug()  # so that the line is opened with the shorter time-out
    await until(lambda: printer.status.state is DeviceState.NO_DEVICE)
    machine.line.plug()
    await until(lambda: printer.status.ready)
    printing = asyncio.create_task(printer.print_picture(receipt(2000)))
    await until(lambda: printer.status.state is DeviceState.BUSY)
    machine.stop_reading(True)

    with pytest.raises(ReceiptUnknownError, match="not known"):
        await printing

    machine.stop_reading(False)
    await until(lambda: printer.status.ready)
    assert machine.receipts.paths == []


async def test_a_receipt_that_is_not_confirmed_is_unknown_and_not_sent_again(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The printer goes silent after it took everything: the receipt is out, and nobody can know it."""
    await until(lambda: printer.status.ready)
    monkeypatch.setattr("drivers.receipt_printer.driver.PRINT_MARGIN_S", 0.2)
    ask = printer._line.ask

    def ask_then_fall_silent() -> object:
        flags = ask()
        machine.silence(True)
        return flags

    monkeypatch.setattr(printer._line, "ask", ask_then_fall_silent)
    with pytest.raises(ReceiptUnknownError, match="does not say that it is done"):
        await printer.print_picture(receipt(80))
    monkeypatch.setattr(printer._line, "ask", ask)

    assert len(machine.receipts.paths) == 1
    machine.silence(False)
    await until(lambda: printer.status.ready)
    assert len(machine.receipts.paths) == 1


async def test_an_unplugged_printer_comes_back_under_its_name(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter, caplog: pytest.LogCaptureFixture
) -> None:
    await until(lambda: printer.status.ready)
    with caplog.at_level(logging.WARNING, "drivers.supervision"):
        machine.line.unplug()
        await until(lambda: printer.status.state is DeviceState.NO_DEVICE)
        with pytest.raises(DeviceAwayError):
            await printer.print_picture(receipt(80))
        await asyncio.sleep(1.0)  # several tries meanwhile
        machine.line.plug()
        await until(lambda: printer.status.ready)

    await printer.print_picture(receipt(80))
    assert len(machine.receipts.paths) == 1
    supervision = [record for record in caplog.records if record.name == "drivers.supervision"]
    said = [record.getMessage().split(" (")[0] for record in supervision]
    assert said == ["receipt printer: lost", "receipt printer: back"]


async def test_unplugged_in_mid_receipt_is_unknown_and_the_next_one_is_whole(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    await until(lambda: printer.status.ready)
    machine.pace(115200)
    printing = asyncio.create_task(printer.print_picture(receipt(2000)))
    await until(lambda: machine.state()["bytes_waiting"] > 0 or machine.state()["rows_uncut"] > 0)
    machine.line.unplug()
    with pytest.raises(ReceiptUnknownError):
        await printing

    machine.pace(None)
    machine.line.plug()
    await until(lambda: printer.status.ready)
    picture = receipt(90)
    await printer.print_picture(picture)

    rest = printed(machine).convert("1")
    shown = rest.crop((0, rest.height - 90 - 6 * 30, 576, rest.height - 6 * 30))
    assert same_dots(picture, shown), "the new receipt was drawn into the picture that was cut off"


async def test_the_printer_may_come_after_the_kiosk(kind: str, line: SerialLine | TcpLine, tmp_path: Path) -> None:
    line.plug()  # so that it has its address
    port = f"usb:{line.port}" if kind == "usb" else line.port
    line.unplug()
    printer = ReceiptPrinter("receipt printer", port, 115200, 576)
    await printer.start()
    await until(lambda: printer.status.state is DeviceState.NO_DEVICE)
    with pytest.raises(DeviceAwayError):
        await printer.print_picture(receipt(80))

    machine = SimulatedReceiptPrinter(line, tmp_path / "receipts", 576)
    machine.start()
    await until(lambda: printer.status.ready)
    await printer.close()
    machine.close()


@pytest.mark.parametrize("kind", ["serial"])
async def test_nobody_else_opens_the_line_while_it_is_ours(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    await until(lambda: printer.status.ready)
    with pytest.raises(serial.SerialException, match="exclusively lock"):
        serial.Serial(machine.line.port, exclusive=True)

    await printer.close()
    serial.Serial(machine.line.port, exclusive=True).close()


async def test_printing_does_not_block_the_loop(printer: ReceiptPrinter, machine: SimulatedReceiptPrinter) -> None:
    await until(lambda: printer.status.ready)
    machine.pace(115200)
    printing = asyncio.create_task(printer.print_picture(receipt(100)))
    turns = 0
    while not printing.done():
        turns += 1
        await asyncio.sleep(0.01)
        if turns == 5:
            assert printer.status.state is DeviceState.BUSY
    await printing

    assert turns > 10
