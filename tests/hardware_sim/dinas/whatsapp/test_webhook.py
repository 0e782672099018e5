"""Status webhooks: only authentic ones count, and a message only ever moves up."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from hardware_sim.dinas.whatsapp.records import MessageStatus
from hardware_sim.dinas.whatsapp.templates import PIN_TEMPLATE
from hardware_sim.dinas.whatsapp.webhook import signature_of


def notice(*statuses: dict[str, Any]) -> bytes:
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "statuses": list(statuses)}}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


def give(post: Any, body: bytes, signature: str | None = None) -> int:
    signature = signature_of(post.settings.app_secret, body) if signature is None else signature
    headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
    return requests.post(f"{post.url}/whatsapp/webhook", data=body, headers=headers, timeout=5).status_code


@pytest.fixture
def message(post: Any) -> str:
    message_id: str = post.records.begin(PIN_TEMPLATE, "6281200000001", "K7QM2ZT9XW4B")
    post.records.move(message_id, MessageStatus.ACCEPTED, wamid="wamid.1")
    return message_id


def test_a_signed_status_counts(post: Any, message: str) -> None:
    assert give(post, notice({"id": "wamid.1", "status": "delivered"})) == 200
    assert post.statuses() == {PIN_TEMPLATE: "delivered"}


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "sha256=ü"])
def test_a_wrong_signature_counts_for_nothing(post: Any, message: str, signature: str) -> None:
    body = notice({"id": "wamid.1", "status": "delivered"})

    assert give(post, body, signature.encode().decode("latin-1")) == 403
    assert post.statuses() == {PIN_TEMPLATE: "accepted"}


def test_a_body_that_was_changed_after_signing_counts_for_nothing(post: Any, message: str) -> None:
    body = notice({"id": "wamid.1", "status": "delivered"})
    signature = signature_of(post.settings.app_secret, body)

    assert give(post, body.replace(b"delivered", b"read"), signature) == 403
    # The signature is over the bytes, not over what they mean.
    assert give(post, json.dumps(json.loads(body), indent=1).encode(), signature) == 403


@pytest.mark.parametrize(
    ("coming", "end"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "sent", "delivered"], "delivered"),
        (["sent", "failed"], "failed"),
        (["failed", "sent"], "failed"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "delivered"),
        (["sent", "deleted", "unheard-of"], "sent"),
    ],
)
def test_statuses_in_any_order(post: Any, message: str, coming: list[str], end: str) -> None:
    for status in coming:
        assert give(post, notice({"id": "wamid.1", "status": status, "errors": [{"code": 131026}]})) == 200

    assert post.statuses() == {PIN_TEMPLATE: end}


def test_many_statuses_in_one_notice(post: Any, message: str) -> None:
    assert give(post, notice({"id": "wamid.1", "status": "sent"}, {"id": "wamid.1", "status": "read"})) == 200
    assert post.statuses() == {PIN_TEMPLATE: "read"}


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'{"object":"x","entry":[{"changes":[{"field":"other"}]}]}'])
def test_signed_but_unknown_is_taken_and_does_nothing(post: Any, message: str, body: bytes) -> None:
    assert give(post, body) == 200
    assert post.statuses() == {PIN_TEMPLATE: "accepted"}


def test_a_message_of_somebody_else_is_passed_over(post: Any, message: str) -> None:
    assert give(post, notice({"id": "wamid.other", "status": "read", "biz_opaque_callback_data": "other"})) == 200
    assert post.statuses() == {PIN_TEMPLATE: "accepted"}


def test_the_account_may_ask_whether_it_is_us(post: Any) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": post.settings.verify_token, "hub.challenge": "1158201444"}
    url = f"{post.url}/whatsapp/webhook"

    right = requests.get(url, params=asked, timeout=5)
    wrong = requests.get(url, params={**asked, "hub.verify_token": "guess"}, timeout=5)

    assert (right.status_code, right.text) == (200, "1158201444")
    assert wrong.status_code == 403
    assert "1158201444" not in wrong.text
