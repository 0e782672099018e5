"""Claims and outcomes: a permit is spent once, and every call may be repeated."""

from __future__ import annotations

import base64
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest


@pytest.fixture
def prepared(dinas: Any) -> Any:
    return dinas.prepare("kk")


@pytest.fixture
def token(kiosk: Any, prepared: Any) -> str:
    return str(kiosk.log_in(prepared))


@pytest.fixture
def attempt(kiosk: Any, prepared: Any, token: str, new_attempt: Any) -> str:
    """An open attempt at the permit."""
    attempt_id: str = new_attempt()
    assert kiosk.claim(token, prepared.permit_id, attempt_id).status_code == 200
    return attempt_id


def test_a_claim_brings_a_key_of_256_bits(kiosk: Any, prepared: Any, token: str, new_attempt: Any) -> None:
    attempt_id = new_attempt()

    claim = kiosk.claim(token, prepared.permit_id, attempt_id).json()

    assert (attempt_id, prepared.permit_id) == (claim["attempt_id"], claim["permit_id"])
    assert len(base64.urlsafe_b64decode(claim["content_key"]["k"] + "=")) == 32
    assert kiosk.state(token, prepared.permit_id) == "claimed"


def test_the_same_claim_again_gives_the_same_answer(kiosk: Any, prepared: Any, token: str, new_attempt: Any) -> None:
    attempt_id = new_attempt()

    first = kiosk.claim(token, prepared.permit_id, attempt_id)
    second = kiosk.claim(token, prepared.permit_id, attempt_id)

    assert (200, first.json()) == (second.status_code, second.json())


def test_the_same_claim_again_holds_in_a_new_session(kiosk: Any, prepared: Any, token: str, attempt: str) -> None:
    again = kiosk.log_in(prepared)

    assert kiosk.claim(again, prepared.permit_id, attempt).status_code == 200


def test_after_an_outcome_the_attempt_is_closed(
    kiosk: Any, prepared: Any, token: str, attempt: str, problem: Any
) -> None:
    kiosk.tell(attempt, "not_printed")

    problem(kiosk.claim(token, prepared.permit_id, attempt), "attempt-closed", 409)


def test_a_second_attempt_while_one_is_open(
    kiosk: Any, other_kiosk: Any, prepared: Any, token: str, attempt: str, problem: Any, new_attempt: Any
) -> None:
    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "not-ready", 409)
    elsewhere = other_kiosk.log_in(prepared)
    problem(other_kiosk.claim(elsewhere, prepared.permit_id, new_attempt()), "claimed-elsewhere", 409)


def test_of_claims_at_the_same_time_one_wins(
    client: Any, kiosk: Any, other_kiosk: Any, prepared: Any, new_attempt: Any
) -> None:
    racers = [client(name) for name in (kiosk.kiosk_id, other_kiosk.kiosk_id) * 3]
    tokens = [racer.log_in(prepared) for racer in racers]

    with ThreadPoolExecutor(len(racers)) as pool:
        claims = pool.map(
            lambda r: r[0].claim(r[1], prepared.permit_id, new_attempt()), zip(racers, tokens, strict=True)
        )

    assert sorted(claim.status_code for claim in claims) == [200, 409, 409, 409, 409, 409]


def test_printed_spends_the_permit(
    kiosk: Any, prepared: Any, token: str, attempt: str, problem: Any, new_attempt: Any
) -> None:
    assert kiosk.tell(attempt, "printed").status_code == 200

    assert kiosk.state(token, prepared.permit_id) == "printed"
    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "spent", 409)


def test_the_pin_of_a_spent_permit_still_logs_in_and_shows_it(kiosk: Any, prepared: Any, attempt: str) -> None:
    kiosk.tell(attempt, "printed")

    assert kiosk.state(kiosk.log_in(prepared), prepared.permit_id) == "printed"


def test_not_printed_makes_it_ready_again(
    kiosk: Any, prepared: Any, token: str, attempt: str, new_attempt: Any
) -> None:
    kiosk.tell(attempt, "not_printed", reason="media-empty")

    assert kiosk.state(token, prepared.permit_id) == "ready"
    assert kiosk.claim(token, prepared.permit_id, new_attempt()).status_code == 200


@pytest.mark.parametrize("outcome", ["printed", "not_printed", "spoiled", "unknown"])
def test_the_same_outcome_again_is_fine(kiosk: Any, attempt: str, outcome: str) -> None:
    assert kiosk.tell(attempt, outcome).status_code == 200
    assert kiosk.tell(attempt, outcome).status_code == 200


@pytest.mark.parametrize("first", ["printed", "not_printed", "spoiled"])
@pytest.mark.parametrize("second", ["printed", "not_printed", "spoiled", "unknown"])
def test_a_settled_outcome_is_not_replaced(kiosk: Any, attempt: str, problem: Any, first: str, second: str) -> None:
    kiosk.tell(attempt, first)

    if first == second:
        assert kiosk.tell(attempt, second).status_code == 200
    else:
        problem(kiosk.tell(attempt, second), "outcome-conflict", 409)


@pytest.mark.parametrize(("outcome", "state"), [("printed", "printed"), ("not_printed", "ready"), ("spoiled", None)])
def test_unknown_is_suspect_until_another_outcome_settles_it(
    kiosk: Any, prepared: Any, token: str, attempt: str, problem: Any, new_attempt: Any, outcome: str, state: str | None
) -> None:
    kiosk.tell(attempt, "unknown", reason="power-loss")
    assert kiosk.state(token, prepared.permit_id) == "suspect"
    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "not-ready", 409)

    assert kiosk.tell(attempt, outcome, settled_by="op-1").status_code == 200

    if state:
        assert kiosk.state(token, prepared.permit_id) == state


