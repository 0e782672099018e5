"""Cards: the chip is written over the relay before a card counts as printed; kiosks and days have limits."""

from __future__ import annotations

from typing import Any

import pytest

ATR = "3B8880010000000000000009"


@pytest.fixture
def prepared(dinas: Any) -> Any:
    return dinas.prepare("ktp-el")


@pytest.fixture
def attempt(kiosk: Any, prepared: Any, new_attempt: Any) -> str:
    attempt_id: str = new_attempt()
    claim = kiosk.claim(kiosk.log_in(prepared), prepared.permit_id, attempt_id)
    assert claim.json().get("personalization") is True
    return attempt_id


def test_printed_before_the_chip_is_written(kiosk: Any, attempt: str, problem: Any) -> None:
    problem(kiosk.tell(attempt, "printed"), "not-personalized", 409)
    assert kiosk.tell(attempt, "spoiled").status_code == 200


def test_unknown_is_not_turned_into_printed_without_a_chip(kiosk: Any, attempt: str, problem: Any) -> None:
    kiosk.tell(attempt, "unknown")

    problem(kiosk.tell(attempt, "printed", settled_by="op-1"), "not-personalized", 409)


def test_the_first_step_brings_commands_and_repeats_alike(kiosk: Any, attempt: str) -> None:
    first = kiosk.relay(attempt, 0, [], atr=ATR)
    again = kiosk.relay(attempt, 0, [], atr=ATR)

    assert (first.status_code, first.json()["done"]) == (200, False)
    assert first.json()["commands"]
    assert first.json() == again.json()


def test_a_chip_that_refuses_ends_with_ok_false(kiosk: Any, attempt: str, problem: Any) -> None:
    kiosk.relay(attempt, 0, [], atr=ATR)
    answer = {"done": False}
    step = 1
    while not answer["done"] and step < 10:  # a Dinas may try another way first
        answer = kiosk.relay(attempt, step, ["6A82"]).json()
        step += 1

    assert (answer["done"], answer["ok"]) == (True, False)
    problem(kiosk.tell(attempt, "printed"), "not-personalized", 409)


def test_steps_count_up(kiosk: Any, attempt: str, problem: Any) -> None:
    kiosk.relay(attempt, 0, [], atr=ATR)

    problem(kiosk.relay(attempt, 5, ["9000"]), "invalid", 422)


@pytest.mark.parametrize("body", [{"step": -1, "responses": []}, {"step": 0}, {"step": "0", "responses": []}])
def test_a_step_that_is_none_is_invalid(kiosk: Any, attempt: str, problem: Any, body: dict[str, Any]) -> None:
    problem(kiosk.ask(f"POST /v1/attempts/{attempt}/personalization", body=body), "invalid", 422)


def test_the_relay_of_an_unknown_attempt(kiosk: Any, problem: Any, new_attempt: Any) -> None:
    problem(kiosk.relay(new_attempt(), 0, [], atr=ATR), "unknown-attempt", 404)


def test_a_kiosk_prints_only_what_it_may(dinas: Any, kiosk: Any, problem: Any, new_attempt: Any) -> None:
    prepared = dinas.prepare("kk")
    documents = kiosk.ask("GET /v1/kiosk").json()["documents"]
    dinas.do("kiosk", kiosk_id=kiosk.kiosk_id, documents=["ktp-el"])
    try:
        answer = kiosk.claim(kiosk.log_in(prepared), prepared.permit_id, new_attempt())
        problem(answer, "not-allowed-here", 403)
    finally:
        dinas.do("kiosk", kiosk_id=kiosk.kiosk_id, documents=documents)


def test_cards_have_a_daily_limit_and_what_did_not_come_out_does_not_count(
    dinas: Any, other_kiosk: Any, problem: Any, new_attempt: Any
) -> None:
    before = other_kiosk.ask("GET /v1/kiosk").json()
    dinas.do("kiosk", kiosk_id=other_kiosk.kiosk_id, documents=["kia", "kk"], daily_card_limit=1)
    try:
        first, second = dinas.prepare("kia"), dinas.prepare("kia")
        lost, used = new_attempt(), new_attempt()
        token = other_kiosk.log_in(first)
        other_kiosk.claim(token, first.permit_id, lost)
        other_kiosk.tell(lost, "not_printed")
        assert other_kiosk.claim(token, first.permit_id, used).status_code == 200

        answer = other_kiosk.claim(other_kiosk.log_in(second), second.permit_id, new_attempt())

        problem(answer, "not-allowed-here", 403)
        assert other_kiosk.tell(used, "printed").status_code == 200  # a KIA has no chip
        answer = other_kiosk.claim(other_kiosk.log_in(second), second.permit_id, new_attempt())
        problem(answer, "not-allowed-here", 403)
    finally:
        dinas.do(
            "kiosk",
            kiosk_id=other_kiosk.kiosk_id,
            documents=before["documents"],
            daily_card_limit=before["daily_card_limit"],
        )
