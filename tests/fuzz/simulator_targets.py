"""Targets: what drivers, cupsd and pcscd send to the simulated devices, which must not die of it either."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
from device_targets import UNIT, check_bytes
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.bit_message import ReadCoilsRequest, ReadDiscreteInputsRequest, WriteSingleCoilRequest
from targets import Target, split_by_itself

from drivers.card_reader.frames import FileId, get_challenge, read_binary, select
from drivers.receipt_printer.frames import ASK_WHEN_DONE, CLEAR, Query
from hardware_sim.cabinet.board import SimulatedBoard
from hardware_sim.dinas.whatsapp import webhook
from hardware_sim.printers.ipp import IppSyntaxError, Message, Tag, decode, encode, of
from hardware_sim.serial_devices.escpos import Operation, Parser, Raster, Text
from hardware_sim.serial_devices.paper import Paper
from hardware_sim.serial_devices.realtime import RealTime
from hardware_sim.smart_cards import slots
from hardware_sim.smart_cards.chips import KtpElChip

# -- receipt printer


def operations(parts: list[bytes]) -> list[Operation]:
    """What they mean; a text, which may come in pieces, is put together."""
    parser, found = Parser(), []
    for part in parts:
        for operation, _ in parser.feed(part):
            if isinstance(operation, Text) and found and isinstance(found[-1], Text):
                found[-1] = Text(found[-1].data + operation.data)
            else:
                found.append(operation)
    return found


def escpos(data: bytes) -> None:
    found = operations([data])
    assert operations(split_by_itself(data)) == found
    paper = Paper(64)
    for operation in found:
        if isinstance(operation, Raster):  # letters are drawn, and not parsed
            paper.apply(operation)


def real_time(data: bytes) -> None:
    heard = []
    for parts in ([data], split_by_itself(data)):
        realtime = RealTime()
        found = [piece for part in parts for piece in realtime.feed(part)]
        assert b"".join(piece.data for piece in found) == data
        heard.append([(piece.query, piece.clear) for piece in found if piece.query or piece.clear])
    assert heard[0] == heard[1]


def receipts() -> list[bytes]:
    picture = b"\x1dv0\x00\x02\x00\x02\x00" + b"\xaa\x55\x0f\xf0"
    stored = b"\x1d(L\x0e\x000p0\x01\x011\x10\x00\x02\x00\xff\x00\xff\x00" + b"\x1d(L\x02\x0002"
    return [
        b"\x1b@" + picture + b"\x1dV\x00" + ASK_WHEN_DONE,
        stored,
        b"\x1b*\x21\x03\x00" + bytes(range(9)) + b"\n\x1ba1text\n\x1dVA\x03",
        CLEAR + b"".join(query.frame for query in Query),
        b"\x1dk\x0412345\x00\x1dkI\x0512345",
    ]


# -- cabinet


def board_request(data: bytes) -> None:
    board = _board
    for stream in (data, data + check_bytes(data)):
        rest, answer = board.heard(stream)
        assert stream.endswith(rest)
        if answer is not None:
            assert board._framer.buildFrame(answer)


_board = SimulatedBoard(Path("fuzz"))  # not started: no line is made


def board_requests() -> list[bytes]:
    framer = FramerRTU(DecodePDU(is_server=True))
    requests = (
        ReadDiscreteInputsRequest(dev_id=UNIT, address=0, count=5),
        ReadCoilsRequest(dev_id=UNIT, address=0, count=4),
        WriteSingleCoilRequest(dev_id=UNIT, address=1, bits=[True]),
    )
    return [framer.buildFrame(request) for request in requests] + [bytes.fromhex("01060000001e")]


# -- printers


def ipp_message(data: bytes) -> None:
    try:
        message = decode(data)
    except IppSyntaxError:
        return
    assert data.endswith(message.document)


def ipp_messages() -> list[bytes]:
    operation = {"attributes-charset": of(Tag.CHARSET, "utf-8"), "limit": of(Tag.INTEGER, 1)}
    collection = {"x": of(Tag.INTEGER, 1, 2), "y": of(Tag.BEGIN_COLLECTION, {"z": of(Tag.NAME, "a", "b")})}
    job = {"media-col": of(Tag.BEGIN_COLLECTION, collection, collection), "copies": of(Tag.RANGE, (1, 9))}
    return [
        encode(Message(2, 1, [(Tag.OPERATION, operation), (Tag.JOB, job)], document=b"%PDF-")),
        encode(Message(0x000B, 1, [(Tag.OPERATION, operation)])),
    ]


# -- smart cards


class Wire:
    """A socket that has these bytes and then ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def setsockopt(self, *_: int) -> None:
        pass

    def recv(self, count: int) -> bytes:
        part, self._data = self._data[:count], self._data[count:]
        return part

    def sendall(self, data: bytes) -> None:
        assert len(data) >= 2
        assert int.from_bytes(data[:2], "big") == len(data) - 2


_slot = slots.Slot("fuzz", 0)  # its thread waits for a card that is never put in through the front
_chip = KtpElChip("B-1")


def slot_message(data: bytes) -> None:
    _slot._chip = _chip
    _chip.reset()
    wire = Wire(data)
    while (body := slots._receive(wire)) is not None:  # type: ignore[arg-type]  # no socket for a million inputs
        if not _slot._answer(wire, _chip, body):  # type: ignore[arg-type]  # the same
            break


def slot_messages() -> list[bytes]:
    bodies = (
        b"\x01",
        b"\x04",
        select(FileId.KTP_EL).to_bytes(),
        select(FileId.PHOTO).to_bytes(),
        read_binary(0, 8).to_bytes(),
        get_challenge().to_bytes(),
        b"\x00",
    )
    return [b"".join(len(body).to_bytes(2, "big") + body for body in bodies)]


# -- WhatsApp


def webhook_notice(data: bytes) -> None:
    with contextlib.suppress(msgspec.MsgspecError):
        webhook._statuses(webhook.understood(data))


def webhook_notices() -> list[bytes]:
    notice = (
        b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"statuses":'
        b'[{"id":"wamid.1","status":"failed","errors":[{"code":131026}],"biz_opaque_callback_data":"m1"}]}}]}]}'
    )
    return [notice]


TARGETS = (
    Target("escpos", escpos, receipts, 300),
    Target("real-time", real_time, receipts, 300),
    Target("board-request", board_request, board_requests, 270),
    Target("ipp-message", ipp_message, ipp_messages, 1024),
    Target("slot-message", slot_message, slot_messages, 300),
    Target("webhook-notice", webhook_notice, webhook_notices, 600),
)
