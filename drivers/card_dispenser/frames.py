"""Bytes of the CRT-591 to values and back. No I/O; the simulator speaks with this module from the other side.

Paragraphs are those of CREATOR's "CRT-591-M001 communication protocol" 1.0 (2013). All numbers in a text are ASCII.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor

STX, ETX = 0xF2, 0x03
LONGEST_FRAME = 1024
LONGEST_DATA = 512
SHORTEST_TEXT = 3  # head, command, parameter
AROUND_TEXT = 6  # STX, address, two of length, ETX, check byte
LONGEST_TEXT = LONGEST_FRAME - AROUND_TEXT
ADDRESSES = range(16)  # four DIP switches
SENSORS = 7


class FrameError(ValueError):
    """These bytes are no frame, or no text that this protocol has."""


class Control(enum.IntEnum):
    """The single bytes between the frames."""

    ACK = 0x06
    NAK = 0x15
    EOT = 0x04


_CONTROLS = {int(control): control for control in Control}


class Head(enum.IntEnum):
    """The first byte of a text."""

    COMMAND = 0x43
    POSITIVE = 0x50
    NEGATIVE = 0x4E
    NEGATIVE_AS_PRINTED = 0x45  # the paper says "N, 45H"; machines were seen to send 4E


class Cm(enum.IntEnum):
    """The commands that are used here."""

    INIT = 0x30
    STATUS = 0x31
    MOVE = 0x32
    ENTRY = 0x33  # of the H001: eject and capture
    SERIAL = 0xA2
    CONFIG = 0xA3
    VERSION = 0xA4
    BIN_COUNT = 0xA5


class CardAt(enum.StrEnum):
    """st0: where a card is."""

    NONE = "0"
    GATE = "1"
    INSIDE = "2"  # at the RF or IC position


class Stacker(enum.StrEnum):
    """st1: how many cards are in the stacker."""

    EMPTY = "0"
    FEW = "1"
    ENOUGH = "2"


class Bin(enum.StrEnum):
    """st2: the error bin."""

    FREE = "0"
    FULL = "1"
    FULL_R02 = "2"  # what the R02 says for full


@dataclass(frozen=True)
class Status:
    """The three bytes that each positive answer carries."""

    card: CardAt
    stacker: Stacker
    bin: Bin

    @property
    def bin_full(self) -> bool:
        return self.bin is not Bin.FREE

    def encode(self) -> bytes:
        return f"{self.card}{self.stacker}{self.bin}".encode("ascii")


@dataclass(frozen=True)
class Command:
    """What the host asks for; ``pm`` is the parameter byte."""

    cm: int
    pm: int
    data: bytes = b""


@dataclass(frozen=True)
class Positive:
    """An answer: it was done."""

    cm: int
    pm: int
    status: Status
    data: bytes = b""


@dataclass(frozen=True)
class Negative:
    """An answer: it was not done, and why (two characters; ``errors.ErrorCode`` has those that mean something)."""

    cm: int
    pm: int
    error: str
    data: bytes = b""


Text = Command | Positive | Negative


@dataclass(frozen=True)
class Frame:
    """A whole frame with the right check byte. ``text`` is None where the text itself is none that we know."""

    address: int
    text: Text | None


@dataclass(frozen=True)
class Broken:
    """Bytes that began like a frame, and whose check byte or end is wrong."""


def check_byte(data: bytes) -> int:
    """BCC: all bytes from STX to ETX, xor."""
    return reduce(xor, data, 0)


def encode(text: Text, address: int) -> bytes:
    """The frame of a text. Raises FrameError for what does not fit into one."""
    if address not in ADDRESSES:
        raise FrameError(f"address {address}; there are 0 to 15")
    if len(text.data) > LONGEST_DATA:
        raise FrameError(f"{len(text.data)} bytes of data; at most {LONGEST_DATA}")
    body = _encode_text(text)
    frame = bytes([STX, address, *len(body).to_bytes(2, "big")]) + body + bytes([ETX])
    return frame + bytes([check_byte(frame)])


def decode(frame: bytes) -> Frame:
    """The value of one whole frame. Raises FrameError when it is none, or its check byte is wrong."""
    if len(frame) < AROUND_TEXT + SHORTEST_TEXT or frame[0] != STX:
        raise FrameError("no frame")
    length = int.from_bytes(frame[2:4], "big")
    if len(frame) != length + AROUND_TEXT or frame[-2] != ETX:
        raise FrameError("the length is wrong")
    if check_byte(frame[:-1]) != frame[-1]:
        raise FrameError("the check byte is wrong")
    try:
        text = _decode_text(frame[4:-2])
    except FrameError:
        text = None
    return Frame(frame[1], text)


def _encode_text(text: Text) -> bytes:
    match text:
        case Command():
            return bytes([Head.COMMAND, text.cm, text.pm]) + text.data
        case Positive():
            return bytes([Head.POSITIVE, text.cm, text.pm]) + text.status.encode() + text.data
        case Negative():
            if len(text.error) != 2 or not text.error.isascii():  # e1 and e0
                raise FrameError(f"error {text.error!r}; there are two ASCII characters")
            return bytes([Head.NEGATIVE, text.cm, text.pm]) + text.error.encode("ascii") + text.data


def _decode_text(text: bytes) -> Text:
    head, cm, pm, rest = text[0], text[1], text[2], text[3:]
    match head:
        case Head.COMMAND:
            return Command(cm, pm, rest)
        case Head.POSITIVE:
            return Positive(cm, pm, parse_status(rest[:3]), rest[3:])
        case Head.NEGATIVE | Head.NEGATIVE_AS_PRINTED:
            error = rest[:2]
            if len(error) < 2 or not error.isascii():  # e1 and e0
                raise FrameError("a negative answer without a code")
            return Negative(cm, pm, error.decode("ascii"), rest[2:])
    raise FrameError(f"no text begins with {head:#04x}")


def parse_status(three: bytes) -> Status:
    """st0, st1, st2. Raises FrameError for values that the paper does not have: what they mean is not guessed."""
    try:
        said = three.decode("ascii")
        return Status(CardAt(said[:1]), Stacker(said[1:2]), Bin(said[2:]))
    except ValueError as error:
        raise FrameError(f"status {three!r}") from error


def parse_sensors(data: bytes) -> tuple[bool, ...]:
    """S1 to S7, True where a card is; machines add reserved ones, 8 to 10 bytes in all (3.1.2)."""
    if len(data) < SENSORS or set(data[:SENSORS]) - set(b"01"):
        raise FrameError(f"sensors {data!r}")
    return tuple(value == ord("1") for value in data[:SENSORS])


def parse_count(data: bytes) -> int:
    """The bin counter, "000" to "999" (3.6.9)."""
    if len(data) != 3 or not data.isdigit():  # three digits
        raise FrameError(f"bin counter {data!r}")
    return int(data)


def parse_serial(data: bytes) -> str:
    """The serial number, behind a byte with its length (3.6.7)."""
    return printable(data[1 : 1 + data[0]] if data and data[0] == len(data) - 1 else data)


def printable(data: bytes) -> str:
    """A text of the machine about itself; what is not printable ASCII is left out."""
    return "".join(chr(byte) for byte in data if 0x20 <= byte < 0x7F).strip()  # ASCII


class Reader:
    """Finds frames and controls in a stream of bytes with noise in it.

    A frame is believed only with its check byte. After a broken one the search goes on behind its STX, so that a good
    frame that began within the noise is not lost; single controls within a broken frame are noise too.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._within_broken = 0  # bytes left of what a broken frame said to be its own

    def forget(self) -> None:
        """Begin anew: what came so far belongs to nothing any more."""
        self._bytes.clear()
        self._within_broken = 0

    @property
    def in_frame(self) -> bool:
        """Whether a frame has begun whose end is missing."""
        return bool(self._bytes)

    def give_up(self) -> Iterator[Frame | Broken | Control]:
        """The rest of the frame does not come, or it never was one: search on behind its beginning."""
        self._within_broken = len(self._bytes)
        self._drop(1)
        yield Broken()
        yield from self.take(b"")

    def take(self, data: bytes) -> Iterator[Frame | Broken | Control]:
        """What these bytes, together with the earlier ones, amount to."""
        self._bytes += data
        while self._bytes:
            first = self._bytes[0]
            if first != STX:
                within = self._within_broken > 0
                self._drop(1)
                if not within and first in _CONTROLS:
                    yield _CONTROLS[first]
                continue
            found = self._frame()
            if found is None:
                return
            if isinstance(found, Frame):
                self._within_broken = 0
            yield found

    def _frame(self) -> Frame | Broken | None:
        """The frame at the beginning; None while bytes of it are missing."""
        if len(self._bytes) < 4:  # STX, address, length
            return None
        length = int.from_bytes(self._bytes[2:4], "big")
        if not SHORTEST_TEXT <= length <= LONGEST_TEXT or self._bytes[1] not in ADDRESSES:
            self._drop(1)
            return Broken()
        whole = length + AROUND_TEXT
        if len(self._bytes) < whole:
            return None
        try:
            frame = decode(bytes(self._bytes[:whole]))
        except FrameError:
            self._within_broken = max(self._within_broken, whole)
            self._drop(1)
            return Broken()
        self._drop(whole)
        return frame

    def _drop(self, count: int) -> None:
        del self._bytes[:count]
        self._within_broken = max(0, self._within_broken - count)
