"""What the Dinas keeps: people, applications, permits, attempts, kiosks, audit chains (SQLAlchemy on SQLite).

The file is written with ``synchronous=FULL``: a counted PIN try must outlive a power cut, or the cut would be a free
try. Each transaction begins IMMEDIATE, so that what it reads cannot change before it writes.
"""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Engine, ForeignKey, LargeBinary, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times in UTC; SQLite itself knows no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy reads it so


class ApplicationState(enum.StrEnum):
    TO_VERIFY = "to_verify"
    VERIFIED = "verified"
    REJECTED = "rejected"


class PermitState(enum.StrEnum):
    """As in the contract."""

    READY = "ready"
    CLAIMED = "claimed"
    PRINTED = "printed"
    SUSPECT = "suspect"  # nobody can tell, or a spoiled blank is not accounted for
    SUPERSEDED = "superseded"
    COURIER = "courier"
    OFFICE = "office"


class OutcomeKind(enum.StrEnum):
    """As in the contract."""

    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    SPOILED = "spoiled"
    UNKNOWN = "unknown"


class Kiosk(Base):
    """A machine that may ask. The kiosk id is the common name of its client certificate."""

    __tablename__ = "kiosk"

    kiosk_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    wilayah: Mapped[str]  # Kemendagri code, such as 35.23.16
    documents: Mapped[list[str]]  # codes that it may print
    daily_card_limit: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)
    ready: Mapped[bool] = mapped_column(default=True)  # told to applicants at other kiosks


class Applicant(Base):
    """A person who applied: an invented one, always. The PIN is of the person and opens all their permits."""

    __tablename__ = "applicant"

    nik: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str]  # 62..., digits only
    wilayah: Mapped[str]  # Kemendagri code of the desa or kelurahan
    handle: Mapped[str] = mapped_column(unique=True)  # what the QR of the message holds after "ADM1:"
    pin_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    pin_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # scrypt
    pin_expires_at: Mapped[datetime | None]
    pin_asked_at: Mapped[datetime | None]  # last time that a kiosk asked for it to be sent again
    applications: Mapped[list[Application]] = relationship(back_populates="applicant")
    permits: Mapped[list[Permit]] = relationship(back_populates="applicant", order_by="Permit.made_at")


class Tries(Base):
    """PIN tries, counted for each number typed whether or not it exists. The key is a keyed hash of the number."""

    __tablename__ = "tries"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    lockouts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class Application(Base):
    """What a person asked for, with the content of the document as plain data that hardware_sim.dinas.samples draws."""

    __tablename__ = "application"

    application_id: Mapped[str] = mapped_column(primary_key=True)
    nik: Mapped[str] = mapped_column(ForeignKey("applicant.nik"))
    document: Mapped[str]  # code of the catalogue
    medium: Mapped[str]  # card | a4
    title: Mapped[str]
    holder: Mapped[str]  # full name of the person that the document is about
    content: Mapped[dict[str, Any]]
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.TO_VERIFY)
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str | None]  # why it was rejected
    applicant: Mapped[Applicant] = relationship(back_populates="applications")
    permit: Mapped[Permit | None] = relationship(back_populates="application")


class Permit(Base):
    """The right to print one document once."""

    __tablename__ = "permit"

    permit_id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.application_id"), unique=True)
    nik: Mapped[str] = mapped_column(ForeignKey("applicant.nik"), index=True)
    document: Mapped[str]
    medium: Mapped[str]
    title: Mapped[str]
    holder: Mapped[str]  # masked
    pages: Mapped[int | None]
    state: Mapped[PermitState] = mapped_column(default=PermitState.READY)
    active: Mapped[bool] = mapped_column(
        default=True
    )  # the registry's word; looked at when a kiosk claims, not earlier
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    content_key: Mapped[bytes] = mapped_column(LargeBinary)  # 32 bytes
    bundle_size: Mapped[int]
    bundle_sha256: Mapped[str]
    held: Mapped[bool] = mapped_column(default=True)  # kiosks should hold its bundle
    priority: Mapped[str | None] = mapped_column(default=None)  # urgent | first; None: an ordinary one
    applicant: Mapped[Applicant] = relationship(back_populates="permits")
    application: Mapped[Application] = relationship(back_populates="permit")
    bundle: Mapped[Bundle] = relationship(back_populates="permit", cascade="all, delete-orphan")
    attempts: Mapped[list[Attempt]] = relationship(back_populates="permit", order_by="Attempt.claimed_at")


class Bundle(Base):
    """The sealed content of a permit, a JWE in compact form; apart from Permit so that lists do not drag it along."""

    __tablename__ = "bundle"

    permit_id: Mapped[str] = mapped_column(ForeignKey("permit.permit_id"), primary_key=True)
    jwe: Mapped[bytes] = mapped_column(LargeBinary)
    permit: Mapped[Permit] = relationship(back_populates="bundle")


class BundleChange(Base):
    """What kiosks must do to hold what they should; ``seq`` is in the cursor."""

    __tablename__ = "bundle_change"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it so; a seq must never come twice

    seq: Mapped[int] = mapped_column(primary_key=True)
    permit_id: Mapped[str]
    document: Mapped[str]
    op: Mapped[str]  # put | drop
    size: Mapped[int | None]
    sha256: Mapped[str | None]


class Attempt(Base):
    """One try of one kiosk at one permit. Without a permit: not_printed came for a claim that was lost on the way."""

    __tablename__ = "attempt"

    attempt_id: Mapped[str] = mapped_column(primary_key=True)
    permit_id: Mapped[str | None] = mapped_column(ForeignKey("permit.permit_id"), index=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.kiosk_id"))
    medium: Mapped[str | None]
    claimed_at: Mapped[datetime]
    report_by: Mapped[datetime | None]
    outcome: Mapped[OutcomeKind | None]
    outcome_at: Mapped[datetime | None]  # when it happened, by the kiosk's clock
    told_at: Mapped[datetime | None]  # when the Dinas heard of it
    reason: Mapped[str | None]
    blank: Mapped[str | None]
    settled_by: Mapped[str | None]
    needs_chip: Mapped[bool] = mapped_column(default=False)
    chip_written: Mapped[bool] = mapped_column(default=False)
    chip: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # the relay so far: atr, posted, answered
    permit: Mapped[Permit | None] = relationship(back_populates="attempts")


class Login(Base):
    """A session of an applicant at one kiosk. Only the hash of its token is kept."""

    __tablename__ = "login"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    nik: Mapped[str] = mapped_column(ForeignKey("applicant.nik"))
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.kiosk_id"))
    expires_at: Mapped[datetime]
    assisted_by: Mapped[str | None]
    applicant: Mapped[Applicant] = relationship()


class AuditEntry(Base):
    """One entry of a kiosk's hash chain, as it was handed over."""

    __tablename__ = "audit_entry"

    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.kiosk_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    event: Mapped[str]
    data: Mapped[dict[str, Any]]
    prev: Mapped[str]
    hash: Mapped[str]


class DeskEvent(Base):
    """What was done at the Dinas' own desk, by whom: names a permit or an application, never a NIK or a name."""

    __tablename__ = "desk_event"

    event_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]


class Note(Base):
    """Small values of the Dinas itself, such as how far back the bundle changes reach."""

    __tablename__ = "note"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def open_database(path: Path) -> Engine:
    """Open, and make at the first start, the Dinas' database file."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 20})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; _begin does
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    Base.metadata.create_all(engine)
    return engine
