"""The audit chain of a kiosk, taken over in order and without gaps, and witnessed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from hardware_sim.dinas.ca import Signer
from hardware_sim.dinas.model import AuditEntry
from hardware_sim.dinas.problems import ProblemError, ProblemKind

BEGINNING = "0" * 64  # prev of the first entry
_HEADS = jws.JWSRegistry(algorithms=["ES256"])
_HEADS.max_header_length = 16384  # joserfc's 512 are too few for a kiosk that puts its certificate into x5c


@dataclass(frozen=True)
class Entry:
    """One entry as it was handed over."""

    seq: int
    at: str
    event: str
    data: dict[str, Any]
    prev: str
    hash: str


@dataclass(frozen=True)
class Taken:
    up_to: int
    witness: str


def entry_hash(entry: Entry) -> str:
    """Lower-case hex SHA-256 over the RFC 8785 form of {seq, at, event, data, prev}."""
    hashed: dict[str, Any] = {
        "seq": entry.seq,
        "at": entry.at,
        "event": entry.event,
        "data": entry.data,
        "prev": entry.prev,
    }
    try:
        return hashlib.sha256(rfc8785.dumps(hashed)).hexdigest()
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise ProblemError(ProblemKind.INVALID, "an entry has no RFC 8785 form") from error


def take(
    session: Session, kiosk_id: str, entries: Sequence[Entry], head: str, certificate: bytes, witness: Signer
) -> Taken:
    """Check and keep; all of a batch or nothing of it. The head must be the last entry's, signed by the kiosk."""
    last = session.scalar(
        select(AuditEntry).where(AuditEntry.kiosk_id == kiosk_id).order_by(AuditEntry.seq.desc()).limit(1)
    )
    up_to, tip = (last.seq, last.hash) if last else (0, BEGINNING)
    known_up_to = up_to
    for entry in entries:
        if entry.seq > up_to + 1:
            raise ProblemError(ProblemKind.AUDIT_GAP, up_to=known_up_to)
        if entry.hash != entry_hash(entry):
            raise ProblemError(ProblemKind.AUDIT_CONFLICT, "the hash is not that of the entry")
        if entry.seq <= up_to:
            known = session.get(AuditEntry, (kiosk_id, entry.seq))
            if known is None or known.hash != entry.hash:
                raise ProblemError(ProblemKind.AUDIT_CONFLICT)
            continue
        if entry.prev != tip:
            raise ProblemError(ProblemKind.AUDIT_CONFLICT, "the chain does not go on from what is known")
        session.add(
            AuditEntry(
                kiosk_id=kiosk_id,
                seq=entry.seq,
                at=entry.at,
                event=entry.event,
                data=entry.data,
                prev=entry.prev,
                hash=entry.hash,
            )
        )
        up_to, tip = entry.seq, entry.hash
    expected = (entries[-1].seq, entries[-1].hash) if entries else (up_to, tip)
    payload = _check_head(head, kiosk_id, expected, certificate)
    return Taken(up_to, _sign(payload, witness))


def _check_head(head: str, kiosk_id: str, expected: tuple[int, str], certificate: bytes) -> bytes:
    """The payload of the head, after its signature was checked with the key of the client certificate."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        payload = jws.deserialize_compact(head, ECKey.import_key(pem), registry=_HEADS).payload
        claims = json.loads(payload)
    except (JoseError, ValueError) as error:
        raise ProblemError(ProblemKind.INVALID, "the head is not signed by this kiosk") from error
    if not isinstance(claims, dict) or (claims.get("kiosk"), claims.get("seq"), claims.get("hash")) != (
        kiosk_id,
        *expected,
    ):
        raise ProblemError(ProblemKind.INVALID, "the head is not that of the last entry")
    return payload


def _sign(payload: bytes, witness: Signer) -> str:
    header = {"alg": "ES256", "x5c": [base64.b64encode(witness.certificate_der).decode()]}
    return jws.serialize_compact(header, payload, ECKey.import_key(witness.key_pem))
