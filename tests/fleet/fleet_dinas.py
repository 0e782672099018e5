"""The Dinas of a fleet: the simulator's own rules on its own database, without HTTP, and who watches over all.

Left out of the real one: TLS and JSON (tests/contract), logins (tests/contract/test_login.py) and bundles. Indexes are
added, since 100,000 permits are more than the simulator was made for; what time does to claims is done each hour.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from hardware_sim.dinas import audit, permits
from hardware_sim.dinas.ca import Authority
from hardware_sim.dinas.model import (
    Applicant,
    Application,
    ApplicationState,
    Attempt,
    AuditEntry,
    Kiosk,
    OutcomeKind,
    Permit,
    PermitState,
    open_database,
)
from hardware_sim.dinas.problems import ProblemError, ProblemKind
from hardware_sim.dinas.settings import DinasSettings
from kiosk.dinas import contract

BEGINNING = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
PERMITS_EACH = 2
INDEXES = (
    "CREATE INDEX open_attempts ON attempt (report_by) WHERE outcome IS NULL",
    "CREATE INDEX held_permits ON permit (expires_at) WHERE held",
)


@dataclass
class Watch:
    """Who holds what, by all that was answered and printed, without asking the Dinas' database."""

    holder: dict[str, tuple[str, str]] = field(default_factory=dict)  # permit: kiosk and attempt
    papers: dict[str, int] = field(default_factory=Counter)  # permit: whole documents that nobody destroyed
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)  # attempt and outcome
    spent: Counter[str] = field(default_factory=Counter)
    claims: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def granted(self, kiosk_id: str, permit_id: str, attempt_id: str) -> None:
        self.claims += 1
        held = self.holder.setdefault(permit_id, (kiosk_id, attempt_id))
        if held != (kiosk_id, attempt_id):
            self.violations.append(f"I1: {permit_id} is held by {held} and granted to {kiosk_id}, {attempt_id}")

    def changed(self, kiosk_id: str, permit_id: str | None, attempt: Attempt) -> None:
        """The Dinas counts an outcome."""
        outcome = str(attempt.outcome)
        self.counted[attempt.attempt_id, outcome] += 1
        if self.counted[attempt.attempt_id, outcome] > 1:
            self.violations.append(f"{outcome} of {attempt.attempt_id} is counted again")
        if permit_id is None:
            return
        if attempt.outcome is OutcomeKind.PRINTED:
            self.spent[permit_id] += 1
            if self.spent[permit_id] > 1:
                self.violations.append(f"{permit_id} is spent a second time")
        given_back = attempt.outcome is OutcomeKind.NOT_PRINTED or (
            attempt.outcome is OutcomeKind.SPOILED and attempt.settled_by
        )
        if given_back and self.holder.get(permit_id) == (kiosk_id, attempt.attempt_id):
            del self.holder[permit_id]

    def printing(self, kiosk_id: str, permit_id: str, attempt_id: str) -> None:
        if self.holder.get(permit_id) != (kiosk_id, attempt_id):
            self.violations.append(f"I1: {kiosk_id} prints {permit_id} ({attempt_id}), which it does not hold")

    def came_out(self, permit_id: str) -> None:
        self.papers[permit_id] += 1
        if self.papers[permit_id] > 1:
            self.violations.append(f"I1: {permit_id} came out of {self.papers[permit_id]} printers")

    def destroyed(self, permit_id: str) -> None:
        self.papers[permit_id] -= 1


