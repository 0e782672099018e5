"""Revocation lists: asked with their ETag, kept over a restart with their age, and the last good ones stay."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from little_dinas import RESET, Asked, LittleDinas, Reply, ok

from kiosk.dinas import revocations as module
from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import DinasAwayError, DinasError
from kiosk.dinas.revocations import RevocationLists

FIRST, SECOND = b"\x30\x03 one", b"\x30\x03 two"


def lists(*crls: bytes, etag: str | None = '"r1"') -> Reply:
    headers = {} if etag is None else {"ETag": etag}
    return ok({"crls": [base64.b64encode(crl).decode() for crl in crls]}, **headers)


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(tmp_path: Path, client: DinasClient, clock: Clock) -> RevocationLists:
    return RevocationLists(tmp_path / "revocations", client, clock)


async def test_none_before_the_dinas_was_reached(kept: RevocationLists) -> None:
    assert (kept.crls, kept.age_s) == ((), None)


async def test_they_are_kept_with_their_age_over_a_restart(
    kept: RevocationLists, dinas: LittleDinas, client: DinasClient, tmp_path: Path, clock: Clock
) -> None:
    dinas.answer = lambda _: lists(FIRST, SECOND)
    await kept.refresh()
    assert "if-none-match" not in dinas.asked[0].headers
    clock.now += 60
    again = RevocationLists(tmp_path / "revocations", client, clock)
    assert (again.crls, again.age_s) == ((FIRST, SECOND), 60)


async def test_as_before_costs_no_bytes_and_makes_them_young(
    kept: RevocationLists, dinas: LittleDinas, clock: Clock
) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(304) if asked.headers.get("if-none-match") == '"r1"' else lists(FIRST)

    dinas.answer = answer
    await kept.refresh()
    clock.now += 900
    await kept.refresh()
    assert (kept.crls, kept.age_s) == ((FIRST,), 0)
    assert [asked.headers.get("if-none-match") for asked in dinas.asked] == [None, '"r1"']


async def test_a_new_list_takes_the_place_of_the_old(kept: RevocationLists, dinas: LittleDinas) -> None:
    dinas.answer = lambda _: lists(FIRST)
    await kept.refresh()
    dinas.answer = lambda _: lists(FIRST, SECOND, etag='"r2"')
    await kept.refresh()
    assert kept.crls == (FIRST, SECOND)


@pytest.mark.parametrize("reply", [RESET, Reply(200, b"[]"), ok({"crls": ["not base64!"]}), Reply(500)])
async def test_the_last_good_ones_stay(reply: Reply, kept: RevocationLists, dinas: LittleDinas) -> None:
    dinas.answer = lambda _: lists(FIRST)
    await kept.refresh()
    dinas.answer = lambda _: reply
    with pytest.raises(DinasError):
        await kept.refresh()
    assert kept.crls == (FIRST,)


async def test_as_before_of_what_was_never_had_is_no_answer(kept: RevocationLists, dinas: LittleDinas) -> None:
    dinas.answer = lambda _: Reply(304)
    with pytest.raises(DinasAwayError):
        await kept.refresh()
    assert kept.age_s is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[" * 50_000, b'{"crls": ["!"], "etag": "\\"r1\\"", "at": 5}', b'{"crls": 3}']
)
async def test_a_broken_file_is_asked_for_again_in_full(
    content: bytes, dinas: LittleDinas, client: DinasClient, tmp_path: Path
) -> None:
    folder = tmp_path / "revocations"
    folder.mkdir()
    (folder / "revocations.json").write_bytes(content)
    kept = RevocationLists(folder, client)
    assert kept.crls == ()
    dinas.answer = lambda _: lists(FIRST)
    await kept.refresh()
    assert "if-none-match" not in dinas.asked[0].headers
    assert kept.crls == (FIRST,)


async def test_a_clock_set_back_makes_no_negative_age(kept: RevocationLists, dinas: LittleDinas, clock: Clock) -> None:
    dinas.answer = lambda _: lists(FIRST)
    await kept.refresh()
    clock.now -= 5000
    assert kept.age_s == 0


async def test_they_count_even_when_they_cannot_be_kept(
    kept: RevocationLists, dinas: LittleDinas, tmp_path: Path
) -> None:
    (tmp_path / "revocations").rmdir()  # as good as a disk that is gone
    dinas.answer = lambda _: lists(FIRST)
    await kept.refresh()
    assert kept.crls == (FIRST,)


async def test_run_goes_on_until_the_dinas_answers(
    kept: RevocationLists, dinas: LittleDinas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.01)
    dinas.answer = lambda _: lists(FIRST) if len(dinas.asked) > 3 else RESET
    running = asyncio.create_task(kept.run())
    async with asyncio.timeout(10):
        while not kept.crls:
            await asyncio.sleep(0.01)
    running.cancel()
