"""What the Dinas knows of each message: written before it is sent, then moved on by answers and webhooks.

Never the text: a row holds no PIN.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hardware_sim.dinas.model import Base
from hardware_sim.dinas.whatsapp.errors import Remedy, remedy_of


class MessageStatus(enum.StrEnum):
    """Where a message is; see `_RANK` for what may follow what."""

    QUEUED = "queued"  # about to be handed over
    UNKNOWN = "unknown"  # handed over, and the answer was lost
    ACCEPTED = "accepted"
    SENT = "sent"  # stays so for people who block us, and for messages that outlive their time
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"  # may never come


# Statuses come repeated and out of order: a message only ever moves up. Failed ranks below delivered, since a second
# device of the same person may fail after the first one got the message, and the other way round.
_RANK = {status: rank for rank, status in enumerate(MessageStatus)}


class SentMessage(Base):
    """One message to one phone."""

    __tablename__ = "whatsapp_message"

    message_id: Mapped[str] = mapped_column(primary_key=True)  # ours; biz_opaque_callback_data
    wamid: Mapped[str | None] = mapped_column(index=True)
    template: Mapped[str]
    phone: Mapped[str]
    handle: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    status: Mapped[MessageStatus]
    status_at: Mapped[datetime]
    error_code: Mapped[int | None]


@dataclass(frozen=True)
class MessageView:
    """A message as the desk shows it. ``overdue``: it was not delivered while its time to live lasted."""

    message_id: str
    template: str
    phone: str
    handle: str
    at: datetime
    status: MessageStatus
    status_at: datetime
    error_code: int | None
    remedy: Remedy | None
    overdue: bool


class Records:
    """The table of messages. Every method is a transaction of its own and may be called from any thread."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], time_to_live: timedelta = timedelta(days=30)):
        self._engine = engine
        self._clock = clock
        self._time_to_live = time_to_live
        Base.metadata.create_all(engine, tables=[Base.metadata.tables[SentMessage.__tablename__]])

    def begin(self, template: str, phone: str, handle: str) -> str:
        """A message that is about to be handed over; answers its id."""
        now = self._clock()
        row = SentMessage(
            message_id=str(uuid.uuid4()),
            template=template,
            phone=phone,
            handle=handle,
            at=now,
            status=MessageStatus.QUEUED,
            status_at=now,
        )
        message_id = row.message_id
        with Session(self._engine) as session, session.begin():
            session.add(row)
        return message_id

    def move(
        self, message_id: str, status: MessageStatus, *, wamid: str | None = None, error_code: int | None = None
    ) -> bool:
        """Move a message up; False when it is unknown here, or is there or further already."""
        with Session(self._engine) as session, session.begin():
            row = session.get(SentMessage, message_id)
            if row is None:
                return False
            row.wamid = row.wamid or wamid
            return self._move(row, status, error_code)

    def move_by_wamid(self, wamid: str, status: MessageStatus, *, error_code: int | None = None) -> bool:
        """The same for a webhook without our own id."""
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(SentMessage).where(SentMessage.wamid == wamid))
            return row is not None and self._move(row, status, error_code)

    def _move(self, row: SentMessage, status: MessageStatus, error_code: int | None) -> bool:
        if _RANK[status] <= _RANK[row.status]:
            return False
        row.status, row.status_at = status, self._clock()
        row.error_code = error_code if status is MessageStatus.FAILED else None
        return True

    def messages(self, phone: str | None = None) -> list[MessageView]:
        """All messages, or those to one phone (62...); newest first."""
        query = select(SentMessage).order_by(SentMessage.at.desc(), SentMessage.message_id)
        if phone is not None:
            query = query.where(SentMessage.phone == phone)
        with Session(self._engine) as session:
            return [self._view(row) for row in session.scalars(query)]

    def _view(self, row: SentMessage) -> MessageView:
        on_the_way = _RANK[row.status] < _RANK[MessageStatus.FAILED]
        return MessageView(
            message_id=row.message_id,
            template=row.template,
            phone=row.phone,
            handle=row.handle,
            at=row.at,
            status=row.status,
            status_at=row.status_at,
            error_code=row.error_code,
            remedy=remedy_of(row.error_code) if row.error_code is not None else None,
            overdue=on_the_way and self._clock() > row.at + self._time_to_live,
        )
