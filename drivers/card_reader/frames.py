"""APDUs (ISO 7816-4) and the files of the KTP-el chip, bytes <-> values. No I/O.

Commands and files are those that public reader software uses (Permendagri 34/2014 gives the reader, not the files).
The card is recognised by SELECT 7F0A answering 9000, not by its ATR: no list of ATRs is public.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

SUCCESS = 0x9000

LARGEST_SHORT_DATA = 255  # Lc and Le of one byte; chips of this kind take no extended lengths
PHOTO_HEAD_LENGTH = 8  # bytes read first; the first two say how long the photo is
PHOTO_LENGTH_BYTES = 2  # the length counts what follows it
LONGEST_OFFSET = 0x7FFF  # bit 8 of P1 would address a short file id instead
CONTROL_LENGTH = 0x35
SIGNATURE_LENGTH = 0x50
CHALLENGE_LENGTH = 8
AUTHENTICATION_LENGTH = 0x28


class FrameError(Exception):
    """Bytes that are no APDU, or no file content of the expected shape."""


class FileId(enum.IntEnum):
    """The files of the KTP-el application."""

    KTP_EL = 0x7F0A  # the directory
    CONTROL = 0x6FF0
    BIODATA = 0x6FF1
    PHOTO = 0x6FF2  # the only one readable without a SAM
    SIGNATURE_IMAGE = 0x6FF3
    MINUTIAE_1 = 0x6FF4
    MINUTIAE_2 = 0x6FF5
    DIGITAL_SIGNATURE = 0x6FF6


class Instruction(enum.IntEnum):
    EXTERNAL_AUTHENTICATE = 0x82
    GET_CHALLENGE = 0x84
    SELECT = 0xA4
    READ_BINARY = 0xB0
    GET_DATA = 0xCA
    UPDATE_BINARY = 0xD6


@dataclass(frozen=True)
class Command:
    """A command APDU of short length. ``le`` is the number of bytes wanted (256 is sent as 00), None for no Le."""

    cla: int
    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = b""
    le: int | None = None

    @classmethod
    def from_bytes(cls, frame: bytes) -> Command:
        """Parse a short APDU of case 1 to 4. Raises FrameError."""
        if len(frame) < 4:
            raise FrameError(f"an APDU has at least 4 bytes, not {len(frame)}")
        (cla, ins, p1, p2), body = frame[:4], frame[4:]
        if not body:
            return cls(cla, ins, p1, p2)
        if len(body) == 1:
            return cls(cla, ins, p1, p2, le=body[0] or 256)
        length = body[0]
        rest = body[1 + length :]
        if length == 0 or len(body) < 1 + length or len(rest) > 1:
            raise FrameError(f"Lc {length} does not agree with {len(body) - 1} bytes after it")
        return cls(cla, ins, p1, p2, body[1 : 1 + length], (rest[0] or 256) if rest else None)

    def to_bytes(self) -> bytes:
        if len(self.data) > LARGEST_SHORT_DATA:
            raise FrameError(f"{len(self.data)} bytes do not fit in a short APDU")
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        body = bytes((len(self.data),)) + self.data if self.data else b""
        tail = bytes((self.le & 0xFF,)) if self.le is not None else b""
        return head + body + tail

    @property
    def offset(self) -> int:
        """P1 and P2 as the offset of READ BINARY and UPDATE BINARY."""
        return self.p1 << 8 | self.p2


@dataclass(frozen=True)
class Answer:
    """What a card answers: data and status word."""

    data: bytes
    status: int

    @classmethod
    def from_bytes(cls, frame: bytes) -> Answer:
        if len(frame) < 2:
            raise FrameError(f"an answer has at least a status word of 2 bytes, not {len(frame)}")
        return cls(frame[:-2], int.from_bytes(frame[-2:], "big"))

    def to_bytes(self) -> bytes:
        return self.data + self.status.to_bytes(2, "big")

    @property
    def ok(self) -> bool:
        return self.status == SUCCESS


def get_uid() -> Command:
    """The identifier of a contactless card, answered by the reader (PC/SC part 3)."""
    return Command(0xFF, Instruction.GET_DATA, le=256)


def select(file_id: int) -> Command:
    return Command(0x00, Instruction.SELECT, data=file_id.to_bytes(2, "big"))


def read_binary(offset: int, length: int) -> Command:
    """Read ``length`` (1 to 256) bytes of the selected file."""
    p1, p2 = _offset_bytes(offset)
    return Command(0x00, Instruction.READ_BINARY, p1, p2, le=length)


def update_binary(offset: int, data: bytes) -> Command:
    """Write at most 255 bytes into the selected file."""
    p1, p2 = _offset_bytes(offset)
    return Command(0x00, Instruction.UPDATE_BINARY, p1, p2, data)


def get_challenge() -> Command:
    return Command(0x00, Instruction.GET_CHALLENGE, le=CHALLENGE_LENGTH)


def external_authenticate(cryptogram: bytes) -> Command:
    return Command(0x00, Instruction.EXTERNAL_AUTHENTICATE, data=cryptogram)


def photo_length(head: bytes) -> int:
    """Bytes of the photo itself, from the head of its file. Raises FrameError for a head that holds no length."""
    if len(head) < PHOTO_LENGTH_BYTES:
        raise FrameError(f"the photo's head has {len(head)} bytes")
    return int.from_bytes(head[:PHOTO_LENGTH_BYTES], "big")


def _offset_bytes(offset: int) -> bytes:
    if not 0 <= offset <= LONGEST_OFFSET:
        raise FrameError(f"offset {offset} cannot be addressed")
    return offset.to_bytes(2, "big")
