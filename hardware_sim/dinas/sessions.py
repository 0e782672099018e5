"""Log in with NIK or handle and PIN; sessions with an end."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hardware_sim.dinas import pins, tries
from hardware_sim.dinas.model import Applicant, Login
from hardware_sim.dinas.ports import Clock
from hardware_sim.dinas.problems import ProblemError, ProblemKind
from hardware_sim.dinas.settings import DinasSettings


@dataclass(frozen=True)
class Credentials:
    """What was typed or scanned; exactly one of NIK and handle."""

    nik: str | None
    handle: str | None
    pin: str
    assisted_by: str | None = None


@dataclass(frozen=True)
class _Stored:
    """What is kept of the person with the typed number; all None for nobody."""

    nik: str | None = None
    salt: bytes | None = None
    hash: bytes | None = None
    expires_at: datetime | None = None


class Sessions:
    """Who may see whose permits, and for how long."""

    def __init__(self, engine: Engine, settings: DinasSettings, clock: Clock, secret: bytes) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self._secret = secret

    def log_in(self, kiosk_id: str, credentials: Credentials) -> str:
        """A new session's token, or a problem.

        The try is counted and committed before anything is compared. Whether the number exists, has a PIN, or is
        locked: the same reads and writes, one scrypt, and answers of the same bytes.
        """
        with self._transaction() as session:
            stored = self._stored(session, credentials)
            # A handle of somebody counts for their NIK: two names for one lock, not two locks.
            key = tries.key_of(self._secret, stored.nik or credentials.nik or f"ADM1:{credentials.handle}")
            counted = tries.count(session, key, self._settings, self._clock())
        right = pins.matches(credentials.pin, stored.salt, stored.hash)
        if counted.verdict is tries.Verdict.LOCKED:
            raise ProblemError(ProblemKind.LOCKED, retry_after_s=counted.retry_after_s)
        if not right or stored.nik is None or stored.expires_at is None:
            raise ProblemError(ProblemKind.CREDENTIALS, attempts_left=counted.attempts_left)
        with self._transaction() as session:
            tries.forget(session, key)
            now = self._clock()
            token = secrets.token_urlsafe(32)
            if stored.expires_at > now:
                session.add(
                    Login(
                        token_hash=_hash(token),
                        nik=stored.nik,
                        kiosk_id=kiosk_id,
                        expires_at=now + timedelta(seconds=self._settings.session_s),
                        assisted_by=credentials.assisted_by,
                    )
                )
        if stored.expires_at <= now:
            raise ProblemError(ProblemKind.PIN_EXPIRED)
        return token

    def login(self, session: Session, kiosk_id: str, token: str) -> Login:
        """The running session of this token at this kiosk, in the caller's transaction."""
        login = session.get(Login, _hash(token))
        if login is None or login.kiosk_id != kiosk_id or login.expires_at <= self._clock():
            raise ProblemError(ProblemKind.SESSION_EXPIRED)
        return login

    def log_out(self, kiosk_id: str, token: str) -> None:
        with self._transaction() as session:
            session.delete(self.login(session, kiosk_id, token))

    def _stored(self, session: Session, credentials: Credentials) -> _Stored:
        by_handle = credentials.handle is not None
        column = Applicant.handle if by_handle else Applicant.nik
        typed = credentials.handle if by_handle else credentials.nik
        applicant = session.scalar(select(Applicant).where(column == typed))
        if applicant is None:
            return _Stored()
        return _Stored(applicant.nik, applicant.pin_salt, applicant.pin_hash, applicant.pin_expires_at)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with Session(self._engine) as session, session.begin():
            yield session


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
