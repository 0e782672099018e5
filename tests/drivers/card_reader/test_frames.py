"""APDUs as bytes and as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_reader.frames import (
    Answer,
    Command,
    FileId,
    FrameError,
    external_authenticate,
    get_challenge,
    get_uid,
    photo_length,
    read_binary,
    select,
    update_binary,
)

BYTES = st.integers(0, 255)


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (get_uid(), "FFCA000000"),
        (select(FileId.KTP_EL), "00A40000027F0A"),
        (select(FileId.PHOTO), "00A40000026FF2"),
        (read_binary(0, 8), "00B0000008"),
        (read_binary(0x1234, 256), "00B0123400"),
        (update_binary(2, b"\x01\x02"), "00D6000202" + "0102"),
        (get_challenge(), "0084000008"),
        (external_authenticate(bytes(40)), "0082000028" + "00" * 40),
    ],
)
def test_commands_are_those_of_the_card(command: Command, frame: str) -> None:
    assert command.to_bytes().hex().upper() == frame
    assert Command.from_bytes(bytes.fromhex(frame)) == command


@given(
    st.builds(Command, BYTES, BYTES, BYTES, BYTES, st.binary(max_size=255), st.one_of(st.none(), st.integers(1, 256)))
)
def test_every_command_survives_the_wire(command: Command) -> None:
    assert Command.from_bytes(command.to_bytes()) == command


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_or_a_frame_error(frame: bytes) -> None:
    try:
        command = Command.from_bytes(frame)
    except FrameError:
        return
    assert command.to_bytes() == frame


@pytest.mark.parametrize("frame", [b"", b"\x90", b"\x00\xa4\x00"])
def test_too_short_is_refused(frame: bytes) -> None:
    with pytest.raises(FrameError):
        Command.from_bytes(frame)


def test_an_answer_has_data_and_status() -> None:
    assert Answer.from_bytes(b"\x01\x02\x90\x00") == Answer(b"\x01\x02", 0x9000)
    assert Answer.from_bytes(b"\x90\x00").ok
    assert not Answer.from_bytes(b"\x6a\x82").ok
    with pytest.raises(FrameError):
        Answer.from_bytes(b"\x90")


@pytest.mark.parametrize("offset", [-1, 0x8000])
def test_offsets_that_would_mean_something_else_are_refused(offset: int) -> None:
    with pytest.raises(FrameError):
        read_binary(offset, 1)


def test_the_photo_length_is_big_endian_and_needs_two_bytes() -> None:
    assert photo_length(b"\x28\x00\xff\xd8\xff\xe0\x00\x10") == 0x2800
    with pytest.raises(FrameError):
        photo_length(b"\x28")
