"""A bundle opens with its own key and for its own permit only."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from small_dinas import seal

from kiosk.dinas.contract import ContentKey
from kiosk.documents.bundle import ContentType, open_bundle
from kiosk.documents.prepared import DocumentError

PERMIT = "0197a3f2-5b1c-7d60-8f3e-0123456789ab"
OTHER = "0197a3f2-5b1c-7d60-8f3e-ba9876543210"
KEY = bytes(range(32))


def content_key(key: bytes = KEY) -> ContentKey:
    return ContentKey(kty="oct", k=base64.urlsafe_b64encode(key).rstrip(b"=").decode())


def reason(sealed: bytes, key: ContentKey | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        open_bundle(sealed, key or content_key(), PERMIT)
    return caught.value.reason


def test_what_was_sealed_comes_out() -> None:
    opened = open_bundle(seal(b"%PDF-1.7 isi", PERMIT, KEY), content_key(), PERMIT)

    assert (opened.kind, opened.content) == (ContentType.PDF, b"%PDF-1.7 isi")
    assert b"isi" not in repr(opened).encode()


def test_a_bundle_of_another_permit_is_refused() -> None:
    assert reason(seal(b"isi", OTHER, KEY)) == "wrong-permit"


def test_another_key_opens_nothing() -> None:
    assert reason(seal(b"isi", PERMIT, KEY), content_key(bytes(32))) == "cannot-open"


def test_a_changed_byte_opens_nothing() -> None:
    head, key, nonce, text, tag = seal(b"isi dokumen", PERMIT, KEY).split(b".")
    changed = (b"B" if text[:1] == b"A" else b"A") + text[1:]

    assert reason(b".".join((head, key, nonce, changed, tag))) == "cannot-open"


def test_the_header_counts_as_content() -> None:
    head, *rest = seal(b"isi", OTHER, KEY).split(b".")
    claims = json.loads(base64.urlsafe_b64decode(head + b"=" * (-len(head) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "kid": PERMIT}).encode()).rstrip(b"=")

    assert reason(b".".join((forged, *rest))) == "cannot-open"


@pytest.mark.parametrize("header", [{"alg": "A256KW"}, {"enc": "A128CBC-HS256"}])
def test_other_algorithms_are_refused(header: dict[str, str]) -> None:
    assert reason(seal(b"isi", PERMIT, KEY, **header)) == "cannot-open"


def test_content_of_a_kind_that_is_not_known_is_refused() -> None:
    assert reason(seal(b"isi", PERMIT, KEY, cty="text/html")) == "unknown-content"


@pytest.mark.parametrize("junk", [b"", b"....", b"a.b.c.d.e", b"\xff\xfe", b"{}"])
def test_what_is_no_jwe_is_refused(junk: bytes) -> None:
    assert reason(junk) == "cannot-open"


def test_packed_content_is_refused() -> None:
    """A few kilobytes of DEFLATE could become gigabytes, in the engine's own process."""
    assert reason(by_hand({"zip": "DEF"})) == "cannot-open"


def test_what_must_be_understood_and_is_not_is_refused_and_the_rest_passed_over() -> None:
    head, *rest = seal(b"isi", PERMIT, KEY, later="x").split(b".")
    assert open_bundle(b".".join((head, *rest)), content_key(), PERMIT).content == b"isi"
    assert reason(by_hand({"crit": ["later"], "later": "x"})) == "cannot-open"


def by_hand(more: dict[str, object]) -> bytes:
    """A JWE (RFC 7516) with a header that no library would write."""
    header = {"alg": "dir", "enc": "A256GCM", "kid": PERMIT, "cty": "application/pdf", **more}
    head, nonce = b64(json.dumps(header).encode()), bytes(12)
    sealed = AESGCM(KEY).encrypt(nonce, b"isi", head)
    return b".".join((head, b"", b64(nonce), b64(sealed[:-16]), b64(sealed[-16:])))


def b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