def test_spoiled_waits_for_an_operator(
    kiosk: Any, prepared: Any, token: str, attempt: str, problem: Any, new_attempt: Any
) -> None:
    kiosk.tell(attempt, "spoiled", reason="jam")
    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "not-ready", 409)

    assert kiosk.tell(attempt, "spoiled", reason="jam", settled_by="op-1").status_code == 200

    assert kiosk.state(token, prepared.permit_id) == "ready"
    assert kiosk.tell(attempt, "spoiled", reason="jam", settled_by="op-1").status_code == 200


def test_accounting_twice_does_not_free_what_was_claimed_since(
    kiosk: Any, prepared: Any, token: str, attempt: str, new_attempt: Any
) -> None:
    kiosk.tell(attempt, "spoiled", settled_by="op-1")
    second = new_attempt()
    assert kiosk.claim(token, prepared.permit_id, second).status_code == 200

    kiosk.tell(attempt, "spoiled", settled_by="op-1")

    assert kiosk.state(token, prepared.permit_id) == "claimed"


def test_not_printed_for_a_claim_that_was_lost_closes_it(
    kiosk: Any, prepared: Any, token: str, problem: Any, new_attempt: Any
) -> None:
    lost = new_attempt()

    assert kiosk.tell(lost, "not_printed").status_code == 200

    problem(kiosk.claim(token, prepared.permit_id, lost), "attempt-closed", 409)
    assert kiosk.state(token, prepared.permit_id) == "ready"
    assert kiosk.tell(lost, "not_printed").status_code == 200


@pytest.mark.parametrize("outcome", ["printed", "spoiled", "unknown"])
def test_any_other_outcome_of_an_attempt_never_seen(kiosk: Any, problem: Any, new_attempt: Any, outcome: str) -> None:
    problem(kiosk.tell(new_attempt(), outcome), "unknown-attempt", 404)


def test_an_outcome_needs_no_session(dinas: Any, kiosk: Any, prepared: Any, token: str, attempt: str) -> None:
    kiosk.ask("DELETE /v1/sessions/current", token)

    assert kiosk.tell(attempt, "printed").status_code == 200


def test_a_claim_needs_a_session(kiosk: Any, prepared: Any, problem: Any, new_attempt: Any) -> None:
    problem(kiosk.claim("invented", prepared.permit_id, new_attempt()), "session-expired", 401)


def test_nobody_claims_what_belongs_to_another(
    dinas: Any, kiosk: Any, prepared: Any, problem: Any, new_attempt: Any
) -> None:
    stranger = kiosk.log_in(dinas.prepare())

    problem(kiosk.claim(stranger, prepared.permit_id, new_attempt()), "unknown-permit", 404)
    problem(kiosk.claim(stranger, str(uuid.uuid4()), new_attempt()), "unknown-permit", 404)


@pytest.mark.parametrize("bad", ["x", "1", "00000000-0000-0000-0000-00000000000g", "0" * 32])
def test_a_path_id_that_is_no_uuid_is_invalid(kiosk: Any, prepared: Any, token: str, problem: Any, bad: str) -> None:
    problem(kiosk.ask(f"PUT /v1/permits/{prepared.permit_id}/attempts/{bad}", token), "invalid", 422)
    problem(kiosk.ask(f"PUT /v1/permits/{bad}/attempts/{uuid.uuid4()}", token), "invalid", 422)
    problem(kiosk.ask(f"GET /v1/bundles/{bad}"), "invalid", 422)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"outcome": "printed"},
        {"outcome": "lost", "at": "2026-11-24T00:00:00Z"},
        {"outcome": "printed", "at": "2026-11-24"},
        {"outcome": "printed", "at": "2026-11-24T00:00:00"},
        {"outcome": "printed", "at": 1764000000},
        {"outcome": "printed", "at": "2026-13-24T00:00:00Z"},
        {"outcome": "printed", "at": "2026-11-24T00:00:00Z", "reason": 5},
    ],
)
def test_an_outcome_that_is_none_is_invalid(kiosk: Any, problem: Any, new_attempt: Any, body: Any) -> None:
    problem(kiosk.ask(f"PUT /v1/attempts/{new_attempt()}/outcome", body=body), "invalid", 422)


# -- with a hand on the Dinas


def test_the_document_must_be_the_active_one(
    dinas: Any, kiosk: Any, prepared: Any, token: str, problem: Any, new_attempt: Any
) -> None:
    dinas.do("supersede", permit_id=prepared.permit_id)

    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "superseded", 410)
    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "superseded", 410)
    assert kiosk.state(token, prepared.permit_id) == "superseded"


def test_a_permit_expires(dinas: Any, kiosk: Any, prepared: Any, token: str, problem: Any, new_attempt: Any) -> None:
    dinas.do("expire_permit", permit_id=prepared.permit_id)

    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "expired", 410)


def test_a_claim_without_outcome_is_suspect_after_report_by(
    dinas: Any, kiosk: Any, prepared: Any, token: str, attempt: str, problem: Any, new_attempt: Any
) -> None:
    dinas.do("overdue", attempt_id=attempt)

    assert kiosk.state(token, prepared.permit_id) == "suspect"
    problem(kiosk.claim(token, prepared.permit_id, new_attempt()), "not-ready", 409)
    assert kiosk.tell(attempt, "printed").status_code == 200
    assert kiosk.state(token, prepared.permit_id) == "printed"
