"""Rows of attempts: what each write does, inside the transaction of the caller."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from drivers.printer import Counters, Json
from kiosk.dinas.contract import Outcome, OutcomeKind
from kiosk.ledger.errors import DeviceHeldError, IllegalTransitionError, PermitHeldError
from kiosk.ledger.phases import Phase, check, check_settlement, outcome_of


@dataclass(frozen=True)
class Attempt:
    """One try to print one permit, as the ledger knows it."""

    attempt_id: str
    permit_id: str
    document: str
    medium: str
    device: str
    phase: Phase
    outcome: OutcomeKind | None = None  # None: not ended
    sheets: int | None = None
    job_id: int | None = None
    job_uuid: str | None = None
    before: Counters = field(default_factory=lambda: Counters(None))
    evidence: dict[str, Json] = field(default_factory=dict)
    blank: str | None = None
    reason: str | None = None
    accounted_by: str | None = None


@dataclass(frozen=True)
class PhaseRecord:
    """One line of an attempt's history."""

    number: int
    phase: Phase
    at: str
    actor: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What is learnt with a phase; None is left as it was, evidence is added to."""

    sheets: int | None = None
    job_id: int | None = None
    job_uuid: str | None = None
    before: Counters | None = None
    evidence: dict[str, Json] | None = None
    blank: str | None = None
    reason: str | None = None
    report_by: datetime | None = None

    def columns(self) -> dict[str, str | int]:
        """As columns of the table."""
        values: dict[str, str | int | None] = {
            "sheets": self.sheets,
            "job_id": self.job_id,
            "job_uuid": self.job_uuid,
            "counter_printed": self.before.printed if self.before else None,
            "counter_rejected": self.before.rejected if self.before else None,
            "blank": self.blank,
            "reason": self.reason,
            "report_by": self.report_by.isoformat() if self.report_by else None,
        }
        return {name: value for name, value in values.items() if value is not None}


NO_FACTS = Facts()


def insert(db: sqlite3.Connection, attempt: Attempt, at: str, actor: str) -> None:
    """A new attempt in phase reserved. Raises PermitHeldError or DeviceHeldError, as the table's indexes say."""
    holder = db.execute(
        "SELECT phase FROM attempts WHERE permit_id = ?"
        " AND (phase NOT IN ('failed', 'spoiled', 'retracted') OR outcome IS NULL)",
        (attempt.permit_id,),
    ).fetchone()
    if holder:
        raise PermitHeldError(attempt.permit_id, holder["phase"])
    on_device = db.execute(
        "SELECT phase FROM attempts WHERE device = ? AND (outcome IS NULL OR outcome = 'unknown')", (attempt.device,)
    ).fetchone()
    if on_device:
        raise DeviceHeldError(attempt.device, on_device["phase"])
    db.execute(
        "INSERT INTO attempts (attempt_id, permit_id, document, medium, device, phase, reserved_at, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            attempt.attempt_id,
            attempt.permit_id,
            attempt.document,
            attempt.medium,
            attempt.device,
            Phase.RESERVED,
            at,
            at,
        ),
    )
    _append(db, attempt.attempt_id, Phase.RESERVED, at, actor, {})


def advance(db: sqlite3.Connection, attempt_id: str, phase: Phase, now: datetime, actor: str, facts: Facts) -> Attempt:
    """Into the next phase, with the outcome it causes in the outbox. Raises IllegalTransitionError."""
    before = get(db, attempt_id)
    check(before.phase, phase, ended=before.outcome is not None)
    outcome = outcome_of(before.phase, phase)
    return _write(db, before, phase, outcome, now, actor, facts, settled_by=None)


def settle(
    db: sqlite3.Connection, attempt_id: str, phase: Phase, now: datetime, operator_id: str, facts: Facts
) -> Attempt:
    """What an operator found an unknown attempt to be. Raises IllegalTransitionError."""
    before = get(db, attempt_id)
    check_settlement(before.phase, phase)
    outcome = outcome_of(before.phase, phase)
    if outcome is OutcomeKind.SPOILED:  # who settles it so has the blank in hand
        db.execute("UPDATE attempts SET accounted_by = ? WHERE attempt_id = ?", (operator_id, attempt_id))
    return _write(db, before, phase, outcome, now, f"operator:{operator_id}", facts, settled_by=operator_id)


