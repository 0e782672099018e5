"""The desk of the Dinas: what a clerk does, and what the web pages call.

Each method is one whole act in transactions of its own, may be called from any thread, and returns plain values. An
act that cannot be done raises `OfficeError` with a sentence (Indonesian, for the clerk's page). What goes out over
WhatsApp is sent after the commit: a message that was sent stands for something that is kept.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hardware_sim.dinas import bundles, pins
from hardware_sim.dinas.issuing import Issuer
from hardware_sim.dinas.model import (
    Applicant,
    Application,
    ApplicationState,
    Attempt,
    DeskEvent,
    OutcomeKind,
    Permit,
    PermitState,
    Tries,
)
from hardware_sim.dinas.ports import Clock, PinSender
from hardware_sim.dinas.settings import DinasSettings
from hardware_sim.dinas.tries import key_of

log = logging.getLogger(__name__)


class OfficeError(ValueError):
    """The act cannot be done; the text says why."""


@dataclass(frozen=True)
class ApplicationView:
    """An application as the clerk's list shows it."""

    application_id: str
    document: str  # code of the catalogue
    title: str
    medium: str  # card | a4
    nik: str  # of the applicant
    applicant: str
    holder: str  # whom the document is about
    phone: str
    state: ApplicationState
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    content: dict[str, Any]  # what will be drawn
    permit_id: str | None
    permit_state: PermitState | None


@dataclass(frozen=True)
class PermitView:
    """A permit as the clerk's list shows it, with its last attempt."""

    permit_id: str
    document: str
    title: str
    holder: str  # masked
    nik: str
    state: PermitState
    active: bool  # False: superseded in the registry
    expires_at: datetime
    attempt_id: str | None
    kiosk_id: str | None
    outcome: OutcomeKind | None
    reason: str | None
    blank: str | None
    settled_by: str | None


@dataclass(frozen=True)
class Verified:
    """What came of a verification."""

    permit_id: str
    pin_sent: bool  # False: a PIN that the applicant has already opens this permit too, or sending failed


