"""What leaves for the Dinas: in order, as often as it takes, and nothing blocks what stands behind it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.dinas.contract import (
    AuditEntry,
    AuditTaken,
    DinasAwayError,
    DinasError,
    DinasProblemError,
    Outcome,
    OutcomeKind,
    Problem,
    ProblemType,
)
from kiosk.ledger import events, outbox
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.chain import BEGINNING, HeadSigner
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.outbox import FullJitter, Outbox
from kiosk.ledger.phases import Phase

Begin = Callable[..., Awaitable[Attempt]]


def problem(kind: ProblemType, status: int, up_to: int | None = None) -> DinasProblemError:
    return DinasProblemError(Problem(type=kind, status=status, up_to=up_to), kind, status)


class FakeDinas:
    """Takes outcomes and entries by the rules of the contract; raises what the test has put in its way first."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[str, OutcomeKind]] = []
        self.entries: list[AuditEntry] = []
        self.faults: list[DinasError] = []
        self.audit_faults: list[DinasError] = []
        self.refuse: dict[str, DinasError] = {}
        self.calls = 0
        self.answer_lost = False

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)
        if attempt_id in self.refuse:
            raise self.refuse[attempt_id]
        if (attempt_id, outcome.outcome) not in self.outcomes:
            self.outcomes.append((attempt_id, outcome.outcome))
        if self.answer_lost:
            raise DinasAwayError("the answer was lost")

    async def hand_over_audit(self, entries: Sequence[AuditEntry], head: str) -> AuditTaken:
        self.calls += 1
        if self.audit_faults:
            raise self.audit_faults.pop(0)
        for entry in entries:
            if entry.seq > len(self.entries) + 1:
                raise problem(ProblemType.AUDIT_GAP, 409, up_to=len(self.entries))
            if entry.seq <= len(self.entries):
                if self.entries[entry.seq - 1] != entry:
                    raise problem(ProblemType.AUDIT_CONFLICT, 409)
                continue
            assert entry.prev == (self.entries[-1].hash if self.entries else BEGINNING)
            self.entries.append(entry)
        return AuditTaken(len(self.entries), f"witness of {head[:8]}")


@pytest.fixture(scope="module")
def signer() -> HeadSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    return HeadSigner(
        "adm-tuban-01",
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


@pytest.fixture
def dinas() -> FakeDinas:
    return FakeDinas()


@pytest.fixture
def outgoing(ledger: Ledger, dinas: FakeDinas, signer: HeadSigner) -> Outbox:
    return Outbox(ledger, dinas, signer)


async def ended(ledger: Ledger, begin: Begin, phase: Phase = Phase.UNKNOWN) -> str:
    attempt = await begin(Phase.PRINTING)
    await ledger.advance(attempt.attempt_id, phase, "system:issuance", Facts(reason="test"))
    return attempt.attempt_id


async def test_outcomes_leave_in_order_and_once(
    ledger: Ledger, begin: Begin, dinas: FakeDinas, outgoing: Outbox
) -> None:
    first = await ended(ledger, begin)
    second = await ended(ledger, begin, Phase.SPOILED)
    await ledger.settle(first, Phase.TAKEN, "op-1")
    await outgoing.flush()
    assert dinas.outcomes == [
        (first, OutcomeKind.UNKNOWN),
        (second, OutcomeKind.SPOILED),
        (first, OutcomeKind.PRINTED),
    ]
    calls = dinas.calls
    await outgoing.flush()
    assert dinas.calls == calls


async def test_a_lost_answer_means_the_same_again(
    ledger: Ledger, begin: Begin, dinas: FakeDinas, outgoing: Outbox
) -> None:
    attempt_id = await ended(ledger, begin)
    dinas.answer_lost = True
    with pytest.raises(DinasAwayError):
        await outgoing.flush()
    dinas.answer_lost = False
    await outgoing.flush()
    assert dinas.outcomes == [(attempt_id, OutcomeKind.UNKNOWN)]
    assert await ledger.pending_outcomes(10) == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (ProblemType.OUTCOME_CONFLICT, 409),
        (ProblemType.UNKNOWN_ATTEMPT, 404),
        (ProblemType.NOT_PERSONALIZED, 409),
        (ProblemType.INVALID, 422),
        (ProblemType.OTHER, 400),
    ],
)
async def test_what_can_never_succeed_is_kept_and_blocks_nobody(
    ledger: Ledger, begin: Begin, dinas: FakeDinas, outgoing: Outbox, kind: ProblemType, status: int
) -> None:
    bad, good = await ended(ledger, begin), await ended(ledger, begin)
    dinas.refuse[bad] = problem(kind, status)
    await outgoing.flush()
    assert dinas.outcomes == [(good, OutcomeKind.UNKNOWN)]
    [(attempt_id, outcome, why)] = await ledger.refused_outcomes()
    assert (attempt_id, outcome.outcome, why) == (bad, OutcomeKind.UNKNOWN, kind)
    assert dinas.entries[-1].event == "outcome-refused"
    assert dinas.entries[-1].data["attempt"] == bad


