"""Targets: what devices send to the drivers."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import operator

from pyipp.parser import parse as parse_ipp
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.bit_message import ReadCoilsResponse, ReadDiscreteInputsResponse
from targets import Target, split_by_itself

from drivers.cabinet.frames import BROKEN_FRAME, active_contacts
from drivers.card_dispenser import frames as crt591
from drivers.card_reader.frames import Answer, Command, FrameError
from drivers.card_reader.protocol import read_photo
from drivers.errors import DeviceError
from drivers.qr_scanner.frames import LONGEST_LINE, LineSplitter, parse_scan
from drivers.receipt_printer.errors import ReceiptUnknownError
from drivers.receipt_printer.frames import Flags, Query
from drivers.receipt_printer.protocol import ReceiptLine
from drivers.spooler.device import jobs_named
from drivers.spooler.frames import IppFrameError, check_answer
from drivers.spooler.readings import RIBBON_REASONS, counters, status
from drivers.ups.frames import power_of
from drivers.ups.protocol import UpsdLink
from hardware_sim.cabinet.board import PROFILE
from hardware_sim.printers.ipp import Message, Tag, encode, of

UNIT = PROFILE.unit


# -- cabinet


def check_bytes(frame: bytes) -> bytes:
    """CRC-16 of MODBUS over Serial Line 2.5.1.2, written down here once more: the library's is what is being tested."""
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc.to_bytes(2, "little")


class Framer(FramerRTU):
    """Keeps the last frame that was taken, without its check bytes."""

    taken = b""

    def decode(self, data: bytes) -> tuple[int, int, int, bytes]:
        used, unit, transaction, body = super().decode(data)
        self.taken = bytes((unit,)) + body
        return used, unit, transaction, body


def cabinet_answer(data: bytes) -> None:
    for stream in (data, data + check_bytes(data)):
        framer = Framer(DecodePDU(is_server=False))
        with contextlib.suppress(*BROKEN_FRAME):
            used, answer = framer.handleFrame(stream, UNIT, 0)
            assert 0 <= used <= len(stream)
            if answer is None:
                continue
            assert framer.taken + check_bytes(framer.taken) in stream, "a frame with wrong check bytes was taken"
            if not answer.isError():
                active_contacts(PROFILE, answer.bits)  # ValueError when bits are missing


def cabinet_answers() -> list[bytes]:
    framer = FramerRTU(DecodePDU(is_server=False))
    answers = (
        ReadDiscreteInputsResponse(dev_id=UNIT, bits=[True] * 8),
        ReadCoilsResponse(dev_id=UNIT, bits=[False] * 8),
    )
    return [framer.buildFrame(answer) for answer in answers] + [bytes.fromhex("018102"), bytes.fromhex("0105000aff00")]


# -- card reader


def apdu(data: bytes) -> None:
    with contextlib.suppress(FrameError):
        assert Command.from_bytes(data).to_bytes() == data
    with contextlib.suppress(FrameError):
        assert Answer.from_bytes(data).to_bytes() == data


def apdus() -> list[bytes]:
    return [bytes.fromhex("00a40000027f0a"), bytes.fromhex("00b0000008"), b"\x01\x02\x90\x00"]


def chip_photo(data: bytes) -> None:
    """A chip that answers what it likes: each answer is a byte for its length, and its bytes; then nothing but 9000."""
    asked, at = 0, 0

    def send(command: Command) -> Answer:
        nonlocal asked, at
        asked += 1
        command.to_bytes()
        assert asked <= 70_000, "a chip is asked without end"
        if at >= len(data):
            return Answer(bytes(command.le or 0), 0x9000)
        length = data[at]
        answer = data[at + 1 : at + 1 + length]
        at += 1 + length
        return Answer.from_bytes(answer if len(answer) >= 2 else b"\x90\x00")

    with contextlib.suppress(DeviceError):
        assert len(read_photo("card reader", send)) <= 0xFFFF


def chip_photos() -> list[bytes]:
    ok, head = b"\x02\x90\x00", b"\x0a" + b"\x00\x10\xff\xd8\xff\xe0\x00\x10" + b"\x90\x00"
    return [ok + ok + head, ok + ok + head + b"\x0c" + bytes(10) + b"\x90\x00", ok + b"\x02\x6a\x82"]


# -- card dispenser


def dispenser_stream(data: bytes) -> None:
    whole, split = crt591.Reader(), crt591.Reader()
    found = list(whole.take(data))
    assert [each for piece in split_by_itself(data) for each in split.take(piece)] == found
    for each in found:
        if isinstance(each, crt591.Frame) and each.text is not None:
            frame = crt591.encode(each.text, each.address)
            printed = frame[:4] + bytes([crt591.Head.NEGATIVE_AS_PRINTED]) + frame[5:-1]
            printed += bytes([functools.reduce(operator.xor, printed)])
            assert frame in data or printed in data, "a frame that did not come, or with a wrong check byte"
    for _ in range(len(data)):
        if not whole.in_frame:
            break
        list(whole.give_up())
    assert not whole.in_frame, "bytes that are never given up"
    for parse in (crt591.parse_sensors, crt591.parse_count, crt591.parse_serial, crt591.parse_status):
        with contextlib.suppress(crt591.FrameError):
            parse(data)


def dispenser_streams() -> list[bytes]:
    status = crt591.Status(crt591.CardAt.NONE, crt591.Stacker.ENOUGH, crt591.Bin.FREE)
    texts = (
        crt591.Command(crt591.Cm.INIT, 0x33),
        crt591.Positive(crt591.Cm.STATUS, 0x30, status, b"1010000"),
        crt591.Negative(crt591.Cm.MOVE, 0x30, "10"),
    )
    return [bytes([crt591.Control.ACK]) + crt591.encode(text, 0) for text in texts] + [b"\x15\x04"]