def account(db: sqlite3.Connection, attempt_id: str, now: datetime, operator_id: str, facts: Facts) -> Attempt:
    """An operator has accounted for a spoiled blank: its outcome goes once more, and the permit is ready again."""
    before = get(db, attempt_id)
    if before.outcome is not OutcomeKind.SPOILED or before.accounted_by is not None:
        raise IllegalTransitionError(f"there is no blank to account for in an attempt that is {before.phase}")
    db.execute("UPDATE attempts SET accounted_by = ? WHERE attempt_id = ?", (operator_id, attempt_id))
    actor = f"operator:{operator_id}"
    return _write(db, before, before.phase, OutcomeKind.SPOILED, now, actor, facts, settled_by=operator_id)


def get(db: sqlite3.Connection, attempt_id: str) -> Attempt:
    """Raises KeyError for an id that is not here."""
    row = db.execute("SELECT * FROM attempts WHERE attempt_id = ?", (attempt_id,)).fetchone()
    if row is None:
        raise KeyError(attempt_id)
    return from_row(row)


def from_row(row: sqlite3.Row) -> Attempt:
    return Attempt(
        attempt_id=row["attempt_id"],
        permit_id=row["permit_id"],
        document=row["document"],
        medium=row["medium"],
        device=row["device"],
        phase=Phase(row["phase"]),
        outcome=OutcomeKind(row["outcome"]) if row["outcome"] else None,
        sheets=row["sheets"],
        job_id=row["job_id"],
        job_uuid=row["job_uuid"],
        before=Counters(row["counter_printed"], row["counter_rejected"]),
        evidence=json.loads(row["evidence"]),
        blank=row["blank"],
        reason=row["reason"],
        accounted_by=row["accounted_by"],
    )


def _write(
    db: sqlite3.Connection,
    before: Attempt,
    phase: Phase,
    outcome: OutcomeKind | None,
    now: datetime,
    actor: str,
    facts: Facts,
    *,
    settled_by: str | None,
) -> Attempt:
    at = now.isoformat()
    columns: dict[str, str | int | None] = {**facts.columns(), "phase": phase, "changed_at": at}
    detail: dict[str, Any] = dict(facts.columns())
    if facts.evidence:
        detail["evidence"] = facts.evidence
        columns["evidence"] = json.dumps({**before.evidence, **facts.evidence}, sort_keys=True)
    if outcome:
        columns["outcome"] = detail["outcome"] = outcome
    if outcome is OutcomeKind.NOT_PRINTED:
        columns["blank"] = None  # it lies in the feeder again, for the next attempt
    names = ", ".join(f"{name} = ?" for name in columns)
    statement = f"UPDATE attempts SET {names} WHERE attempt_id = ?"  # noqa: S608  # our own column names
    db.execute(statement, (*columns.values(), before.attempt_id))
    _append(db, before.attempt_id, phase, at, actor, detail)
    after = get(db, before.attempt_id)
    if outcome:
        body = Outcome(outcome, now, reason=after.reason, blank=after.blank, settled_by=settled_by)
        db.execute(
            "INSERT INTO outbox (attempt_id, body, queued_at) VALUES (?, ?, ?)",
            (after.attempt_id, msgspec.json.encode(body).decode(), at),
        )
    return after


def _append(db: sqlite3.Connection, attempt_id: str, phase: Phase, at: str, actor: str, detail: dict[str, Any]) -> None:
    db.execute(
        "INSERT INTO attempt_phases (attempt_id, number, phase, at, actor, detail) VALUES"
        " (?, (SELECT count(*) + 1 FROM attempt_phases WHERE attempt_id = ?), ?, ?, ?, ?)",
        (attempt_id, attempt_id, phase, at, actor, json.dumps(detail, sort_keys=True)),
    )
