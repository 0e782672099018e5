"""No phase without a deadline: whatever hangs, and wherever, the attempt has its end in time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fake_kiosk import QUICK, World

from kiosk.issuance import chip, deadlines
from kiosk.ledger.ledger import LONGEST_ATTEMPT, Ledger
from kiosk.ledger.phases import TRANSITIONS, Phase

LIVING = [phase for phase in Phase if TRANSITIONS[phase]]
WAITS = [name for name, value in vars(deadlines).items() if name.isupper() and isinstance(value, float)]
SHORT_S = 0.05
# Every call of an attempt to the outside, by who is called.
CALLS = [
    *[("printer", call) for call in ("refresh", "counters", "create", "send", "abandon", "position")],
    *[("printer", call) for call in ("present", "reject")],
    *[("reader", call) for call in ("wait_for_card", "atr", "transmit", "read_photo")],
    *[("dinas", call) for call in ("claim", "personalize")],
    ("vault", "bundle"),
    ("preparer", "prepare"),
]


@pytest.mark.parametrize("phase", LIVING)
def test_every_phase_has_its_longest_time(phase: Phase) -> None:
    assert 0 < deadlines.longest(phase, QUICK) < float("inf")


def test_a_phase_that_is_an_end_has_none() -> None:
    for phase in set(Phase) - set(LIVING):
        with pytest.raises(KeyError):
            deadlines.longest(phase, QUICK)


def test_an_attempt_reaches_the_printer_within_the_time_in_which_the_ledger_looks_for_it() -> None:
    before = (Phase.RESERVED, Phase.CLAIMED, Phase.OPENED)
    assert sum(deadlines.longest(phase, QUICK) for phase in before) < LONGEST_ATTEMPT.total_seconds()


async def never(*_: object, **__: object) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(("who", "call"), CALLS, ids=[f"{who}-{call}" for who, call in CALLS])
async def test_a_call_that_never_comes_back_ends_the_attempt(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str, call: str
) -> None:
    for name in WAITS:
        monkeypatch.setattr(deadlines, name, SHORT_S)
    monkeypatch.setattr(chip, "LOOK_AT_READER_S", SHORT_S)
    world = World(ledger, tmp_path, "card")
    world.dinas.personalization = True
    world.printer.taken_after = None
    monkeypatch.setattr(getattr(world, who), call, never)
    async with asyncio.timeout(20):
        await world.issue()
    assert await ledger.unfinished() == []


async def test_a_job_that_is_followed_for_ever_ends_the_attempt(paper: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WAITS:
        monkeypatch.setattr(deadlines, name, SHORT_S)

    async def follow(*_: object):  # type: ignore[no-untyped-def]  # a generator that yields nothing
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr(paper.printer, "follow", follow)
    monkeypatch.setattr(paper.printer, "find", never)
    async with asyncio.timeout(20):
        issued = await paper.issue()
    assert issued.reason == "no-evidence"
