"""The ledger read beside a running engine: read-only, in short looks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from kiosk.dinas.contract import Outcome
from kiosk.documents.receipt import WIB
from kiosk.ledger import database
from kiosk.ledger.attempts import Attempt, PhaseRecord, from_row
from kiosk.ledger.chain_file import UnreadableError, read_only
from kiosk.ledger.past import first_id_of
from kiosk.ledger.phases import Phase

T = TypeVar("T")

PAGE = 200  # attempts of one look, with their histories

# Each the condition of an index, so that it is used.
_BACK = "phase IN ('failed', 'spoiled', 'retracted')"
_AT_PERMIT = tuple(
    f"SELECT * FROM attempts WHERE permit_id = ? AND {condition}"  # noqa: S608  # constants
    for condition in (f"({_BACK.replace('IN', 'NOT IN')} OR outcome IS NULL)", _BACK)
)


@dataclass(frozen=True)
class Report:
    """An outcome on its way to the Dinas."""

    outcome: Outcome
    queued_at: str
    sent_at: str | None
    refused_at: str | None
    refused: str | None


@dataclass(frozen=True)
class Case:
    """All that the ledger knows of one attempt."""

    attempt: Attempt
    reserved_at: str
    changed_at: str
    history: tuple[PhaseRecord, ...]
    reports: tuple[Report, ...]


class Books:
    """A ledger's folder, open for reading. Each question is one read transaction, and leaves no lock."""

    def __init__(self, folder: Path) -> None:
        """Raises UnreadableError where there is none, or one of another version."""
        self._path = folder / database.FILE
        self._connection = read_only(self._path)
        self._connection.row_factory = sqlite3.Row
        self._check_version()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def _check_version(self) -> None:
        found = self.ask(lambda db: db.execute("PRAGMA user_version").fetchone()[0])
        if found != (known := len(database.migrations())):
            raise UnreadableError(self._path, f"skema {found}, program ini mengenal skema {known}")

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """One question to the ledger. Raises UnreadableError."""
        try:
            self._connection.execute("BEGIN")  # one state of the file for all statements
            try:
                return question(self._connection)
            finally:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise UnreadableError(self._path, str(error)) from error

    def case(self, attempt_id: str) -> Case | None:
        """The attempt with this id."""
        found = self._cases("SELECT * FROM attempts WHERE attempt_id = ?", attempt_id)
        return found[0] if found else None

    def doubts(self) -> list[Case]:
        """Attempts that a person must settle, oldest first."""
        return self._cases(
            "SELECT * FROM attempts INDEXED BY one_attempt_on_a_device WHERE outcome = 'unknown' ORDER BY attempt_id"
        )

    def unaccounted(self) -> list[Case]:
        """Attempts whose spoiled blank or sheets no operator has in hand, oldest first."""
        return self._cases(
            "SELECT * FROM attempts WHERE outcome = 'spoiled' AND accounted_by IS NULL ORDER BY attempt_id"
        )

    def of_permit(self, permit_id: str) -> list[Case]:
        """All attempts at a permit, oldest first."""
        found = {case.attempt.attempt_id: case for which in _AT_PERMIT for case in self._cases(which, permit_id)}
        return [found[attempt_id] for attempt_id in sorted(found)]

    def of_day(self, day: date) -> list[Case]:
        """Attempts that began on that day (WIB), oldest first."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=WIB)
        return list(self.between(first_id_of(midnight), first_id_of(midnight + timedelta(days=1))))

    def between(self, first: str, end: str) -> Iterator[Case]:
        """Attempts from one id up to before another, oldest first: ids are in the order of their beginnings."""
        after = first
        while page := self.ask(partial(_page, after=after, end=end)):
            yield from page
            after = f"{page[-1].attempt.attempt_id}~"  # right behind it

    def _cases(self, statement: str, *values: str) -> list[Case]:
        return self.ask(lambda db: [_case(db, row) for row in db.execute(statement, values)])


def _page(db: sqlite3.Connection, after: str, end: str) -> list[Case]:
    statement = "SELECT * FROM attempts WHERE attempt_id >= ? AND attempt_id < ? ORDER BY attempt_id LIMIT ?"
    return [_case(db, row) for row in db.execute(statement, (after, end, PAGE)).fetchall()]


def _case(db: sqlite3.Connection, row: sqlite3.Row) -> Case:
    key = (row["attempt_id"],)
    history = db.execute("SELECT * FROM attempt_phases WHERE attempt_id = ? ORDER BY number", key)
    reports = db.execute("SELECT * FROM outbox WHERE attempt_id = ? ORDER BY number", key)
    return Case(
        from_row(row), row["reserved_at"], row["changed_at"], tuple(map(_record, history)), tuple(map(_report, reports))
    )


def _record(row: sqlite3.Row) -> PhaseRecord:
    return PhaseRecord(row["number"], Phase(row["phase"]), row["at"], row["actor"], json.loads(row["detail"]))


def _report(row: sqlite3.Row) -> Report:
    outcome = msgspec.json.decode(row["body"], type=Outcome)
    return Report(outcome, row["queued_at"], row["sent_at"], row["refused_at"], row["refused"])
