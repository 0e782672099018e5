"""Log in: tries, locks, equal answers, sessions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**6:06d}"


def wrong_try(kiosk: Any, nik: str, pin: str) -> Any:
    return kiosk.ask("POST /v1/sessions", body={"nik": nik, "pin": pin})


def test_the_right_pin_shows_the_permits(dinas: Any, kiosk: Any) -> None:
    prepared = dinas.prepare("kk", 2)

    answer = kiosk.ask("POST /v1/sessions", body={"nik": prepared.nik, "pin": prepared.pin})

    assert answer.status_code == 201
    body = answer.json()
    assert sorted(prepared.permit_ids) == sorted(p["permit_id"] for p in body["permits"])
    assert {"ready"} == {p["state"] for p in body["permits"]}
    assert {"a4"} == {p["medium"] for p in body["permits"]}
    assert "*" in body["applicant"]["name"]


def test_the_handle_stands_in_place_of_the_nik(dinas: Any, kiosk: Any) -> None:
    prepared = dinas.prepare()

    answer = kiosk.ask("POST /v1/sessions", body={"handle": prepared.handle, "pin": prepared.pin})

    assert answer.status_code == 201
    assert [prepared.permit_id] == [p["permit_id"] for p in answer.json()["permits"]]


def test_the_handle_never_replaces_the_pin(dinas: Any, kiosk: Any, problem: Any) -> None:
    prepared = dinas.prepare()

    answer = kiosk.ask("POST /v1/sessions", body={"handle": prepared.handle, "pin": wrong(prepared.pin)})

    problem(answer, "credentials", 401)


def test_known_and_unknown_niks_count_down_alike_and_lock_alike(
    dinas: Any, kiosk: Any, problem: Any, unknown_nik: Any
) -> None:
    prepared, nobody = dinas.prepare(), unknown_nik()
    for left in (4, 3, 2, 1, 0):
        known = wrong_try(kiosk, prepared.nik, wrong(prepared.pin))
        unknown = wrong_try(kiosk, nobody, "000001")
        assert left == problem(known, "credentials", 401)["attempts_left"]
        assert known.content == unknown.content
        assert set(known.headers) == set(unknown.headers)

    known = wrong_try(kiosk, prepared.nik, wrong(prepared.pin))
    unknown = wrong_try(kiosk, nobody, "000001")

    assert problem(known, "locked", 423)["retry_after_s"] > 0
    assert problem(unknown, "locked", 423)["retry_after_s"] > 0
    assert len(known.content) == len(unknown.content)


def test_tries_at_the_same_time_are_counted_one_by_one(dinas: Any, client: Any, kiosk: Any) -> None:
    prepared = dinas.prepare()
    kiosks = [client(kiosk.kiosk_id) for _ in range(8)]

    with ThreadPoolExecutor(len(kiosks)) as pool:
        answers = list(pool.map(lambda k: wrong_try(k, prepared.nik, wrong(prepared.pin)).json(), kiosks))

    left = sorted(a["attempts_left"] for a in answers if a["type"] == "problems/credentials")
    assert left == [0, 1, 2, 3, 4]
    assert [a["type"] for a in answers].count("problems/locked") == 3


def test_locked_refuses_the_right_pin_too(dinas: Any, kiosk: Any, problem: Any) -> None:
    prepared = dinas.prepare()
    for _ in range(5):
        wrong_try(kiosk, prepared.nik, wrong(prepared.pin))

    problem(wrong_try(kiosk, prepared.nik, prepared.pin), "locked", 423)


def test_the_right_pin_forgives_the_wrong_ones(dinas: Any, kiosk: Any, problem: Any) -> None:
    prepared = dinas.prepare()
    for _ in range(4):
        wrong_try(kiosk, prepared.nik, wrong(prepared.pin))

    kiosk.log_in(prepared)

    assert problem(wrong_try(kiosk, prepared.nik, wrong(prepared.pin)), "credentials", 401)["attempts_left"] == 4


def test_the_fifth_try_may_still_be_right(dinas: Any, kiosk: Any) -> None:
    prepared = dinas.prepare()
    for _ in range(4):
        wrong_try(kiosk, prepared.nik, wrong(prepared.pin))

    kiosk.log_in(prepared)
    kiosk.log_in(prepared)


def test_pin_expired_comes_only_for_a_right_pin(dinas: Any, kiosk: Any, problem: Any) -> None:
    prepared = dinas.prepare()
    dinas.do("expire_pin", nik=prepared.nik)

    problem(wrong_try(kiosk, prepared.nik, wrong(prepared.pin)), "credentials", 401)
    problem(wrong_try(kiosk, prepared.nik, prepared.pin), "pin-expired", 410)


@pytest.mark.parametrize(
    "body",
    [
        {"nik": "3523165204850003"},
        {"pin": "123456"},
        {"nik": "352316520485000", "pin": "123456"},
        {"nik": 3523165204850003, "pin": "123456"},
        {"nik": "3523165204850003", "pin": "12345"},
        {"nik": "3523165204850003", "pin": 123456},
        {"nik": "3523165204850003", "pin": None},
        {"nik": "35231652048500０3", "pin": "123456"},
        [],
        "text",
        None,
    ],
)
def test_a_login_that_is_none_is_invalid(kiosk: Any, problem: Any, body: Any) -> None:
    problem(kiosk.ask("POST /v1/sessions", body=body), "invalid", 422)


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"", b'{"nik": "\\ud800", "pin": "123456"}', b"[" * 5000])
def test_what_is_no_json_is_invalid(kiosk: Any, problem: Any, data: bytes) -> None:
    answer = kiosk.ask("POST /v1/sessions", data=data, headers={"Content-Type": "application/json"})

    problem(answer, "invalid", 422)


def test_a_session_ends_by_logging_out(dinas: Any, kiosk: Any, problem: Any) -> None:
    token = kiosk.log_in(dinas.prepare())
    assert kiosk.ask("GET /v1/sessions/current", token).json()["session_token"] == token

    assert kiosk.ask("DELETE /v1/sessions/current", token).status_code == 204

    problem(kiosk.ask("GET /v1/sessions/current", token), "session-expired", 401)
    problem(kiosk.ask("DELETE /v1/sessions/current", token), "session-expired", 401)


def test_a_session_ends_by_time(dinas: Any, kiosk: Any, problem: Any) -> None:
    token = kiosk.log_in(dinas.prepare())

    dinas.do("end_sessions")

    problem(kiosk.ask("GET /v1/sessions/current", token), "session-expired", 401)


def test_a_session_is_of_one_kiosk(dinas: Any, kiosk: Any, other_kiosk: Any, problem: Any) -> None:
    token = kiosk.log_in(dinas.prepare())

    problem(other_kiosk.ask("GET /v1/sessions/current", token), "session-expired", 401)


def test_an_invented_session_is_none(kiosk: Any, problem: Any) -> None:
    problem(kiosk.ask("GET /v1/sessions/current", "invented"), "session-expired", 401)


def test_asking_for_the_pin_answers_the_same_for_everybody(dinas: Any, kiosk: Any, unknown_nik: Any) -> None:
    known = kiosk.ask("POST /v1/pin-requests", body={"nik": dinas.prepare().nik})
    unknown = kiosk.ask("POST /v1/pin-requests", body={"nik": unknown_nik()})

    assert (known.status_code, unknown.status_code) == (202, 202)
    assert known.content == unknown.content
    assert set(known.headers) == set(unknown.headers)


def test_asking_for_the_pin_again_lifts_no_lock(dinas: Any, kiosk: Any, problem: Any) -> None:
    prepared = dinas.prepare()
    for _ in range(5):
        wrong_try(kiosk, prepared.nik, wrong(prepared.pin))

    kiosk.ask("POST /v1/pin-requests", body={"nik": prepared.nik})

    problem(wrong_try(kiosk, prepared.nik, prepared.pin), "locked", 423)


@pytest.mark.parametrize("priority", ["urgent", "first"])
def test_a_permit_says_when_its_card_cannot_wait(dinas: Any, kiosk: Any, priority: str) -> None:
    prepared = dinas.prepare("ktp-el", 2)
    dinas.do("prioritise", permit_id=prepared.permit_id, priority=priority)

    answer = kiosk.ask("POST /v1/sessions", body={"nik": prepared.nik, "pin": prepared.pin})

    told = {p["permit_id"]: p.get("priority") for p in answer.json()["permits"]}
    assert told == dict.fromkeys(prepared.permit_ids) | {prepared.permit_id: priority}
