"""What goes to the process that checks and draws a PDF, and what comes back: msgpack through its pipes."""

from __future__ import annotations

import msgspec

from kiosk.protocol import NoticeKind


class Order(msgspec.Struct, frozen=True):
    """What to check and draw. Roots and lists in DER."""

    pdf: bytes
    roots: list[bytes]
    crls: list[bytes]
    most_pages: int
    dpi: int


class Drawn(msgspec.Struct, frozen=True, tag="drawn"):
    """A PDF of pictures, a page of A4 each."""

    document: bytes
    pages: int


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The document is not printed (DocumentError)."""

    kind: NoticeKind
    reason: str
