"""The audit log as a hash chain with signed heads, to the letter of the contract's /v1/audit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from kiosk.dinas.contract import AuditEntry
from kiosk.ledger.errors import LedgerUnusableError

BEGINNING = "0" * 64
"""``prev`` of the first entry."""


def entry_hash(seq: int, at: str, event: str, data: dict[str, Any], prev: str) -> str:
    """Lower-case hex SHA-256 over the RFC 8785 form of {seq, at, event, data, prev}."""
    return hashlib.sha256(rfc8785.dumps({"seq": seq, "at": at, "event": event, "data": data, "prev": prev})).hexdigest()


def next_entry(last: tuple[int, str] | None, at: str, event: str, data: dict[str, Any]) -> AuditEntry:
    """The entry that follows ``last`` (its seq and hash; None: this is the first)."""
    seq, prev = (last[0] + 1, last[1]) if last else (1, BEGINNING)
    return AuditEntry(seq, at, event, data, prev, entry_hash(seq, at, event, data, prev))


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and why."""

    seq: int
    why: str


def verify(entries: Iterable[AuditEntry], witnessed: tuple[int, str] | None = None) -> Broken | None:
    """Check a whole chain from its first entry; None if it holds.

    ``witnessed`` is seq and hash of a head that somebody else keeps (the Dinas): without it a tail that was cut off or
    written anew cannot be seen.
    """
    seq, tip = 0, BEGINNING
    for entry in entries:
        if entry.seq != seq + 1:
            return Broken(entry.seq, f"follows entry {seq}")
        if entry.prev != tip:
            return Broken(entry.seq, "does not go on from the entry before")
        if entry.hash != entry_hash(entry.seq, entry.at, entry.event, entry.data, entry.prev):
            return Broken(entry.seq, "was changed: its hash is another one")
        seq, tip = entry.seq, entry.hash
        if witnessed and seq == witnessed[0] and tip != witnessed[1]:
            return Broken(seq, "is not the one that was witnessed")
    if witnessed and seq < witnessed[0]:
        return Broken(witnessed[0], "was witnessed and is missing")
    return None


class HeadSigner:
    """Signs heads with the kiosk's client key (ES256)."""

    def __init__(self, kiosk_id: str, key_pem: bytes) -> None:
        """Raises LedgerUnusableError when the key cannot sign ES256."""
        self._kiosk_id = kiosk_id
        try:
            self._key = ECKey.import_key(key_pem)
            self.sign(AuditEntry(1, "", "", {}, BEGINNING, BEGINNING))
        except (JoseError, ValueError, TypeError) as error:
            raise LedgerUnusableError("the kiosk's client key cannot sign audit heads; expected a P-256 key") from error

    @classmethod
    def from_file(cls, kiosk_id: str, key: Path) -> HeadSigner:
        """With the key of the client certificate, a PEM file. Raises LedgerUnusableError."""
        try:
            return cls(kiosk_id, key.read_bytes())
        except OSError as error:
            raise LedgerUnusableError(f"{key}: cannot be read ({error.strerror})") from error

    def sign(self, last: AuditEntry) -> str:
        """The head whose last entry this is, as a JWS in compact form over {kiosk, seq, hash, at}."""
        payload = rfc8785.dumps({"kiosk": self._kiosk_id, "seq": last.seq, "hash": last.hash, "at": last.at})
        return jws.serialize_compact({"alg": "ES256"}, payload, self._key)
