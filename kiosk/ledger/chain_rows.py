"""The audit chain checked row by row, fast: the bytes that were hashed are put together from the stored texts.

RFC 8785 in Python costs 30 microseconds an entry, too much for ten years of them. The ledger stores ``data`` in its RFC
8785 form, so those bytes are the row's own texts in a fixed frame. Only a row that does not hold so is taken apart.
"""

from __future__ import annotations

import enum
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785

BEGINNING = "0" * 64
"""``prev`` of the first entry."""

COLUMNS = "seq, at, event, data, prev, hash"
Row = tuple[int, str, str, str, str, str]
"""The columns of table ``audit``, in this order."""

Tip = tuple[int, str]
"""Seq and hash of an entry; (0, BEGINNING) before the first."""

START: Tip = (0, BEGINNING)

# What RFC 8785 writes otherwise than it stands. A text without these cannot end early inside the frame, so no two
# different rows give the same bytes.
_ESCAPED = re.compile(r'["\\\x00-\x1f]')


class Why(enum.StrEnum):
    """Why a chain does not hold."""

    GAP = "does not follow the entry before"
    PREV = "does not go on from the entry before"
    CHANGED = "was changed: its hash is another one"
    FORM = "is not written as this program writes"
    UNREADABLE = "cannot be read"
    NOT_WITNESSED = "is not the one that was witnessed"
    MISSING = "was witnessed and is missing"


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and why."""

    seq: int
    why: str  # one of Why


def canonical(value: Any) -> str:
    """The RFC 8785 form, as text. Raises ValueError for what has none."""
    return rfc8785.dumps(value).decode()


def entry_hash(seq: int, at: str, event: str, data: dict[str, Any], prev: str) -> str:
    """Lower-case hex SHA-256 over the RFC 8785 form of {seq, at, event, data, prev}."""
    return hashlib.sha256(rfc8785.dumps({"seq": seq, "at": at, "event": event, "data": data, "prev": prev})).hexdigest()


class Checker:
    """Takes a chain's rows in order and says where it breaks. ``tip`` is the last entry that holds.

    ``heads`` are hashes by seq that somebody else keeps: without one, a tail that was cut off or written anew cannot
    be seen.
    """

    def __init__(self, after: Tip = START, heads: Mapping[int, str] | None = None) -> None:
        self.tip = after
        self._heads = heads or {}

    def take(self, rows: Sequence[Row]) -> Broken | None:
        """Check the rows that come next; after an answer the rest is not looked at."""
        before = self.tip[0]
        broken = self._take(rows) if _plain(rows) else self._take_apart(rows)
        met = [seq for seq in self._heads if before < seq <= self.tip[0]]
        wrong = [seq for seq in met if rows[seq - before - 1][5] != self._heads[seq]]
        return Broken(min(wrong), Why.NOT_WITNESSED) if wrong else broken

    def end(self) -> Broken | None:
        """After the last row: whether a witnessed entry is missing."""
        missing = [seq for seq in self._heads if seq > self.tip[0]]
        return Broken(min(missing), Why.MISSING) if missing else None

    def _take(self, rows: Sequence[Row]) -> Broken | None:
        last, tip = self.tip
        sha256 = hashlib.sha256
        for number, row in enumerate(rows):
            seq, at, event, data, prev, found = row
            text = f'{{"at":"{at}","data":{data},"event":"{event}","prev":"{tip}","seq":{seq}}}'
            hashed = text.encode(errors="surrogatepass")  # half a character is in no text of ours, and matches none
            if seq != last + 1 or prev != tip or sha256(hashed).hexdigest() != found:
                self.tip = (last, tip)
                return self._take_apart(rows[number:])
            last, tip = seq, found
        self.tip = (last, tip)
        return None

    def _take_apart(self, rows: Sequence[Row]) -> Broken | None:
        for row in rows:
            broken = _look(row, self.tip)
            if broken:
                return broken
            self.tip = (row[0], row[5])
        return None


def _plain(rows: Sequence[Row]) -> bool:
    """Whether the texts can be put into the frame as they are; asked once for all, for speed."""
    try:
        unquoted = "".join([row[1] + row[2] for row in rows])
    except TypeError:  # a number or bytes
        return False
    return _ESCAPED.search(unquoted) is None


def _framed(at: str, data: str, event: str, prev: str, seq: int) -> bytes:
    """What was hashed, of texts that are in their RFC 8785 form already."""
    return f'{{"at":{at},"data":{data},"event":{event},"prev":"{prev}","seq":{seq}}}'.encode()


def _look(row: Row, tip: Tip) -> Broken | None:
    """One row by the letter of the contract, whatever it holds."""
    seq, at, event, data, prev, found = row
    if type(seq) is not int or not all(isinstance(each, str) for each in row[1:]):
        return Broken(tip[0] + 1, Why.FORM)
    if seq != tip[0] + 1:
        return Broken(seq, Why.GAP)
    if prev != tip[1]:
        return Broken(seq, Why.PREV)
    try:
        if hashlib.sha256(_framed(canonical(at), data, canonical(event), prev, seq)).hexdigest() == found:
            return None
        plain = json.loads(data)
        if found != entry_hash(seq, at, event, plain, prev):
            return Broken(seq, Why.CHANGED)
        # Python's own form was stored until the RFC 8785 form was. Any other text, such as one with a name in it
        # twice, may mean something else to another reader.
        return None if data == json.dumps(plain) else Broken(seq, Why.FORM)
    except (ValueError, RecursionError):
        return Broken(seq, Why.CHANGED)
