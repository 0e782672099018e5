"""What happened at this kiosk, for good: attempts and their history, the audit chain, what waits for the Dinas.

Every method is one transaction in the one thread that owns the file; when it returns, what it wrote survives a power
cut. Raises LedgerFailedError when a write did not become durable: then the kiosk must not go on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uuid_utils

from kiosk.dinas.contract import AuditEntry, AuditTaken, Outcome
from kiosk.ledger import attempts, chain, events
from kiosk.ledger.attempts import NO_FACTS, Attempt, Facts, PhaseRecord
from kiosk.ledger.blanks import Blanks
from kiosk.ledger.login_budget import pause_after
from kiosk.ledger.outcomes import Handover, PendingOutcome, mark_refused, pending
from kiosk.ledger.past import Past, first_id_of, last_at, recent
from kiosk.ledger.phases import Phase
from kiosk.ledger.wholeness import DamageError, Look
from kiosk.ledger.writer import Writer

log = logging.getLogger(__name__)

# Not left to SQLite, which would rather walk through ten years of attempts than sort three.
_ON_DEVICES = "SELECT * FROM attempts INDEXED BY one_attempt_on_a_device WHERE"

LONGEST_ATTEMPT = timedelta(hours=1)  # from its id to the printer; more than all its deadlines together


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class _Shared:
    """What writes leave behind for readers in the loop, who must not wait for the disk."""

    in_doubt: frozenset[str] = frozenset()
    failures: int = 0
    last_failure: float = 0.0


class Ledger:
    """The open ledger. ``open`` it once per process; methods belong to one event loop."""

    def __init__(self, folder: Path, now: Callable[[], datetime], clock: Callable[[], float]) -> None:
        self._now = now
        self._clock = clock
        self._shared = _Shared()
        self._writer = Writer(folder, now, self._refresh)
        self._look = Look()
        self.blanks = Blanks(self._writer.write, self._writer.read, self._writer.record, now)

    @classmethod
    async def open(
        cls, folder: Path, *, now: Callable[[], datetime] = wall_clock, clock: Callable[[], float] = time.monotonic
    ) -> Ledger:
        """Open or make the ledger in this folder. Raises LedgerUnusableError with a sentence for a technician.

        ``now`` is wall time in UTC for records, ``clock`` monotonic seconds for pauses.
        """
        ledger = cls(folder, now, clock)
        await ledger._writer.open()
        ledger._shared.last_failure = clock()  # the whole pause anew, see login_budget
        return ledger

    async def close(self) -> None:
        """Close the file and end its thread; another process may open it afterwards."""
        await self._writer.close()

    async def look_over(self) -> bool:
        """Look at the next few rows of the whole ledger; True while there are more, then the look begins anew.

        Damage is recorded, and told in the log: the kiosk goes on, since what it needs was checked at its start, and
        what it comes to need and cannot read stops it then.
        """
        try:
            await self._writer.read(self._look.bite)
        except DamageError as damage:
            log.critical("the ledger is damaged: %s; keep the file for the Dinas", damage)
            await self.record(events.LedgerDamaged(actor=events.system("ledger"), table=events.code(damage.table)))
        if not self._look.through:
            return True
        self._look = Look()
        return False

    @property
    def outcome_queued(self) -> asyncio.Event:
        """Set when a new outcome waits for the Dinas; the outbox clears it."""
        return self._writer.outcome_queued

    # Attempts

    async def reserve(self, *, permit_id: str, document: str, medium: str, device: str, actor: str) -> Attempt:
        """Begin an attempt: its id (UUIDv7) is durable before the Dinas hears of it.

        Raises PermitHeldError or DeviceHeldError while another attempt stands in the way.
        """
        attempt = Attempt(str(uuid_utils.uuid7()), permit_id, document, medium, device, Phase.RESERVED)

        def write(db: sqlite3.Connection) -> Attempt:
            attempts.insert(db, attempt, self._now().isoformat(), actor)
            self._writer.record(db, _advanced(attempt, None, actor))
            return attempt

        return await self._writer.write(write)

    async def advance(self, attempt_id: str, phase: Phase, actor: str, facts: Facts = NO_FACTS) -> Attempt:
        """Into the next phase, before the act that it names. Raises IllegalTransitionError; nothing is written then."""

        def write(db: sqlite3.Connection) -> Attempt:
            before = attempts.get(db, attempt_id)
            drawn = self.blanks.draw(db, before, phase, actor, facts)
            after = attempts.advance(db, attempt_id, phase, self._now(), actor, drawn)
            self._writer.record(db, _advanced(after, before.phase, actor))
            self.blanks.follow(db, before, after, actor)
            return after

        return await self._writer.write(write)

    async def settle(self, attempt_id: str, phase: Phase, operator_id: str, facts: Facts = NO_FACTS) -> Attempt:
        """What an operator, with the machine open before them, found an unknown attempt to be."""

        def write(db: sqlite3.Connection) -> Attempt:
            before = attempts.get(db, attempt_id)
            after = attempts.settle(db, attempt_id, phase, self._now(), operator_id, facts)
            self._writer.record(
                db,
                events.AttemptSettled(
                    actor=events.operator(operator_id),
                    attempt=attempt_id,
                    phase=phase,
                    outcome=after.outcome or "",
                    reason=after.reason,
                ),
            )
            self.blanks.follow(db, before, after, events.operator(operator_id))
            self.blanks.correct(db, after, events.operator(operator_id))
            return after

        return await self._writer.write(write)

    async def account_for_blank(self, attempt_id: str, operator_id: str, blank: str | None = None) -> Attempt:
        """An operator has the spoiled blank in hand: the Dinas makes the permit ready again."""

        def write(db: sqlite3.Connection) -> Attempt:
            after = attempts.account(db, attempt_id, self._now(), operator_id, Facts(blank=blank))
            actor = events.operator(operator_id)
            number = events.code(after.blank) if after.blank else None
            self._writer.record(db, events.BlankAccounted(actor=actor, attempt=attempt_id, blank=number))
            self.blanks.correct(db, after, actor)
            self.blanks.account(db, after, actor)
            return after

        return await self._writer.write(write)

    async def attempt(self, attempt_id: str) -> Attempt:
        """Raises KeyError."""
        return await self._writer.read(lambda db: attempts.get(db, attempt_id))

    async def history(self, attempt_id: str) -> list[PhaseRecord]:
        """The phases of an attempt in order."""
        statement = "SELECT * FROM attempt_phases WHERE attempt_id = ? ORDER BY number"
        return await self._writer.read(
            lambda db: [
                PhaseRecord(row["number"], Phase(row["phase"]), row["at"], row["actor"], json.loads(row["detail"]))
                for row in db.execute(statement, (attempt_id,))
            ]
        )

    async def unfinished(self) -> list[Attempt]:
        """Attempts without an end, oldest first: after a start these are to be reconciled."""
        return await self._select(f"{_ON_DEVICES} outcome IS NULL ORDER BY attempt_id")

    async def doubts(self, device: str | None = None) -> list[Attempt]:
        """Attempts that nobody has settled yet, on one device or on all."""
        if device is None:
            return await self._select(f"{_ON_DEVICES} outcome = 'unknown' ORDER BY attempt_id")
        return await self._select(f"{_ON_DEVICES} outcome = 'unknown' AND device = ? ORDER BY attempt_id", device)

    async def sent_since(self, device: str, since: datetime) -> tuple[datetime, ...]:
        """When documents were given to a device since then (UTC), oldest first; not those that surely did not print."""
        statement = (
            "SELECT p.at FROM attempts a JOIN attempt_phases p USING (attempt_id) WHERE a.attempt_id >= ?"
            " AND a.device = ? AND coalesce(a.outcome, '') != 'not_printed' AND p.phase = 'submitted' AND p.at >= ?"
            " ORDER BY p.at"
        )
        values = (first_id_of(since - LONGEST_ATTEMPT), device, since.astimezone(UTC).isoformat())
        return await self._writer.read(
            lambda db: tuple(datetime.fromisoformat(row["at"]) for row in db.execute(statement, values))
        )

    async def recent(self, device: str, limit: int) -> list[Attempt]:
        """The last attempts on a device, newest first, finished or not."""
        return await self._writer.read(lambda db: recent(db, device, limit))

    async def last_at(self, permit_ids: Iterable[str]) -> dict[str, Past]:
        """What became of each permit at this kiosk; without those at which nothing was tried."""
        return await self._writer.read(lambda db: last_at(db, permit_ids, self._now()))

    async def unaccounted(self) -> list[Attempt]:
        """Attempts whose spoiled blank no operator has accounted for."""
        return await self._select(
            "SELECT * FROM attempts WHERE outcome = 'spoiled' AND accounted_by IS NULL ORDER BY attempt_id"
        )

    @property
    def in_doubt(self) -> frozenset[str]:
        """Names of the devices that take nothing new until a person has settled an attempt on them."""
        return self._shared.in_doubt

    # Audit

    async def record(self, event: events.Event) -> AuditEntry:
        """Add an event to the audit chain. Raises msgspec.ValidationError for a field that is not of its kind."""
        return await self._writer.write(lambda db: self._writer.record(db, event))

    async def audit_entries(self, after: int, limit: int) -> list[AuditEntry]:
        """At most ``limit`` entries that follow entry ``after``."""
        statement = "SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"
        return await self._writer.read(lambda db: [entry_from(row) for row in db.execute(statement, (after, limit))])

    async def verify_audit(self, witnessed: tuple[int, str] | None = None) -> chain.Broken | None:
        """Check the whole chain; None if it holds."""
        return await self._writer.read(
            lambda db: chain.verify(map(entry_from, db.execute("SELECT * FROM audit ORDER BY seq")), witnessed)
        )

    # For the outbox

    async def pending_outcomes(self, limit: int) -> list[PendingOutcome]:
        """Outcomes that the Dinas does not know yet, in the order in which they were written."""
        return await self._writer.read(lambda db: pending(db, limit))

    async def outcome_sent(self, number: int) -> None:
        """The Dinas knows this outcome."""
        now = self._now().isoformat()
        await self._writer.change("UPDATE outbox SET sent_at = ? WHERE number = ?", now, number)

    async def outcome_refused(self, number: int, problem: str) -> None:
        """The Dinas will never take this outcome: kept with the reason, and out of the way of those behind it."""

        def write(db: sqlite3.Connection) -> None:
            refused = mark_refused(db, number, problem, self._now().isoformat())
            self._writer.record(
                db,
                events.OutcomeRefused(
                    actor=events.system("outbox"),
                    attempt=refused.attempt_id,
                    outcome=refused.outcome.outcome,
                    problem=events.code(problem),
                ),
            )

        await self._writer.write(write)

    async def refused_outcomes(self) -> list[tuple[str, Outcome, str]]:
        """Attempt id, outcome and problem of what a person must look into."""
        return await self._writer.read(
            lambda db: [
                (row["attempt_id"], PendingOutcome.from_row(row).outcome, row["refused"])
                for row in db.execute("SELECT * FROM outbox WHERE refused_at IS NOT NULL ORDER BY number")
            ]
        )

    async def audit_handover(self) -> Handover:
        """How far the Dinas has the audit chain."""
        return await self._writer.read(lambda db: Handover.read(db))

    async def audit_taken(self, taken: AuditTaken) -> None:
        """The Dinas has the chain up to and with this entry."""
        await self._writer.change(
            "UPDATE audit_handover SET up_to = ?, witness = coalesce(?, witness), refused_at = NULL, refused = NULL",
            taken.up_to,
            taken.witness,
        )

    async def audit_refused(self, after: int, problem: str) -> None:
        """The Dinas does not take the chain: kept with the reason."""

        def write(db: sqlite3.Connection) -> None:
            values = (self._now().isoformat(), problem)
            db.execute("UPDATE audit_handover SET refused_at = ?, refused = ?", values)
            actor = events.system("outbox")
            self._writer.record(db, events.AuditRefused(actor=actor, after=after, problem=events.code(problem)))

        await self._writer.write(write)

    # The kiosk's own login budget

    @property
    def login_wait_s(self) -> float:
        """Seconds until the next login may be tried; 0 if now."""
        since = self._clock() - self._shared.last_failure
        return max(0.0, pause_after(self._shared.failures) - since)

    @property
    def login_failures(self) -> int:
        """Failed logins in a row."""
        return self._shared.failures

    async def charge_login(self) -> None:
        """Before the Dinas is asked: the try counts as a failure until something better is known."""
        await self._count_failures("failures + 1")

    async def refund_login(self) -> None:
        """The Dinas did not judge the PIN (away, busy): the try does not count."""
        await self._count_failures("max(0, failures - 1)")

    async def login_succeeded(self) -> None:
        """The row of failures is over."""
        await self._count_failures("0")

    async def _count_failures(self, expression: str) -> None:
        await self._writer.change(f"UPDATE login_budget SET failures = {expression}")  # noqa: S608  # one of three constants
        self._shared.last_failure = self._clock()

    async def _select(self, statement: str, *values: str) -> list[Attempt]:
        return await self._writer.read(lambda db: [attempts.from_row(row) for row in db.execute(statement, values)])

    def _refresh(self, db: sqlite3.Connection) -> None:
        rows = db.execute("SELECT DISTINCT device FROM attempts WHERE outcome = 'unknown'")
        self._shared.in_doubt = frozenset(row["device"] for row in rows)
        self._shared.failures = db.execute("SELECT failures FROM login_budget").fetchone()["failures"]
        self.blanks.refresh(db)


def entry_from(row: sqlite3.Row) -> AuditEntry:
    """An audit entry from its row."""
    return AuditEntry(row["seq"], row["at"], row["event"], json.loads(row["data"]), row["prev"], row["hash"])


def _advanced(attempt: Attempt, before: Phase | None, actor: str) -> events.AttemptAdvanced:
    return events.AttemptAdvanced(
        actor=actor,
        attempt=attempt.attempt_id,
        permit=attempt.permit_id,
        document=events.code(attempt.document),
        device=events.code(attempt.device),
        phase=attempt.phase,
        before=before,
        reason=events.code(attempt.reason) if attempt.reason else None,
        outcome=attempt.outcome,
    )
