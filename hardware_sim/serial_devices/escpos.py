"""The commands of ESC/POS as they come in, byte by byte, to operations. Knows those that python-escpos sends.

A command that it does not know becomes ``Unknown``: the printer reports it, so that a test can fail on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

ESC, GS, FS, DLE, DC4 = 0x1B, 0x1D, 0x1C, 0x10, 0x14
LF = 0x0A


@dataclass(frozen=True)
class Text:
    """Printable bytes of one line."""

    data: bytes


@dataclass(frozen=True)
class LineFeed:
    lines: int = 1


@dataclass(frozen=True)
class DotFeed:
    dots: int


@dataclass(frozen=True)
class Raster:
    """A picture of ``width`` times ``height`` dots; rows of whole bytes, 1 is black. ``advance``: the paper follows."""

    width: int
    height: int
    data: bytes
    advance: bool = True


@dataclass(frozen=True)
class Cut:
    feed_dots: int = 0


@dataclass(frozen=True)
class Reset:
    pass


@dataclass(frozen=True)
class Align:
    """0 left, 1 centre, 2 right."""

    where: int


@dataclass(frozen=True)
class TextSize:
    """Multiples of the plain width and height."""

    across: int
    down: int


@dataclass(frozen=True)
class LineSpacing:
    """Dots from line to line; None for the printer's own."""

    dots: int | None


@dataclass(frozen=True)
class ReportPaper:
    """GS r: to be answered when everything before is done."""


@dataclass(frozen=True)
class Setting:
    """A command that changes nothing that is drawn here."""

    frame: bytes


@dataclass(frozen=True)
class Unknown:
    frame: bytes


Operation = (
    Text | LineFeed | DotFeed | Raster | Cut | Reset | Align | TextSize | LineSpacing | ReportPaper | Setting | Unknown
)

# Commands that only set something, with the number of their parameters.
_SETTINGS = {
    (ESC, b"E"): 1,
    (ESC, b"G"): 1,
    (ESC, b"-"): 1,
    (ESC, b"M"): 1,
    (ESC, b"{"): 1,
    (ESC, b"t"): 1,
    (ESC, b"R"): 1,
    (ESC, b" "): 1,
    (ESC, b"V"): 1,
    (ESC, b"$"): 2,
    (ESC, b"\\"): 2,
    (ESC, b"c"): 2,
    (ESC, b"p"): 3,
    (ESC, b"="): 1,
    (GS, b"B"): 1,
    (GS, b"b"): 1,
    (GS, b"L"): 2,
    (GS, b"W"): 2,
    (GS, b"P"): 2,
    (GS, b"a"): 1,
    (GS, b"h"): 1,
    (GS, b"w"): 1,
    (GS, b"H"): 1,
    (GS, b"f"): 1,
    (FS, b"."): 0,
    (FS, b"&"): 0,
}


# ESC commands of one parameter that are drawn, or change how things are drawn.
_ONE_PARAMETER: dict[bytes, Callable[[int], Operation]] = {
    b"d": LineFeed,
    b"J": DotFeed,
    b"3": LineSpacing,
    b"a": lambda where: Align(where % 48),
    b"!": lambda bits: TextSize(2 if bits & 0x20 else 1, 2 if bits & 0x10 else 1),
}


class Incomplete(Exception):  # noqa: N818  # no error: the rest of the command is still on its way
    """More bytes are needed."""