class FleetDinas:
    """One Dinas. Calls answer at once, or raise what the kiosk's own client raises."""

    def __init__(self, folder: Path, kiosks: int, permit_count: int, clock: Callable[[], float]) -> None:
        self.watch = Watch()
        self.settings = DinasSettings()
        self.authority = Authority(folder / "ca")
        self.permit_ids = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(permit_count)]
        self.kiosk_ids = [f"adm-{number:04d}" for number in range(kiosks)]
        self.keys: dict[str, bytes] = {}
        self._certificates: dict[str, bytes] = {}
        self._clock = clock
        self._engine = open_database(folder / "dinas.db")
        self._fill()

    def now(self) -> dt.datetime:
        return BEGINNING + dt.timedelta(seconds=self._clock())

    # What kiosks ask

    def claim(self, kiosk_id: str, permit_id: str, attempt_id: str) -> contract.Claim:
        with self._transaction() as session:
            kiosk, permit = session.get_one(Kiosk, kiosk_id), session.get_one(Permit, permit_id)
            self.before_claim(permit)
            claimed = permits.claim(session, kiosk, permit, attempt_id, self.settings.report_s, self.now())
            if isinstance(claimed, Attempt):
                self.watch.granted(kiosk_id, permit_id, attempt_id)
                key, report_by = contract.ContentKey("oct", "AAAA"), claimed.report_by or self.now()
                return contract.Claim(attempt_id, permit_id, key, report_by)
        self.watch.refusals[claimed.value[0]] += 1
        raise problem(ProblemError(claimed))

    def before_claim(self, permit: Permit) -> None:
        """Nothing; a control overrides it."""

    def outcome(self, kiosk_id: str, attempt_id: str, outcome: contract.Outcome) -> None:
        told = permits.Told(OutcomeKind(outcome.outcome), outcome.at, outcome.reason, outcome.blank, outcome.settled_by)
        try:
            with self._transaction() as session:
                known = session.get(Attempt, attempt_id)
                before = (known.outcome, known.settled_by) if known else None
                permits.tell(session, session.get_one(Kiosk, kiosk_id), attempt_id, told, self.now())
                after = session.get_one(Attempt, attempt_id)
                if before is None or before[0] is not after.outcome:
                    self.watch.changed(kiosk_id, after.permit_id, after)
        except ProblemError as error:
            raise problem(error) from None

    def hand_over_audit(self, kiosk_id: str, entries: Sequence[contract.AuditEntry], head: str) -> contract.AuditTaken:
        rows = [audit.Entry(e.seq, e.at, e.event, e.data, e.prev, e.hash) for e in entries]
        try:
            with self._transaction() as session:
                certificate = self._certificates[kiosk_id]
                taken = audit.take(session, kiosk_id, rows, head, certificate, self.authority.witness)
        except ProblemError as error:
            raise problem(error) from None
        return contract.AuditTaken(taken.up_to, taken.witness)

    # What time does, and what it all came to

    def sweep(self) -> None:
        with self._transaction() as session:
            permits.sweep(session, self.now())

    def states(self) -> dict[str, PermitState]:
        with self._transaction() as session:
            return {row.permit_id: row.state for row in session.execute(select(Permit.permit_id, Permit.state))}

    def attempts(self) -> dict[str, tuple[str, str | None]]:
        """Kiosk and outcome of each attempt."""
        rows = select(Attempt.attempt_id, Attempt.kiosk_id, Attempt.outcome)
        with self._transaction() as session:
            return {row.attempt_id: (row.kiosk_id, row.outcome) for row in session.execute(rows)}

    def chain(self, kiosk_id: str) -> list[str]:
        """The hashes of a kiosk's audit chain, as it was taken."""
        rows = select(AuditEntry.hash).where(AuditEntry.kiosk_id == kiosk_id).order_by(AuditEntry.seq)
        with self._transaction() as session:
            return list(session.scalars(rows))

    def close(self) -> None:
        self._engine.dispose()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._engine)

    def _fill(self) -> None:
        people = range((len(self.permit_ids) + PERMITS_EACH - 1) // PERMITS_EACH)
        now, later = self.now(), self.now() + dt.timedelta(days=self.settings.permit_days)
        niks = [f"3523{number:012d}" for number in people]
        person = {"name": "UJI SPESIMEN", "phone": "620000", "wilayah": "35.23.16"}
        paper = {"document": "kk", "medium": "a4", "title": "Kartu Keluarga", "holder": "U** S*******"}
        sealed = {"content_key": bytes(32), "bundle_size": 1, "bundle_sha256": "0" * 64, "held": True}
        of_permit = [(permit_id, niks[number // PERMITS_EACH]) for number, permit_id in enumerate(self.permit_ids)]
        with self._transaction() as session:
            for statement in INDEXES:
                session.connection().exec_driver_sql(statement)
            session.execute(insert(Kiosk), [self._kiosk(kiosk_id) for kiosk_id in self.kiosk_ids])
            session.execute(insert(Applicant), [{"nik": nik, "handle": nik, **person} for nik in niks])
            asked = {"state": ApplicationState.VERIFIED, "submitted_at": now, "content": {}, **paper}
            session.execute(insert(Application), [{"application_id": p, "nik": n, **asked} for p, n in of_permit])
            given = {"state": PermitState.READY, "active": True, "made_at": now, "expires_at": later, **paper, **sealed}
            session.execute(
                insert(Permit), [{"permit_id": p, "application_id": p, "nik": n, **given} for p, n in of_permit]
            )

    def _kiosk(self, kiosk_id: str) -> dict[str, object]:
        certificate, key = self.authority.kiosk_certificate(kiosk_id)
        loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
        self._certificates[kiosk_id] = loaded.public_bytes(serialization.Encoding.DER)
        self.keys[kiosk_id] = key.read_bytes()
        place = {"name": kiosk_id, "address": "-", "wilayah": "35.23.16"}
        return {"kiosk_id": kiosk_id, "documents": ["kk"], "daily_card_limit": 0, **place}


class _Transaction:
    """As the simulator's own: one session, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._session = Session(engine)

    def __enter__(self) -> Session:
        self._session.begin()
        return self._session

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._session.commit()
        finally:
            self._session.close()


def problem(error: ProblemError) -> contract.DinasProblemError:
    """As the kiosk's client understands it."""
    kind: ProblemKind = error.kind
    told = contract.Problem(kind.type, kind.title, kind.status, **error.members)
    return contract.DinasProblemError(told, contract.ProblemType(kind.type), kind.status)