# -- QR scanner


def scanner_line(data: bytes) -> None:
    whole, split = LineSplitter(), LineSplitter()
    lines = whole.feed(data)
    assert [line for piece in split_by_itself(data) for line in split.feed(piece)] == lines
    assert whole._line == split._line
    for line in [*lines, data[:LONGEST_LINE]]:
        assert len(line) <= LONGEST_LINE
        parse_scan(line.decode(errors="replace"))


def scanner_lines() -> list[bytes]:
    return [b"ADM1:k7Yw-2_pQ.z~9\r\n", b"https://example.org\rADM1:", b"x" * 600]


# -- receipt printer


class NoisyPort:
    """Says the given bytes one by one, then nothing; takes everything. Each byte takes a tick of its clock."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.ticks = 0.0

    def read(self) -> bytes:
        self.ticks += 0.1
        answer, self._data = self._data[:1], self._data[1:]
        return answer

    def write(self, data: bytes) -> None:
        pass

    def drop_input(self) -> None:
        pass

    drop_output = close = drop_input


def receipt_answer(data: bytes) -> None:
    for use in ("ask", "print"):
        port = NoisyPort(data)
        line = ReceiptLine("receipt printer", "nowhere", 9600, lambda port=port: port.ticks)
        line._port = port  # no line is opened for a million inputs
        with contextlib.suppress(ReceiptUnknownError):
            if use == "ask":
                flags = line.ask()
                assert flags is None or isinstance(flags.conditions, frozenset)
            else:
                line.print(b"receipt", 5.0)
        assert port.ticks < 5.0 + 0.1 * (len(data) + 10), "it goes on asking"


def receipt_answers() -> list[bytes]:
    flags = (Flags(), Flags(paper_out=True, offline=True), Flags(cover_open=True, error=True, cutter_error=True))
    return [b"", b"\x00", b"\x37\x25\x00", *(bytes(f.answer(query) for query in Query) for f in flags)]


# -- UPS

_loop = asyncio.new_event_loop()


def ups_answer(data: bytes) -> None:
    link = UpsdLink("ups", "127.0.0.1", 3493, "adm")
    reader = asyncio.StreamReader(2048, _loop)
    reader.feed_data(data)
    reader.feed_eof()
    listing = link._list(reader)
    try:
        listing.send(None)  # all that will ever come is there: it never waits
        raise AssertionError("it waits for more after the end")
    except StopIteration as end:
        power_of(end.value)
    except (DeviceError, ValueError):
        pass


def ups_answers() -> list[bytes]:
    values = b'VAR adm ups.status "OB DISCHRG LB"\nVAR adm battery.charge "80"\nVAR adm device.model "a \\"b\\" \\\\"\n'
    return [b"BEGIN LIST VAR adm\n" + values + b"END LIST VAR adm\n", b"ERR DATA-STALE\n", b"ERR UNKNOWN-UPS\n"]


# -- printers


def printer_answer(data: bytes) -> None:
    try:
        check_answer(data)
    except IppFrameError:
        return
    try:
        answer = parse_ipp(data)
    except Exception:  # noqa: BLE001  # pyipp's execute takes whatever its parser raises for a parse error
        return
    for printer in answer["printers"]:
        status(printer, RIBBON_REASONS, 0.0)
        counters(printer)
    with contextlib.suppress(DeviceError):
        jobs_named("printer", answer, "job")


def printer_answers() -> list[bytes]:
    operation = {"attributes-charset": of(Tag.CHARSET, "utf-8"), "attributes-natural-language": of(Tag.LANGUAGE, "id")}
    printer = {
        "printer-state": of(Tag.ENUM, 3),
        "printer-state-reasons": of(Tag.KEYWORD, "media-empty-error", "cover-open-error"),
        "printer-is-accepting-jobs": of(Tag.BOOLEAN, True),
        "media-col": of(Tag.BEGIN_COLLECTION, {"media-size": of(Tag.BEGIN_COLLECTION, {"x": of(Tag.INTEGER, 5400)})}),
        "copies-supported": of(Tag.RANGE, (1, 99)),
        "printer-resolution": of(Tag.RESOLUTION, (300, 300, 3)),
        "printer-media-sheets-completed": of(Tag.INTEGER, 7),
    }
    job = {"job-id": of(Tag.INTEGER, 1), "job-state": of(Tag.ENUM, 9), "job-name": of(Tag.NAME, "job")}
    return [
        encode(Message(0, 1, [(Tag.OPERATION, operation), (Tag.PRINTER, printer)])),
        encode(Message(0, 1, [(Tag.OPERATION, operation), (Tag.JOB, job), (Tag.JOB, job)])),
        encode(Message(0x0406, 1, [(Tag.OPERATION, operation)])),
    ]


TARGETS = (
    Target("cabinet-answer", cabinet_answer, cabinet_answers, 270),
    Target("apdu", apdu, apdus, 300),
    Target("chip-photo", chip_photo, chip_photos, 600),
    Target("dispenser-stream", dispenser_stream, dispenser_streams, 300),
    Target("scanner-line", scanner_line, scanner_lines, 1100),
    Target("receipt-answer", receipt_answer, receipt_answers, 200),
    Target("ups-answer", ups_answer, ups_answers, 600),
    Target("printer-answer", printer_answer, printer_answers, 1024),
)