class Parser:
    """Feed it bytes in any pieces; it yields whole operations, each with its size in bytes."""

    def __init__(self) -> None:
        self._buffer = b""
        self._graphics: Raster | None = None  # stored by GS ( L 112, printed by GS ( L 50

    @property
    def pending(self) -> int:
        """Bytes of a command that is not whole yet."""
        return len(self._buffer)

    def clear(self) -> None:
        self._buffer = b""
        self._graphics = None

    def feed(self, data: bytes) -> Iterator[tuple[Operation, int]]:
        for operation, frame in self.frames(data):
            if operation is not None:
                yield operation, len(frame)

    def frames(self, data: bytes) -> Iterator[tuple[Operation | None, bytes]]:
        """The same with all their bytes; None for those that do nothing by themselves."""
        self._buffer += data
        while self._buffer:
            try:
                operation, used = self._next()
            except Incomplete:
                return
            frame, self._buffer = self._buffer[:used], self._buffer[used:]
            yield operation, frame

    def _next(self) -> tuple[Operation | None, int]:
        first = self._buffer[0]
        if first == LF:
            return LineFeed(), 1
        if first == ESC:
            return self._escape()
        if first == GS:
            return self._group()
        if first == DLE:
            return None, 5 if self._take(3)[1] == DC4 and self._take(5) else 3  # answered before they came here
        if first == FS:
            return self._setting(FS)
        if first < 0x20:
            return None, 1  # CR, HT and the like move nothing here
        end = next((at for at, byte in enumerate(self._buffer) if byte < 0x20), len(self._buffer))
        return Text(self._buffer[:end]), end

    def _escape(self) -> tuple[Operation | None, int]:
        code = self._take(2)[1:]
        if code == b"@":
            return Reset(), 2
        if code == b"2":
            return LineSpacing(None), 2
        if code in (b"i", b"m"):
            return Cut(), 2
        if code == b"*":
            return self._columns()
        if code in _ONE_PARAMETER:
            return _ONE_PARAMETER[code](self._take(3)[2]), 3
        return self._setting(ESC)

    def _group(self) -> tuple[Operation | None, int]:
        code = self._take(2)[1:]
        if code == b"v":
            return self._raster()
        if code == b"(":
            return self._extended()
        if code == b"V":
            mode = self._take(3)[2]
            return (Cut(self._take(4)[3]), 4) if mode in (65, 66, 97, 98) else (Cut(), 3)
        if code == b"!":
            size = self._take(3)[2]
            return TextSize((size >> 4) + 1, (size & 0x0F) + 1), 3
        if code == b"r":
            self._take(3)
            return ReportPaper(), 3
        if code == b"k":
            return self._barcode()
        return self._setting(GS)

    def _barcode(self) -> tuple[Operation, int]:
        """GS k, in both its forms. Not drawn, and said so: receipts are pictures."""
        kind = self._take(3)[2]
        if kind <= 6:
            end = self._buffer.find(0, 3)
            if end < 0:
                raise Incomplete
            return Unknown(self._take(end + 1)), end + 1
        whole = self._take(4 + self._take(4)[3])
        return Unknown(whole), len(whole)

    def _setting(self, lead: int) -> tuple[Operation, int]:
        code = self._take(2)[1:]
        parameters = _SETTINGS.get((lead, code))
        if parameters is None:
            return Unknown(self._buffer[:2]), 2
        return Setting(self._take(2 + parameters)), 2 + parameters

    def _raster(self) -> tuple[Operation, int]:
        """GS v 0 m xL xH yL yH: rows of whole bytes."""
        head = self._take(8)
        if head[2] != ord("0"):
            return Unknown(head[:3]), 3
        across, rows = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        whole = self._take(8 + across * rows)
        return Raster(across * 8, rows, whole[8:]), len(whole)

    def _extended(self) -> tuple[Operation | None, int]:
        """GS ( X pL pH ...: of these only graphics (L) draw."""
        head = self._take(5)
        length = int.from_bytes(head[3:5], "little")
        whole = self._take(5 + length)
        body = whole[5:]
        if head[2:3] != b"L" or len(body) < 2:
            return (Setting(whole) if head[2:3] in b"KEHLM" else Unknown(whole)), len(whole)
        if body[1] in (50, 2):
            picture, self._graphics = self._graphics, None
            return picture, len(whole)
        if body[1] == 112 and len(body) >= 10:
            width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
            if len(body) - 10 == (width + 7) // 8 * height:
                self._graphics = Raster(width, height, body[10:])
                return None, len(whole)
        return Unknown(whole), len(whole)

    def _columns(self) -> tuple[Operation, int]:
        """ESC * m nL nH: a strip of 8 or 24 dots high, sent column by column, on the line that is being made."""
        head = self._take(5)
        height = 24 if head[2] in (32, 33) else 8
        width = int.from_bytes(head[3:5], "little")
        whole = self._take(5 + width * height // 8)
        columns = whole[5:]
        per_row = (width + 7) // 8
        rows = bytearray(per_row * height)
        for x in range(width):
            column = columns[x * height // 8 : (x + 1) * height // 8]
            for y in range(height):
                if column[y // 8] & (0x80 >> y % 8):
                    rows[y * per_row + x // 8] |= 0x80 >> x % 8
        return Raster(width, height, bytes(rows), advance=False), len(whole)

    def _take(self, count: int) -> bytes:
        if len(self._buffer) < count:
            raise Incomplete
        return self._buffer[:count]
