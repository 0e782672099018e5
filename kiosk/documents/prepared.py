"""A document that was checked and drawn: what the issuance of an attempt takes over from the documents."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.protocol import NoticeKind


@dataclass(frozen=True)
class Prepared:
    """A genuine document, ready for the printer. Lives in memory for the length of one attempt."""

    document: bytes = field(repr=False)  # a PDF of pictures only
    sheets: int  # as many as the printer will count; 1 for a card
    chip: bool  # a card with a chip, which is read back before the card is handed out
    photo: bytes | None = field(repr=False, default=None)  # JPEG that the chip must hold


class DocumentError(Exception):
    """The document may not or cannot be printed. ``kind`` is for the screen, ``reason`` a stable code."""

    def __init__(self, kind: NoticeKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
