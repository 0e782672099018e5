"""Rows of blanks: what each write does, inside the transaction of the caller. Nothing here is asked about devices.

A blank is a card that nothing was printed on yet, and it is watched until its end, because whoever holds one can forge
an identity card. The machine draws from the feeder in the order in which the blanks were put there; the record of that
is in the same transaction as the phase of the attempt that draws or ends.
"""

from __future__ import annotations

import enum
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger import events
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.errors import BlankError
from kiosk.ledger.phases import Phase

MOST_AT_ONCE = 10_000  # a delivery to a whole kabupaten is 1,000; more is a slip of the keyboard
_SERIAL = re.compile(r"([A-Z]{0,6})([0-9]{1,12})")


class BlankState(enum.StrEnum):
    IN_STORE = "in_store"  # handed over by the Dinas, in the operator's safe
    IN_FEEDER = "in_feeder"
    IN_PATH = "in_path"  # drawn by an attempt that has not ended, or is in doubt
    DELIVERED = "delivered"  # in the applicant's hand
    RETRACTED = "retracted"  # printed, offered and kept back
    SPOILED = "spoiled"
    DESTROYED = "destroyed"  # with a berita acara
    MISSING = "missing"  # an operator has settled that it cannot be found
    VOID = "void"  # a card without a serial that turned out to be one of the books


_S = BlankState


@dataclass(frozen=True)
class SerialRange:
    """Serials from ``first`` to ``last``, both counted; a first above the last counts down, as a stack may lie."""

    first: str
    last: str

    @classmethod
    def parse(cls, text: str) -> SerialRange:
        """ "A0012301-A0012800", or one serial. Raises BlankError."""
        first, _, last = text.replace(" ", "").upper().partition("-")
        return cls(first, last or first)

    def serials(self) -> list[str]:
        """Each of them in order. Raises BlankError when the two ends do not make a range."""
        ends = [_SERIAL.fullmatch(end) for end in (self.first, self.last)]
        if not ends[0] or not ends[1]:
            raise BlankError("serial-form", f"{self.first}-{self.last}: a serial is up to 6 letters and 1 to 12 digits")
        (prefix, low), (other, high) = ends[0].groups(), ends[1].groups()
        if prefix != other or len(low) != len(high):
            raise BlankError("range-ends", f"{self.first}-{self.last}: the two ends are not of one series")
        step = 1 if int(low) <= int(high) else -1
        numbers = range(int(low), int(high) + step, step)
        if len(numbers) > MOST_AT_ONCE:
            raise BlankError("range-size", f"{self.first}-{self.last}: {len(numbers)} blanks at once")
        return [f"{prefix}{number:0{len(low)}d}" for number in numbers]

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True)
class Blank:
    """One item of the books."""

    item: int
    serial: str | None  # None: it came out of the machine and no record had put it there
    state: BlankState
    attempt_id: str | None
    in_bin: bool  # kept back in the machine; no operator has it in hand yet

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Blank:
        return cls(row["item"], row["serial"], BlankState(row["state"]), row["attempt_id"], bool(row["in_bin"]))


@dataclass(frozen=True)
class Act:
    """Who does something to the books, and when; ``record`` writes into the audit chain in the same transaction."""

    db: sqlite3.Connection
    now: datetime
    actor: str
    record: Callable[[sqlite3.Connection, events.Event], object] = field(repr=False)

    @property
    def at(self) -> str:
        return self.now.isoformat()

    def event(self, event: events.Event) -> None:
        self.record(self.db, event)


def kept(db: sqlite3.Connection) -> bool:
    """Whether stock is kept here: something was loaded by record once."""
    return db.execute("SELECT kept_since FROM blank_book").fetchone()["kept_since"] is not None


# -- what operators do


def deliver(act: Act, serials: SerialRange) -> int:
    """The Dinas handed these over: they are in the store. Answers how many."""
    wanted = serials.serials()
    if known := _first(act.db, wanted, lambda row: row is not None):
        raise BlankError("known", f"{known}: is in the books already")
    for serial in wanted:
        _insert(act, serial, _S.IN_STORE, loaded=0, attempt_id=None)
    act.event(events.BlanksDelivered(actor=act.actor, count=len(wanted), **_ends(serials)))
    return len(wanted)


def load(act: Act, serials: SerialRange) -> int:
    """From the store into the feeder, behind those that lie there. Answers how many. From now on stock is kept."""
    rows = _all_in(act.db, serials.serials(), (_S.IN_STORE,), "not-in-store")
    place = act.db.execute("SELECT coalesce(max(place), 0) AS n FROM blanks WHERE state = 'in_feeder'").fetchone()["n"]
    for offset, row in enumerate(rows, start=1):
        move(act, row, _S.IN_FEEDER, loaded=1, place=place + offset)
    act.db.execute("UPDATE blank_book SET kept_since = coalesce(kept_since, ?)", (act.at,))
    act.event(events.BlanksLoaded(actor=act.actor, count=len(rows), **_ends(serials)))
    return len(rows)


