"""The frames of the paper, byte by byte, and what is not taken for one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_dispenser import frames, variants
from drivers.card_dispenser.errors import CONDITIONS, HARDWARE, DispenserRefusedError, ErrorCode, known
from drivers.card_dispenser.frames import (
    Bin,
    Broken,
    CardAt,
    Command,
    Control,
    Frame,
    FrameError,
    Negative,
    Positive,
    Reader,
    Stacker,
    Status,
    Text,
    decode,
    encode,
)

ENOUGH = Status(CardAt.NONE, Stacker.ENOUGH, Bin.FREE)
VECTORS: dict[str, tuple[Text, str]] = {
    "init, card to the gate": (Command(0x30, 0x30), "F2 00 00 03 43 30 30 03 B1"),
    "init, capture": (Command(0x30, 0x31), "F2 00 00 03 43 30 31 03 B0"),
    "init, leave the card": (Command(0x30, 0x33), "F2 00 00 03 43 30 33 03 B2"),
    "status": (Command(0x31, 0x30), "F2 00 00 03 43 31 30 03 B0"),
    "sensors": (Command(0x31, 0x31), "F2 00 00 03 43 31 31 03 B1"),
    "to the holding position": (Command(0x32, 0x30), "F2 00 00 03 43 32 30 03 B3"),
    "feed": (Command(0x32, 0x31), "F2 00 00 03 43 32 31 03 B2"),
    "to the RF position": (Command(0x32, 0x32), "F2 00 00 03 43 32 32 03 B1"),
    "to the error bin": (Command(0x32, 0x33), "F2 00 00 03 43 32 33 03 B0"),
    "out of the gate": (Command(0x32, 0x39), "F2 00 00 03 43 32 39 03 BA"),
    "entry on": (Command(0x33, 0x30), "F2 00 00 03 43 33 30 03 B2"),
    "entry off": (Command(0x33, 0x31), "F2 00 00 03 43 33 31 03 B3"),
    "serial number": (Command(0xA2, 0x30), "F2 00 00 03 43 A2 30 03 23"),
    "version": (Command(0xA4, 0x30), "F2 00 00 03 43 A4 30 03 25"),
    "bin counter": (Command(0xA5, 0x30), "F2 00 00 03 43 A5 30 03 24"),
    "status answered": (Positive(0x31, 0x30, ENOUGH), "F2 00 00 06 50 31 30 30 32 30 03 94"),
    "stacker empty": (Negative(0x32, 0x31, "A0"), "F2 00 00 05 4E 32 31 41 30 03 C8"),
    "init answered": (
        Positive(0x30, 0x30, ENOUGH, b"CRT-591-M001"),
        "F2 00 00 12 50 30 30 30 32 30 43 52 54 2D 35 39 31 2D 4D 30 30 31 03 85",
    ),
}


def texts() -> st.SearchStrategy[Text]:
    byte = st.integers(0, 255)
    data = st.binary(max_size=frames.LONGEST_DATA)
    statuses = st.builds(Status, st.sampled_from(CardAt), st.sampled_from(Stacker), st.sampled_from(Bin))
    errors = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=2, max_size=2)
    return st.one_of(
        st.builds(Command, byte, byte, data),
        st.builds(Positive, byte, byte, statuses, data),
        st.builds(Negative, byte, byte, errors, data),
    )


def read(data: bytes) -> list[Frame | Broken | Control]:
    return list(Reader().take(data))


@pytest.mark.parametrize(("text", "wire"), VECTORS.values(), ids=VECTORS.keys())
def test_the_frames_of_the_paper(text: Text, wire: str) -> None:
    assert encode(text, 0) == bytes.fromhex(wire)
    assert decode(bytes.fromhex(wire)) == Frame(0, text)


def test_the_negative_head_that_the_paper_prints_is_understood_too() -> None:
    printed = bytes.fromhex("F2 00 00 05 45 32 31 41 30 03")

    assert decode(printed + bytes([frames.check_byte(printed)])) == Frame(0, Negative(0x32, 0x31, "A0"))


@given(texts(), st.integers(0, 15))
def test_every_text_comes_back(text: Text, address: int) -> None:
    assert decode(encode(text, address)) == Frame(address, text)


@given(texts(), st.data())
def test_a_frame_with_one_wrong_bit_is_never_believed(text: Text, data: st.DataObject) -> None:
    frame = bytearray(encode(text, 0))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] ^= 1 << data.draw(st.integers(0, 7))

    assert not [found for found in read(bytes(frame)) if isinstance(found, Frame) and found.text == text]
    with pytest.raises(FrameError):
        decode(bytes(frame))


@given(st.binary(max_size=64).filter(lambda noise: frames.STX not in noise), texts(), st.data())
def test_a_stream_may_come_in_any_pieces_and_after_noise(noise: bytes, text: Text, data: st.DataObject) -> None:
    stream = noise + encode(text, 3)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    reader = Reader()
    found = [one for start, end in pairwise([0, *cuts, len(stream)]) for one in reader.take(stream[start:end])]

    assert found[-1] == Frame(3, text)
    assert all(isinstance(one, Control) for one in found[:-1])


@given(st.binary(max_size=200), texts())
def test_after_noise_that_looks_like_a_frame_the_next_one_is_found(noise: bytes, text: Text) -> None:
    reader = Reader()
    found = list(reader.take(noise + encode(text, 0)))
    while reader.in_frame:  # as after a silence
        found += reader.give_up()

    assert Frame(0, text) in found


def test_a_control_within_a_broken_frame_is_none() -> None:
    broken = bytearray(encode(Command(0x31, 0x30, bytes([Control.NAK, Control.ACK])), 0))
    broken[-1] ^= 0xFF

    assert read(bytes([Control.ACK]) + broken + bytes([Control.NAK])) == [Control.ACK, Broken(), Control.NAK]


def test_a_frame_whose_end_does_not_come_is_given_up_with_its_bytes() -> None:
    reader = Reader()
    assert list(reader.take(encode(Positive(0x31, 0x30, ENOUGH), 0)[:6])) == []  # its length byte is an ACK's
    assert reader.in_frame

    assert list(reader.give_up()) == [Broken()]
    assert not reader.in_frame


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(FrameError, match="513 bytes of data"):
        encode(Command(0x31, 0x30, bytes(513)), 0)
    with pytest.raises(FrameError, match="address 16"):
        encode(Command(0x31, 0x30), 16)
    with pytest.raises(FrameError, match="error 'A'"):
        encode(Negative(0x31, 0x30, "A"), 0)


def test_a_status_that_the_paper_does_not_have_is_not_guessed() -> None:
    with pytest.raises(FrameError):
        frames.parse_status(b"920")
    frame = bytearray(encode(Positive(0x31, 0x30, ENOUGH), 0)[:-1])
    frame[7] = ord("9")

    assert decode(bytes(frame) + bytes([frames.check_byte(bytes(frame))])) == Frame(0, None)


def test_both_words_for_a_full_bin_are_full() -> None:
    assert [frames.parse_status(status).bin_full for status in (b"020", b"021", b"022")] == [False, True, True]


@pytest.mark.parametrize("data", [b"0100001", b"01000010", b"0100001000"])
def test_sensors_come_with_and_without_the_reserved_ones(data: bytes) -> None:
    assert frames.parse_sensors(data) == (False, True, False, False, False, False, True)


@pytest.mark.parametrize("data", [b"010000", b"0100002"])
def test_sensors_that_are_none_are_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        frames.parse_sensors(data)


def test_counter_and_serial_number_are_read() -> None:
    assert frames.parse_count(b"042") == 42
    with pytest.raises(FrameError):
        frames.parse_count(b"4x2")
    assert frames.parse_serial(b"\x06591R02") == "591R02"
    assert frames.parse_serial(b"591R02") == "591R02"


def test_what_a_code_means_is_known_or_said_to_be_unknown() -> None:
    assert known("A0") is ErrorCode.STACKER_EMPTY
    assert known("11") is None
    assert DispenserRefusedError("dispenser", "10").reason == "error 10 (jam)"
    assert DispenserRefusedError("dispenser", "11").code is None
    assert not HARDWARE & CONDITIONS.keys()


@pytest.mark.parametrize(
    ("words", "variant"),
    [
        (["CRT-591-M001", "", ""], "m001"),
        (["CRT-591-V1.00", "C591_R02_A_170413", "9V10HRLD2", "591R02H2501000000"], "r02"),
        (["crt-591-h001"], "h001"),
        (["CRT-591-V1.00"], None),
        (["CRT-591-M001", "C591_R02_A"], None),
        ([], None),
    ],
)
def test_a_variant_is_known_by_its_words_or_not_at_all(words: list[str], variant: str | None) -> None:
    found = variants.identify(words)
    assert (found.name if found else None) == variant


def test_the_init_of_an_h001_has_fifteen_bytes() -> None:
    assert len(encode(variants.H001.init, 0)) - frames.AROUND_TEXT == 15
