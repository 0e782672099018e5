"""Whether the file is whole: what must be known before the kiosk serves, and afterwards all of it, a bite at a time.

``PRAGMA quick_check`` reads the whole file. That is right for a young ledger, and takes minutes for ten years of them,
in which nobody is served and no write can be committed (a reader's lock holds the writer up). So an old ledger is
checked at start where the last power cut can have been: all small tables, and the newest rows of those that grow, with
their links of the audit chain. The rest is looked over while the kiosk serves, in bites of a few milliseconds: every
row is read, the whole audit chain is computed, and each attempt is looked up in the index that keeps I1.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kiosk.ledger.chain_rows import COLUMNS, START, Checker

WHOLE_UP_TO = 4 << 20  # bytes: a quick_check of 5 ms
NEWEST = 50  # rows: some five visits; a power cut reaches no further back than one transaction
BITE = 500  # rows: 3 ms
FIRST_LOOK_AFTER_S = 60.0  # a start has enough to do
BETWEEN_BITES_S = 0.2  # ten years are looked over in three hours, and nobody waits for more than one bite
BETWEEN_LOOKS_S = 86400.0

GROWING = {
    "attempts": "attempt_id",
    "attempt_phases": "attempt_id, number",
    "audit": "seq",
    "outbox": "number",
    "blanks": "item",
    "blank_moves": "number",
    "stocktakes": "number",
    "differences": "number",
    "supply_changes": "number",
}
"""The tables that grow with visits and days, each with its key; all keys grow with time."""


class DamageError(Exception):
    """A part of the file that cannot be right. ``table`` is where; the text is for a technician."""

    def __init__(self, table: str, what: str) -> None:
        super().__init__(f"table {table}: {what}")
        self.table = table


def check_at_start(db: sqlite3.Connection) -> list[str]:
    """Complaints; empty if the ledger may be used. Takes as long for an old ledger as for a young one."""
    pages, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if pages * size <= WHOLE_UP_TO:
        return _quick_check(db, "3")
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = [complaint for table in tables if table not in GROWING for complaint in _quick_check(db, f"'{table}'")]
    try:
        for table in GROWING.keys() & set(tables):
            _newest(db, table)
    except DamageError as damage:
        found.append(str(damage))
    return found


def _quick_check(db: sqlite3.Connection, argument: str) -> list[str]:
    return [row[0] for row in db.execute(f"PRAGMA quick_check({argument})") if row[0] != "ok"]


def _newest(db: sqlite3.Connection, table: str) -> None:
    key = ", ".join(f"{column} DESC" for column in GROWING[table].split(", "))
    columns = COLUMNS if table == "audit" else "*"
    statement = f"SELECT {columns} FROM {table} ORDER BY {key} LIMIT {NEWEST}"  # noqa: S608  # our own names
    rows = [tuple(row) for row in db.execute(statement)][::-1]
    if table == "audit" and rows:
        first = rows[0]
        if broken := Checker((first[0] - 1, first[4])).take(rows):
            raise DamageError(table, f"entry {broken.seq} {broken.why}")


@dataclass
class _At:
    table: str
    after: tuple[object, ...] | None = None


class Look:
    """One look over the whole ledger, from the oldest rows to the newest."""

    def __init__(self) -> None:
        self._tables = iter(GROWING)
        self._at: _At | None = _At(next(self._tables))
        self._chain = Checker(START)

    @property
    def through(self) -> bool:
        """All was looked at."""
        return self._at is None

    def bite(self, db: sqlite3.Connection) -> None:
        """Look at the rows that come next. Raises DamageError; after it, the next bite begins with the next table."""
        at = self._at
        if at is None:
            return
        try:
            rows = self._look(db, at)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            self._next_table()
            raise DamageError(at.table, str(error)) from error
        except DamageError:
            self._next_table()
            raise
        if len(rows) < BITE:
            self._next_table()
        else:
            at.after = tuple(rows[-1][column] for column in GROWING[at.table].split(", "))

    def _look(self, db: sqlite3.Connection, at: _At) -> list[sqlite3.Row]:
        key = GROWING[at.table]
        columns = COLUMNS if at.table == "audit" else "*"
        after = f"WHERE ({key}) > ({', '.join('?' * len(at.after))})" if at.after else ""
        statement = f"SELECT {columns} FROM {at.table} {after} ORDER BY {key} LIMIT {BITE}"  # noqa: S608  # our own names
        rows = db.execute(statement, at.after or ()).fetchall()
        if at.table == "audit" and (broken := self._chain.take([tuple(row) for row in rows])):
            raise DamageError(at.table, f"entry {broken.seq} {broken.why}")
        if at.table == "attempts":
            _found_by_permit(db, rows)
        return rows

    def _next_table(self) -> None:
        table = next(self._tables, None)
        self._at = _At(table) if table else None


def _found_by_permit(db: sqlite3.Connection, attempts: list[sqlite3.Row]) -> None:
    by_permit = "SELECT attempt_id FROM attempts INDEXED BY one_attempt_at_a_permit WHERE permit_id = ? AND"
    statement = f"{by_permit} (phase NOT IN ('failed', 'spoiled', 'retracted') OR outcome IS NULL)"
    for row in attempts:
        if row["outcome"] is None or row["phase"] not in ("failed", "spoiled", "retracted"):
            found = db.execute(statement, (row["permit_id"],)).fetchone()
            if found is None or found["attempt_id"] != row["attempt_id"]:
                raise DamageError("attempts", f"attempt {row['attempt_id']} is not found by its permit")


async def keep_looking(bite: Callable[[], Awaitable[bool]]) -> None:
    """Look over the whole ledger after each start, and once a day; ends by cancellation, or by a ledger that fails."""
    await asyncio.sleep(FIRST_LOOK_AFTER_S)
    while True:
        while await bite():  # noqa: ASYNC110  # each bite is work, and no waiting
            await asyncio.sleep(BETWEEN_BITES_S)
        await asyncio.sleep(BETWEEN_LOOKS_S)
