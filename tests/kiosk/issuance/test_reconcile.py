"""After a kill at each act: what the file holds, and what the next start makes of it."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from fake_kiosk import World

from drivers.device import DeviceState
from drivers.errors import DeviceTimeoutError
from drivers.printer import CardPosition, JobEnd
from kiosk.dinas.contract import OutcomeKind
from kiosk.issuance.reconcile import reconcile
from kiosk.issuance.verdict import TABLE, Seen, judge
from kiosk.issuance.verdict import Path as CardPath
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import TRANSITIONS, Phase

FAKE_KIOSK = Path(__file__).parent / "fake_kiosk.py"

# medium, act at which the power goes, phase on the disk, what the devices say at start, end, outcome
CUTS = [
    ("a4", "claim", "reserved", JobEnd.UNKNOWN, CardPosition.NONE, Phase.FAILED, OutcomeKind.NOT_PRINTED),
    ("a4", "prepare", "claimed", JobEnd.UNKNOWN, CardPosition.NONE, Phase.FAILED, OutcomeKind.NOT_PRINTED),
    ("a4", "create", "opened", JobEnd.NOTHING, CardPosition.NONE, Phase.FAILED, OutcomeKind.NOT_PRINTED),
    ("a4", "send", "submitted", JobEnd.NOTHING, CardPosition.NONE, Phase.FAILED, OutcomeKind.NOT_PRINTED),
    ("a4", "send", "submitted", JobEnd.UNKNOWN, CardPosition.NONE, Phase.UNKNOWN, OutcomeKind.UNKNOWN),
    ("a4", "follow", "printing", JobEnd.PRINTED, CardPosition.NONE, Phase.UNKNOWN, OutcomeKind.UNKNOWN),
    ("a4", "shown", "presented", JobEnd.PRINTED, CardPosition.NONE, Phase.UNKNOWN, OutcomeKind.UNKNOWN),
    ("card", "send", "submitted", JobEnd.UNKNOWN, CardPosition.INSIDE, Phase.SPOILED, OutcomeKind.SPOILED),
    ("card", "read_photo", "printing", JobEnd.PRINTED, CardPosition.STATION, Phase.SPOILED, OutcomeKind.SPOILED),
    ("card", "present", "presented", JobEnd.PRINTED, CardPosition.EXIT, Phase.RETRACTED, OutcomeKind.SPOILED),
    ("card", "shown", "presented", JobEnd.PRINTED, CardPosition.NONE, Phase.TAKEN, OutcomeKind.PRINTED),
    ("card", "reject", "retracted", JobEnd.PRINTED, CardPosition.EXIT, Phase.RETRACTED, OutcomeKind.SPOILED),
    ("card", "reject", "retracted", JobEnd.PRINTED, CardPosition.NONE, Phase.UNKNOWN, OutcomeKind.UNKNOWN),
]


@pytest.mark.parametrize(
    ("medium", "act", "on_disk", "found", "where", "end", "outcome"), CUTS, ids=[f"{c[0]}-{c[1]}-{c[5]}" for c in CUTS]
)
async def test_an_attempt_that_was_cut_off_gets_its_end(
    tmp_path: Path,
    medium: str,
    act: str,
    on_disk: str,
    found: JobEnd,
    where: CardPosition,
    end: Phase,
    outcome: OutcomeKind,
) -> None:
    cut = subprocess.run([sys.executable, FAKE_KIOSK, tmp_path, medium, act], capture_output=True, timeout=60)
    assert cut.returncode == -9, cut.stderr.decode()
    ledger = await Ledger.open(tmp_path)
    [left] = await ledger.unfinished()
    assert left.phase == on_disk

    world = World(ledger, tmp_path, medium)
    printer = world.printer
    printer.found, printer.where, printer.taken_after = found, where, None
    paper, cards = (None, printer) if medium == "card" else (printer, None)
    [ended] = await reconcile(ledger, paper, cards)
    assert ended.phase is end
    assert [q.outcome.outcome for q in await ledger.pending_outcomes(10)] == [outcome]
    assert await ledger.unfinished() == []
    assert not {"present", "create", "send"} & {name for name, _ in world.trace.acts}
    if where is not CardPosition.NONE:
        assert printer.where is CardPosition.NONE
        assert world.trace.phase_at("reject") in ("spoiled", "retracted")
        rejected = [e for e in await ledger.audit_entries(0, 100) if e.event == "card-rejected-at-start"]
        assert [e.data["attempt"] for e in rejected] == [ended.attempt_id]
    history = await ledger.history(ended.attempt_id)
    assert history[-1].actor == "system:reconciliation"
    assert await ledger.verify_audit() is None
    await ledger.close()


async def test_a_card_that_belongs_to_no_attempt_goes_to_the_bin(card: World) -> None:
    card.printer.where, card.printer.taken_after = CardPosition.EXIT, None
    assert await reconcile(card.ledger, None, card.printer) == []
    assert (card.printer.where, card.printer.rejected) == (CardPosition.NONE, 4)
    assert card.trace.count("present") == 0


async def test_a_printer_that_stays_away_is_judged_without_its_word(paper: World) -> None:
    await _cut_at_printing(paper)
    paper.printer.state, paper.printer.faults["find"] = DeviceState.NO_DEVICE, DeviceTimeoutError("p", "no answer")
    [ended] = await reconcile(paper.ledger, paper.printer, None, patience_s=0.01)
    assert (ended.phase, ended.reason) == (Phase.UNKNOWN, "no-evidence")


async def test_a_printer_that_was_unplugged_for_good_is_in_doubt(card: World) -> None:
    await _cut_at_printing(card)
    [ended] = await reconcile(card.ledger, None, None)
    assert (ended.phase, ended.reason) == (Phase.UNKNOWN, "no-evidence")


async def test_a_machine_that_cannot_keep_a_card_back_is_in_doubt(card: World) -> None:
    await _cut_at_printing(card)
    [attempt] = await card.ledger.unfinished()
    await card.ledger.advance(attempt.attempt_id, Phase.PRESENTED, "system:issuance")
    card.printer.where, card.printer.taken_after = CardPosition.EXIT, None
    card.printer.faults["reject"] = DeviceTimeoutError("cards", "stuck")
    [ended] = await reconcile(card.ledger, None, card.printer)
    assert (ended.phase, ended.reason) == (Phase.UNKNOWN, "not-in-bin")


async def _cut_at_printing(world: World) -> None:
    attempt = await world.ledger.reserve(
        permit_id=world.permit.permit_id,
        document=world.permit.document,
        medium=world.permit.medium,
        device=world.printer.name,
        actor="applicant",
    )
    for phase in (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING):
        await world.ledger.advance(attempt.attempt_id, phase, "system:issuance")


LIVING = [phase for phase in Phase if TRANSITIONS[phase]]
EVIDENCE = list(product([None, *JobEnd], CardPath, [None, True, False]))


@pytest.mark.parametrize("phase", LIVING)
def test_the_table_answers_for_all_evidence_with_a_legal_phase(phase: Phase) -> None:
    for end, path, binned in EVIDENCE:
        verdict = judge(phase, Seen(end, path, binned))
        assert verdict.phase in TRANSITIONS[phase], (phase, end, path, binned)


def test_every_row_of_the_table_is_reached() -> None:
    reached = {
        next(i for i, rule in enumerate(TABLE) if rule.fits(phase, Seen(*evidence)))
        for phase in LIVING
        for evidence in EVIDENCE
    }
    assert reached == set(range(len(TABLE)))


def test_nothing_is_called_delivered_without_a_clear_path_and_an_unmoved_bin() -> None:
    for phase in LIVING:
        for end, path, binned in EVIDENCE:
            if judge(phase, Seen(end, path, binned)).phase is Phase.TAKEN:
                assert (phase, path, binned) == (Phase.PRESENTED, CardPath.CLEAR, False)


def test_nothing_is_called_failed_after_the_data_went_unless_device_and_path_say_nothing() -> None:
    for end, path, binned in EVIDENCE:
        if judge(Phase.PRINTING, Seen(end, path, binned)).phase is Phase.FAILED:
            assert end is JobEnd.NOTHING
            assert path is not CardPath.CARD
