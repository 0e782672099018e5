"""Who comes back with the same PIN hears what became of the attempt, also of one that the power cut off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.engine.past import before_of
from kiosk.issuance.reconcile import reconcile
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.past import REMEMBERED
from kiosk.ledger.phases import Phase
from kiosk.protocol import Became

PERMIT = "0198f1de-0000-4000-8000-00000000000{}"
WAY = (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING, Phase.PRESENTED)
NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)

# how far it came, and what the ledger says at its end
ENDS = [
    ((Phase.FAILED,), Became.NOTHING),
    ((*WAY[:3], Phase.SPOILED), Became.KEPT),
    ((*WAY[:3], Phase.UNKNOWN), Became.IN_DOUBT),
    ((*WAY, Phase.TAKEN), Became.TAKEN),
    ((*WAY, Phase.RETRACTED, Phase.RETRACTED), Became.KEPT),
]


async def attempt(ledger: Ledger, number: int, phases: tuple[Phase, ...], device: str = "") -> str:
    permit = PERMIT.format(number)
    begun = await ledger.reserve(
        permit_id=permit, document="kk", medium="a4", device=device or f"printer-{number}", actor="applicant"
    )
    for phase in phases:
        await ledger.advance(begun.attempt_id, phase, "system:issuance")
    return permit


async def told(ledger: Ledger, permit: str) -> Became | None:
    past = (await ledger.last_at([permit])).get(permit)
    before = before_of(past) if past else None
    return before.became if before else None


@pytest.mark.parametrize(("phases", "became"), ENDS, ids=[end[0][-1] for end in ENDS])
async def test_each_end_is_told(ledger: Ledger, phases: tuple[Phase, ...], became: Became) -> None:
    assert await told(ledger, await attempt(ledger, 1, phases)) is became


async def test_paper_that_was_cut_off_in_the_tray_is_told_as_left_there(ledger: Ledger) -> None:
    permit = await attempt(ledger, 1, WAY)
    assert await told(ledger, permit) is None  # it has no end yet
    await reconcile(ledger, None, None)
    assert await told(ledger, permit) is Became.LEFT
    assert "paper-left" in [entry.event for entry in await ledger.audit_entries(0, 50)]


async def test_the_last_attempt_counts(ledger: Ledger) -> None:
    permit = await attempt(ledger, 1, (Phase.FAILED,))
    await attempt(ledger, 1, (*WAY[:3], Phase.SPOILED))
    assert await told(ledger, permit) is Became.KEPT
    assert await ledger.last_at([PERMIT.format(9)]) == {}


async def test_it_is_told_when_in_the_time_of_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = await Ledger.open(tmp_path, now=lambda: NOW)
    permit = await attempt(ledger, 1, (*WAY, Phase.TAKEN))
    before = before_of((await ledger.last_at([permit]))[permit])
    assert before is not None
    assert datetime.fromisoformat(before.at) == NOW
    assert before.at == NOW.astimezone().isoformat(timespec="minutes")
    await ledger.close()


async def test_a_failure_long_ago_is_not_told_and_a_doubt_is(tmp_path: Path) -> None:
    now = [NOW]
    ledger = await Ledger.open(tmp_path, now=lambda: now[0])
    failed = await attempt(ledger, 1, (Phase.FAILED,))
    doubt = await attempt(ledger, 2, (*WAY[:3], Phase.UNKNOWN))
    # Ids hold the real time, so that the ledger's clock goes ahead of it instead.
    now[0] = datetime.now(UTC) + REMEMBERED + timedelta(days=1)
    assert (await told(ledger, failed), await told(ledger, doubt)) == (None, Became.IN_DOUBT)
    await ledger.close()
