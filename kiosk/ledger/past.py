"""What the ledger still knows of attempts that have ended: the last ones on a device, and the last one at a permit.

Both look from the newest attempt backwards and no further than they must, so that ten years of attempts cost nothing:
ids are UUIDv7, in the order of their beginnings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.ledger.attempts import Attempt, from_row

REMEMBERED = timedelta(days=60)
"""How far back an attempt that left the right to print untouched is told to who comes back."""


@dataclass(frozen=True)
class Past:
    """An attempt as it stands, and since when."""

    attempt: Attempt
    since: datetime


def first_id_of(moment: datetime) -> str:
    """No attempt that began then or later has a smaller id."""
    began = f"{int(moment.timestamp() * 1000):012x}"
    return f"{began[:8]}-{began[8:]}"


def recent(db: sqlite3.Connection, device: str, limit: int) -> list[Attempt]:
    """The last attempts on a device, newest first, finished or not."""
    statement = "SELECT * FROM attempts WHERE device = ? ORDER BY attempt_id DESC LIMIT ?"
    return [from_row(row) for row in db.execute(statement, (device, limit))]


def last_at(db: sqlite3.Connection, permit_ids: Iterable[str], now: datetime) -> dict[str, Past]:
    """The attempt that counts at each permit: one that holds it (alive, in doubt, taken), else the last."""
    found = {}
    for permit_id in permit_ids:
        row = db.execute(_HOLDING, (permit_id,)).fetchone()
        row = row or db.execute(_LAST, (first_id_of(now - REMEMBERED), permit_id)).fetchone()
        if row is not None:
            found[permit_id] = Past(from_row(row), datetime.fromisoformat(row["changed_at"]))
    return found


# The conditions of the indexes one_attempt_at_a_permit and attempts_given_back, so that they are used.
_HOLDING = (
    "SELECT * FROM attempts WHERE permit_id = ?"
    " AND (phase NOT IN ('failed', 'spoiled', 'retracted') OR outcome IS NULL)"
)
_LAST = (
    "SELECT * FROM attempts WHERE attempt_id >= ? AND permit_id = ? AND phase IN ('failed', 'spoiled', 'retracted')"
    " ORDER BY attempt_id DESC LIMIT 1"
)
