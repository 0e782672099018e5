"""Each method says to the Dinas what the contract says, and understands its answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from little_dinas import LittleDinas, Papers, Reply, ok, problem

from kiosk.dinas.client import DinasClient, kiosk_id_of
from kiosk.dinas.contract import (
    AuditEntry,
    AuditTaken,
    BundleChange,
    BundleChanges,
    ChipStep,
    ContentKey,
    DinasAwayError,
    DinasProblemError,
    Outcome,
    OutcomeKind,
    PermitState,
    ProblemType,
    Revocations,
)

PERMIT = "0197a000-0000-7000-8000-000000000001"
ATTEMPT = "0197a000-0000-7000-8000-0000000000aa"
TOKEN = "tanda-masuk"  # of a session
PERMIT_JSON = {
    "permit_id": PERMIT,
    "document": "kk",
    "medium": "a4",
    "title": "Kartu Keluarga",
    "holder": "S*** M***",
    "state": "ready",
    "bundle": {"size": 3, "sha256": "0" * 64},
    "a_member_nobody_knows": {"deep": [1, 2]},
}
SESSION_JSON = {
    "session_token": TOKEN,
    "expires_at": "2026-11-24T03:05:00Z",
    "applicant": {"name": "S*** M***", "more": 1},
    "permits": [PERMIT_JSON],
}
CLAIM_JSON = {
    "attempt_id": ATTEMPT,
    "permit_id": PERMIT,
    "content_key": {"kty": "oct", "k": "AAAA", "alg": "A256GCM"},
    "report_by": "2026-11-24T04:00:00Z",
}
ENTRY = AuditEntry(1, "2026-11-24T03:00:00Z", "kiosk-started", {"version": "1"}, "0" * 64, "1" * 64)


@dataclass
class Case:
    """One method: how it is called, what the Dinas answers, what it must have been asked."""

    call: Callable[[DinasClient], Awaitable[Any]]
    reply: Reply
    asked: str
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()


SESSION_HEADER = (("adm-session", TOKEN),)
CASES = {
    "who_am_i": Case(
        lambda c: c.who_am_i(),
        ok({"kiosk_id": "k", "site": {}, "time": "2026-11-24T03:00:00Z", "unknown": True}),
        "GET /adm/v1/kiosk",
    ),
    "log_in_by_nik": Case(
        lambda c: c.log_in(nik="3523160101900001", pin="123456"),
        ok(SESSION_JSON, 201),
        "POST /adm/v1/sessions",
        {"nik": "3523160101900001", "pin": "123456"},
    ),
    "log_in_by_handle": Case(
        lambda c: c.log_in(handle="abc", pin="123456"),
        ok(SESSION_JSON, 201),
        "POST /adm/v1/sessions",
        {"handle": "abc", "pin": "123456"},
    ),
    "permits": Case(
        lambda c: c.permits(TOKEN), ok(SESSION_JSON), "GET /adm/v1/sessions/current", headers=SESSION_HEADER
    ),
    "log_out": Case(lambda c: c.log_out(TOKEN), Reply(204), "DELETE /adm/v1/sessions/current", headers=SESSION_HEADER),
    "resend_pin": Case(
        lambda c: c.resend_pin("3523160101900001"),
        Reply(202),
        "POST /adm/v1/pin-requests",
        {"nik": "3523160101900001"},
    ),
    "deliver": Case(
        lambda c: c.deliver(PERMIT, "courier", TOKEN),
        ok({**PERMIT_JSON, "state": "courier"}),
        f"PUT /adm/v1/permits/{PERMIT}/delivery",
        {"route": "courier"},
        SESSION_HEADER,
    ),
    "claim": Case(
        lambda c: c.claim(PERMIT, ATTEMPT, TOKEN),
        ok(CLAIM_JSON),
        f"PUT /adm/v1/permits/{PERMIT}/attempts/{ATTEMPT}",
        headers=SESSION_HEADER,
    ),
    "outcome": Case(
        lambda c: c.outcome(ATTEMPT, Outcome(OutcomeKind.PRINTED, datetime(2026, 11, 24, 3, tzinfo=UTC))),
        ok({}),
        f"PUT /adm/v1/attempts/{ATTEMPT}/outcome",
        {"outcome": "printed", "at": "2026-11-24T03:00:00Z"},
    ),
    "personalize_first": Case(
        lambda c: c.personalize(ATTEMPT, 0, [], atr="3b80"),
        ok({"done": False, "commands": ["00a4"]}),
        f"POST /adm/v1/attempts/{ATTEMPT}/personalization",
        {"step": 0, "responses": [], "atr": "3b80"},
    ),
    "personalize_next": Case(
        lambda c: c.personalize(ATTEMPT, 1, ["9000"]),
        ok({"done": True, "ok": True, "commands": []}),
        f"POST /adm/v1/attempts/{ATTEMPT}/personalization",
        {"step": 1, "responses": ["9000"]},
    ),
    "bundle_changes_first": Case(
        lambda c: c.bundle_changes(None), ok({"changes": [], "next": "7"}), "GET /adm/v1/bundles"
    ),
    "bundle_changes_next": Case(
        lambda c: c.bundle_changes("7&x=/ä"),
        ok({"changes": [], "next": "7"}),
        "GET /adm/v1/bundles?cursor=7%26x%3D%2F%C3%A4",
    ),
    "bundle": Case(
        lambda c: c.bundle(PERMIT),
        Reply(200, b"sealed"),
        f"GET /adm/v1/bundles/{PERMIT}",
        headers=(("accept-encoding", "identity"),),
    ),
    "bundle_from": Case(
        lambda c: c.bundle(PERMIT, 3, etag='"v1"', urgent=True),
        Reply(206, b"led", {"Content-Range": "bytes 3-5/6"}),
        f"GET /adm/v1/bundles/{PERMIT}",
        headers=(("range", "bytes=3-"), ("if-range", '"v1"')),
    ),
    "revocations": Case(
        lambda c: c.revocations('"r1"'), Reply(304), "GET /adm/v1/revocations", headers=(("if-none-match", '"r1"'),)
    ),
    "hand_over_audit": Case(
        lambda c: c.hand_over_audit([ENTRY], "a.b.c"),
        ok({"up_to": 1}),
        "POST /adm/v1/audit",
        {
            "entries": [
                {
                    "seq": 1,
                    "at": ENTRY.at,
                    "event": "kiosk-started",
                    "data": {"version": "1"},
                    "prev": "0" * 64,
                    "hash": "1" * 64,
                }
            ],
            "head": "a.b.c",
        },
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_each_method_asks_what_the_contract_says(case: Case, dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: case.reply
    await case.call(client)
    [asked] = dinas.asked
    assert f"{asked.method} {asked.path}" == case.asked
    assert (asked.json if asked.body else None) == case.body
    assert ("content-type" in asked.headers) is (case.body is not None)
    for name, value in case.headers:
        assert asked.headers[name] == value
    assert asked.client == "kiosk-uji-1"
    assert "cookie" not in asked.headers


async def test_answers_become_types_and_unknown_members_are_passed_over(
    dinas: LittleDinas, client: DinasClient
) -> None:
    replies = {
        "/adm/v1/sessions": ok(SESSION_JSON, 201),
        f"/adm/v1/permits/{PERMIT}/attempts/{ATTEMPT}": ok({**CLAIM_JSON, "personalization": True}),
        f"/adm/v1/attempts/{ATTEMPT}/personalization": ok({"done": True, "ok": False, "commands": []}),
        "/adm/v1/bundles": ok({"changes": [{"permit_id": PERMIT, "op": "drop"}], "next": "c2", "x": None}),
        "/adm/v1/audit": ok({"up_to": 4, "witness": "w.w.w"}),
        "/adm/v1/revocations": ok({"crls": ["AAAA"]}, ETag='"r2"'),
    }
    dinas.answer = lambda asked: replies[asked.path]
    session = await client.log_in(nik="3523160101900001", pin="123456")
    assert session.permits[0].state is PermitState.READY
    assert session.expires_at == datetime(2026, 11, 24, 3, 5, tzinfo=UTC)
    claim = await client.claim(PERMIT, ATTEMPT, TOKEN)
    assert (claim.content_key, claim.personalization) == (ContentKey("oct", "AAAA"), True)
    assert await client.personalize(ATTEMPT, 0, []) == ChipStep(True, (), False)
    assert await client.bundle_changes(None) == BundleChanges((BundleChange(PERMIT, "drop"),), "c2")
    assert await client.hand_over_audit([ENTRY], "h") == AuditTaken(4, "w.w.w")
    assert await client.revocations(None) == (Revocations(("AAAA",)), '"r2"')


async def test_ids_cannot_leave_their_place_in_the_path(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: problem("problems/unknown-permit", 404)
    with pytest.raises(DinasProblemError):
        await client.claim("a?b#c d", ATTEMPT, TOKEN)
    assert dinas.asked[0].path == f"/adm/v1/permits/a%3Fb%23c%20d/attempts/{ATTEMPT}"


@pytest.mark.parametrize("kind", [kind for kind in ProblemType if kind is not ProblemType.OTHER])
async def test_problems_go_by_their_type(kind: ProblemType, dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: problem(kind.value, 409, attempts_left=3, up_to=9, extension=[1])
    with pytest.raises(DinasProblemError) as caught:
        await client.log_in(nik="3523160101900001", pin="123456")
    assert (caught.value.kind, caught.value.status) == (kind, 409)
    assert (caught.value.problem.attempts_left, caught.value.problem.up_to) == (3, 9)


@pytest.mark.parametrize(
    "reply",
    [
        problem("problems/of-the-future", 418),
        problem("https://dinas.example/masalah", 418),
        Reply(418, b"<html>teapot</html>"),
        Reply(418, b""),
        Reply(418, b'{"type": 7}'),
        Reply(418, b"[" * 100_000),
    ],
)
async def test_unknown_problems_go_by_their_status(reply: Reply, dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: reply
    with pytest.raises(DinasProblemError) as caught:
        await client.log_in(nik="3523160101900001", pin="123456")
    assert (caught.value.kind, caught.value.status) == (ProblemType.OTHER, 418)


async def test_what_a_problem_calls_itself_is_no_way_into_the_log(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: problem("problems/x\nERROR forged line", 409)
    with pytest.raises(DinasProblemError) as caught:
        await client.log_in(nik="3523160101900001", pin="123456")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "member", "seconds"),
    [("30", None, 30), ("30", 7, 7), ("", None, None), ("²", None, None), ("9" * 5000, None, None), ("-5", -5, 0)],
)
async def test_retry_after_is_taken_where_the_body_has_none(
    header: str, member: int | None, seconds: int | None, dinas: LittleDinas, client: DinasClient
) -> None:
    more = {} if member is None else {"retry_after_s": member}
    dinas.answer = lambda _: problem("problems/locked", 423, {"Retry-After": header}, **more)
    with pytest.raises(DinasProblemError) as caught:
        await client.log_in(nik="3523160101900001", pin="123456")
    assert caught.value.problem.retry_after_s == seconds


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"session_token": 1}', b"[" * 100_000, b'{"x":' * 100_000, b'{"permits": []}'],
)
async def test_an_answer_that_is_none_of_the_contract_counts_as_none(
    body: bytes, dinas: LittleDinas, client: DinasClient
) -> None:
    dinas.answer = lambda _: Reply(201, body)
    with pytest.raises(DinasAwayError):
        await client.log_in(nik="3523160101900001", pin="123456")


async def test_a_bundle_tells_where_it_begins_and_what_it_is(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: Reply(206, b"led", {"Content-Range": "bytes 3-5/6", "ETag": '"v1"'})
    part = await client.bundle(PERMIT, 3)
    assert (part.begins, part.content, part.whole, part.etag) == (3, b"led", True, '"v1"')
    dinas.answer = lambda _: Reply(200, b"sealed", {"ETag": 'W/"v1"'})
    part = await client.bundle(PERMIT, 3)
    # A weak validator is not fit for If-Range (RFC 9110, 13.1.5).
    assert (part.begins, part.content, part.whole, part.etag) == (0, b"sealed", True, None)
    dinas.answer = lambda _: Reply(206, b"sea", {"Content-Range": "bytes 0-2/6"})
    with pytest.raises(DinasAwayError, match="range"):
        await client.bundle(PERMIT, 3)


async def test_a_coded_bundle_is_refused_since_its_ranges_mean_something_else(
    dinas: LittleDinas, client: DinasClient
) -> None:
    dinas.answer = lambda _: Reply(200, b"sealed", {"Content-Encoding": "gzip"})
    with pytest.raises(DinasAwayError):
        await client.bundle(PERMIT)


async def test_cookies_are_not_kept_from_one_person_to_the_next(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: ok(SESSION_JSON, 201, **{"Set-Cookie": "person=one; Path=/"})
    await client.log_in(handle="a", pin="123456")
    await client.log_in(handle="b", pin="123456")
    assert ["cookie" in asked.headers for asked in dinas.asked] == [False, False]


async def test_people_are_served_over_one_warm_connection(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda asked: ok(SESSION_JSON, 201) if asked.method == "POST" else Reply(204)
    for _ in range(3):
        await client.log_in(handle="a", pin="123456")
        await client.log_out(TOKEN)
    assert {asked.connection for asked in dinas.asked} == {1}


def test_the_kiosk_is_who_its_certificate_says(papers: Papers) -> None:
    assert kiosk_id_of(papers.client[0]) == "kiosk-uji-1"
