"""Real-time commands of ESC/POS: found in the stream wherever they stand, also inside graphics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drivers.receipt_printer.frames import CLEAR, Query

_QUERIES = {query.frame: query for query in Query}


@dataclass(frozen=True)
class Piece:
    """Some bytes of the stream, and the command that ends with them, if one does (None: clear everything)."""

    data: bytes
    query: Query | None = None
    clear: bool = False


class RealTime:
    """Splits the stream at real-time commands, whatever pieces it comes in. Nothing is held back or taken out."""

    def __init__(self) -> None:
        self._recent = b""

    def feed(self, data: bytes) -> Iterator[Piece]:
        begin = 0
        for at in range(len(data)):
            self._recent = (self._recent + data[at : at + 1])[-len(CLEAR) :]
            query = _QUERIES.get(self._recent[-3:])
            clear = self._recent == CLEAR
            if query is not None or clear:
                yield Piece(data[begin : at + 1], query, clear)
                begin = at + 1
                self._recent = b""
        if begin < len(data):
            yield Piece(data[begin:])
