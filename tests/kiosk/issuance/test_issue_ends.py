"""Attempts that end with something printed, or perhaps printed: kept back, in doubt, or left for the next start."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from fake_kiosk import AWAY, SECRET_NAME, TIMEOUT, World, picture, problem, the_end

from drivers.card_reader.errors import CardLostError, CardMuteError, NoPhotoError, ServiceAwayError
from drivers.errors import DeviceRefusedError
from drivers.printer import CardPosition, JobEnd
from kiosk.dinas.contract import ChipStep, DinasAwayError, OutcomeKind, ProblemType
from kiosk.ledger.errors import LedgerError
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, NoticeKind

# Used up and kept back


@pytest.mark.parametrize(
    ("where", "fault", "reason", "notice"),
    [
        ("wait_for_card", CardMuteError("reader", "no answer to power"), "chip-silent", NoticeKind.CHIP_SILENT),
        ("wait_for_card", ServiceAwayError("reader", "unplugged"), "reader-away", NoticeKind.READER_AWAY),
        ("read_photo", TIMEOUT, "chip-silent", NoticeKind.CHIP_SILENT),
        ("read_photo", DeviceRefusedError("reader", "is no KTP-el"), "chip-fault", NoticeKind.CHIP_FAULT),
        ("read_photo", NoPhotoError("reader", "empty"), "chip-empty", NoticeKind.CHIP_FAULT),
        ("transmit", CardLostError("reader", "gone in mid-exchange"), "chip-silent", NoticeKind.CHIP_SILENT),
        ("personalize", problem(ProblemType.OTHER, 409), "chip-refused", NoticeKind.CHIP_FAULT),
        ("personalize", DinasAwayError("no line"), "dinas-away", NoticeKind.DINAS_AWAY),
    ],
)
async def test_a_chip_that_fails_spoils_the_card(
    card: World, where: str, fault: Exception, reason: str, notice: NoticeKind
) -> None:
    card.dinas.personalization = True
    assert card.reader
    card.reader.faults[where] = card.dinas.faults[where] = fault
    issued = await card.issue()
    assert (issued.state, issued.notice) == (EndState.KEPT, notice)
    _, outcomes = await the_end(card, issued.attempt_id)
    assert outcomes == [(OutcomeKind.SPOILED, reason)]
    assert card.trace.count("present") == 0
    assert card.trace.phase_at("reject") == "spoiled"
    assert (card.printer.where, card.printer.rejected) == (CardPosition.NONE, 4)


async def test_an_empty_chip_is_handed_out_where_the_dinas_asked_for_no_personalisation(card: World) -> None:
    card.dinas.personalization = False
    assert card.reader
    card.reader.faults["read_photo"] = NoPhotoError("reader", "empty")
    issued = await card.issue()
    assert issued.state is EndState.TAKEN
    attempt = await card.ledger.attempt(str(issued.attempt_id))
    assert (attempt.evidence["chip_read"], attempt.evidence["chip_photo_compared"]) == (True, False)


async def test_a_chip_that_the_dinas_could_not_write_spoils_the_card(card: World) -> None:
    card.dinas.personalization = True
    card.dinas.steps = (ChipStep(True, (), ok=False),)
    issued = await card.issue()
    assert (issued.state, issued.reason) == (EndState.KEPT, "chip-refused")


@pytest.mark.parametrize("photo", [picture(20), b"", b"no jpeg", picture()[:200]])
async def test_another_photo_on_the_chip_spoils_the_card(card: World, photo: bytes) -> None:
    assert card.reader
    card.reader.photo = photo
    issued = await card.issue()
    assert (issued.state, issued.notice, issued.reason) == (
        EndState.KEPT,
        NoticeKind.CHIP_FAULT,
        "chip-photo-differs",
    )
    assert card.trace.count("present") == 0


@pytest.mark.parametrize("end", [JobEnd.UNKNOWN, JobEnd.NOTHING])
async def test_a_card_that_sticks_inside_is_spoiled_and_not_in_doubt(card: World, end: JobEnd) -> None:
    card.printer.end, card.printer.reason, card.printer.after_print = end, "media-jam", CardPosition.INSIDE
    if end is JobEnd.NOTHING:  # the device says nothing, its sensor says card: the sensor counts
        card.printer._print = lambda: setattr(card.printer, "where", CardPosition.INSIDE)  # type: ignore[method-assign]  # a printer that jams
    issued = await card.issue()
    assert (issued.state, issued.notice) == (EndState.KEPT, NoticeKind.PRINTER_TROUBLE)
    _, outcomes = await the_end(card, issued.attempt_id)
    assert outcomes == [(OutcomeKind.SPOILED, "media-jam")]
    assert card.trace.phase_at("reject") == "spoiled"
    assert card.printer.queue == []


async def test_a_card_that_nobody_takes_is_kept_back_and_the_right_with_it(card: World) -> None:
    card.printer.taken_after = None
    issued = await card.issue()
    assert (issued.state, issued.notice) == (EndState.KEPT, NoticeKind.NOT_TAKEN)
    assert card.trace.phase_at("reject") == "retracted"
    assert card.trace.count("reject") == 1
    attempt, outcomes = await the_end(card, issued.attempt_id)
    assert (attempt.phase, outcomes) == (Phase.RETRACTED, [(OutcomeKind.SPOILED, "not-taken")])


async def test_a_card_that_does_not_leave_the_station_is_kept_back(card: World) -> None:
    card.printer.faults["present"] = TIMEOUT
    issued = await card.issue()
    assert (issued.state, issued.reason) == (EndState.KEPT, "present-failed")
    assert card.trace.count("present") == 1


# In doubt


async def test_paper_that_nobody_confirms_is_in_doubt(paper: World) -> None:
    paper.watcher.says_taken = False
    issued = await paper.issue()
    assert (issued.state, issued.notice) == (EndState.IN_DOUBT, NoticeKind.NOT_TAKEN)
    _, outcomes = await the_end(paper, issued.attempt_id)
    assert outcomes == [(OutcomeKind.UNKNOWN, "not-confirmed")]
    assert paper.ledger.in_doubt == {"paper_printer"}


async def test_a_hand_faster_than_the_retracting_motor_is_in_doubt(card: World) -> None:
    card.printer.taken_after, card.printer.bin_counts = None, False
    issued = await card.issue()
    assert (issued.state, issued.reason) == (EndState.IN_DOUBT, "not-in-bin")
    attempt, outcomes = await the_end(card, issued.attempt_id)
    assert (attempt.phase, outcomes) == (Phase.UNKNOWN, [(OutcomeKind.UNKNOWN, "not-in-bin")])
    phases = [record.phase for record in await card.ledger.history(attempt.attempt_id)]
    assert phases[-2:] == [Phase.RETRACTED, Phase.UNKNOWN]


async def test_a_card_that_cannot_be_kept_back_is_in_doubt(card: World) -> None:
    card.printer.taken_after, card.printer.faults["reject"] = None, TIMEOUT
    issued = await card.issue()
    assert issued.state is EndState.IN_DOUBT
    assert card.trace.count("reject") == 1


@pytest.mark.parametrize("medium", ["a4", "card"])
async def test_a_device_that_cannot_tell_is_in_doubt(ledger: Ledger, tmp_path: Path, medium: str) -> None:
    world = World(ledger, tmp_path, medium)
    world.printer.end, world.printer.reason, world.printer.after_print = (
        JobEnd.UNKNOWN,
        "device-away",
        CardPosition.UNKNOWN,
    )
    issued = await world.issue()
    assert (issued.state, issued.notice) == (EndState.IN_DOUBT, NoticeKind.IN_DOUBT)
    _, outcomes = await the_end(world, issued.attempt_id)
    assert outcomes == [(OutcomeKind.UNKNOWN, "device-away")]
    assert world.printer.queue == []


async def test_a_device_that_never_answers_again_is_in_doubt(paper: World) -> None:
    paper.printer.faults |= {"follow": AWAY, "find": AWAY, "abandon": AWAY}
    issued = await paper.issue()
    assert (issued.state, issued.reason) == (EndState.IN_DOUBT, "no-evidence")


@pytest.mark.parametrize("act", ["send", "follow", "wait_for_card", "read_photo", "present"])
async def test_an_exception_that_nobody_thought_of_is_in_doubt_once_the_job_is_there(
    card: World, act: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert card.reader
    card.printer.faults[act] = card.reader.faults[act] = RuntimeError(f"{SECRET_NAME} 3523160101900001")
    with caplog.at_level(logging.DEBUG):
        issued = await card.issue()
    assert (issued.state, issued.reason) == (EndState.IN_DOUBT, "internal")
    assert SECRET_NAME not in caplog.text
    assert "3523160101900001" not in caplog.text
    assert card.trace.count("abandon") == (1 if act in ("send", "follow") else 0)


@pytest.mark.parametrize("act", ["claim", "bundle", "prepare", "create"])
async def test_an_exception_that_nobody_thought_of_is_a_failure_before(paper: World, act: str) -> None:
    fault = ValueError("surprise")
    paper.dinas.faults[act] = paper.printer.faults[act] = fault
    paper.vault.fault = fault if act == "bundle" else None
    paper.preparer.fault = fault if act == "prepare" else None
    issued = await paper.issue()
    assert (issued.state, issued.reason) == (EndState.NOT_PRINTED, "internal")


# A lost answer to sending


async def test_a_send_whose_answer_was_lost_is_looked_for_and_never_repeated(paper: World) -> None:
    paper.printer.faults["send"] = TIMEOUT
    issued = await paper.issue()
    assert issued.state is EndState.TAKEN
    assert paper.trace.count("send") == 1
    assert paper.trace.phase_at("find") == "submitted"
    assert paper.trace.phase_at("shown") == "presented"


async def test_a_send_that_failed_before_the_first_byte_is_a_failure(paper: World) -> None:
    paper.printer.faults["send"] = AWAY
    paper.printer.found, paper.printer.reason = JobEnd.NOTHING, "not-sent"
    issued = await paper.issue()
    assert (issued.state, issued.reason) == (EndState.NOT_PRINTED, "not-sent")


# Ends that are not the attempt's


@pytest.mark.parametrize("act", ["claim", "prepare", "create", "send", "follow"])
async def test_a_shutdown_leaves_the_row_for_the_next_start(paper: World, act: str) -> None:
    paper.dinas.faults[act] = paper.printer.faults[act] = asyncio.CancelledError()
    paper.preparer.fault = asyncio.CancelledError() if act == "prepare" else None
    with pytest.raises(asyncio.CancelledError):
        await paper.issue()
    [left] = await paper.ledger.unfinished()
    assert left.phase == paper.trace.acts[-1][1]
    assert await paper.ledger.pending_outcomes(10) == []


async def test_a_ledger_that_fails_stops_everything(paper: World, ledger: Ledger) -> None:
    """Its disk is gone between two phases: no act follows a row that could not be written."""
    real = ledger.advance

    async def advance(attempt_id, phase, *args, **kwargs):  # type: ignore[no-untyped-def]  # as the real one
        if phase is Phase.SUBMITTED:
            raise LedgerError("disk is gone")
        return await real(attempt_id, phase, *args, **kwargs)

    ledger.advance = advance  # type: ignore[method-assign]  # a disk that fails
    with pytest.raises(LedgerError):
        await paper.issue()
    assert paper.trace.count("send") == 0
    assert paper.printer.queue == []


async def test_nothing_personal_is_in_the_file(card: World) -> None:
    card.dinas.personalization = True
    await card.issue()
    await card.ledger.close()
    content = card.trace._file.read_bytes()
    for secret in (SECRET_NAME.encode(), b"token", b"AAAA", b"3b80", b"jwe"):
        assert secret not in content
