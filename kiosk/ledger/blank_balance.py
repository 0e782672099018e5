"""The account of the blanks: what the books say, what a hand and the machine itself have counted, and what differs.

The machine's counters only ever grow, so they are compared over a time: from the last count at which no card was in the
path until now. Of some cards nobody knows whether the machine counted them (a jam may come before or after its
counter): such a card makes the expected count a range, and what lies outside of it is a difference.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from drivers.printer import Counters
from kiosk.ledger import events
from kiosk.ledger.blank_items import Act, BlankState, kept
from kiosk.ledger.errors import BlankError

MOST_EVIDENCE = 50  # attempts and moves that are named with a difference; the moves themselves stay in the ledger
NO_COUNTERS = Counters(None)


@dataclass(frozen=True)
class Counts:
    """How many blanks are where, by the books."""

    in_store: int = 0
    in_feeder: int = 0
    in_path: int = 0
    delivered: int = 0
    retracted: int = 0
    spoiled: int = 0
    destroyed: int = 0
    missing: int = 0
    loaded: int = 0  # all that was ever put into the feeder and not taken out again unused, and what was found in it
    in_bin: int = 0  # of the retracted and spoiled: those that no operator has in hand yet

    @classmethod
    def read(cls, db: sqlite3.Connection) -> Counts:
        by_state = dict.fromkeys(BlankState, 0)
        loaded = 0
        for row in db.execute("SELECT state, loaded, n FROM blank_counts"):
            by_state[BlankState(row["state"])] += row["n"]
            loaded += row["n"] * row["loaded"]
        del by_state[BlankState.VOID]
        in_bin = db.execute("SELECT count(*) AS n FROM blanks WHERE in_bin = 1").fetchone()["n"]
        return cls(**{str(state): n for state, n in by_state.items()}, loaded=loaded, in_bin=in_bin)


@dataclass(frozen=True)
class Counted:
    """What was counted outside of the books; None: was not, or cannot be."""

    feeder: int | None = None  # blanks, by hand
    reject_bin: int | None = None  # cards in the reject bin and lifted out of the path, by hand
    counters: Counters = NO_COUNTERS  # the machine's own

    def __post_init__(self) -> None:
        numbers = (self.feeder, self.reject_bin, self.counters.printed, self.counters.rejected)
        if any(number is not None and number < 0 for number in numbers):
            raise BlankError("count", "a count is 0 or more")


@dataclass(frozen=True)
class Difference:
    """Something that the books do not explain. It is open until an operator has settled it with a reason."""

    number: int
    kind: str  # feeder-count, bin-count, printed-counter, printed-went-back, feeder-empty, ...
    amount: int  # what was found less what the books say
    evidence: dict[str, Any]
    opened_at: str
    opened_by: str
    settled_at: str | None = None
    settled_by: str | None = None
    reason: str | None = None

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Difference:
        names = ("number", "kind", "amount", "opened_at", "opened_by", "settled_at", "settled_by", "reason")
        return cls(evidence=json.loads(row["evidence"]), **{name: row[name] for name in names})


@dataclass(frozen=True)
class Balance:
    """The account of a moment, or of a day."""

    kept: bool  # False: nothing was ever loaded by record, so that nothing can be said
    at: str
    day: str | None
    counts: Counts
    moved: dict[str, int] = field(default_factory=dict)  # since the balance of the day before: blanks into each state
    counted: Counted = Counted()
    opened: tuple[Difference, ...] = ()  # by this account
    open: tuple[Difference, ...] = ()  # all that wait for an operator


def take(act: Act, counted: Counted, day: str | None = None) -> Balance:
    """Compare, keep the row, and open what differs. For a ``day`` that has its balance already, that one again."""
    if day is not None and (done := of_day(act.db, day)):
        return done
    counts, is_kept = Counts.read(act.db), kept(act.db)
    since, up_to = _baseline(act.db), _last_move(act.db)
    moved = _moved(act.db)
    quiet = int(is_kept and counts.in_path == 0)
    number = act.db.execute(
        "INSERT INTO stocktakes (day, at, actor, feeder, bin, printed, rejected, quiet, up_to, ledger)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            day,
            act.at,
            act.actor,
            counted.feeder,
            counted.reject_bin,
            counted.counters.printed,
            counted.counters.rejected,
            quiet,
            up_to,
            json.dumps({"kept": is_kept, "counts": asdict(counts), "moved": moved}, sort_keys=True),
        ),
    ).lastrowid
    opened = []
    if is_kept:
        opened = [
            _open(act, kind, n, evidence, number) for kind, n, evidence in _compare(act.db, counts, counted, since)
        ]
    act.event(events.StockTaken(actor=act.actor, number=number or 0, day=day, opened=len(opened)))
    return Balance(is_kept, act.at, day, counts, moved, counted, tuple(opened), tuple(open_differences(act.db)))


def now(act: Act) -> Balance:
    """What the books say now; nothing is counted and nothing written."""
    return Balance(
        kept(act.db), act.at, None, Counts.read(act.db), _moved(act.db), open=tuple(open_differences(act.db))
    )


def of_day(db: sqlite3.Connection, day: str) -> Balance | None:
    """The balance of that day (ISO date, local), if it was drawn up."""
    row = db.execute("SELECT * FROM stocktakes WHERE day = ?", (day,)).fetchone()
    if row is None:
        return None
    books = json.loads(row["ledger"])
    opened = db.execute("SELECT * FROM differences WHERE stocktake = ? ORDER BY number", (row["number"],))
    return Balance(
        books["kept"],
        row["at"],
        day,
        Counts(**books["counts"]),
        books["moved"],
        Counted(row["feeder"], row["bin"], Counters(row["printed"], row["rejected"])),
        tuple(Difference.from_row(one) for one in opened),
        tuple(open_differences(db)),
    )


def has_baseline(db: sqlite3.Connection) -> bool:
    """Whether the machine's counters can be compared from some moment on."""
    return _baseline(db) is not None