def unload(act: Act, serials: SerialRange) -> int:
    """Out of the feeder, back into the store. Answers how many."""
    rows = _all_in(act.db, serials.serials(), (_S.IN_FEEDER,), "not-in-feeder")
    for row in rows:
        move(act, row, _S.IN_STORE, loaded=0)
    act.event(events.BlanksUnloaded(actor=act.actor, count=len(rows), **_ends(serials)))
    return len(rows)


def spoil(act: Act, serials: Sequence[str], reason: str) -> int:
    """Unfit for use, though no attempt drew them (a bent corner, a test print): in the operator's hand, to destroy."""
    for row in _all_in(act.db, serials, (_S.IN_STORE, _S.IN_FEEDER), "not-unused"):
        move(act, row, _S.SPOILED, printed=None)
        act.event(events.BlankMoved(actor=act.actor, reason=events.code(reason), **_what(row, _S.SPOILED)))
    return len(serials)


def destroy(act: Act, serials: Sequence[str], record_number: str) -> int:
    """Burnt, with the number of the berita acara. Only what an operator has accounted for: else the right of an
    applicant would wait for ever for a card that no longer is.
    """
    rows = _all_in(act.db, serials, (_S.SPOILED, _S.RETRACTED), "not-kept-back")
    if waiting := next((row["serial"] for row in rows if row["in_bin"]), None):
        raise BlankError("not-accounted", f"{waiting}: lies in the bin by the books; it is to be accounted for first")
    for row in rows:
        move(act, row, _S.DESTROYED)
        act.event(events.BlankMoved(actor=act.actor, reason=events.code(record_number), **_what(row, _S.DESTROYED)))
    return len(rows)


def write_off(act: Act, serials: Sequence[str], reason: str) -> int:
    """Cannot be found. Said by an operator who settles a difference, and never by the kiosk itself."""
    states = (_S.IN_STORE, _S.IN_FEEDER, _S.SPOILED, _S.RETRACTED)
    for row in _all_in(act.db, serials, states, "ended"):
        move(act, row, _S.MISSING)
        act.event(events.BlankMoved(actor=act.actor, reason=events.code(reason), **_what(row, _S.MISSING)))
    return len(serials)


# -- what attempts do


def draw(act: Act, attempt_id: str) -> tuple[str | None, bool]:
    """The machine takes the next blank for this attempt. Answers its serial, and whether the books knew of one."""
    row = act.db.execute("SELECT * FROM blanks WHERE state = 'in_feeder' ORDER BY place LIMIT 1").fetchone()
    if row is None:
        item = _insert(act, None, _S.IN_PATH, loaded=1, attempt_id=attempt_id)
        act.event(events.BlankMoved(actor=act.actor, item=item, attempt=attempt_id, state=_S.IN_PATH))
        return None, False
    move(act, row, _S.IN_PATH, attempt_id=attempt_id)
    act.event(events.BlankMoved(actor=act.actor, attempt=attempt_id, **_what(row, _S.IN_PATH)))
    return row["serial"], True


def end(act: Act, before: Attempt, after: Attempt) -> None:
    """The attempt's phase has changed: its blank goes where that says. An attempt without a blank changes nothing."""
    if after.outcome is None or after.outcome is OutcomeKind.UNKNOWN or after.outcome is before.outcome:
        return
    row = act.db.execute(
        "SELECT * FROM blanks WHERE attempt_id = ? AND state = 'in_path'", (after.attempt_id,)
    ).fetchone()
    if row is None:
        return
    match after.outcome:
        case OutcomeKind.PRINTED:
            state = _S.DELIVERED
            move(act, row, state, printed=1)
        case OutcomeKind.SPOILED:
            state = _S.RETRACTED if after.phase is Phase.RETRACTED else _S.SPOILED
            move(act, row, state, in_bin=0 if after.accounted_by else 1, printed=_printed(after))
        case _:  # surely nothing came out: the next attempt finds it where it was
            state = _S.IN_FEEDER
            head = "SELECT coalesce(min(place), 1) - 1 AS n FROM blanks WHERE state = 'in_feeder'"
            move(act, row, state, place=act.db.execute(head).fetchone()["n"], attempt_id=None)
    act.event(events.BlankMoved(actor=act.actor, attempt=after.attempt_id, **_what(row, state)))


def account(act: Act, attempt_id: str) -> None:
    """An operator has the spoiled blank of this attempt in hand: it lies in the bin no longer."""
    row = act.db.execute("SELECT * FROM blanks WHERE attempt_id = ? AND in_bin = 1", (attempt_id,)).fetchone()
    if row is not None:
        move(act, row, BlankState(row["state"]), printed=row["printed"])


