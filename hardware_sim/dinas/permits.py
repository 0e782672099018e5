"""The rules of permits and attempts: claim, outcome, delivery, and what time does to them.

All functions work in the caller's transaction, which BEGIN IMMEDIATE has made the only writer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hardware_sim.dinas import bundles
from hardware_sim.dinas.issuing import WITH_CHIP
from hardware_sim.dinas.model import Attempt, Kiosk, Login, OutcomeKind, Permit, PermitState
from hardware_sim.dinas.problems import ProblemError, ProblemKind

WIB = timezone(timedelta(hours=7), "WIB")  # Tuban's time: the daily limit counts its days
CLOSED_STATES = {
    PermitState.PRINTED: ProblemKind.SPENT,
    PermitState.SUPERSEDED: ProblemKind.SUPERSEDED,
    PermitState.COURIER: ProblemKind.NOT_READY,
    PermitState.OFFICE: ProblemKind.NOT_READY,
}


@dataclass(frozen=True)
class Told:
    """An outcome as a kiosk told it."""

    outcome: OutcomeKind
    at: datetime
    reason: str | None
    blank: str | None
    settled_by: str | None


def sweep(session: Session, now: datetime) -> None:
    """What time has done: claims without an outcome are suspect, bundles of expired permits are dropped."""
    late = select(Attempt).where(Attempt.outcome.is_(None), Attempt.report_by <= now)
    for attempt in session.scalars(late):
        if attempt.permit is not None and attempt.permit.state is PermitState.CLAIMED:
            attempt.permit.state = PermitState.SUSPECT
    for permit in session.scalars(select(Permit).where(Permit.held, Permit.expires_at <= now)):
        bundles.drop(session, permit)


def of_session(session: Session, login: Login, permit_id: str) -> Permit:
    """The permit, if it belongs to the person of the session."""
    permit = session.get(Permit, permit_id)
    if permit is None or permit.nik != login.nik:
        raise ProblemError(ProblemKind.UNKNOWN_PERMIT)
    return permit


def claim(
    session: Session, kiosk: Kiosk, permit: Permit, attempt_id: str, report_s: int, now: datetime
) -> Attempt | ProblemKind:
    """Claim the permit for the attempt. A refusal that also changes the permit is returned, not raised, so that the
    caller's transaction commits the change."""
    known = session.get(Attempt, attempt_id)
    if known is not None:
        return _repeated(known, kiosk, permit)
    closed = CLOSED_STATES.get(permit.state)
    if closed is not None:
        return closed
    if permit.state is not PermitState.READY:
        return _taken(session, permit, kiosk)
    if not permit.active:
        permit.state = PermitState.SUPERSEDED
        bundles.drop(session, permit)
        return ProblemKind.SUPERSEDED
    if permit.expires_at <= now:
        return ProblemKind.EXPIRED
    if permit.document not in kiosk.documents or not _card_left(session, kiosk, permit, now):
        return ProblemKind.NOT_ALLOWED_HERE
    permit.state = PermitState.CLAIMED
    attempt = Attempt(
        attempt_id=attempt_id,
        permit=permit,
        kiosk_id=kiosk.kiosk_id,
        medium=permit.medium,
        claimed_at=now,
        report_by=now + timedelta(seconds=report_s),
        needs_chip=permit.document in WITH_CHIP,
    )
    session.add(attempt)
    return attempt