def drawn_unrecorded(act: Act, attempt_id: str) -> None:
    """The machine took a card where the books have none: one open difference, which grows."""
    row = act.db.execute("SELECT * FROM differences WHERE kind = 'unrecorded-blank' AND settled_at IS NULL").fetchone()
    if row is None:
        _open(act, "unrecorded-blank", 1, {"attempts": [attempt_id]}, None)
        return
    evidence = json.loads(row["evidence"])
    evidence["attempts"] = (evidence["attempts"] + [attempt_id])[-MOST_EVIDENCE:]
    act.db.execute(
        "UPDATE differences SET amount = amount + 1, evidence = ? WHERE number = ?",
        (json.dumps(evidence, sort_keys=True), row["number"]),
    )


def machine_is_empty(act: Act) -> Difference | None:
    """The machine says that its feeder is empty. The difference that this opened, if the books have blanks there."""
    counts = Counts.read(act.db)
    if not kept(act.db) or not counts.in_feeder or _is_open(act.db, "feeder-empty"):
        return None
    evidence = {"ledger": counts.in_feeder, "machine": "media-empty", **_in_between(act.db, _baseline(act.db))}
    return _open(act, "feeder-empty", -counts.in_feeder, evidence, None)


def serial_differs(act: Act, kind: str, attempt_id: str, said: str) -> None:
    """An operator read a serial that the books cannot follow (kind: see blank_items.correct)."""
    rows = act.db.execute("SELECT * FROM blanks WHERE attempt_id = ? OR serial = ?", (attempt_id, said))
    items = [{name: row[name] for name in ("serial", "state", "attempt_id")} for row in rows]
    _open(act, kind, 1, {"attempts": [attempt_id], "said": said, "books": items}, None)


def open_differences(db: sqlite3.Connection) -> list[Difference]:
    """Those that wait for an operator, oldest first."""
    rows = db.execute("SELECT * FROM differences WHERE settled_at IS NULL ORDER BY number")
    return [Difference.from_row(row) for row in rows]


def settle(act: Act, number: int, operator_id: str, reason: str) -> Difference:
    """An operator has found out, and says what it was. Raises BlankError."""
    row = act.db.execute("SELECT * FROM differences WHERE number = ?", (number,)).fetchone()
    if row is None or row["settled_at"] is not None:
        raise BlankError("not-open", f"difference {number}: is not open")
    if not reason.strip():
        raise BlankError("reason", f"difference {number}: cannot be settled without a reason")
    act.db.execute(
        "UPDATE differences SET settled_at = ?, settled_by = ?, reason = ? WHERE number = ?",
        (act.at, operator_id, reason.strip(), number),
    )
    act.event(events.DifferenceSettled(actor=act.actor, number=number, reason=events.code(reason)))
    return replace(Difference.from_row(row), settled_at=act.at, settled_by=operator_id, reason=reason.strip())


# -- the comparison


@dataclass(frozen=True)
class _Range:
    """Between the two, both counted."""

    least: int
    most: int

    def off(self, found: int) -> int:
        """How far outside; 0 inside."""
        return min(0, found - self.least) + max(0, found - self.most)


