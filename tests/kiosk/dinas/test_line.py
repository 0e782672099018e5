"""A bad line and a bad server: what is repeated and what is not, deadlines, who is trusted, who is not held up."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from little_dinas import RESET, Asked, LittleDinas, Papers, Reply, ok, problem
from test_client import ATTEMPT, CLAIM_JSON, PERMIT, SESSION_JSON, TOKEN

from drivers.testing import until
from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import DinasAwayError, DinasProblemError, Outcome, OutcomeKind, ProblemType
from kiosk.dinas.wire import LARGEST_ANSWER, LARGEST_BUNDLE
from kiosk.settings import Dinas, LocalPath

SESSION_AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
KIOSK_JSON = {"kiosk_id": "kiosk-uji-1", "site": {}, "time": "2026-11-24T03:00:00Z"}
LOST = {
    "reset": RESET,
    "reset in the headers": Reply(raw=b"HTTP/1.1 201 OK\r\nContent-Le"),
    "reset in the body": Reply(201, b"x" * 50_000, cut=20_000),
    "no HTTP": Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n"),
    "endless header": Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000),
    "shorter than it says": Reply(201, b"{}", {"Content-Length": "5000"}, close=True),
    "bad chunk": Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "no gzip": Reply(201, b"plain", {"Content-Encoding": "gzip"}),
    "too large": Reply(201, b" " * (LARGEST_ANSWER + 1)),
    "redirect": Reply(302, b"", {"Location": "https://localhost:1/elsewhere"}),
    "redirect to nowhere": Reply(307, b"", {"Location": "https://[::1/\xff"}),
    "redirect with a body": Reply(302, b"x" * (LARGEST_ANSWER + 1), {"Location": "/adm/v1/kiosk"}),
}


@asynccontextmanager
async def a_client(settings: Dinas) -> AsyncIterator[DinasClient]:
    opened = DinasClient(settings)
    for line in (opened._people, opened._prefetch, opened._urgent):
        line.start()
    try:
        yield opened
    finally:
        await opened.close()


@pytest.mark.parametrize("reply", LOST.values(), ids=LOST.keys())
async def test_a_login_is_sent_once_whatever_becomes_of_its_answer(
    reply: Reply, dinas: LittleDinas, client: DinasClient
) -> None:
    # The Dinas counts each try: a repeat would cost the applicant two of five.
    dinas.answer = lambda _: reply
    with pytest.raises(DinasAwayError):
        await client.log_in(nik="3523160101900001", pin="123456")
    assert dinas.paths() == ["POST /adm/v1/sessions"]


@pytest.mark.parametrize("reply", LOST.values(), ids=LOST.keys())
async def test_a_claim_whose_answer_is_lost_is_repeated_with_the_same_attempt(
    reply: Reply, dinas: LittleDinas, client: DinasClient
) -> None:
    replies = iter([reply, reply, ok(CLAIM_JSON)])
    dinas.answer = lambda _: next(replies)
    claim = await client.claim(PERMIT, ATTEMPT, TOKEN)
    assert claim.attempt_id == ATTEMPT
    assert dinas.paths() == [f"PUT /adm/v1/permits/{PERMIT}/attempts/{ATTEMPT}"] * 3


async def test_a_login_is_sent_once_when_the_answer_was_lost_on_a_warm_connection(
    dinas: LittleDinas, client: DinasClient
) -> None:
    replies = iter([ok(SESSION_JSON, 201), RESET, ok(SESSION_JSON, 201)])
    dinas.answer = lambda _: next(replies)
    await client.log_in(handle="a", pin="123456")
    with pytest.raises(DinasAwayError):
        await client.log_in(handle="b", pin="123456")
    assert len(dinas.asked) == 2


async def test_repeats_come_to_an_end(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: RESET
    with pytest.raises(DinasAwayError):
        await client.outcome(ATTEMPT, Outcome(OutcomeKind.UNKNOWN, SESSION_AT))
    assert len(dinas.asked) == 3


async def test_a_step_of_the_chip_is_repeated_since_it_gets_the_same_answer(
    dinas: LittleDinas, client: DinasClient
) -> None:
    replies = iter([RESET, ok({"done": True, "ok": True, "commands": []})])
    dinas.answer = lambda _: next(replies)
    assert (await client.personalize(ATTEMPT, 2, ["9000"])).done
    assert [asked.json["step"] for asked in dinas.asked] == [2, 2]


async def test_a_wish_for_the_pin_is_sent_once(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: RESET
    with pytest.raises(DinasAwayError):
        await client.resend_pin("3523160101900001")
    assert len(dinas.asked) == 1


async def test_no_is_no_and_is_not_asked_again(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: problem("problems/spent", 409)
    with pytest.raises(DinasProblemError):
        await client.claim(PERMIT, ATTEMPT, TOKEN)
    assert len(dinas.asked) == 1


@pytest.mark.parametrize(("seconds", "asked"), [(None, 3), (0, 3), (1, 3), (60, 1)])
async def test_a_busy_dinas_is_asked_again_unless_it_wants_more_time_than_a_person_has(
    seconds: int | None, asked: int, dinas: LittleDinas, client: DinasClient
) -> None:
    more = {} if seconds is None else {"retry_after_s": seconds}
    dinas.answer = lambda _: problem("problems/busy", 503, **more)
    with pytest.raises(DinasProblemError) as caught:
        await client.permits(TOKEN)
    assert caught.value.kind is ProblemType.BUSY
    assert len(dinas.asked) == asked


async def test_a_refused_connection(dinas: LittleDinas) -> None:
    settings = dinas.settings()
    dinas.close()
    async with a_client(settings) as client:
        with pytest.raises(DinasAwayError):
            await client.log_in(handle="a", pin="123456")
        assert client.reachable is False


async def test_no_answer_within_the_deadline(dinas: LittleDinas) -> None:
    dinas.answer = lambda _: Reply(hang=True)
    async with a_client(dinas.settings(answer_s=0.2)) as client:
        with pytest.raises(DinasAwayError):
            await client.log_in(handle="a", pin="123456")
        assert len(dinas.asked) == 1
        # and the line is free for the next person
        dinas.answer = lambda _: ok(SESSION_JSON, 201)
        await client.log_in(handle="b", pin="123456")


async def test_an_answer_that_trickles_is_given_up(dinas: LittleDinas) -> None:
    # Each byte comes within the deadline of a read; together they would take ten minutes.
    dinas.answer = lambda _: Reply(201, b" " * 6000, trickle=0.1)
    async with a_client(dinas.settings(answer_s=0.3)) as client:
        with pytest.raises(DinasAwayError, match="slowly"):
            await client.log_in(handle="a", pin="123456")


async def test_the_body_of_a_redirect_is_not_read_beyond_the_deadline(dinas: LittleDinas) -> None:
    # requests would read it to its end to see where it leads, although nobody follows.
    elsewhere = {"Location": "https://localhost:1/"}
    dinas.answer = lambda _: Reply(302, b" " * 6000, elsewhere, trickle=0.1)
    async with a_client(dinas.settings(answer_s=0.3)) as client:
        with pytest.raises(DinasAwayError, match="slowly"):
            await client.log_in(handle="a", pin="123456")


async def test_a_call_that_hangs_beyond_all_deadlines_keeps_its_thread_and_not_the_line(
    dinas: LittleDinas, client: DinasClient
) -> None:
    free = threading.Event()
    client._people.within = 0.2
    with pytest.raises(DinasAwayError):
        await client._people.run(lambda _: free.wait(20), within=0.2)
    client._people.within = 10
    dinas.answer = lambda _: ok(SESSION_JSON, 201)
    await client.log_in(handle="a", pin="123456")
    free.set()


async def test_a_gzip_bomb_is_stopped_at_the_size_of_an_answer(dinas: LittleDinas, client: DinasClient) -> None:
    bomb = gzip.compress(b" " * (50 * LARGEST_ANSWER))
    dinas.answer = lambda _: Reply(201, bomb, {"Content-Encoding": "gzip"})
    with pytest.raises(DinasAwayError, match="larger"):
        await client.log_in(handle="a", pin="123456")


async def test_a_bundle_larger_than_the_contract_allows_is_not_read_to_its_end(
    dinas: LittleDinas, client: DinasClient
) -> None:
    dinas.answer = lambda _: Reply(200, b"x" * (LARGEST_BUNDLE + 1))
    with pytest.raises(DinasAwayError, match="larger"):
        await client.bundle(PERMIT)


async def test_the_dinas_must_stand_under_the_configured_ca(dinas: LittleDinas, tmp_path: Path) -> None:
    other = Papers(tmp_path)
    dinas.answer = lambda _: ok(SESSION_JSON, 201)
    async with a_client(dinas.settings(ca=other.ca)) as client:
        with pytest.raises(DinasAwayError):
            await client.log_in(handle="a", pin="123456")
    assert dinas.asked == []


async def test_environment_variables_do_not_change_whom_the_kiosk_trusts(
    dinas: LittleDinas, client: DinasClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(Papers(tmp_path).ca))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    dinas.answer = lambda _: ok(SESSION_JSON, 201)
    await client.log_in(handle="a", pin="123456")


async def test_a_certificate_for_another_name_is_refused(dinas: LittleDinas) -> None:
    dinas.answer = lambda _: ok(SESSION_JSON, 201)
    settings = dinas.settings()
    url = f"https://ip6-localhost:{dinas.port}/adm"  # resolves to the same machine where hosts has it, else to nothing
    elsewhere = Dinas(url, settings.ca, settings.certificate, settings.key, 2.0, 2.0)
    async with a_client(elsewhere) as client:
        with pytest.raises(DinasAwayError):
            await client.log_in(handle="a", pin="123456")
    assert dinas.asked == []


async def test_a_missing_certificate_is_said_as_away_and_does_not_end_the_engine(dinas: LittleDinas) -> None:
    settings = dinas.settings()
    gone = Dinas(settings.url, settings.ca, LocalPath("/nonexistent.pem"), settings.key, 2.0, 2.0)
    async with a_client(gone) as client:
        with pytest.raises(DinasAwayError):
            await client.log_in(handle="a", pin="123456")


async def test_fetching_ahead_does_not_hold_up_a_login(dinas: LittleDinas, client: DinasClient) -> None:
    fetching = threading.Event()

    def answer(asked: Asked) -> Reply:
        if "bundles" in asked.path:
            fetching.set()
            return Reply(200, b"x" * 1000, trickle=0.05)
        return ok(SESSION_JSON, 201)

    dinas.answer = answer
    ahead = asyncio.create_task(client.bundle(PERMIT))
    await asyncio.to_thread(fetching.wait, 5)
    await client.log_in(handle="a", pin="123456")
    assert not ahead.done()
    ahead.cancel()


async def test_what_an_applicant_waits_for_does_not_queue_behind_what_is_fetched_ahead(
    dinas: LittleDinas, client: DinasClient
) -> None:
    numbers = itertools.count()
    dinas.answer = lambda _: Reply(200, b"x" * 1000, trickle=0.05) if next(numbers) == 0 else Reply(200, b"now")
    ahead = asyncio.create_task(client.bundle(PERMIT))
    await until(lambda: len(dinas.asked) == 1)
    assert (await client.bundle(PERMIT, urgent=True)).content == b"now"
    assert not ahead.done()
    ahead.cancel()


async def test_a_fetch_that_nobody_waits_for_any_more_is_not_read_on(dinas: LittleDinas, client: DinasClient) -> None:
    numbers = itertools.count()
    dinas.answer = lambda _: Reply(200, b"x" * 1000, trickle=0.05) if next(numbers) == 0 else Reply(200, b"now")
    given_up = asyncio.create_task(client.bundle(PERMIT, urgent=True))
    await until(lambda: len(dinas.asked) == 1)
    given_up.cancel()
    async with asyncio.timeout(10):  # the first would take fifty
        assert (await client.bundle(PERMIT, urgent=True)).content == b"now"


async def test_a_broken_fetch_gives_what_came(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda _: Reply(200, bytes(range(250)) * 400, {"ETag": '"v"'}, cut=60_000)
    part = await client.bundle(PERMIT)
    assert not part.whole
    assert part.etag == '"v"'
    assert 0 < len(part.content) <= 60_000
    assert part.content == (bytes(range(250)) * 400)[: len(part.content)]


# Whether the Dinas is there


async def test_reachable_is_known_without_anybody_asking_and_follows_the_dinas(
    papers: Papers, caplog: pytest.LogCaptureFixture
) -> None:
    dinas = LittleDinas(papers)
    dinas.answer = lambda _: ok(KIOSK_JSON)
    client = DinasClient(dinas.settings())
    assert client.reachable is None
    await client.start()
    try:
        await until(lambda: client.reachable is True)
        dinas.answer = lambda _: RESET
        with pytest.raises(DinasAwayError):
            await client.log_in(handle="a", pin="123456")
        assert client.reachable is False
        dinas.answer = lambda _: ok(KIOSK_JSON)
        await until(lambda: client.reachable is True)
    finally:
        await client.close()
        dinas.close()
    assert [r.message for r in caplog.records if r.name == "kiosk.dinas.client"] == [
        "the Dinas does not answer",
        "the Dinas answers again",
    ], "one line for a loss, one for a return, and none for a first answer"


async def test_a_quiet_connection_is_asked_now_and_then(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.dinas.client.PROBE_EVERY_S", 0.06)
    dinas = LittleDinas(papers)
    dinas.answer = lambda _: ok(KIOSK_JSON)
    client = DinasClient(dinas.settings())
    await client.start()
    try:
        await until(lambda: len(dinas.asked) >= 4)
        assert {asked.connection for asked in dinas.asked} == {1}
    finally:
        await client.close()
        dinas.close()


async def test_start_and_close_do_not_need_the_dinas(dinas: LittleDinas) -> None:
    settings = dinas.settings()
    dinas.close()
    client = DinasClient(settings)
    began = time.monotonic()
    await client.start()
    await client.close()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("reply", "reachable"),
    [
        (problem("problems/credentials", 401), True),
        (problem("problems/busy", 503), True),
        (Reply(502, b"bad gateway"), False),  # a proxy, in the place of a Dinas that does not answer
        (Reply(504, b""), False),
        (Reply(201, b"garbage"), True),
    ],
)
async def test_an_answer_of_any_kind_is_an_answer_but_not_that_of_a_proxy(
    reply: Reply, reachable: bool, dinas: LittleDinas, client: DinasClient
) -> None:
    dinas.answer = lambda _: reply
    with pytest.raises((DinasProblemError, DinasAwayError)):
        await client.log_in(handle="a", pin="123456")
    assert client.reachable is reachable


async def test_trouble_while_fetching_ahead_does_not_close_the_kiosk(dinas: LittleDinas, client: DinasClient) -> None:
    dinas.answer = lambda asked: RESET if "bundles" in asked.path else ok(SESSION_JSON, 201)
    await client.log_in(handle="a", pin="123456")
    with pytest.raises(DinasAwayError):
        await client.bundle_changes(None)
    assert client.reachable is True


async def test_a_call_in_the_background_that_fails_makes_the_kiosk_look_at_once(papers: Papers) -> None:
    """Nobody is there and the next question is 45 seconds away; the vault notices first."""
    dinas = LittleDinas(papers)
    dinas.answer = lambda _: ok(KIOSK_JSON)
    client = DinasClient(dinas.settings())
    await client.start()
    try:
        await until(lambda: client.reachable is True)
        dinas.answer = lambda _: RESET
        with pytest.raises(DinasAwayError):
            await client.bundle_changes(None)
        await until(lambda: client.reachable is False)
    finally:
        await client.close()
        dinas.close()


async def test_a_call_in_the_background_that_is_answered_makes_the_kiosk_look_whether_the_dinas_is_back(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.dinas.client.FIRST_PROBE_PAUSE_S", 0.01)
    dinas = LittleDinas(papers)
    dinas.answer = lambda _: RESET
    client = DinasClient(dinas.settings())
    client._reachable = False
    monkeypatch.setattr("kiosk.dinas.client.BackOff", lambda *_: _Never())
    await client.start()
    try:
        await until(lambda: len(dinas.asked) >= 1)
        dinas.answer = lambda asked: ok({"changes": [], "next": "c"} if "bundles" in asked.path else KIOSK_JSON)
        await client.bundle_changes(None)
        await until(lambda: client.reachable is True)
    finally:
        await client.close()
        dinas.close()


class _Never:
    """Pauses without an end."""

    def next_pause(self) -> float:
        return 3600.0

    def reset(self) -> None:
        """Nothing to forget."""