def correct(act: Act, attempt_id: str, said: str) -> str | None:
    """The operator reads another serial on the blank of this attempt than the books have: the two change places.

    Answers a code when the books cannot follow: *serial-unknown*, or *serial-elsewhere* when that blank has had an end
    already. Then nothing is changed, and a person has to find out.
    """
    mine = act.db.execute("SELECT * FROM blanks WHERE attempt_id = ? AND state != 'void'", (attempt_id,)).fetchone()
    said = said.strip().upper()
    if mine is None or mine["serial"] == said:
        return None
    other = act.db.execute("SELECT * FROM blanks WHERE serial = ?", (said,)).fetchone()
    if other is None and mine["serial"] is None and _SERIAL.fullmatch(said):
        act.db.execute("UPDATE blanks SET serial = ? WHERE item = ?", (said, mine["item"]))
        return None
    if other is None:
        return "serial-unknown"
    if other["state"] not in (_S.IN_FEEDER, _S.IN_STORE):
        return "serial-elsewhere"
    _exchange(act, mine, other, attempt_id)
    return None


def _exchange(act: Act, mine: sqlite3.Row, other: sqlite3.Row, attempt_id: str) -> None:
    state = BlankState(mine["state"])
    move(act, other, state, loaded=1, in_bin=mine["in_bin"], printed=mine["printed"], attempt_id=attempt_id)
    if mine["serial"] is None:
        move(act, mine, _S.VOID, loaded=0, attempt_id=None)
    else:
        loaded = 1 if other["state"] == _S.IN_FEEDER else 0
        move(act, mine, BlankState(other["state"]), loaded=loaded, place=other["place"], attempt_id=None)
    act.event(
        events.BlanksExchanged(
            actor=act.actor, attempt=attempt_id, item=mine["item"], blank=mine["serial"], instead=other["serial"]
        )
    )


def _printed(attempt: Attempt) -> int | None:
    """Whether the machine counted the card of a spoiled attempt as printed, by its own word."""
    if attempt.phase is Phase.RETRACTED:
        return 1
    return {"printed": 1, "nothing": 0}.get(str(attempt.evidence.get("job_end")))


# -- rows

_SAME = object()


def move(
    act: Act,
    row: sqlite3.Row,
    state: BlankState,
    *,
    loaded: int | None = None,
    place: int | None = None,
    in_bin: int = 0,
    printed: int | None = None,
    attempt_id: object = _SAME,
) -> None:
    """The item into a state, with a line in its history."""
    attempt = row["attempt_id"] if attempt_id is _SAME else attempt_id
    act.db.execute(
        "UPDATE blanks SET state = ?, loaded = ?, place = ?, in_bin = ?, printed = ?, attempt_id = ?, changed_at = ?"
        " WHERE item = ?",
        (state, row["loaded"] if loaded is None else loaded, place, in_bin, printed, attempt, act.at, row["item"]),
    )
    _append(act, row["item"], row["state"], state, str(attempt or row["attempt_id"] or "") or None)


def _insert(act: Act, serial: str | None, state: BlankState, *, loaded: int, attempt_id: str | None) -> int:
    item = act.db.execute(
        "INSERT INTO blanks (serial, state, loaded, in_bin, attempt_id, changed_at) VALUES (?, ?, ?, 0, ?, ?)",
        (serial, state, loaded, attempt_id, act.at),
    ).lastrowid
    if item is None:
        raise BlankError("not-written", "a blank was not written")  # SQLite always has an id for a row that it took
    _append(act, item, None, state, attempt_id)
    return item


def _append(act: Act, item: int, was: str | None, state: str, attempt_id: str | None) -> None:
    act.db.execute(
        "INSERT INTO blank_moves (item, was, state, at, actor, attempt_id) VALUES (?, ?, ?, ?, ?, ?)",
        (item, was, state, act.at, act.actor, attempt_id),
    )


def _all_in(
    db: sqlite3.Connection, serials: Sequence[str], states: Sequence[BlankState], code: str
) -> list[sqlite3.Row]:
    """The rows of these serials, all in one of the states. Raises BlankError for the first that is not."""
    if len(set(serials)) != len(serials):
        raise BlankError("twice", "a serial is named twice")
    rows = []
    for serial in serials:
        row = db.execute("SELECT * FROM blanks WHERE serial = ?", (serial,)).fetchone()
        if row is None:
            raise BlankError("unknown", f"{serial}: is not in the books; deliver it first")
        if row["state"] not in states:
            raise BlankError(code, f"{serial}: is {row['state']} by the books")
        rows.append(row)
    return rows


def _first(db: sqlite3.Connection, serials: Sequence[str], wrong: Callable[[sqlite3.Row | None], bool]) -> str | None:
    """The first serial whose row is wrong."""
    statement = "SELECT * FROM blanks WHERE serial = ?"
    return next((serial for serial in serials if wrong(db.execute(statement, (serial,)).fetchone())), None)


def _ends(serials: SerialRange) -> dict[str, str]:
    return {"first": serials.first, "last": serials.last}


def _what(row: sqlite3.Row, state: BlankState) -> dict[str, Any]:
    return {"item": row["item"], "blank": row["serial"], "was": row["state"], "state": state}