class Office:
    """All acts of the desk. ``issuer`` draws, signs and seals; ``sender`` tells PINs."""

    def __init__(
        self, engine: Engine, issuer: Issuer, sender: PinSender, settings: DinasSettings, clock: Clock, secret: bytes
    ) -> None:
        self._engine = engine
        self._issuer = issuer
        self._sender = sender
        self._settings = settings
        self._clock = clock
        self._secret = secret

    # -- lists

    def applications(self, state: ApplicationState | None = None) -> list[ApplicationView]:
        """All applications, or those in one state; oldest first."""
        with self._transaction() as session:
            query = select(Application).order_by(Application.submitted_at, Application.application_id)
            if state is not None:
                query = query.where(Application.state == state)
            return [_application_view(application) for application in session.scalars(query)]

    def application(self, application_id: str) -> ApplicationView:
        """One application, with the content of its document."""
        with self._transaction() as session:
            return _application_view(_application(session, application_id))

    def permits(self, *states: PermitState) -> list[PermitView]:
        """All permits, or those in the given states; oldest first. SUSPECT are those that wait for an operator."""
        with self._transaction() as session:
            query = select(Permit).order_by(Permit.made_at, Permit.permit_id)
            if states:
                query = query.where(Permit.state.in_(states))
            return [_permit_view(permit) for permit in session.scalars(query)]

    # -- applications

    def verify(self, application_id: str, clerk: str) -> Verified:
        """Verify an application: the document is signed and sealed, a permit made, a PIN made and sent.

        The PIN is of the person. While one is good and opens another permit that is still to be printed, it is kept
        and nothing is sent: somebody on the way to the kiosk must not find the PIN in their hand dead.
        """
        application = self.application(application_id)
        _must_wait(application.state)
        permit_id = str(uuid.uuid4())
        # Drawing and signing take a good part of a second: outside of the transaction, which others wait for.
        issued = self._issuer.issue(permit_id, application.document, application.content)
        with self._transaction() as session:
            row = _application(session, application_id)
            _must_wait(row.state)
            now = self._clock()
            keep_pin = self._has_living_pin(row.applicant, now)
            row.state, row.decided_at, row.decided_by = ApplicationState.VERIFIED, now, clerk
            permit = self._issuer.permit(permit_id, row, issued, now)
            session.add(permit)
            session.flush()
            bundles.put(session, permit)
            self._note(session, clerk, "verify", application_id)
            pin = None if keep_pin else self._new_pin(row.applicant, now)
            phone, handle = row.applicant.phone, row.applicant.handle
        return Verified(permit_id, pin is not None and self._send(phone, pin, handle))

    def reject(self, application_id: str, clerk: str, reason: str) -> None:
        """Refuse an application."""
        with self._transaction() as session:
            row = _application(session, application_id)
            _must_wait(row.state)
            row.state, row.decided_at, row.decided_by = ApplicationState.REJECTED, self._clock(), clerk
            row.reason = reason
            self._note(session, clerk, "reject", application_id)

    # -- PINs

    def reissue_pin(self, nik: str, clerk: str) -> bool:
        """A new PIN after the clerk or an operator saw who it is: the old one dies, a lock is lifted.

        Returns whether it was handed to WhatsApp.
        """
        with self._transaction() as session:
            applicant = _applicant(session, nik)
            pin = self._new_pin(applicant, self._clock())
            self._unlock(session, nik)
            self._note(session, clerk, "reissue-pin", f"handle:{applicant.handle}")
            phone, handle = applicant.phone, applicant.handle
        return self._send(phone, pin, handle)

    def resend_pin(self, nik: str) -> None:
        """A kiosk asks for the PIN once more. Nobody has proved to be anybody, so no lock is lifted, and asking again
        and again sends nothing. Unknown numbers, and people without a PIN, are passed over in silence."""
        with self._transaction() as session:
            applicant, now = session.get(Applicant, nik), self._clock()
            if applicant is None or applicant.pin_hash is None:
                return
            pause = timedelta(seconds=self._settings.resend_pause_s)
            if applicant.pin_asked_at is not None and now - applicant.pin_asked_at < pause:
                return
            applicant.pin_asked_at = now
            pin = self._new_pin(applicant, now)
            phone, handle = applicant.phone, applicant.handle
        self._send(phone, pin, handle)

    def unlock(self, nik: str, clerk: str) -> None:
        """Lift the lock of a NIK; the PIN stays as it is."""
        with self._transaction() as session:
            self._unlock(session, nik)
            self._note(session, clerk, "unlock", "nik")

    # -- permits

    def account_spoiled(self, permit_id: str, operator: str) -> None:
        """A blank or sheet that was spoiled and kept back has been seen: the permit is ready again."""
        with self._transaction() as session:
            permit = _permit(session, permit_id)
            attempt = _last_attempt(permit)
            if attempt is None or attempt.outcome is not OutcomeKind.SPOILED or attempt.settled_by:
                raise OfficeError("Tidak ada blanko rusak yang belum dipertanggungjawabkan pada izin ini.")
            attempt.settled_by = operator
            permit.state = PermitState.READY
            self._note(session, operator, "account-spoiled", permit_id)

    def settle_suspect(self, permit_id: str, verdict: OutcomeKind, operator: str) -> None:
        """Say of a suspect permit, after an operator has looked, that it was printed or that nothing came out.

        A later outcome of the kiosk that says otherwise is then an outcome-conflict.
        """
        if verdict not in (OutcomeKind.PRINTED, OutcomeKind.NOT_PRINTED):
            raise OfficeError("Putusan harus 'printed' atau 'not_printed'.")
        with self._transaction() as session:
            permit = _permit(session, permit_id)
            attempt = _last_attempt(permit)
            if attempt is None or attempt.outcome not in (None, OutcomeKind.UNKNOWN):
                raise OfficeError("Tidak ada cetakan yang belum jelas pada izin ini.")
            attempt.outcome, attempt.settled_by = verdict, operator
            attempt.outcome_at = attempt.told_at = self._clock()
            if verdict is OutcomeKind.PRINTED:
                permit.state = PermitState.PRINTED
                bundles.drop(session, permit)
            else:
                permit.state = PermitState.READY
            self._note(session, operator, f"settle-{verdict}", permit_id)

    def supersede(self, permit_id: str, clerk: str) -> None:
        """The registry has a newer version of this document. Kiosks hear of it when they claim, and not earlier."""
        with self._transaction() as session:
            _permit(session, permit_id).active = False
            self._note(session, clerk, "supersede", permit_id)

    # -- inside

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with Session(self._engine) as session, session.begin():
            yield session

    def _note(self, session: Session, actor: str, act: str, subject: str) -> None:
        session.add(DeskEvent(at=self._clock(), actor=actor, act=act, subject=subject))

    def _has_living_pin(self, applicant: Applicant, now: datetime) -> bool:
        good = applicant.pin_expires_at is not None and applicant.pin_expires_at > now + timedelta(days=1)
        return good and any(p.state is PermitState.READY and p.active and p.expires_at > now for p in applicant.permits)

    def _new_pin(self, applicant: Applicant, now: datetime) -> str:
        pin = pins.new_pin()
        applicant.pin_salt, applicant.pin_hash = pins.hash_pin(pin)
        applicant.pin_expires_at = now + timedelta(days=self._settings.pin_days)
        return pin

    def _unlock(self, session: Session, nik: str) -> None:
        tries = session.get(Tries, key_of(self._secret, nik))
        if tries is not None:
            session.delete(tries)

    def _send(self, phone: str, pin: str, handle: str) -> bool:
        try:
            self._sender.send_pin(phone, pin, handle)
        except Exception as error:  # noqa: BLE001 - whatever WhatsApp does, what the desk did stays done
            # The text of the error could hold the message; its class cannot.
            log.warning("PIN not sent: %s", type(error).__name__)
            return False
        return True


