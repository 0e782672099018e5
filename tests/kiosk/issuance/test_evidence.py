"""Each end has its evidence: spooler job, counters on both sides, sensors, chip and bin; and it can be read."""

from __future__ import annotations

from fake_kiosk import World, a_permit

from drivers.card_reader.errors import CardMuteError
from drivers.printer import CardPosition, JobEnd
from kiosk.issuance.evidence import Evidence
from kiosk.issuance.reconcile import reconcile
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.phases import Phase


async def evidence_of(world: World) -> tuple[Attempt, Evidence]:
    [attempt] = await world.ledger.recent(world.printer.name, 1)
    return attempt, Evidence.of(attempt)


async def test_a_card_that_nobody_took_is_counted_in_the_bin(card: World) -> None:
    card.printer.taken_after = None
    await card.issue()
    attempt, evidence = await evidence_of(card)
    assert attempt.phase is Phase.RETRACTED
    assert (evidence.printed, evidence.rejected, evidence.position_after) == (1, 1, "none")
    assert (evidence.chip_read, evidence.state_after) == (True, "online")


async def test_a_spoiled_card_keeps_what_the_chip_did_and_where_the_card_was(card: World) -> None:
    assert card.reader
    card.reader.faults["wait_for_card"] = CardMuteError("reader", "silent")
    await card.issue()
    attempt, evidence = await evidence_of(card)
    assert attempt.phase is Phase.SPOILED
    assert (evidence.chip_read, evidence.chip_fault, evidence.position_after) == (False, "chip-silent", "station")
    assert evidence.printed == 1
    kept = [entry.data for entry in await card.ledger.audit_entries(0, 50) if entry.event == "card-kept-back"]
    assert [(one["attempt"], one["in-bin"]) for one in kept] == [(attempt.attempt_id, True)]


async def test_a_spoiled_card_that_stays_where_it_is_is_told_so(card: World) -> None:
    assert card.reader
    card.reader.faults["wait_for_card"] = card.printer.faults["reject"] = CardMuteError("reader", "silent")
    await card.issue()
    kept = [entry.data for entry in await card.ledger.audit_entries(0, 50) if entry.event == "card-kept-back"]
    assert [(one["in-bin"], one["obstacle"]) for one in kept] == [(False, "silent")]


async def test_paper_of_which_nobody_can_tell_keeps_the_counters_of_both_sides(paper: World) -> None:
    paper.printer.end, paper.printer.printed = JobEnd.UNKNOWN, 500
    await paper.issue()
    attempt, evidence = await evidence_of(paper)
    assert (attempt.phase, evidence.printed_before, evidence.printed_after) == (Phase.UNKNOWN, 500, 500)
    assert evidence.verdict == "nobody can tell how far the device came"


async def test_what_failed_before_the_printer_was_asked_keeps_the_state_of_the_machine(paper: World) -> None:
    paper.preparer.fault = TimeoutError()
    await paper.issue()
    _, evidence = await evidence_of(paper)
    assert (evidence.state_after, evidence.printed_after) == ("online", None)


async def test_an_attempt_that_was_cut_off_keeps_what_the_start_saw(card: World) -> None:
    attempt = await card.ledger.reserve(
        permit_id=a_permit("card").permit_id, document="ktp-el", medium="card", device="card_printer", actor="applicant"
    )
    before = await card.printer.counters()
    for phase in (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING, Phase.PRESENTED):
        facts = Facts(before=before, job_id=9) if phase is Phase.SUBMITTED else Facts()
        await card.ledger.advance(attempt.attempt_id, phase, "system:issuance", facts)
    card.printer.where, card.printer.taken_after = CardPosition.EXIT, None
    await reconcile(card.ledger, None, card.printer)
    ended, evidence = await evidence_of(card)
    assert ended.phase is Phase.RETRACTED
    assert (evidence.spooler_job, evidence.rejected_before, evidence.rejected_after) == (9, 3, 4)
    assert evidence.path == "card"  # when the start looked, before the motion
    assert evidence.position_after == "none"


async def test_it_reads_in_one_order_with_nothing_left_out(paper: World) -> None:
    await paper.issue()
    attempt, evidence = await evidence_of(paper)
    said = evidence.lines()
    assert ("printed before", "100") in said
    assert said.index(("spooler job", "7")) < said.index(("printed after", "101")) < said.index(("taken", "said"))
    of_a_driver = Evidence.of(Attempt("a", "p", "kk", "a4", "x", Phase.TAKEN, evidence={"ribbon": 77, "binned": None}))
    assert of_a_driver.lines() == [("ribbon", "77")]
    assert attempt.evidence  # and the ledger keeps it as plain values
