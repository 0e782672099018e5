"""Which bundles a kiosk should hold ahead of time: changes with a cursor.

A cursor is ``<horizon>.<seq>``. The horizon is how far the changes had been compacted when the kiosk began: a kiosk
that is in the middle of its first listing may go on below it, one that comes with an older cursor has missed what was
compacted and must begin again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hardware_sim.dinas.model import BundleChange, Note, Permit

MOST = 100  # contract: at most 100 changes
_HORIZON = "bundle-horizon"
_CURSOR = re.compile(r"([0-9]{1,15})\.([0-9]{1,15})")


class CursorError(Exception):
    """The cursor is too old, or never came from here."""


@dataclass(frozen=True)
class Page:
    changes: list[BundleChange]
    next: str


def put(session: Session, permit: Permit) -> None:
    """Kiosks should hold this bundle (again: it has changed)."""
    permit.held = True
    _add(session, permit, "put", permit.bundle_size, permit.bundle_sha256)


def drop(session: Session, permit: Permit) -> None:
    """Kiosks should hold it no longer; once is enough."""
    if permit.held:
        permit.held = False
        _add(session, permit, "drop", None, None)


def changes(session: Session, cursor: str | None, documents: list[str]) -> Page:
    """At most 100 changes since the cursor that concern these documents, oldest first."""
    horizon = _horizon(session)
    seq = 0 if cursor is None else _parse(session, cursor, horizon)
    query = (
        select(BundleChange)
        .where(BundleChange.seq > seq, BundleChange.document.in_(documents))
        .order_by(BundleChange.seq)
        .limit(MOST)
    )
    found = list(session.scalars(query))
    if found:
        return Page(found, f"{horizon}.{found[-1].seq}")
    return Page(found, f"{horizon}.{seq}" if cursor is None else cursor)


def compact(session: Session) -> None:
    """Forget all but the newest put of each bundle that is still held; cursors from before are too old."""
    newest = select(func.max(BundleChange.seq)).group_by(BundleChange.permit_id)
    held = select(Permit.permit_id).where(Permit.held)
    session.execute(
        delete(BundleChange).where(BundleChange.seq.not_in(newest) | BundleChange.permit_id.not_in(held)),
        execution_options={"synchronize_session": False},
    )
    last = session.scalar(select(func.max(BundleChange.seq))) or 0
    sequence = session.connection().exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'bundle_change'")
    session.merge(Note(name=_HORIZON, value=str(max(last, sequence.scalar() or 0))))


def _add(session: Session, permit: Permit, op: str, size: int | None, sha256: str | None) -> None:
    change = BundleChange(permit_id=permit.permit_id, document=permit.document, op=op, size=size, sha256=sha256)
    session.add(change)


def _horizon(session: Session) -> int:
    note = session.get(Note, _HORIZON)
    return int(note.value) if note else 0


def _parse(session: Session, cursor: str, horizon: int) -> int:
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise CursorError
    begun_at, seq = int(match[1]), int(match[2])
    last = session.scalar(select(func.max(BundleChange.seq))) or 0
    if seq > max(last, horizon) or (begun_at != horizon and seq < horizon):
        raise CursorError
    return seq
