"""PIN tries: counted before anything is compared, for the number that was typed, whether or not it exists."""

from __future__ import annotations

import enum
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hardware_sim.dinas.model import Tries
from hardware_sim.dinas.settings import DinasSettings

TRIES = 5  # contract: five times problems/credentials, from the sixth on problems/locked


class Verdict(enum.Enum):
    COMPARE = enum.auto()
    LOCKED = enum.auto()


@dataclass(frozen=True)
class Counted:
    """A try that was counted. ``attempts_left`` if it turns out wrong; ``retry_after_s`` when locked."""

    verdict: Verdict
    attempts_left: int
    retry_after_s: int


def key_of(secret: bytes, number: str) -> str:
    """Keyed hash of a typed number: the table of tries is no list of people's NIKs."""
    return hmac.new(secret, number.encode(), hashlib.sha256).hexdigest()


def count(session: Session, key: str, settings: DinasSettings, now: datetime) -> Counted:
    """Count one try; the caller commits before it compares."""
    row = session.get(Tries, key)
    if row is None:
        row = Tries(key=key, count=0, lockouts=0)
        session.add(row)
    if row.locked_until is not None and row.locked_until <= now:
        row.count, row.locked_until = 0, None
    if row.locked_until is not None:
        return Counted(Verdict.LOCKED, 0, max(1, round((row.locked_until - now).total_seconds())))
    row.count += 1
    if row.count >= TRIES:
        # Locked from now on; if this last try is right, `forget` lifts it again.
        row.locked_until = now + timedelta(seconds=min(settings.lock_s * 2**row.lockouts, settings.longest_lock_s))
        row.lockouts += 1
    return Counted(Verdict.COMPARE, TRIES - row.count, 0)


def forget(session: Session, key: str) -> None:
    """The right PIN came: what was counted is gone."""
    row = session.get(Tries, key)
    if row is not None:
        session.delete(row)