def _compare(
    db: sqlite3.Connection, counts: Counts, counted: Counted, since: sqlite3.Row | None
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Kind, amount and evidence of what differs. What is open already with the same amount is not told again."""
    by_hand = (
        ("feeder-count", counted.feeder, _Range(counts.in_feeder, counts.in_feeder)),
        # A card in doubt may lie there: nobody has looked yet, else it would not be in doubt.
        ("bin-count", counted.reject_bin, _Range(counts.in_bin, counts.in_bin + counts.in_path)),
    )
    for kind, found, expected in by_hand:
        if found is not None and (amount := expected.off(found)) and not _is_open(db, kind, amount):
            yield kind, amount, {"counted": found, "ledger": asdict(expected), **_in_between(db, since)}
    if since is None:
        return
    printed, rejected = _by_the_books(db, since["up_to"])
    by_machine = (
        ("printed-counter", counted.counters.printed, since["printed"], printed),
        ("rejected-counter", counted.counters.rejected, since["rejected"], rejected),
    )
    for counter, after, before, expected in by_machine:
        if after is None or before is None:
            continue
        amount = after - before if after < before else expected.off(after - before)
        kind = counter.replace("counter", "went-back") if after < before else counter
        evidence = {"counter": counter, "before": before, "after": after, "ledger": asdict(expected)}
        if amount and not _is_open(db, kind, amount, since["number"]):
            yield kind, amount, {**evidence, **_in_between(db, since)}


def _by_the_books(db: sqlite3.Connection, up_to: int) -> tuple[_Range, _Range]:
    """What the machine must have counted as printed and as rejected since that move."""
    left = db.execute(
        "SELECT m.state, m.actor, b.printed FROM blank_moves m JOIN blanks b USING (item)"
        " WHERE m.number > ? AND m.was = 'in_path' AND m.state IN ('delivered', 'retracted', 'spoiled')",
        (up_to,),
    ).fetchall()
    in_path = db.execute("SELECT count(*) AS n FROM blanks WHERE state = 'in_path'").fetchone()["n"]
    printed = [_once(row["printed"] if row["state"] == BlankState.SPOILED else 1) for row in left]
    # What an operator settled may have been lifted out of the path by hand: then no counter has moved.
    rejected = [
        _once(
            {BlankState.DELIVERED: 0, BlankState.RETRACTED: None if row["actor"].startswith("operator:") else 1}.get(
                BlankState(row["state"])
            )
        )
        for row in left
    ]
    return _sum(printed, in_path), _sum(rejected, in_path)


def _once(certain: int | None) -> _Range:
    return _Range(0, 1) if certain is None else _Range(certain, certain)


def _sum(ranges: list[_Range], doubtful: int) -> _Range:
    return _Range(sum(one.least for one in ranges), sum(one.most for one in ranges) + doubtful)


def _in_between(db: sqlite3.Connection, since: sqlite3.Row | None) -> dict[str, Any]:
    """Since when, and which attempts moved blanks since: where a person begins to look."""
    rows = db.execute(
        "SELECT attempt_id FROM blank_moves WHERE number > ? AND attempt_id IS NOT NULL ORDER BY number DESC LIMIT ?",
        (since["up_to"] if since else 0, MOST_EVIDENCE),
    )
    attempts = sorted({row["attempt_id"] for row in rows})
    return {
        "since": since["at"] if since else None,
        "since_stocktake": since["number"] if since else None,
        "attempts": attempts,
    }


def _baseline(db: sqlite3.Connection) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM stocktakes WHERE quiet = 1 AND printed IS NOT NULL ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return row


def _last_move(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(number), 0) AS n FROM blank_moves").fetchone()["n"])


def _moved(db: sqlite3.Connection) -> dict[str, int]:
    """Blanks into each state since the last balance of a day."""
    last = db.execute("SELECT up_to FROM stocktakes WHERE day IS NOT NULL ORDER BY number DESC LIMIT 1").fetchone()
    rows = db.execute(
        "SELECT state, count(*) AS n FROM blank_moves WHERE number > ? AND coalesce(was, '') != state GROUP BY state",
        (last["up_to"] if last else 0,),
    )
    return {row["state"]: row["n"] for row in rows}


def _is_open(db: sqlite3.Connection, kind: str, amount: int | None = None, since: int | None = None) -> bool:
    """Whether such a difference waits already; one by the machine's counters only if it is from the same moment on."""
    return any(
        one.kind == kind
        and (amount is None or one.amount == amount)
        and (since is None or one.evidence.get("since_stocktake") == since)
        for one in open_differences(db)
    )


def _open(act: Act, kind: str, amount: int, evidence: dict[str, Any], stocktake: int | None) -> Difference:
    number = act.db.execute(
        "INSERT INTO differences (kind, amount, evidence, stocktake, opened_at, opened_by) VALUES (?, ?, ?, ?, ?, ?)",
        (kind, amount, json.dumps(evidence, sort_keys=True), stocktake, act.at, act.actor),
    ).lastrowid
    act.event(events.DifferenceOpened(actor=act.actor, number=number or 0, kind=kind, amount=amount))
    return Difference(number or 0, kind, amount, evidence, act.at, act.actor)
