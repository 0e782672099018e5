"""What a QR scanner sends: lines, and what they mean. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "ADM1:"  # of the QR in the message to the applicant (docs/contracts/dinas-api.yaml, Credentials.handle)
LONGEST_LINE = 512  # bytes; the longest handle is far below, and a driving licence's barcode is, too

_HANDLE = re.compile(r"[!-~]{1,128}")  # the contract leaves the form to the Dinas: ASCII without spaces


@dataclass(frozen=True)
class Handle:
    """Our own code: what stands after the prefix, in place of the NIK."""

    value: str


@dataclass(frozen=True)
class Foreign:
    """A readable code that is not ours: a payment, a web address. Its text is not kept."""


@dataclass(frozen=True)
class Unreadable:
    """Noise, or a code of ours with something wrong in it."""


Scan = Handle | Foreign | Unreadable


def parse_scan(text: str) -> Scan:
    """Tell what a scanned line is."""
    text = text.strip()
    if not text or not text.isprintable() or "\ufffd" in text:
        return Unreadable()
    if not text.startswith(PREFIX):
        return Foreign()
    handle = text.removeprefix(PREFIX)
    return Handle(handle) if _HANDLE.fullmatch(handle) else Unreadable()


class LineSplitter:
    """Cuts a stream into lines at CR, LF or both. A line beyond LONGEST_LINE is dropped to its end."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that ended in these bytes, without their ends; empty ones are left out."""
        lines: list[bytes] = []
        *ended, rest = re.split(rb"[\r\n]", data)
        for part in ended:
            self._add(part)
            if self._line and not self._dropping:
                lines.append(bytes(self._line))
            self._line.clear()
            self._dropping = False
        self._add(rest)
        return lines

    def drop_partial(self) -> None:
        """Forget the beginning of a line whose end did not come."""
        self._line.clear()
        self._dropping = False

    def _add(self, part: bytes) -> None:
        if self._dropping or len(self._line) + len(part) > LONGEST_LINE:
            self._dropping = True
            self._line.clear()
        else:
            self._line += part
