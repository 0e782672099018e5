"""The simulated endpoint is as strict as the real one is described."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import requests

from hardware_sim.dinas.whatsapp.phones import PhoneState
from hardware_sim.dinas.whatsapp.templates import pin_message, qr_message

PHONE = "6281200000001"
GOOD = pin_message(PHONE, "481620", "id-1")
Change = Callable[[dict[str, Any]], Any]


def ask(post: Any, message: Any, *, path: str = "", token: str = "") -> tuple[int, dict[str, Any]]:
    path = path or f"v23.0/{post.settings.phone_number_id}/messages"
    bearer = {"Authorization": f"Bearer {token or post.settings.access_token}"}
    answer = requests.post(f"{post.settings.graph_url}/{path}", json=message, headers=bearer, timeout=5)
    return answer.status_code, answer.json()


def components(message: dict[str, Any]) -> Any:
    return message["template"]["components"]


LONG_CODE = [{"type": "text", "text": "1" * 16}]
WRONG: dict[str, tuple[int, Change]] = {
    "another product": (100, lambda m: m.update(messaging_product="sms")),
    "no product": (100, lambda m: m.pop("messaging_product")),
    "a group": (100, lambda m: m.update(recipient_type="group")),
    "number with plus": (131009, lambda m: m.update(to="+6281200000001")),
    "number with zero": (131009, lambda m: m.update(to="081200000001")),
    "number as a number": (100, lambda m: m.update(to=6281200000001)),
    "free text": (131047, lambda m: m.update(type="text", text={"body": "PIN"})),
    "a member that there is not": (100, lambda m: m.update(ttl=60)),
    "an unknown template": (132001, lambda m: m["template"].update(name="adm_lain")),
    "another language": (132001, lambda m: m["template"].update(language={"code": "en"})),
    "no components": (132000, lambda m: m["template"].update(components=[])),
    "no button": (132000, lambda m: components(m).pop(1)),
    "two parameters": (132000, lambda m: components(m)[0]["parameters"].append({"type": "text", "text": "x"})),
    "a quick reply": (132012, lambda m: components(m)[1].update(sub_type="quick_reply")),
    "another index": (132012, lambda m: components(m)[1].update(index="1")),
    "another code to copy": (132012, lambda m: components(m)[1].update(parameters=[{"type": "text", "text": "0"}])),
    "a long code": (132005, lambda m: [c.update(parameters=LONG_CODE) for c in components(m)]),
    "a picture": (132012, lambda m: components(m).append({"type": "header", "parameters": LONG_CODE})),
    "long callback data": (131009, lambda m: m.update(biz_opaque_callback_data="x" * 513)),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_form_is_refused_with_its_code(post: Any, name: str) -> None:
    code, change = WRONG[name]
    message = copy.deepcopy(GOOD)
    change(message)

    status, body = ask(post, message)

    assert status >= 400
    assert body["error"]["code"] == code
    assert post.graph.phones.arrived(PHONE) == []


def test_the_right_form_is_taken(post: Any) -> None:
    status, body = ask(post, GOOD)

    assert status == 200
    assert body["messages"][0]["id"].startswith("wamid.")
    assert body["contacts"] == [{"input": PHONE, "wa_id": PHONE}]


def test_only_with_the_token_and_only_for_its_own_number(post: Any) -> None:
    assert ask(post, GOOD, token="wrong")[1]["error"]["code"] == 190
    assert ask(post, GOOD, path="v23.0/123/messages")[1]["error"]["code"] == 100
    assert ask(post, GOOD, path=f"latest/{post.settings.phone_number_id}/messages")[1]["error"]["code"] == 2500


def test_a_picture_must_have_been_uploaded(post: Any) -> None:
    assert ask(post, qr_message(PHONE, "404", "id-2"))[1]["error"]["code"] == 131009


def test_what_is_uploaded_must_be_a_picture(post: Any) -> None:
    answer = requests.post(
        f"{post.settings.graph_url}/v23.0/{post.settings.phone_number_id}/media",
        data={"messaging_product": "whatsapp", "type": "image/png"},
        files={"file": ("qr.png", b"<html>", "image/png")},
        headers={"Authorization": f"Bearer {post.settings.access_token}"},
        timeout=5,
    )

    assert answer.json()["error"]["code"] == 131053


@pytest.mark.parametrize(
    "change",
    [
        {"message_send_ttl_seconds": 86400},
        {"message_send_ttl_seconds": 0},
        {"components": [{"type": "BODY", "text": "PIN Anda {{1}}"}]},
        {"components": [{"type": "BODY"}]},
        {"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY"}]},
        {"name": "Nama Salah"},
        {"category": "MARKETING"},
    ],
)
def test_a_template_that_would_not_be_approved_is_refused(post: Any, change: dict[str, Any]) -> None:
    template = {
        "name": "lain",
        "language": "id",
        "category": "AUTHENTICATION",
        "components": [{"type": "BODY"}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}],
    }
    path = f"v23.0/{post.settings.account_id}/message_templates"
    assert ask(post, template, path=path)[0] == 200

    status, body = ask(post, {**template, "name": "lain_lagi", **change}, path=path)

    assert (status, body["error"]["code"]) == (400, 100)


def test_an_authentication_template_without_its_own_time_to_live_drops_a_pin_after_ten_minutes(post: Any) -> None:
    """What -1 is there for."""
    template = {
        "name": "sepuluh_menit",
        "language": "id",
        "category": "AUTHENTICATION",
        "components": [{"type": "BODY"}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}],
    }
    ask(post, template, path=f"v23.0/{post.settings.account_id}/message_templates")
    message = copy.deepcopy(GOOD)
    message["template"]["name"] = "sepuluh_menit"
    post.graph.set_phone(PHONE, PhoneState.OFF)
    assert ask(post, message)[0] == 200

    post.clock.ahead = 601
    post.graph.set_phone(PHONE, PhoneState.ON)

    assert post.graph.phones.arrived(PHONE) == []
