"""The Dinas API as types (docs/contracts/dinas-api.yaml): what the kiosk sends and what it understands of the answers.

Members that the kiosk does not know are ignored, and an unknown problem type is treated by its status, as the contract
asks.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import msgspec


class PermitState(enum.StrEnum):
    READY = "ready"
    CLAIMED = "claimed"
    PRINTED = "printed"
    SUSPECT = "suspect"
    SUPERSEDED = "superseded"
    COURIER = "courier"
    OFFICE = "office"


class OutcomeKind(enum.StrEnum):
    """How an attempt ended, for the Dinas. Only unknown can be replaced later."""

    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    SPOILED = "spoiled"
    UNKNOWN = "unknown"


class BundleRef(msgspec.Struct, frozen=True):
    size: int
    sha256: str


class Courier(msgspec.Struct, frozen=True):
    to: str | None = None
    next_run: str | None = None  # ISO date


class Office(msgspec.Struct, frozen=True):
    at: str | None = None
    needs: str | None = None


class OtherKiosk(msgspec.Struct, frozen=True):
    name: str | None = None
    address: str | None = None
    ready: bool | None = None


class Delivery(msgspec.Struct, frozen=True):
    courier: Courier | None = None
    office: Office | None = None
    other_kiosks: tuple[OtherKiosk, ...] = ()


class Permit(msgspec.Struct, frozen=True):
    """The right to print one document once."""

    permit_id: str
    document: str
    medium: str  # "card" or "a4"
    title: str
    holder: str
    state: PermitState
    bundle: BundleRef
    expires_at: datetime | None = None
    pages: int | None = None
    delivery: Delivery | None = None
    priority: str | None = None  # "urgent" or "first" (a person's first card); our own addition to the contract

    @property
    def cannot_wait(self) -> bool:
        """Whether the reserve of blanks is there for it."""
        return self.priority in ("urgent", "first")


class Applicant(msgspec.Struct, frozen=True):
    name: str


class Session(msgspec.Struct, frozen=True):
    session_token: str
    expires_at: datetime
    applicant: Applicant
    permits: tuple[Permit, ...]


class SiteInfo(msgspec.Struct, frozen=True):
    name: str | None = None
    address: str | None = None
    wilayah: str | None = None


class KioskInfo(msgspec.Struct, frozen=True):
    kiosk_id: str
    site: SiteInfo
    time: datetime
    documents: tuple[str, ...] | None = None
    daily_card_limit: int | None = None


class ContentKey(msgspec.Struct, frozen=True):
    """JWK of a bundle; lives in memory for the length of one attempt."""

    kty: str
    k: str


class Claim(msgspec.Struct, frozen=True):
    attempt_id: str
    permit_id: str
    content_key: ContentKey
    report_by: datetime
    personalization: bool = False


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    outcome: OutcomeKind
    at: datetime
    reason: str | None = None
    blank: str | None = None
    settled_by: str | None = None


class BundleChange(msgspec.Struct, frozen=True):
    permit_id: str
    op: str  # "put" or "drop"
    size: int | None = None
    sha256: str | None = None


class BundleChanges(msgspec.Struct, frozen=True):
    changes: tuple[BundleChange, ...]
    next: str


class ChipStep(msgspec.Struct, frozen=True):
    """What to send to the chip next; hex strings."""

    done: bool
    commands: tuple[str, ...]
    ok: bool | None = None


class Revocations(msgspec.Struct, frozen=True):
    crls: tuple[str, ...]  # base64 of DER


class AuditEntry(msgspec.Struct, frozen=True):
    seq: int
    at: str
    event: str
    data: dict[str, Any]
    prev: str
    hash: str


class AuditTaken(msgspec.Struct, frozen=True):
    up_to: int
    witness: str | None = None


class ProblemType(enum.StrEnum):
    CREDENTIALS = "problems/credentials"
    SESSION_EXPIRED = "problems/session-expired"
    LOCKED = "problems/locked"
    PIN_EXPIRED = "problems/pin-expired"
    BUSY = "problems/busy"
    NOT_READY = "problems/not-ready"
    CLAIMED_ELSEWHERE = "problems/claimed-elsewhere"
    SPENT = "problems/spent"
    SUPERSEDED = "problems/superseded"
    EXPIRED = "problems/expired"
    ATTEMPT_CLOSED = "problems/attempt-closed"
    NOT_ALLOWED_HERE = "problems/not-allowed-here"
    UNKNOWN_PERMIT = "problems/unknown-permit"
    UNKNOWN_ATTEMPT = "problems/unknown-attempt"
    OUTCOME_CONFLICT = "problems/outcome-conflict"
    NOT_PERSONALIZED = "problems/not-personalized"
    AUDIT_GAP = "problems/audit-gap"
    AUDIT_CONFLICT = "problems/audit-conflict"
    CURSOR = "problems/cursor"
    INVALID = "problems/invalid"
    KIOSK_DISABLED = "problems/kiosk-disabled"
    OTHER = "other"  # a type that this kiosk does not know: go by the status


class Problem(msgspec.Struct, frozen=True):
    """An RFC 9457 problem as it came."""

    type: str = "about:blank"
    title: str = ""
    status: int = 0
    attempts_left: int | None = None
    retry_after_s: int | None = None
    up_to: int | None = None


class DinasError(Exception):
    """The Dinas did not do what it was asked."""


class DinasAwayError(DinasError):
    """No answer, or none that can be understood: what was asked may or may not have happened."""


class DinasProblemError(DinasError):
    """The Dinas answered no; ``kind`` says why."""

    def __init__(self, problem: Problem, kind: ProblemType, status: int) -> None:
        super().__init__(f"{status} {problem.type}")
        self.problem = problem
        self.kind = kind
        self.status = status
