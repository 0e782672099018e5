"""Rows of the outbox: outcomes that wait for the Dinas, and how far it has the audit chain."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import msgspec

from kiosk.dinas.contract import Outcome


@dataclass(frozen=True)
class PendingOutcome:
    """One outcome in the outbox."""

    number: int
    attempt_id: str
    outcome: Outcome

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> PendingOutcome:
        return cls(row["number"], row["attempt_id"], msgspec.json.decode(row["body"], type=Outcome))


@dataclass(frozen=True)
class Handover:
    """The Dinas has the audit chain up to and with entry ``up_to``; ``witness`` is its signature under that head."""

    up_to: int
    witness: str | None = None
    refused: str | None = None  # the problem, if it does not take what follows

    @classmethod
    def read(cls, db: sqlite3.Connection) -> Handover:
        row = db.execute("SELECT * FROM audit_handover").fetchone()
        return cls(row["up_to"], row["witness"], row["refused"])


def pending(db: sqlite3.Connection, limit: int) -> list[PendingOutcome]:
    """Neither sent nor refused, in order."""
    statement = "SELECT * FROM outbox WHERE sent_at IS NULL AND refused_at IS NULL ORDER BY number LIMIT ?"
    return [PendingOutcome.from_row(row) for row in db.execute(statement, (limit,))]


def mark_refused(db: sqlite3.Connection, number: int, problem: str, at: str) -> PendingOutcome:
    """Keep it with the reason; answers which it was."""
    db.execute("UPDATE outbox SET refused_at = ?, refused = ? WHERE number = ?", (at, problem, number))
    return PendingOutcome.from_row(db.execute("SELECT * FROM outbox WHERE number = ?", (number,)).fetchone())
