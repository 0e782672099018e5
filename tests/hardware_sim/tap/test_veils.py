"""What is hidden of each protocol, and that it is the same in whatever pieces it comes."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.card_reader.frames import FileId, read_binary, select
from drivers.receipt_printer.frames import CLEAR, Query
from hardware_sim.printers.ipp import Message, Tag, encode, of
from hardware_sim.tap.apdu import ApduVeil
from hardware_sim.tap.conversation import Conversation
from hardware_sim.tap.recording import Chunk, Hidden, Recording, Side, Symbol, header, parts_of
from hardware_sim.tap.veils import VEILS, EscPos, guess, hidden, veil

PICTURE = b"\x1dv0\x00\x02\x00\x02\x00" + b"\xaa\x55\x0f\xf0"


def in_pieces(speaks: str, side: Side, data: bytes, size: int) -> list[Symbol]:
    one = veil(speaks, side, content=False)
    found = [symbol for at in range(0, len(data), size) for symbol in one.feed(data[at : at + size])]
    return found + one.flush()


@pytest.mark.parametrize("speaks", VEILS)
@pytest.mark.parametrize("side", Side)
def test_the_same_symbols_in_whatever_pieces(speaks: str, side: Side) -> None:
    @settings(max_examples=40, deadline=None)
    @given(st.binary(max_size=200), st.integers(1, 50))
    @example(b"\x1b@" + PICTURE + PICTURE + b"text\n\x1dV\x00\x1dr\x01" + CLEAR, 3)
    @example(request(b"%PDF-1.7 NAMA SPESIMEN", chunked=True) * 2, 7)
    def same(data: bytes, size: int) -> None:
        assert in_pieces(speaks, side, data, size) == in_pieces(speaks, side, data, len(data) or 1)

    same()


def test_of_a_receipt_only_what_is_drawn_is_hidden() -> None:
    stream = b"\x1b@" + PICTURE + PICTURE + b"\x1dV\x00" + Query.PAPER.frame

    assert EscPos().feed(stream) == [*b"\x1b@", hidden(PICTURE * 2), *b"\x1dV\x00", *Query.PAPER.frame]


def test_a_picture_that_is_taken_back_is_hidden_too() -> None:
    one = EscPos()

    assert one.feed(PICTURE[:-2]) == []
    (found,) = one.feed(CLEAR)[:1]
    assert isinstance(found, Hidden)
    assert one.feed(Query.ERROR.frame) == list(Query.ERROR.frame)


def request(document: bytes, *, number: int = 7, uri: str = "ipp://a/ipp/print", chunked: bool = False) -> bytes:
    operation = {"attributes-charset": of(Tag.CHARSET, "utf-8"), "printer-uri": of(Tag.URI, uri)}
    body = encode(Message(2, number, [(Tag.OPERATION, operation)], document=document))
    head = b"POST /ipp/print HTTP/1.1\r\nHost: " + uri.encode() + b"\r\n"
    if not chunked:
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    parts = b"".join(b"%x\r\n%s\r\n" % (len(body[at : at + 50]), body[at : at + 50]) for at in range(0, len(body), 50))
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + parts + b"0\r\n\r\n"


def test_of_a_print_job_the_document_is_hidden_and_two_askings_are_the_same() -> None:
    document = b"%PDF-1.7 NAMA SPESIMEN"
    one, other = request(document), request(document, number=9, uri="ipp://b:631/ipp/print", chunked=True)

    found = in_pieces("ipp", Side.DRIVER, one, 10)

    assert found[-1] == hidden(document)
    assert found == in_pieces("ipp", Side.DRIVER, other, 11)
    assert b"NAMA" not in bytes(s for s in found if isinstance(s, int))


def test_of_a_scanner_every_code_is_hidden() -> None:
    assert in_pieces("scanner", Side.DEVICE, b"ADM1:abc\r\n", 4) == [hidden(b"ADM1:abc"), 13, 10]


@pytest.mark.parametrize("content", [False, True])
def test_a_pin_is_never_kept_and_has_no_hash(content: bool) -> None:
    found = ApduVeil(content=content).command(bytes.fromhex("0020008008313233343536ffff"))

    assert found == [*bytes.fromhex("0020008008"), Hidden(8, "")]


def test_of_a_chip_only_the_length_of_the_photo_is_kept() -> None:
    one = ApduVeil(content=False)
    one.command(select(FileId.BIODATA).to_bytes())
    one.command(read_binary(0, 8).to_bytes())
    assert one.answer(b"35230101" + b"\x90\x00") == [hidden(b"35230101"), 0x90, 0x00]

    one.command(select(FileId.PHOTO).to_bytes())
    one.command(read_binary(0, 8).to_bytes())
    assert one.answer(bytes(8) + b"\x90\x00") == [*bytes(8), 0x90, 0x00]
    one.command(read_binary(8, 255).to_bytes())
    assert one.answer(b"face" + b"\x90\x00")[0] == hidden(b"face")


@pytest.mark.parametrize(
    ("device", "speaks"),
    [("/dev/adm-receipt", "escpos"), ("10.0.0.5:9100", "escpos"), ("127.0.0.1:3493", "nut"), ("/dev/ttyUSB0", None)],
)
def test_the_name_of_a_device_tells_what_it_speaks(device: str, speaks: str | None) -> None:
    assert guess(device) == speaks


# -- turns


def conversation(*said: tuple[Side, bytes]) -> Conversation:
    chunks = [Chunk(float(at), side, data.hex()) for at, (side, data) in enumerate(said)]
    return Conversation(Recording(header("serial", "x", "modbus", content=False), chunks))


TALK = ((Side.DRIVER, b"ab"), (Side.DEVICE, b"1"), (Side.DRIVER, b"c"), (Side.DEVICE, b"2"), (Side.DRIVER, b"ab"),
        (Side.DEVICE, b"3"))  # fmt: skip


def answers(talk: Conversation, *said: bytes) -> bytes:
    return b"".join(answer.data for each in said for turn in talk.hear(list(each)) for answer in turn.answers)


def test_each_asking_gets_its_own_answer_and_the_last_one_goes_on() -> None:
    assert answers(conversation(*TALK), b"a", b"b", b"cab", b"ab", b"c", b"ab") == b"123323"


def test_what_was_otherwise_is_told() -> None:
    talk = conversation(*TALK)

    assert answers(talk, b"zz") == b""
    talk.silence()
    assert answers(talk, b"c") == b"2"

    first, second, third = talk.differences()
    assert "not recorded: 7a7a" in first
    assert "skipped 1" in second
    assert "never said 2 of 3" in third
    assert parts_of(talk.turns[0].said) == [b"ab".hex()]


def test_all_the_same_is_no_difference() -> None:
    talk = conversation(*TALK)

    assert answers(talk, b"ab", b"c", b"ab") == b"123"
    assert talk.differences() == []
