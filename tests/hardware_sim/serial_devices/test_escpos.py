"""The ESC/POS interpreter against what python-escpos really sends."""

from __future__ import annotations

from typing import Any

import pytest
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from drivers.receipt_printer.frames import CLEAR, Query
from hardware_sim.serial_devices.escpos import Cut, Operation, Parser, Raster, ReportPaper, Setting, Text, Unknown
from hardware_sim.serial_devices.paper import Paper
from hardware_sim.serial_devices.realtime import RealTime

WIDTH = 576


def picture() -> Image.Image:
    """Without symmetry, and of whole bytes and whole strips."""
    made = Image.new("1", (240, 96), 1)
    draw = ImageDraw.Draw(made)
    draw.line((0, 0, 200, 95), fill=0, width=2)
    draw.rectangle((3, 50, 30, 70), fill=0)
    draw.text((100, 5), "SPESIMEN", fill=0)
    return made


def operations(stream: bytes, size: int = 10_000) -> list[Operation]:
    parser = Parser()
    pieces = (stream[at : at + size] for at in range(0, len(stream), size))
    return [operation for piece in pieces for operation, _ in parser.feed(piece)]


def drawn(stream: bytes) -> Image.Image:
    paper = Paper(WIDTH)
    for operation in operations(stream):
        assert not isinstance(operation, Unknown), operation
        paper.apply(operation)
    return paper.cut()


@pytest.mark.parametrize("how", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_a_picture_is_drawn_the_same_whichever_way_it_is_sent(how: str) -> None:
    printer: Any = Dummy()
    printer.image(picture(), impl=how)

    paper = drawn(printer.output).crop((0, 0, 240, 96))

    assert ImageChops.logical_xor(paper, picture()).getbbox() is None


def test_everything_that_python_escpos_may_send_is_known_and_drawn() -> None:
    printer: Any = Dummy()
    printer.hw("INIT")
    printer.set(align="center", bold=True, double_width=True, double_height=True)
    printer.text("ANJUNGAN\n")
    printer.set(align="left", underline=1, invert=False, font="b", flip=False, smooth=True)
    printer.textln("Struk SPESIMEN")
    printer.set_with_default()
    printer.line_spacing(40)
    printer.ln(2)
    printer.print_and_feed(3)
    printer.cashdraw(2)
    printer.qr("ADM1:contoh", native=False)
    printer.cut(mode="PART")
    printer.cut(feed=False)
    stream = printer.output

    done = operations(stream)

    assert [operation for operation in done if isinstance(operation, Unknown)] == []
    assert sum(isinstance(operation, Cut) for operation in done) == 2
    assert sum(isinstance(operation, Raster) for operation in done) == 1


def test_text_is_drawn_with_its_size_and_place() -> None:
    printer: Any = Dummy()
    printer.set(align="center", double_width=True, double_height=True, custom_size=False)
    printer.textln("SPESIMEN")

    box = ImageChops.invert(drawn(printer.output).convert("L")).getbbox()

    assert box is not None
    left, _, right, bottom = box
    assert abs((left + right) - WIDTH) <= 2 * 24, "not in the middle"
    assert right - left > 7 * 12, "not of double width"
    assert bottom > 24, "not of double height"


def test_what_is_not_drawn_says_so() -> None:
    printer: Any = Dummy()
    printer.barcode("4006381333931", "EAN13", function_type="B")
    printer.qr("text", native=True)

    assert sum(isinstance(operation, Unknown) for operation in operations(printer.output)) >= 2


@given(st.integers(1, 40))
def test_commands_come_whole_whatever_pieces_they_come_in(size: int) -> None:
    printer: Any = Dummy()
    printer.hw("INIT")
    printer.text("SPESIMEN\n")
    printer.image(picture())
    printer.image(picture(), impl="graphics")
    printer.cut()
    stream = printer.output + b"\x1dr\x01"

    def joined(done: list[Operation]) -> list[Operation]:
        """A text may come in pieces."""
        result: list[Operation] = []
        for operation in done:
            if isinstance(operation, Text) and result and isinstance(result[-1], Text):
                result[-1] = Text(result[-1].data + operation.data)
            else:
                result.append(operation)
        return result

    assert joined(operations(stream, size)) == joined(operations(stream))
    assert operations(stream)[-1] == ReportPaper()


@given(st.binary(max_size=400))
def test_no_bytes_whatever_break_the_interpreter(noise: bytes) -> None:
    paper = Paper(WIDTH)
    for operation in operations(noise):
        paper.apply(operation)
    paper.cut()


def test_questions_inside_pictures_are_heard_and_drawn() -> None:
    raster = b"\x1dv0\x00\x03\x00\x02\x00" + Query.PAPER.frame + Query.PRINTER.frame

    pieces = list(RealTime().feed(raster))

    assert [piece.query for piece in pieces] == [Query.PAPER, Query.PRINTER]
    assert b"".join(piece.data for piece in pieces) == raster
    assert operations(raster) == [Raster(24, 2, raster[8:])]


@given(st.integers(1, 12))
def test_the_clear_command_is_heard_in_whatever_pieces(size: int) -> None:
    stream = b"text" + CLEAR + b"more"
    realtime = RealTime()

    pieces = [p for at in range(0, len(stream), size) for p in realtime.feed(stream[at : at + size])]

    assert [piece.clear for piece in pieces].count(True) == 1
    assert b"".join(piece.data for piece in pieces) == stream


def test_settings_are_no_drawing() -> None:
    assert operations(b"\x1bE\x01\x1b-\x01\x1bt\x10") == [
        Setting(b"\x1bE\x01"),
        Setting(b"\x1b-\x01"),
        Setting(b"\x1bt\x10"),
    ]
