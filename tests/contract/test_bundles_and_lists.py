"""Bundles with their changes and parts, revocation lists, delivery, the kiosk itself."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from typing import Any

import pytest
from cryptography import x509


def all_changes(kiosk: Any, cursor: str | None = None) -> tuple[list[dict[str, Any]], str]:
    found: list[dict[str, Any]] = []
    while True:
        answer = kiosk.ask("GET /v1/bundles", params={"cursor": cursor} if cursor else {})
        assert answer.status_code == 200
        body = answer.json()
        assert len(body["changes"]) <= 100
        found += body["changes"]
        if body["next"] == cursor or not body["changes"]:
            assert body["changes"] == []
            return found, body["next"]
        cursor = body["next"]


def test_a_permit_is_a_put_with_size_and_digest(dinas: Any, kiosk: Any) -> None:
    permit_id = dinas.prepare().permit_id

    changes, _ = all_changes(kiosk)

    last = [change for change in changes if change["permit_id"] == permit_id][-1]
    bundle = kiosk.ask(f"GET /v1/bundles/{permit_id}").content
    assert last["op"] == "put"
    assert last["size"] == len(bundle)
    assert last["sha256"] == hashlib.sha256(bundle).hexdigest()


def test_a_later_permit_comes_after_the_cursor(dinas: Any, kiosk: Any) -> None:
    _, cursor = all_changes(kiosk)
    permit_id = dinas.do("prepare")["permit_ids"][0]

    changes, _ = all_changes(kiosk, cursor)

    assert [change["permit_id"] for change in changes] == [permit_id]


def test_without_changes_next_equals_the_cursor(dinas: Any, kiosk: Any) -> None:
    dinas.prepare()
    _, cursor = all_changes(kiosk)

    answer = kiosk.ask("GET /v1/bundles", params={"cursor": cursor}).json()

    assert {"changes": [], "next": cursor} == answer


def test_a_printed_permit_is_dropped(dinas: Any, kiosk: Any, problem: Any, new_attempt: Any) -> None:
    prepared, attempt_id = dinas.prepare(), new_attempt()
    token = kiosk.log_in(prepared)
    kiosk.claim(token, prepared.permit_id, attempt_id)
    _, cursor = all_changes(kiosk)

    kiosk.tell(attempt_id, "printed")

    changes, _ = all_changes(kiosk, cursor)
    assert {"permit_id": prepared.permit_id, "op": "drop"} in changes
    problem(kiosk.ask(f"GET /v1/bundles/{prepared.permit_id}"), "unknown-permit", 404)


def test_the_list_begins_anew_without_a_cursor(dinas: Any, kiosk: Any) -> None:
    permit_id = dinas.prepare().permit_id

    changes, _ = all_changes(kiosk)

    assert [c["op"] for c in changes if c["permit_id"] == permit_id][-1] == "put"


@pytest.mark.parametrize("cursor", ["invented", "999999999999.999999999999", "-1", "\u0660.1"])
def test_a_foreign_cursor_is_a_problem(kiosk: Any, problem: Any, cursor: str) -> None:
    problem(kiosk.ask("GET /v1/bundles", params={"cursor": cursor}), "cursor", 410)


def test_a_cursor_can_be_too_old(dinas: Any, kiosk: Any, problem: Any) -> None:
    permit_id = dinas.prepare().permit_id
    _, cursor = all_changes(kiosk)
    dinas.prepare()

    dinas.do("compact")

    problem(kiosk.ask("GET /v1/bundles", params={"cursor": cursor}), "cursor", 410)
    changes, after = all_changes(kiosk)
    assert {"put"} == {c["op"] for c in changes}
    assert permit_id in {c["permit_id"] for c in changes}
    assert all_changes(kiosk, after) == ([], after)


def test_a_bundle_is_a_jwe_bound_to_its_permit(dinas: Any, kiosk: Any) -> None:
    for document, cty in (("kk", "application/pdf"), ("ktp-el", "application/adm-card+jws")):
        permit_id = dinas.prepare(document).permit_id
        answer = kiosk.ask(f"GET /v1/bundles/{permit_id}")

        head = answer.text.split(".")[0]
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))

        assert answer.headers["Content-Type"] == "application/jose"
        assert {"alg": "dir", "enc": "A256GCM", "kid": permit_id, "cty": cty} == header


def test_parts_make_the_whole(dinas: Any, kiosk: Any) -> None:
    permit_id = dinas.prepare().permit_id
    whole = kiosk.ask(f"GET /v1/bundles/{permit_id}").content
    parts, etag = b"", None
    while len(parts) < len(whole):
        headers = {"Range": f"bytes={len(parts)}-{len(parts) + 9999}"} | ({"If-Range": etag} if etag else {})
        answer = kiosk.ask(f"GET /v1/bundles/{permit_id}", headers=headers)
        assert answer.status_code == 206
        last = len(parts) + len(answer.content) - 1
        assert answer.headers["Content-Range"] == f"bytes {len(parts)}-{last}/{len(whole)}"
        etag = answer.headers["ETag"]
        parts += answer.content

    assert parts == whole


def test_an_open_part_goes_to_the_end(dinas: Any, kiosk: Any) -> None:
    path = f"/v1/bundles/{dinas.prepare().permit_id}"
    whole = kiosk.ask(f"GET {path}").content

    answer = kiosk.ask(f"GET {path}", headers={"Range": "bytes=1000-"})

    assert (206, whole[1000:]) == (answer.status_code, answer.content)


def test_a_part_of_what_has_changed_is_the_whole(dinas: Any, kiosk: Any) -> None:
    path = f"/v1/bundles/{dinas.prepare().permit_id}"

    answer = kiosk.ask(f"GET {path}", headers={"Range": "bytes=1000-", "If-Range": '"another"'})

    assert answer.status_code == 200
    assert answer.content == kiosk.ask(f"GET {path}").content


def test_a_part_beyond_the_end_is_refused(dinas: Any, kiosk: Any) -> None:
    answer = kiosk.ask(f"GET /v1/bundles/{dinas.prepare().permit_id}", headers={"Range": "bytes=99999999-"})

    assert answer.status_code == 416


def test_an_unknown_bundle(kiosk: Any, problem: Any) -> None:
    problem(kiosk.ask(f"GET /v1/bundles/{uuid.uuid4()}"), "unknown-permit", 404)


def test_revocation_lists_are_crls_and_come_once(kiosk: Any) -> None:
    first = kiosk.ask("GET /v1/revocations")
    lists = [x509.load_der_x509_crl(base64.b64decode(text)) for text in first.json()["crls"]]

    again = kiosk.ask("GET /v1/revocations", headers={"If-None-Match": first.headers["ETag"]})
    other = kiosk.ask("GET /v1/revocations", headers={"If-None-Match": '"another"'})

    assert lists
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize("route", ["courier", "office"])
def test_delivery_takes_the_permit_from_the_kiosks(
    dinas: Any, kiosk: Any, problem: Any, new_attempt: Any, route: str
) -> None:
    prepared = dinas.prepare()
    token, path = kiosk.log_in(prepared), f"PUT /v1/permits/{prepared.permit_id}/delivery"

    answer = kiosk.ask(path, token, {"route": route})

    assert (200, route) == (answer.status_code, answer.json()["state"])
    assert kiosk.ask(path, token, {"route": route}).status_code == 200
    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "not-ready", 409)


def test_what_was_printed_is_not_delivered(dinas: Any, kiosk: Any, problem: Any, new_attempt: Any) -> None:
    prepared, attempt_id = dinas.prepare(), new_attempt()
    token = kiosk.log_in(prepared)
    kiosk.claim(token, prepared.permit_id, attempt_id)
    path = f"PUT /v1/permits/{prepared.permit_id}/delivery"
    problem(kiosk.ask(path, token, {"route": "courier"}), "not-ready", 409)

    kiosk.tell(attempt_id, "printed")

    problem(kiosk.ask(path, token, {"route": "courier"}), "spent", 409)
    problem(kiosk.ask(path, token, {"route": "pigeon"}), "invalid", 422)


def test_the_kiosk_learns_who_it_is(kiosk: Any) -> None:
    body = kiosk.ask("GET /v1/kiosk").json()

    assert body["kiosk_id"] == kiosk.kiosk_id
    assert body["time"].endswith(("Z", "+00:00"))
