"""What the ledger keeps of attempts, and what it refuses."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from set_time import FakeTime

from drivers.printer import Counters
from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.database import FILE
from kiosk.ledger.errors import DeviceHeldError, IllegalTransitionError, LedgerFailedError, PermitHeldError
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

Begin = Callable[..., Awaitable[Attempt]]


async def test_an_attempt_keeps_what_was_learnt_with_each_phase(ledger: Ledger, begin: Begin) -> None:
    attempt = await begin(Phase.OPENED, device="cards")
    facts = Facts(job_id=17, job_uuid="urn:uuid:1", before=Counters(100, 3), evidence={"a": 1})
    await ledger.advance(attempt.attempt_id, Phase.SUBMITTED, "system:issuance", facts)
    await ledger.advance(attempt.attempt_id, Phase.PRINTING, "system:issuance", Facts(evidence={"b": None}))
    found = await ledger.attempt(attempt.attempt_id)
    assert (found.phase, found.job_id, found.before, found.evidence) == (
        Phase.PRINTING,
        17,
        Counters(100, 3),
        {"a": 1, "b": None},
    )
    history = await ledger.history(attempt.attempt_id)
    assert [r.phase for r in history] == [
        Phase.RESERVED,
        Phase.CLAIMED,
        Phase.OPENED,
        Phase.SUBMITTED,
        Phase.PRINTING,
    ]
    assert [r.actor for r in history] == ["applicant"] + ["system:issuance"] * 4


async def test_attempt_ids_are_version_7_and_rise(ledger: Ledger, begin: Begin) -> None:
    ids = [(await begin()).attempt_id for _ in range(5)]
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", i) for i in ids)


async def test_an_illegal_transition_writes_nothing_at_all(ledger: Ledger, begin: Begin) -> None:
    attempt = await begin()
    audit = await ledger.audit_entries(0, 100)
    with pytest.raises(IllegalTransitionError):
        await ledger.advance(attempt.attempt_id, Phase.PRESENTED, "system:issuance")
    assert await ledger.attempt(attempt.attempt_id) == attempt
    assert await ledger.audit_entries(0, 100) == audit
    assert len(await ledger.history(attempt.attempt_id)) == 1


@pytest.mark.parametrize(
    ("road_to", "end", "outcome"),
    [
        (Phase.RESERVED, Phase.FAILED, OutcomeKind.NOT_PRINTED),
        (Phase.PRINTING, Phase.SPOILED, OutcomeKind.SPOILED),
        (Phase.PRINTING, Phase.UNKNOWN, OutcomeKind.UNKNOWN),
        (Phase.PRESENTED, Phase.TAKEN, OutcomeKind.PRINTED),
    ],
)
async def test_the_outcome_is_queued_with_the_phase_that_causes_it(
    ledger: Ledger, begin: Begin, road_to: Phase, end: Phase, outcome: OutcomeKind
) -> None:
    attempt = await begin(road_to)
    assert await ledger.pending_outcomes(10) == []
    ledger.outcome_queued.clear()
    await ledger.advance(attempt.attempt_id, end, "system:issuance", Facts(reason="media-jam"))
    [queued] = await ledger.pending_outcomes(10)
    assert (queued.attempt_id, queued.outcome.outcome, queued.outcome.reason) == (
        attempt.attempt_id,
        outcome,
        "media-jam",
    )
    assert ledger.outcome_queued.is_set()


async def test_phase_outcome_and_audit_entry_are_one_transaction(ledger: Ledger, begin: Begin, tmp_path: Path) -> None:
    """Another process adds a trigger that makes the last of the three writes fail: none of them stays."""
    attempt = await begin(Phase.PRESENTED)
    other = sqlite3.connect(tmp_path / "state" / FILE)
    other.execute("CREATE TRIGGER fault BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'planted'); END")
    other.close()
    with pytest.raises(LedgerFailedError, match="planted"):
        await ledger.advance(attempt.attempt_id, Phase.TAKEN, "applicant")
    assert (await ledger.attempt(attempt.attempt_id)).phase is Phase.PRESENTED
    assert await ledger.pending_outcomes(10) == []


async def test_a_retracted_card_ends_only_when_the_machine_has_shown_it(ledger: Ledger, begin: Begin) -> None:
    attempt = await begin(Phase.PRESENTED)
    await ledger.advance(attempt.attempt_id, Phase.RETRACTED, "system:issuance")
    assert await ledger.pending_outcomes(10) == []
    assert [a.phase for a in await ledger.unfinished()] == [Phase.RETRACTED]
    await ledger.advance(attempt.attempt_id, Phase.RETRACTED, "system:issuance", Facts(reason="not-taken"))
    [queued] = await ledger.pending_outcomes(10)
    assert queued.outcome.outcome is OutcomeKind.SPOILED
    assert await ledger.unfinished() == []
    with pytest.raises(IllegalTransitionError, match="ended"):
        await ledger.advance(attempt.attempt_id, Phase.RETRACTED, "system:issuance")


@pytest.mark.parametrize("phase", [Phase.RESERVED, Phase.PRINTING, Phase.PRESENTED])
async def test_a_permit_has_one_living_attempt(ledger: Ledger, begin: Begin, phase: Phase) -> None:
    first = await begin(phase)
    with pytest.raises(PermitHeldError) as held:
        await begin(permit=first.permit_id, device="another")
    assert held.value.phase == phase


async def test_a_taken_permit_is_never_reserved_again_and_a_failed_one_is(ledger: Ledger, begin: Begin) -> None:
    taken = await begin(Phase.PRESENTED)
    await ledger.advance(taken.attempt_id, Phase.TAKEN, "applicant")
    with pytest.raises(PermitHeldError):
        await begin(permit=taken.permit_id)
    failed = await begin()
    await ledger.advance(failed.attempt_id, Phase.FAILED, "system:issuance")
    assert (await begin(permit=failed.permit_id)).attempt_id != failed.attempt_id


async def test_the_database_refuses_a_second_attempt_even_when_the_program_forgets(
    ledger: Ledger, begin: Begin, tmp_path: Path
) -> None:
    first = await begin(Phase.CLAIMED)
    other = sqlite3.connect(tmp_path / "state" / FILE)
    with pytest.raises(sqlite3.IntegrityError, match=r"attempts\.permit_id"):
        other.execute(
            "INSERT INTO attempts (attempt_id, permit_id, document, medium, device, phase, reserved_at, changed_at)"
            " VALUES ('x', ?, 'kk', 'a4', 'elsewhere', 'reserved', '', '')",
            (first.permit_id,),
        )
    other.close()


async def test_a_device_in_doubt_takes_nothing_until_an_operator_has_settled_it(ledger: Ledger, begin: Begin) -> None:
    attempt = await begin(Phase.PRINTING, device="cards")
    with pytest.raises(DeviceHeldError):
        await begin(device="cards")
    assert ledger.in_doubt == frozenset()  # at work is no doubt
    await ledger.advance(attempt.attempt_id, Phase.UNKNOWN, "system:issuance")
    assert ledger.in_doubt == {"cards"}
    assert [a.attempt_id for a in await ledger.doubts("cards")] == [attempt.attempt_id]
    assert await ledger.doubts("paper") == []
    with pytest.raises(DeviceHeldError) as held:
        await begin(device="cards")
    assert held.value.phase == Phase.UNKNOWN
    await begin(device="paper")  # the others go on

    settled = await ledger.settle(attempt.attempt_id, Phase.TAKEN, "op-7")
    assert (settled.phase, settled.outcome) == (Phase.TAKEN, OutcomeKind.PRINTED)
    assert ledger.in_doubt == frozenset()
    outcomes = [(q.outcome.outcome, q.outcome.settled_by) for q in await ledger.pending_outcomes(10)]
    assert outcomes == [(OutcomeKind.UNKNOWN, None), (OutcomeKind.PRINTED, "op-7")]
    assert (await ledger.history(attempt.attempt_id))[-1].actor == "operator:op-7"
    await begin(device="cards")


async def test_a_spoiled_blank_is_accounted_for_once(ledger: Ledger, begin: Begin) -> None:
    attempt = await begin(Phase.PRINTING)
    await ledger.advance(attempt.attempt_id, Phase.SPOILED, "system:issuance", Facts(reason="chip-fault"))
    assert [a.attempt_id for a in await ledger.unaccounted()] == [attempt.attempt_id]
    await ledger.account_for_blank(attempt.attempt_id, "op-7", "B123")
    assert await ledger.unaccounted() == []
    first, again = [q.outcome for q in await ledger.pending_outcomes(10)]
    assert (first.settled_by, again.settled_by, again.blank) == (None, "op-7", "B123")
    with pytest.raises(IllegalTransitionError):
        await ledger.account_for_blank(attempt.attempt_id, "op-7")


async def test_what_was_given_to_a_device_lately_is_told_with_its_times(
    ledger: Ledger, begin: Begin, time_: FakeTime
) -> None:
    await begin(Phase.OPENED, device="cards-1")
    before = time_.now()
    nothing = await begin(Phase.SUBMITTED, device="cards")
    await ledger.advance(nothing.attempt_id, Phase.FAILED, "system:issuance", Facts(reason="not-printed"))
    spoiled = await begin(Phase.PRINTING, device="cards")
    await ledger.advance(spoiled.attempt_id, Phase.SPOILED, "system:issuance", Facts(reason="jam"))
    under_way = await begin(Phase.SUBMITTED, device="cards")
    await begin(Phase.SUBMITTED, device="paper")

    times = [
        record.at
        for attempt in (spoiled, under_way)
        for record in await ledger.history(attempt.attempt_id)
        if record.phase is Phase.SUBMITTED
    ]
    assert [at.isoformat() for at in await ledger.sent_since("cards", before)] == times
    assert await ledger.sent_since("cards", time_.now()) == ()


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    first = await Ledger.open(tmp_path)
    attempt = await first.reserve(
        permit_id="0198f1de-0000-4000-8000-000000000001", document="kk", medium="a4", device="paper", actor="applicant"
    )
    await first.close()
    second = await Ledger.open(tmp_path)
    assert await second.unfinished() == [attempt]
    await second.close()


async def test_a_closed_ledger_says_so(tmp_path: Path) -> None:
    ledger = await Ledger.open(tmp_path)
    await ledger.close()
    with pytest.raises(LedgerFailedError):
        await ledger.unfinished()
