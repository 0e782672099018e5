"""Whatever is handed in, nothing but the errors of the house comes out."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_dinas import card_payload, party, plain_pdf, revocation_list, seal, sign_card, sign_pdf

from kiosk.dinas.contract import Claim, ContentKey, DinasAwayError, DinasProblemError, Session
from kiosk.dinas.wire import decode, problem_error
from kiosk.documents.bundle import open_bundle
from kiosk.documents.card_check import CardContent, check_card
from kiosk.documents.card_faces import draw_face
from kiosk.documents.card_layout import load_layout
from kiosk.documents.pdf_check import check_pdf
from kiosk.documents.prepared import DocumentError

PERMIT = "0197a3f2-5b1c-7d60-8f3e-0123456789ab"
KEY = bytes(range(32))
CONTENT_KEY = ContentKey("oct", base64.urlsafe_b64encode(KEY).rstrip(b"=").decode())
ROOT = party("Akar Uji (SPESIMEN)")
SIGNER = party("Kepala Dinas Uji", ROOT)
LISTS = [revocation_list(ROOT)]
PDF = sign_pdf(plain_pdf(), SIGNER)
GAP = [int(number) for number in re.findall(rb"/ByteRange \[0 (\d+) (\d+) ", PDF)[0]]  # between the signed bytes
JWS = sign_card(card_payload(PERMIT), SIGNER)
JWE = seal(b"isi", PERMIT, KEY)
SESSION = b'{"session_token":"t","expires_at":"2026-11-24T03:00:00Z","applicant":{"name":"S"},"permits":[]}'

some = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def spoiled(draw: st.DrawFn, good: bytes) -> bytes:
    """The good bytes with a few cut out, put in or changed."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 1, 2, 30, 1000])))
        data[start:end] = draw(st.binary(max_size=12) | st.sampled_from([b"[" * 3000, b"<<" * 500, b"9" * 400]))
    return bytes(data)


@some
@given(st.binary(max_size=200) | spoiled(SESSION) | JSON.map(lambda value: json.dumps(value).encode()))
def test_answers(content: bytes) -> None:
    for kind in (Session, Claim):
        with contextlib.suppress(DinasAwayError):
            assert isinstance(decode(content, kind), kind)


@some
@given(
    st.integers(400, 599),
    JSON.map(lambda value: json.dumps(value).encode())
    | st.binary(max_size=100)
    | st.fixed_dictionaries({"type": st.text(), "title": st.text(), "status": st.integers()}, optional={
        "retry_after_s": JSON, "attempts_left": JSON,
    }).map(lambda value: json.dumps(value).encode()),
    st.text(max_size=20),
)  # fmt: skip
def test_problems(status: int, content: bytes, retry_after: str) -> None:
    error = problem_error(status, content, {"Retry-After": retry_after})
    assert isinstance(error, DinasProblemError)
    assert error.status == status
    assert "\n" not in str(error)
    assert (error.problem.retry_after_s or 0) >= 0


@some
@given(st.binary(max_size=200) | spoiled(JWE) | JSON.map(lambda value: b".".join(
    (base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"="), *JWE.split(b".")[1:])
)))  # fmt: skip
def test_bundles(sealed: bytes) -> None:
    with contextlib.suppress(DocumentError):
        assert open_bundle(sealed, CONTENT_KEY, PERMIT).content == b"isi"


@pytest.mark.parametrize("depth", [900, 5_000, 20_000, 100_000])
@pytest.mark.parametrize("nest", [b"[", b'{"alg":'])
def test_headers_nested_too_deep(depth: int, nest: bytes) -> None:
    head = base64.urlsafe_b64encode(nest * depth).rstrip(b"=")
    with pytest.raises(DocumentError):
        open_bundle(head + b"." + JWE.split(b".", 1)[1], CONTENT_KEY, PERMIT)
    signed = head + b"." + JWS.split(b".", 1)[1]
    with pytest.raises(DocumentError):
        asyncio.run(check_card(signed, [ROOT.asn1], LISTS, permit_id=PERMIT, document="ktp-el"))


def test_a_content_nested_too_deep() -> None:
    signed = sign_card(b'{"permit_id":' * 50_000, SIGNER)
    with pytest.raises(DocumentError):
        asyncio.run(check_card(signed, [ROOT.asn1], LISTS, permit_id=PERMIT, document="ktp-el"))


@some
@given(st.text(max_size=60), st.text(max_size=10))
def test_keys(k: str, kty: str) -> None:
    with contextlib.suppress(DocumentError):
        open_bundle(JWE, ContentKey(kty, k), PERMIT)


def _headed(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=") + b"." + JWS.split(b".", 1)[1]


@some
@given(
    st.binary(max_size=200)
    | spoiled(JWS)
    | JSON.map(_headed)
    | JSON.map(lambda value: _headed({"alg": "ES256", "x5c": value}))
    | st.binary(max_size=50).map(lambda der: _headed({"alg": "ES256", "x5c": [base64.b64encode(der).decode()]}))
)
def test_cards(signed: bytes) -> None:
    with contextlib.suppress(DocumentError):
        found = asyncio.run(check_card(signed, [ROOT.asn1], LISTS, permit_id=PERMIT, document="ktp-el"))
        assert isinstance(found, CardContent)


@some
@given(JSON | st.fixed_dictionaries({"permit_id": st.just(PERMIT), "document": st.just("ktp-el"), "fields": JSON},
                                    optional={"photo": JSON, "signature": JSON}))  # fmt: skip
def test_signed_contents_that_are_none(payload: object) -> None:
    signed = sign_card(json.dumps(payload).encode(), SIGNER)
    with contextlib.suppress(DocumentError):
        asyncio.run(check_card(signed, [ROOT.asn1], LISTS, permit_id=PERMIT, document="ktp-el"))


@settings(some, max_examples=60)
@given(st.dictionaries(st.sampled_from(["nama", "alamat", "nik", "tempat_lahir"]), st.text(max_size=200)))
def test_any_text_can_be_drawn(fields: dict[str, str]) -> None:
    layout = load_layout(Path(__file__).parents[3] / "config" / "card_layouts" / "ktp-el.toml")
    assert draw_face(CardContent(fields), layout, (1016, 638)).size == (1016, 638)


@settings(some, max_examples=100)
@given(spoiled(PDF))
def test_documents(pdf: bytes) -> None:
    with contextlib.suppress(DocumentError):
        asyncio.run(check_pdf(pdf, [ROOT.asn1], LISTS, 2))
        # What passes is what was signed: only the room around the signature itself, which no PDF signature covers, may
        # differ (found by this test: a blank among the zeros that fill it up).
        assert (pdf[: GAP[0]], pdf[GAP[1] :]) == (PDF[: GAP[0]], PDF[GAP[1] :])
