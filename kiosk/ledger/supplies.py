"""Paper, toner and ribbons: what was last put in, and what was used since. No items: nobody forges with a ream."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from kiosk.ledger import events
from kiosk.ledger.blank_items import Act
from kiosk.ledger.errors import BlankError

USES = {"paper": "a4", "toner": "a4", "ribbon": "card", "film": "card"}
"""Each supply, and the medium that uses it."""


@dataclass(frozen=True)
class Supply:
    """One supply. The yield that a maker promises is not what comes out of it, so that what was used is counted."""

    name: str  # paper | toner | ribbon | film
    changed_at: str | None  # None: no change was ever recorded
    amount: int  # in the tray then (sheets), or what the maker promises (prints); 0: not known
    used: int  # sheets or cards of attempts since then, but for those that surely did not print

    @property
    def left(self) -> int | None:
        """What should still be there; None when nobody said how much there was."""
        return max(0, self.amount - self.used) if self.changed_at and self.amount else None


def change(act: Act, supply: str, amount: int) -> None:
    """An operator put it in: ``amount`` is what is there now. Raises BlankError for what is no supply."""
    if supply not in USES or amount < 0:
        raise BlankError("supply", f"{supply} {amount}: expected one of {', '.join(USES)} and an amount of 0 or more")
    values = (supply, amount, act.at, act.actor)
    act.db.execute("INSERT INTO supply_changes (supply, amount, at, actor) VALUES (?, ?, ?, ?)", values)
    act.event(events.SupplyChanged(actor=act.actor, supply=supply, amount=amount))


def read(db: sqlite3.Connection, name: str) -> Supply:
    """How the supply stands."""
    statement = "SELECT * FROM supply_changes WHERE supply = ? ORDER BY number DESC LIMIT 1"
    last = db.execute(statement, (name,)).fetchone()
    if last is None:
        return Supply(name, None, 0, 0)
    # Attempt ids are UUIDv7, in the order of their beginnings: so the search has a lower end without an index.
    began = f"{int(datetime.fromisoformat(last['at']).timestamp() * 1000):012x}"
    used = db.execute(
        "SELECT coalesce(sum(sheets), 0) AS n FROM attempts WHERE attempt_id >= ? AND medium = ? AND job_id IS NOT NULL"
        " AND coalesce(outcome, '') != 'not_printed'",
        (f"{began[:8]}-{began[8:]}", USES[name]),
    ).fetchone()["n"]
    return Supply(name, last["at"], last["amount"], used)
