"""The file of a recording: a header line, then one JSON line for each chunk of bytes (README.md has the format)."""

from __future__ import annotations

import datetime as dt
import enum
import importlib.metadata
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

FORMAT = 1


class Side(enum.StrEnum):
    """Who said it."""

    DRIVER = "driver"
    DEVICE = "device"


class Hidden(msgspec.Struct, frozen=True):
    """Content that was not recorded: its number of bytes, and its SHA-256 in hex."""

    length: int
    sha256: str


Symbol = int | Hidden  # one byte, or a run of content
Part = str | Hidden  # bytes in hex, or a run of content


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first line."""

    tap: int
    transport: str  # serial, tcp or pcsc
    device: str  # the path, host:port, or name of the reader
    speaks: str  # a name of ``veils.VEILS``
    date: str
    program: str
    content: bool = False  # recorded with its content
    baud: int | None = None
    atr: str | None = None  # in hex


class Chunk(msgspec.Struct, frozen=True, omit_defaults=True, rename={"side": "from"}):
    """What one side said. ``t``: seconds since the start. ``hex`` when nothing is hidden in it, else ``parts``."""

    t: float
    side: Side
    hex: str | None = None
    parts: list[Part] | None = None
    line: int = 1  # TCP: which connection, counted from 1
    closed: bool = False  # this side ended the connection

    @property
    def symbols(self) -> list[Symbol]:
        found: list[Symbol] = []
        for part in [self.hex or ""] if self.parts is None else self.parts:
            found += [part] if isinstance(part, Hidden) else bytes.fromhex(part)
        return found


@dataclass(frozen=True)
class Recording:
    header: Header
    chunks: list[Chunk]


def parts_of(symbols: Iterable[Symbol]) -> list[Part]:
    """Symbols as they stand in a file."""
    parts: list[Part] = []
    for symbol in symbols:
        if isinstance(symbol, Hidden):
            parts.append(symbol)
        elif parts and isinstance(parts[-1], str):
            parts[-1] += f"{symbol:02x}"
        else:
            parts.append(f"{symbol:02x}")
    return parts


def header(transport: str, device: str, speaks: str, *, content: bool, **more: int | str | None) -> Header:
    """A header of now."""
    return msgspec.convert(
        {
            "tap": FORMAT,
            "transport": transport,
            "device": device,
            "speaks": speaks,
            "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "program": f"adm-kiosk {importlib.metadata.version('adm-kiosk')}",
            "content": content,
            **more,
        },
        Header,
    )


class Recorder:
    """Writes a recording line by line, so that all of it is there whenever the tap ends. For several threads."""

    def __init__(self, path: Path, head: Header, clock: Callable[[], float] = time.monotonic) -> None:
        self.header = head
        self._clock = clock
        self._begin = clock()
        self._lock = threading.Lock()
        # A new file only: a recording is not easily had again.
        self._file = path.open("xb", buffering=0)
        self._file.write(msgspec.json.encode(head) + b"\n")

    def note(self, side: Side, symbols: list[Symbol], *, line: int = 1, closed: bool = False) -> None:
        """Write down what was said now."""
        if not symbols and not closed:
            return
        parts = parts_of(symbols)
        plain = "".join(part for part in parts if isinstance(part, str))
        hidden = any(isinstance(part, Hidden) for part in parts)
        with self._lock:
            if self._file.closed:
                return
            chunk = Chunk(
                round(self._clock() - self._begin, 4),
                side,
                hex=None if hidden else plain,
                parts=parts if hidden else None,
                line=line,
                closed=closed,
            )
            self._file.write(msgspec.json.encode(chunk) + b"\n")

    def close(self) -> None:
        with self._lock:
            self._file.close()


def load(path: Path) -> Recording:
    """Read a recording. Raises ValueError with the number of the line that is none."""
    chunks = []
    head: Header | None = None
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                if head is None:
                    head = msgspec.json.decode(line, type=Header)
                else:
                    chunks.append(msgspec.json.decode(line, type=Chunk))
                    _ = chunks[-1].symbols
            except (msgspec.DecodeError, ValueError, RecursionError) as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
    if head is None or head.tap != FORMAT:
        raise ValueError(f"{path} is no recording of format {FORMAT}")
    return Recording(head, chunks)
