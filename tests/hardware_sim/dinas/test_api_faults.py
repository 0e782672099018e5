"""What scenarios switch on: an office that is away, answers that are lost, bundles that are bad."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from hardware_sim.dinas.samples.signing import asn1_certificate
from hardware_sim.dinas.testing import open_bundle

BIG = 16384


@pytest.fixture(autouse=True)
def _mended(api: Any) -> Any:
    yield
    api.do("back")
    api.do("clear_faults")


@pytest.mark.parametrize(("mode", "error"), [("refuse", requests.ConnectionError), ("hang", requests.Timeout)])
def test_the_office_can_be_away_and_come_back_on_the_same_port(api: Any, mode: str, error: type[Exception]) -> None:
    assert api.kiosk.ask("GET /v1/kiosk").status_code == 200

    api.do("away", mode=mode)

    with pytest.raises(error):
        api.kiosk.http.get(api.kiosk.base + "/v1/kiosk", timeout=(1, 1))
    api.do("back")
    assert api.kiosk.ask("GET /v1/kiosk").status_code == 200


def test_refusing_turns_into_hanging(api: Any) -> None:
    api.do("away", mode="refuse")
    api.do("away", mode="hang")

    with pytest.raises(requests.Timeout):
        api.kiosk.http.get(api.kiosk.base + "/v1/kiosk", timeout=(1, 1))


def test_a_lost_answer_did_what_was_asked(api: Any) -> None:
    prepared, attempt_id = api.prepare(), str(uuid.uuid4())
    token = api.kiosk.log_in(prepared)
    api.do("fault", kind="lose", method="PUT", path="/attempts/")

    with pytest.raises(requests.ConnectionError):
        api.kiosk.claim(token, prepared.permit_id, attempt_id)

    assert api.kiosk.state(token, prepared.permit_id) == "claimed"
    assert api.kiosk.claim(token, prepared.permit_id, attempt_id).status_code == 200


def test_a_bundle_that_breaks_off_goes_on_where_it_was(api: Any) -> None:
    path = f"/v1/bundles/{api.prepare().permit_id}"
    whole = api.kiosk.ask(f"GET {path}").content
    api.do("fault", kind="cut", path="/v1/bundles/", after_bytes=20000)
    broken = api.kiosk.ask(f"GET {path}", stream=True)
    got = broken.raw.read(20000)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        broken.raw.read(1)
    assert len(got) == 20000

    rest = api.kiosk.ask(f"GET {path}", headers={"Range": f"bytes={len(got)}-"})

    assert got + rest.content == whole


def test_busy_says_how_long(api: Any) -> None:
    api.do("fault", kind="busy", times=2)

    for _ in range(2):
        answer = api.kiosk.ask("GET /v1/kiosk")
        assert (answer.status_code, answer.json()["type"]) == (503, "problems/busy")
        assert answer.headers["Retry-After"] == str(answer.json()["retry_after_s"])
    assert api.kiosk.ask("GET /v1/kiosk").status_code == 200


def test_a_fault_strikes_only_what_it_names(api: Any) -> None:
    api.do("fault", kind="error", method="GET", path="/v1/revocations")

    assert api.kiosk.ask("GET /v1/kiosk").status_code == 200
    assert api.kiosk.ask("GET /v1/revocations").status_code == 500


@pytest.mark.parametrize(
    "act", [("nothing", {}), ("fault", {"kind": "flood"}), ("spoil", {"permit_id": "x", "way": "y"})]
)
def test_a_wrong_act_is_said_to_be_wrong(api: Any, act: tuple[str, dict[str, str]]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        api.do(act[0], **act[1])


# -- genuine, and spoiled


def opened(api: Any, prepared: Any, claim: dict[str, Any]) -> bytes:
    """The content of the bundle, with the key of the claim."""
    return open_bundle(api.kiosk.ask(f"GET /v1/bundles/{prepared.permit_id}").content, claim["content_key"])


def genuine_pdf(api: Any, pdf: bytes) -> bool:
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    if not reader.embedded_signatures:
        return False
    root = root_of(api, "document")
    crls = [base64.b64decode(text) for text in api.kiosk.ask("GET /v1/revocations").json()["crls"]]
    context = ValidationContext(
        trust_roots=[asn1_certificate(root)], allow_fetching=False, revocation_mode="require", crls=crls
    )
    return bool(validate_pdf_signature(reader.embedded_signatures[0], context).bottom_line)


def root_of(api: Any, kind: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(Path(api.dinas.world["roots"][kind]).read_bytes())


def genuine_card(api: Any, content: bytes) -> bool:
    header = json.loads(base64.urlsafe_b64decode(content.split(b".")[0] + b"=="))
    assert len(header["x5c"]) == 1  # the leaf, without the root
    leaf = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
    root = root_of(api, "card")
    registry = jws.JWSRegistry(algorithms=["ES256"])
    registry.max_header_length = BIG
    try:
        leaf.verify_directly_issued_by(root)
        jws.deserialize_compact(content, ECKey.import_key(leaf.public_key()), registry=registry)
    except (JoseError, InvalidSignature, ValueError):
        return False
    return True


def test_a_paper_document_is_genuine(api: Any) -> None:
    prepared, _, claim = api.claimed("kk")

    assert genuine_pdf(api, opened(api, prepared, claim))


def test_a_card_is_genuine_and_belongs_to_its_permit(api: Any) -> None:
    prepared, _, claim = api.claimed("ktp-el")

    content = opened(api, prepared, claim)

    payload = json.loads(base64.urlsafe_b64decode(content.split(b".")[1] + b"=="))
    assert genuine_card(api, content)
    assert (payload["permit_id"], payload["document"]) == (prepared.permit_id, "ktp-el")
    assert payload["fields"]["nik"] == prepared.nik
    assert base64.b64decode(payload["photo"]).startswith(b"\xff\xd8")


@pytest.mark.parametrize("way", ["bit-flip", "foreign-signer", "unsigned", "javascript", "stamp"])
def test_spoiled_paper_is_not_genuine(api: Any, way: str) -> None:
    prepared = api.prepare("kk")
    api.do("spoil", permit_id=prepared.permit_id, way=way)
    claim = api.kiosk.claim(api.kiosk.log_in(prepared), prepared.permit_id, str(uuid.uuid4())).json()

    assert not genuine_pdf(api, opened(api, prepared, claim))


@pytest.mark.parametrize("way", ["bit-flip", "foreign-signer"])
def test_a_spoiled_card_is_not_genuine(api: Any, way: str) -> None:
    prepared = api.prepare("kia")
    api.do("spoil", permit_id=prepared.permit_id, way=way)
    claim = api.kiosk.claim(api.kiosk.log_in(prepared), prepared.permit_id, str(uuid.uuid4())).json()

    assert not genuine_card(api, opened(api, prepared, claim))


def test_a_wrong_digest_is_told_with_the_permit_and_with_the_change(api: Any) -> None:
    prepared = api.prepare("kk")
    api.do("spoil", permit_id=prepared.permit_id, way="digest")

    bundle = api.kiosk.ask(f"GET /v1/bundles/{prepared.permit_id}").content
    login = api.kiosk.ask("POST /v1/sessions", body={"nik": prepared.nik, "pin": prepared.pin}).json()

    assert login["permits"][0]["bundle"]["sha256"] != hashlib.sha256(bundle).hexdigest()


def test_a_wrong_key_opens_nothing(api: Any) -> None:
    prepared = api.prepare("kk")
    api.do("spoil", permit_id=prepared.permit_id, way="key")
    claim = api.kiosk.claim(api.kiosk.log_in(prepared), prepared.permit_id, str(uuid.uuid4())).json()

    with pytest.raises((JoseError, ValueError)):
        opened(api, prepared, claim)


def test_a_revoked_signer_is_on_the_list_and_the_list_has_another_tag(api: Any) -> None:
    before = api.kiosk.ask("GET /v1/revocations")
    prepared, _, claim = api.claimed("kk")
    pdf = opened(api, prepared, claim)

    api.do("revoke", signer="document")

    try:
        after = api.kiosk.ask("GET /v1/revocations", headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert not genuine_pdf(api, pdf)
    finally:
        api.do("unrevoke", signer="document")
    assert genuine_pdf(api, pdf)
