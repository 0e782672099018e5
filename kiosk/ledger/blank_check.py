"""I3: the blanks add up. Loaded = in the feeder + in the path + delivered + retracted + spoiled (+ destroyed, missing).

Believes nothing that a row says of itself: the items are held against their histories, the counts that the database
keeps against the items, and both against the attempts, by the order of the audit log.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kiosk.dinas.contract import AuditEntry, OutcomeKind
from kiosk.ledger.blank_items import BlankState

Row = dict[str, Any]
Rows = Callable[[str], Iterable[Row]]

_S = BlankState
_AFTER_LOADING = (_S.IN_FEEDER, _S.IN_PATH, _S.DELIVERED, _S.RETRACTED, _S.SPOILED, _S.DESTROYED, _S.MISSING)
_KEPT_BACK = frozenset({_S.RETRACTED, _S.SPOILED, _S.DESTROYED, _S.MISSING})
_WHERE: dict[str | None, frozenset[BlankState]] = {
    None: frozenset({_S.IN_PATH}),
    OutcomeKind.UNKNOWN: frozenset({_S.IN_PATH}),
    OutcomeKind.PRINTED: frozenset({_S.DELIVERED}),
    OutcomeKind.SPOILED: _KEPT_BACK,
}
"""Where the blank of an attempt is, by the attempt's outcome. One that did not print has none."""


def blanks_add_up(rows: Rows, attempts: dict[str, Row], audit: Iterable[AuditEntry]) -> Iterator[str]:
    """A sentence for each thing about the blanks that does not hold.

    Args:
        rows: answers a statement with rows as dicts.
        attempts: those that are still in the ledger, by id.
        audit: the entries in order.
    """
    items = {row["item"]: row for row in rows("SELECT * FROM blanks")}
    moves = list(rows("SELECT * FROM blank_moves ORDER BY number"))
    yield from _histories(items, moves)
    yield from _counts(items, moves, rows)
    yield from _of_attempts(items, moves, attempts, rows)
    yield from _each_drew_one(moves, attempts, audit)


def _histories(items: dict[int, Row], moves: list[Row]) -> Iterator[str]:
    stands: dict[int, str | None] = defaultdict(lambda: None)
    for move in moves:
        if move["was"] != stands[move["item"]]:
            yield f"blank {move['item']}: move {move['number']} begins at {move['was']}, it was {stands[move['item']]}"
        stands[move["item"]] = move["state"]
    for item, row in items.items():
        if stands[item] != row["state"]:
            yield f"blank {item}: its row says {row['state']}, its history {stands[item]}"
    for item in stands.keys() - items.keys():
        yield f"blank {item} has a history and no row"


def _counts(items: dict[int, Row], moves: list[Row], rows: Rows) -> Iterator[str]:
    there = Counter((row["state"], row["loaded"]) for row in items.values())
    kept = {(row["state"], row["loaded"]): row["n"] for row in rows("SELECT * FROM blank_counts") if row["n"]}
    if dict(there) != kept:
        yield f"the counts of the database are {kept}, the items are {dict(there)}"
    loaded = sum(map(_loads, moves))
    summed = sum(there[state, 1] for state in _AFTER_LOADING)
    if loaded != summed:
        parts = ", ".join(f"{state} {there[state, 1]}" for state in _AFTER_LOADING)
        yield f"{loaded} blanks were loaded, and {summed} are accounted for ({parts})"


def _loads(move: Row) -> int:
    """Whether this move put a blank into the machine's account (1), took it out of that (-1), or neither."""
    was_outside = move["was"] in (None, _S.IN_STORE)
    # From the store straight to a state of the machine only where an operator read that serial on an attempt's blank.
    if was_outside and (move["state"] == _S.IN_FEEDER or (move["state"] in _AFTER_LOADING and move["attempt_id"])):
        return 1
    return -1 if not was_outside and move["state"] in (_S.IN_STORE, _S.VOID) else 0


def _of_attempts(items: dict[int, Row], moves: list[Row], attempts: dict[str, Row], rows: Rows) -> Iterator[str]:
    held: dict[str, Row] = {}
    for item, row in items.items():
        attempt_id = row["attempt_id"]
        if attempt_id is None:
            if row["state"] in (_S.IN_PATH, _S.DELIVERED, _S.RETRACTED):
                yield f"blank {item} is {row['state']} by no attempt"
            continue
        if attempt_id in held:
            yield f"attempt {attempt_id} has the blanks {held[attempt_id]['item']} and {item}"
        held[attempt_id] = row
        if attempt_id in attempts:
            yield from _as_the_attempt_says(row, attempts[attempt_id])
    drew = {move["attempt_id"] for move in moves if move["state"] == _S.IN_PATH}
    for attempt_id in drew & attempts.keys():
        if attempts[attempt_id]["outcome"] != OutcomeKind.NOT_PRINTED and attempt_id not in held:
            yield f"attempt {attempt_id} drew a blank, and none is its own now"
    yield from _serials(held, attempts, rows)


def _as_the_attempt_says(row: Row, attempt: Row) -> Iterator[str]:
    outcome = attempt["outcome"]
    if row["state"] not in _WHERE.get(outcome, frozenset()):
        yield f"blank {row['item']} is {row['state']}, and attempt {attempt['attempt_id']} ended {outcome}"
    elif row["state"] in (_S.RETRACTED, _S.SPOILED) and bool(row["in_bin"]) is bool(attempt["accounted_by"]):
        accounted = attempt["accounted_by"] or "nobody"
        yield f"blank {row['item']} has in_bin {row['in_bin']}, and was accounted for by {accounted}"


def _serials(held: dict[str, Row], attempts: dict[str, Row], rows: Rows) -> Iterator[str]:
    """The attempt tells the Dinas the serial of its blank; but an operator may say one that the books cannot follow."""
    told = {
        attempt_id
        for row in rows("SELECT evidence FROM differences WHERE kind IN ('serial-unknown', 'serial-elsewhere')")
        for attempt_id in json.loads(row["evidence"])["attempts"]
    }
    for attempt_id, row in held.items():
        attempt = attempts.get(attempt_id)
        if attempt and attempt_id not in told and (attempt["blank"] or "").upper() != (row["serial"] or ""):
            yield f"attempt {attempt_id} names blank {attempt['blank']}, the books {row['serial']}"


def _each_drew_one(moves: list[Row], attempts: dict[str, Row], audit: Iterable[AuditEntry]) -> Iterator[str]:
    """From the first load on each card that was sent to the machine drew one blank, and no other drew any."""
    drew = Counter(
        move["attempt_id"]
        for move in moves
        if move["state"] == _S.IN_PATH and move["was"] in (None, _S.IN_FEEDER) and move["attempt_id"]
    )
    due: Counter[str] = Counter()
    kept = False
    for entry in audit:
        if entry.event == "blanks-loaded":
            kept = True
        attempt_id = entry.data.get("attempt", "")
        if kept and entry.event == "attempt-advanced" and _draws(entry.data):
            due[attempt_id] += attempts.get(attempt_id, {}).get("medium") == "card"
    for attempt_id in {*drew, *due} & attempts.keys():
        if drew[attempt_id] != due[attempt_id]:
            yield f"attempt {attempt_id} drew {drew[attempt_id]} blanks, {due[attempt_id]} were due"


def _draws(data: Row) -> bool:
    return data["phase"] == "submitted" or (data["phase"] == "unknown" and data.get("before") == "opened")