def _must_wait(state: ApplicationState) -> None:
    if state is not ApplicationState.TO_VERIFY:
        raise OfficeError("Permohonan ini sudah diputuskan.")


def _application(session: Session, application_id: str) -> Application:
    row = session.get(Application, application_id)
    if row is None:
        raise OfficeError("Permohonan tidak ditemukan.")
    return row


def _applicant(session: Session, nik: str) -> Applicant:
    row = session.get(Applicant, nik)
    if row is None:
        raise OfficeError("Pemohon tidak ditemukan.")
    return row


def _permit(session: Session, permit_id: str) -> Permit:
    row = session.get(Permit, permit_id)
    if row is None:
        raise OfficeError("Izin cetak tidak ditemukan.")
    return row


def _last_attempt(permit: Permit) -> Attempt | None:
    return permit.attempts[-1] if permit.attempts else None


def _application_view(row: Application) -> ApplicationView:
    return ApplicationView(
        application_id=row.application_id,
        document=row.document,
        title=row.title,
        medium=row.medium,
        nik=row.nik,
        applicant=row.applicant.name,
        holder=row.holder,
        phone=row.applicant.phone,
        state=row.state,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        content=row.content,
        permit_id=row.permit.permit_id if row.permit else None,
        permit_state=row.permit.state if row.permit else None,
    )


def _permit_view(row: Permit) -> PermitView:
    attempt = _last_attempt(row)
    return PermitView(
        permit_id=row.permit_id,
        document=row.document,
        title=row.title,
        holder=row.holder,
        nik=row.nik,
        state=row.state,
        active=row.active,
        expires_at=row.expires_at,
        attempt_id=attempt.attempt_id if attempt else None,
        kiosk_id=attempt.kiosk_id if attempt else None,
        outcome=attempt.outcome if attempt else None,
        reason=attempt.reason if attempt else None,
        blank=attempt.blank if attempt else None,
        settled_by=attempt.settled_by if attempt else None,
    )