@pytest.mark.parametrize(
    "fault",
    [
        DinasAwayError("no line"),
        problem(ProblemType.BUSY, 503),
        problem(ProblemType.KIOSK_DISABLED, 403),
        problem(ProblemType.OTHER, 500),
        problem(ProblemType.OTHER, 429),
    ],
)
async def test_what_may_go_better_later_stops_the_round_and_loses_nothing(
    ledger: Ledger, begin: Begin, dinas: FakeDinas, outgoing: Outbox, fault: DinasError
) -> None:
    ids = [await ended(ledger, begin) for _ in range(3)]
    dinas.faults = [fault]
    with pytest.raises(DinasError):
        await outgoing.flush()
    assert dinas.outcomes == []
    await outgoing.flush()
    assert [attempt_id for attempt_id, _ in dinas.outcomes] == ids


async def test_the_audit_chain_is_handed_over_in_batches_with_its_head(
    ledger: Ledger, dinas: FakeDinas, outgoing: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BATCH", 4)
    for _ in range(10):
        await ledger.record(events.LoggedOut(actor=events.APPLICANT))
    await outgoing.flush()
    assert dinas.entries == await ledger.audit_entries(0, 100)
    assert dinas.calls == 3
    handover = await ledger.audit_handover()
    assert handover.up_to == 10
    assert handover.witness
    await outgoing.flush()
    assert dinas.calls == 3


@pytest.mark.parametrize("known", [0, 3])
async def test_after_a_gap_it_goes_on_where_the_dinas_stands(
    ledger: Ledger, dinas: FakeDinas, outgoing: Outbox, known: int
) -> None:
    for _ in range(6):
        await ledger.record(events.LoggedOut(actor=events.APPLICANT))
    await outgoing.flush()
    del dinas.entries[known:]  # the Dinas was restored from an older backup
    await ledger.record(events.LoggedOut(actor=events.APPLICANT))
    await outgoing.flush()
    assert dinas.entries == await ledger.audit_entries(0, 100)


@pytest.mark.parametrize(
    "fault", [problem(ProblemType.AUDIT_CONFLICT, 409), problem(ProblemType.AUDIT_GAP, 409, up_to=0)]
)
async def test_a_chain_that_is_not_taken_is_told_once_and_outcomes_go_on(
    ledger: Ledger, begin: Begin, dinas: FakeDinas, outgoing: Outbox, fault: DinasError
) -> None:
    dinas.audit_faults = [fault, fault]
    first = await ended(ledger, begin)
    await outgoing.flush()
    assert (await ledger.audit_handover()).refused in (ProblemType.AUDIT_CONFLICT, ProblemType.AUDIT_GAP)
    assert (await ledger.audit_entries(0, 100))[-1].event == "audit-refused"
    second = await ended(ledger, begin)
    await outgoing.flush()
    assert [attempt_id for attempt_id, _ in dinas.outcomes] == [first, second]


async def test_a_new_outcome_wakes_the_loop(ledger: Ledger, begin: Begin, dinas: FakeDinas, outgoing: Outbox) -> None:
    running = asyncio.create_task(outgoing.run())
    await asyncio.sleep(0.05)  # it waits now
    attempt_id = await ended(ledger, begin)
    async with asyncio.timeout(10):  # far less than the minute that audit entries wait for company
        while not dinas.outcomes:
            await asyncio.sleep(0.01)
    assert dinas.outcomes[0][0] == attempt_id
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_loop_survives_a_dinas_that_is_away(
    ledger: Ledger, begin: Begin, dinas: FakeDinas, signer: HeadSigner
) -> None:
    class NoPause(FullJitter):
        def next_pause(self) -> float:
            return min(0.001, super().next_pause())

    attempt_id = await ended(ledger, begin)
    dinas.faults = [DinasAwayError("no line") for _ in range(20)]
    running = asyncio.create_task(Outbox(ledger, dinas, signer, NoPause()).run())
    async with asyncio.timeout(10):
        while not dinas.outcomes:
            await asyncio.sleep(0.01)
    assert dinas.outcomes == [(attempt_id, OutcomeKind.UNKNOWN)]
    running.cancel()


def test_pauses_have_full_jitter_under_a_ceiling_from_2_s_to_15_min() -> None:
    pauses = [FullJitter(random.Random(seed)) for seed in range(200)]
    for step in range(14):
        ceiling = min(900.0, 2.0 * 2**step)
        drawn = [p.next_pause() for p in pauses]
        assert 0 <= min(drawn) < ceiling * 0.1
        assert ceiling * 0.9 < max(drawn) <= ceiling
    pauses[0].reset()
    assert pauses[0].next_pause() <= 2.0
