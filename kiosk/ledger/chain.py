"""The audit log as a hash chain with signed heads, to the letter of the contract's /v1/audit."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from kiosk.dinas.contract import AuditEntry
from kiosk.ledger.chain_rows import BEGINNING, START, Broken, Checker, Row, Tip, canonical, entry_hash
from kiosk.ledger.errors import LedgerUnusableError

__all__ = ["BEGINNING", "Broken", "HeadSigner", "entry_hash", "next_entry", "row_of", "verify"]

_AT_ONCE = 1000


def next_entry(last: Tip | None, at: str, event: str, data: dict[str, Any]) -> AuditEntry:
    """The entry that follows ``last`` (its seq and hash; None: this is the first)."""
    seq, prev = last or START
    return AuditEntry(seq + 1, at, event, data, prev, entry_hash(seq + 1, at, event, data, prev))


def row_of(entry: AuditEntry) -> Row:
    """As a row of table ``audit``. ``data`` is stored in its RFC 8785 form, which makes the chain fast to check."""
    return (entry.seq, entry.at, entry.event, canonical(entry.data), entry.prev, entry.hash)


def verify(entries: Iterable[AuditEntry], witnessed: Tip | None = None) -> Broken | None:
    """Check a whole chain from its first entry; None if it holds.

    ``witnessed`` is seq and hash of a head that somebody else keeps (the Dinas): without it a tail that was cut off or
    written anew cannot be seen.
    """
    checker, rest = Checker(heads=dict([witnessed]) if witnessed else None), iter(entries)
    while some := [row_of(entry) for entry in islice(rest, _AT_ONCE)]:
        if broken := checker.take(some):
            return broken
    return checker.end()


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
