"""The problems of the contract: literal types with their status."""

from __future__ import annotations

import enum
from typing import Any

MEDIA_TYPE = "application/problem+json"


class ProblemKind(enum.Enum):
    """Type without its prefix, status, title (for people who read logs; clients never decide by it)."""

    CREDENTIALS = ("credentials", 401, "NIK or PIN is wrong")
    SESSION_EXPIRED = ("session-expired", 401, "No such session now")
    LOCKED = ("locked", 423, "Too many tries")
    PIN_EXPIRED = ("pin-expired", 410, "The PIN is too old")
    BUSY = ("busy", 503, "Try again later")
    NOT_READY = ("not-ready", 409, "The permit is not ready")
    CLAIMED_ELSEWHERE = ("claimed-elsewhere", 409, "Another kiosk has claimed the permit")
    SPENT = ("spent", 409, "The document was printed")
    SUPERSEDED = ("superseded", 410, "The document is no longer the active one")
    EXPIRED = ("expired", 410, "The permit has expired")
    ATTEMPT_CLOSED = ("attempt-closed", 409, "The attempt has ended")
    NOT_ALLOWED_HERE = ("not-allowed-here", 403, "This kiosk may not print it, or not today")
    UNKNOWN_PERMIT = ("unknown-permit", 404, "No such permit")
    UNKNOWN_ATTEMPT = ("unknown-attempt", 404, "No such attempt")
    OUTCOME_CONFLICT = ("outcome-conflict", 409, "Another outcome is known")
    NOT_PERSONALIZED = ("not-personalized", 409, "The chip is not written")
    AUDIT_GAP = ("audit-gap", 409, "Entries are missing")
    AUDIT_CONFLICT = ("audit-conflict", 409, "The entries differ from what is known")
    CURSOR = ("cursor", 410, "The cursor is too old")
    INVALID = ("invalid", 422, "The request is not as the contract asks")
    KIOSK_DISABLED = ("kiosk-disabled", 403, "This kiosk may not ask")

    @property
    def type(self) -> str:
        return f"problems/{self.value[0]}"

    @property
    def status(self) -> int:
        return self.value[1]

    @property
    def title(self) -> str:
        return self.value[2]


class ProblemError(Exception):
    """The Dinas says no. Extra members such as attempts_left are given by name."""

    def __init__(self, kind: ProblemKind, detail: str | None = None, **members: int) -> None:
        super().__init__(kind.type)
        self.kind = kind
        self.detail = detail
        self.members = members

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"type": self.kind.type, "title": self.kind.title, "status": self.kind.status}
        if self.detail:
            body["detail"] = self.detail
        return body | self.members

    def headers(self) -> dict[str, str]:
        """Retry-After says the same as retry_after_s."""
        wait = self.members.get("retry_after_s")
        return {} if wait is None else {"Retry-After": str(wait)}