def tell(session: Session, kiosk: Kiosk, attempt_id: str, told: Told, now: datetime) -> None:
    """Take an outcome: idempotent, and only unknown can be replaced."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        if told.outcome is not OutcomeKind.NOT_PRINTED:
            raise ProblemError(ProblemKind.UNKNOWN_ATTEMPT)
        # The claim was lost on the way: this closes the attempt for one that comes late.
        attempt = Attempt(attempt_id=attempt_id, kiosk_id=kiosk.kiosk_id, claimed_at=now, needs_chip=False)
        session.add(attempt)
        _note(attempt, told, now)
        return
    if attempt.kiosk_id != kiosk.kiosk_id:
        raise ProblemError(ProblemKind.UNKNOWN_ATTEMPT)
    if attempt.outcome is told.outcome:
        if told.outcome is OutcomeKind.SPOILED and told.settled_by and not attempt.settled_by:
            attempt.settled_by = told.settled_by
            _move(session, attempt)
        return
    if attempt.outcome not in (None, OutcomeKind.UNKNOWN):
        raise ProblemError(ProblemKind.OUTCOME_CONFLICT)
    if told.outcome is OutcomeKind.PRINTED and attempt.needs_chip and not attempt.chip_written:
        raise ProblemError(ProblemKind.NOT_PERSONALIZED)
    _note(attempt, told, now)
    _move(session, attempt)


def deliver(session: Session, permit: Permit, route: PermitState, now: datetime) -> None:
    """Send it by courier or keep it at the office instead of printing it here. Doing it again changes the route."""
    if permit.state not in (PermitState.READY, PermitState.COURIER, PermitState.OFFICE):
        raise ProblemError(CLOSED_STATES.get(permit.state, ProblemKind.NOT_READY))
    if permit.expires_at <= now:
        raise ProblemError(ProblemKind.EXPIRED)
    permit.state = route
    bundles.drop(session, permit)


def open_attempt(permit: Permit) -> Attempt | None:
    """The attempt at this permit of which no outcome is known."""
    return next((attempt for attempt in permit.attempts if attempt.outcome is None), None)


def _repeated(known: Attempt, kiosk: Kiosk, permit: Permit) -> Attempt | ProblemKind:
    if known.kiosk_id != kiosk.kiosk_id:
        return ProblemKind.CLAIMED_ELSEWHERE
    if known.outcome is not None:
        return ProblemKind.ATTEMPT_CLOSED
    return known if known.permit_id == permit.permit_id else ProblemKind.INVALID


def _taken(session: Session, permit: Permit, kiosk: Kiosk) -> ProblemKind:
    other = open_attempt(permit)
    elsewhere = other is not None and other.kiosk_id != kiosk.kiosk_id
    return ProblemKind.CLAIMED_ELSEWHERE if elsewhere else ProblemKind.NOT_READY


def _card_left(session: Session, kiosk: Kiosk, permit: Permit, now: datetime) -> bool:
    """Whether the kiosk may print one more card today. What surely did not come out does not count."""
    if permit.medium != "card":
        return True
    midnight = now.astimezone(WIB).replace(hour=0, minute=0, second=0, microsecond=0)
    used = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .where(
            Attempt.kiosk_id == kiosk.kiosk_id,
            Attempt.medium == "card",
            Attempt.claimed_at >= midnight,
            Attempt.outcome.is_(None) | (Attempt.outcome != OutcomeKind.NOT_PRINTED),
        )
    )
    return (used or 0) < kiosk.daily_card_limit


def _note(attempt: Attempt, told: Told, now: datetime) -> None:
    attempt.outcome, attempt.outcome_at, attempt.told_at = told.outcome, told.at, now
    attempt.reason = told.reason or attempt.reason
    attempt.blank = told.blank or attempt.blank
    attempt.settled_by = told.settled_by


def _move(session: Session, attempt: Attempt) -> None:
    """What the outcome does to the permit."""
    permit = attempt.permit
    if permit is None or permit.state not in (PermitState.CLAIMED, PermitState.SUSPECT):
        return
    if attempt.outcome is OutcomeKind.PRINTED:
        permit.state = PermitState.PRINTED
        bundles.drop(session, permit)
    elif attempt.outcome is OutcomeKind.NOT_PRINTED or (attempt.settled_by and attempt.outcome is OutcomeKind.SPOILED):
        permit.state = PermitState.READY
    else:
        permit.state = PermitState.SUSPECT
