"""The audit chain, its heads, and its events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rfc8785
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from kiosk.dinas.contract import AuditEntry
from kiosk.ledger import chain, event_docs, events
from kiosk.ledger.errors import LedgerUnusableError
from kiosk.ledger.ledger import Ledger

DOCS = Path(__file__).parents[3] / "docs" / "audit-events.md"


def made(number: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for n in range(number):
        tip = (entries[-1].seq, entries[-1].hash) if entries else None
        entries.append(chain.next_entry(tip, f"2026-03-02T08:00:{n:02}Z", "logged-out", {"actor": "applicant"}))
    return entries


async def test_entries_hash_as_the_contract_says(ledger: Ledger) -> None:
    await ledger.record(events.KioskStarted(actor=events.system("engine"), version="0.1.0"))
    await ledger.record(events.NikRefused(actor=events.APPLICANT, fault="date"))
    first, second = await ledger.audit_entries(0, 10)
    assert (first.seq, first.prev, second.seq, second.prev) == (1, "0" * 64, 2, first.hash)
    for entry in (first, second):
        hashed = {"seq": entry.seq, "at": entry.at, "event": entry.event, "data": entry.data, "prev": entry.prev}
        assert entry.hash == hashlib.sha256(rfc8785.dumps(hashed)).hexdigest()
        assert entry.at.endswith("Z")
    assert first.data == {"actor": "system:engine", "version": "0.1.0"}
    assert await ledger.verify_audit() is None


CHANGES: dict[str, Callable[[list[AuditEntry]], list[AuditEntry]]] = {
    "edited": lambda e: [*e[:2], msgspec.structs.replace(e[2], data={"actor": "operator:x"}), *e[3:]],
    "edited and hashed anew": lambda e: [*e[:2], chain.next_entry((2, e[1].hash), "later", "x", {}), *e[3:]],
    "deleted": lambda e: [*e[:2], *e[3:]],
    "first deleted": lambda e: e[1:],
    "inserted": lambda e: [*e[:3], e[2], *e[3:]],
    "swapped": lambda e: [e[0], e[2], e[1], *e[3:]],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_tampering_is_found(change: Callable[[list[AuditEntry]], list[AuditEntry]]) -> None:
    entries = made(6)
    assert chain.verify(entries) is None
    assert chain.verify(change(entries)) is not None


def test_a_tail_that_was_cut_or_written_anew_is_found_with_the_witnessed_head() -> None:
    entries = made(6)
    head = (entries[-1].seq, entries[-1].hash)
    assert chain.verify(entries, head) is None
    cut = entries[:4]
    assert chain.verify(cut) is None  # by itself it holds
    assert chain.verify(cut, head) == chain.Broken(6, "was witnessed and is missing")
    anew = list(cut)
    for _ in range(3):
        anew.append(chain.next_entry((anew[-1].seq, anew[-1].hash), "later", "logged-out", {"actor": "applicant"}))
    assert chain.verify(anew) is None
    assert chain.verify(anew, head) is not None


@given(st.integers(0, 5), st.sampled_from(["seq", "at", "event", "prev", "hash"]), st.integers(0, 2**32))
def test_any_changed_member_is_found(which: int, member: str, value: int) -> None:
    entries = made(6)
    other: Any = value if member == "seq" else f"{value:064x}"
    changed = msgspec.structs.replace(entries[which], **{member: other})
    if changed != entries[which]:
        assert chain.verify([*entries[:which], changed, *entries[which + 1 :]]) is not None


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_a_head_is_signed_with_the_client_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    last = made(3)[-1]
    head = chain.HeadSigner("adm-tuban-01", pem(key)).sign(last)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    signed = jws.deserialize_compact(head, ECKey.import_key(public), algorithms=["ES256"])
    assert json.loads(signed.payload) == {"kiosk": "adm-tuban-01", "seq": 3, "hash": last.hash, "at": last.at}


def test_a_key_that_cannot_sign_es256_is_refused_at_once() -> None:
    with pytest.raises(LedgerUnusableError, match="P-256"):
        chain.HeadSigner("adm-tuban-01", pem(ec.generate_private_key(ec.SECP384R1())))
    with pytest.raises(LedgerUnusableError, match="P-256"):
        chain.HeadSigner("adm-tuban-01", b"no key")


def test_the_page_of_events_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == event_docs.document(), (
        "renew it: python -m kiosk.ledger.event_docs docs/audit-events.md"
    )


def test_every_event_is_listed_has_a_sentence_and_names_its_actor() -> None:
    assert set(events.EVENTS) == set(events.Event.__subclasses__())
    names = [event.__struct_config__.tag for event in events.EVENTS]
    assert len(set(names)) == len(names)
    for event in events.EVENTS:
        assert (event.__doc__ or "").endswith(".")
        assert msgspec.structs.fields(event)[0].name == "actor"


@pytest.mark.parametrize("value", ["3523160101900001", "Siti Aminah", "", "x" * 80, "3523160101900001-kk"])
async def test_personal_data_does_not_fit_into_an_event(ledger: Ledger, value: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        await ledger.record(events.NikRefused(actor=events.APPLICANT, fault=value))
    with pytest.raises(msgspec.ValidationError):
        await ledger.record(events.PinRequested(actor=value))
    assert await ledger.audit_entries(0, 10) == []


@given(st.text(max_size=100))
def test_any_reason_becomes_a_code(text: str) -> None:
    assert msgspec.convert(events.code(text), events.Code)
