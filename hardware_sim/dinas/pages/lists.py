"""What the desk reads and the office has no list of: the logs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from hardware_sim.dinas.model import AuditEntry, DeskEvent

NEWEST = 200  # of each log


@dataclass(frozen=True)
class Chain:
    """The audit chain of one kiosk as far as it was handed over."""

    kiosk_id: str
    length: int
    entries: list[AuditEntry]  # newest first


def chains(engine: Engine) -> list[Chain]:
    """What each kiosk reported, by kiosk."""
    with Session(engine, expire_on_commit=False) as session:
        lengths: list[Any] = list(
            session.execute(
                select(AuditEntry.kiosk_id, func.max(AuditEntry.seq))
                .group_by(AuditEntry.kiosk_id)
                .order_by(AuditEntry.kiosk_id)
            )
        )
        return [Chain(kiosk_id, length, _newest(session, kiosk_id)) for kiosk_id, length in lengths]


def _newest(session: Session, kiosk_id: str) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.kiosk_id == kiosk_id).order_by(AuditEntry.seq.desc()).limit(NEWEST)
    return list(session.scalars(query))


@dataclass(frozen=True)
class Deed:
    """What somebody did at the desk."""

    at: datetime
    actor: str
    act: str
    subject: str


def deeds(engine: Engine) -> list[Deed]:
    """What was done at the desk, newest first."""
    query = select(DeskEvent).order_by(DeskEvent.event_id.desc()).limit(NEWEST)
    with Session(engine) as session:
        return [Deed(row.at, row.actor, row.act, row.subject) for row in session.scalars(query)]
