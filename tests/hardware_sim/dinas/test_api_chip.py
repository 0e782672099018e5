"""The personalization relay, with the simulated chip at the other end of it."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from hardware_sim.dinas.testing import open_bundle
from hardware_sim.smart_cards.chips import KtpElChip


def written(api: Any, attempt_id: str, chip: KtpElChip) -> dict[str, Any]:
    """Relay until done; the last answer."""
    answer = api.kiosk.relay(attempt_id, 0, [], atr=chip.atr.hex()).json()
    step = 0
    while not answer["done"]:
        step += 1
        responses = [chip.transmit(bytes.fromhex(command)).hex() for command in answer["commands"]]
        reply = api.kiosk.relay(attempt_id, step, responses)
        assert reply.status_code == 200, reply.text
        answer = reply.json()
    return dict(answer)


def test_a_blank_becomes_the_card_of_the_applicant(api: Any) -> None:
    prepared, attempt_id, claim = api.claimed("ktp-el")
    chip = KtpElChip("BLANK-0001")

    assert written(api, attempt_id, chip) == {"done": True, "ok": True, "commands": []}

    content = open_bundle(api.kiosk.ask(f"GET /v1/bundles/{prepared.permit_id}").content, claim["content_key"])
    card = json.loads(base64.urlsafe_b64decode(content.split(b".")[1] + b"=="))
    seen = chip.describe()
    assert seen["personalized"] is True
    assert prepared.nik in str(seen["biodata"])
    assert seen["photo_sha256"] == hashlib.sha256(base64.b64decode(card["photo"])).hexdigest()
    assert api.kiosk.tell(attempt_id, "printed").status_code == 200


def test_a_card_that_was_written_already_is_refused(api: Any) -> None:
    _, first, _ = api.claimed("ktp-el")
    chip = KtpElChip("BLANK-0002")
    written(api, first, chip)
    _, second, _ = api.claimed("ktp-el")

    assert written(api, second, chip)["ok"] is False

    assert api.kiosk.tell(second, "printed").json()["type"] == "problems/not-personalized"


def test_a_kia_has_no_chip(api: Any) -> None:
    _, attempt_id, claim = api.claimed("kia")

    assert claim["personalization"] is False
    assert api.kiosk.relay(attempt_id, 0, [], atr="3B00").json()["type"] == "problems/invalid"
    assert api.kiosk.tell(attempt_id, "printed").status_code == 200


def test_no_step_after_an_outcome(api: Any) -> None:
    _, attempt_id, _ = api.claimed("ktp-el")
    first = api.kiosk.relay(attempt_id, 0, [], atr="3B00").json()
    api.kiosk.tell(attempt_id, "not_printed")

    assert api.kiosk.relay(attempt_id, 1, ["9000"]).json()["type"] == "problems/attempt-closed"
    assert api.kiosk.relay(attempt_id, 0, [], atr="3B00").json() == first
