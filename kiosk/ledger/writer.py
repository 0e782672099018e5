"""The one thread that owns the file: every transaction and every look at it goes through here."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from drivers.errors import DeviceError
from drivers.owner import OwnerThread
from kiosk.dinas.contract import AuditEntry
from kiosk.ledger import chain, disk, events
from kiosk.ledger.database import FILE, Database
from kiosk.ledger.errors import LedgerFailedError

T = TypeVar("T")

OPEN_WITHIN_S = 60.0  # an old disk, and migrations of a long ledger
WRITE_WITHIN_S = 15.0  # a disk that takes longer is broken
READ_WITHIN_S = 60.0


class Writer:
    """Open it once; its methods belong to one event loop. ``refresh`` runs in the thread after each transaction."""

    def __init__(
        self, folder: Path, now: Callable[[], datetime], refresh: Callable[[sqlite3.Connection], None]
    ) -> None:
        self._path = folder / FILE
        self._now = now
        self._refresh = refresh
        self._thread = OwnerThread("ledger")
        self._db: Database | None = None
        self.outcome_queued = asyncio.Event()

    async def open(self) -> None:
        """Raises LedgerUnusableError."""
        self._thread.start()
        try:
            await self._run(self._open, OPEN_WITHIN_S)
        except BaseException:
            await self._thread.close()
            raise

    async def close(self) -> None:
        """Close the file and end the thread."""
        if self._db is not None:
            await self._run(self._db.close, WRITE_WITHIN_S)
            self._db = None
        await self._thread.close()

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """One transaction. A cancelled caller does not undo it: what was begun becomes durable."""

        def run() -> tuple[T, bool]:
            database = self._opened()
            with database.transaction() as db:
                queued = _last_outcome(db)
                result = work(db)
                more = _last_outcome(db) != queued
            self._refresh(database.connection)
            return result, more

        result, more = await self._run(run, WRITE_WITHIN_S)
        if more:
            self.outcome_queued.set()
        return result

    async def change(self, statement: str, *values: str | int | None) -> None:
        """One statement as a transaction."""

        def write(db: sqlite3.Connection) -> None:
            db.execute(statement, values)

        await self.write(write)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What ``work`` finds."""
        return await self._run(lambda: work(self._opened().connection), READ_WITHIN_S)

    def record(self, db: sqlite3.Connection, event: events.Event) -> AuditEntry:
        """Inside a transaction: the event as the next entry of the audit chain."""
        last = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        at = self._now().isoformat().replace("+00:00", "Z")
        tip = (last["seq"], last["hash"]) if last else None
        entry = chain.next_entry(tip, at, events.name_of(event), events.data_of(event))
        db.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", chain.row_of(entry))
        return entry

    def _open(self) -> None:
        self._db = Database(self._path.parent, self._now())
        self._refresh(self._db.connection)

    def _opened(self) -> Database:
        if self._db is None:
            raise LedgerFailedError("the ledger is closed")
        return self._db

    async def _run(self, call: Callable[[], T], within: float) -> T:
        try:
            return await self._thread.call(call, within=within)
        except DeviceError as error:  # the words of the owner thread; a late write may still become durable
            raise LedgerFailedError(f"the disk of the ledger hangs: {error.reason}") from error
        except sqlite3.Error as error:
            raise LedgerFailedError(disk.sentence(self._path, error)) from error


def _last_outcome(db: sqlite3.Connection) -> int:
    row = db.execute("SELECT max(number) AS last FROM outbox").fetchone()
    return int(row["last"] or 0)
