"""The good ways, and those on which surely nothing came out: the row before the act, the outcome, the notice."""

from __future__ import annotations

import msgspec
import pytest
from fake_kiosk import PERMIT_ID, TIMEOUT, World, picture, problem, the_end

from drivers.device import DeviceState
from drivers.printer import CardPosition, Counters, JobEnd
from kiosk.dinas.contract import DinasAwayError, OutcomeKind, ProblemType
from kiosk.dinas.vault import DamagedBundleError
from kiosk.documents.prepared import DocumentError, Prepared
from kiosk.issuance.evidence import Evidence
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, NoticeKind, Part, Step, Trouble

# The good ways


async def test_paper_from_permit_to_hand(paper: World) -> None:
    issued = await paper.issue()
    assert (issued.state, issued.notice) == (EndState.TAKEN, None)
    assert paper.trace.acts == [
        ("claim", "reserved"),
        ("bundle", "claimed"),
        ("prepare", "claimed"),
        ("create", "opened"),
        ("send", "submitted"),
        ("follow", "printing"),
        ("shown", "presented"),
    ]
    attempt, outcomes = await the_end(paper, issued.attempt_id)
    assert outcomes == [(OutcomeKind.PRINTED, None)]
    assert (attempt.job_id, attempt.job_uuid, attempt.before) == (7, "urn:uuid:7", Counters(100))
    evidence = Evidence.of(attempt)
    assert (evidence.spooler_job, evidence.job_end, evidence.taken) == (7, "printed", "said")
    assert (evidence.printed_before, evidence.printed_after, evidence.printed) == (100, 101, 1)
    assert (await paper.ledger.history(attempt.attempt_id))[-1].actor == "applicant"
    assert paper.watcher.steps == [Step.CLAIM, Step.CHECK, Step.PRINT, Step.HAND_OUT]
    assert set(paper.watcher.shown) == {(Part.PAPER_TRAY, False)}
    assert paper.watcher.done == sorted(paper.watcher.done)


async def test_a_card_is_written_read_back_and_felt_when_taken(card: World) -> None:
    card.dinas.personalization = True
    issued = await card.issue()
    assert issued.state is EndState.TAKEN
    assert card.trace.acts == [
        ("claim", "reserved"),
        ("bundle", "claimed"),
        ("prepare", "claimed"),
        ("create", "opened"),
        ("send", "submitted"),
        ("follow", "printing"),
        ("wait_for_card", "printing"),
        ("personalize", "printing"),
        ("transmit", "printing"),
        ("personalize", "printing"),
        ("read_photo", "printing"),
        ("present", "presented"),
        ("shown", "presented"),
    ]
    assert card.dinas.told == [(0, (), "3b80"), (1, ("9000", "9000"), None)]
    attempt, outcomes = await the_end(card, issued.attempt_id)
    assert outcomes == [(OutcomeKind.PRINTED, None)]
    evidence = Evidence.of(attempt)
    assert (evidence.chip_read, evidence.chip_photo_compared, evidence.chip_personalized) == (True, True, True)
    assert (evidence.printed, evidence.rejected, evidence.binned) == (1, 0, False)
    assert (evidence.position_after, evidence.seen_in_slot) == ("none", True)
    assert card.watcher.steps == [Step.CLAIM, Step.CHECK, Step.PRINT, Step.CHIP, Step.HAND_OUT]


async def test_a_card_without_a_chip_needs_no_reader(card: World) -> None:
    card.preparer.prepared = Prepared(b"%PDF", 1, chip=False)
    card.reader = None
    issued = await card.issue()
    assert issued.state is EndState.TAKEN
    assert Step.CHIP not in card.watcher.steps


async def test_a_photo_that_was_compressed_anew_is_the_same(card: World) -> None:
    assert card.reader
    card.reader.photo = picture(quality=60)
    assert (await card.issue()).state is EndState.TAKEN


async def test_a_quick_hand_takes_the_card_before_it_is_seen_in_the_slot(card: World) -> None:
    card.printer.faults["present"] = TIMEOUT
    card.printer.after_print = CardPosition.STATION
    world_position = card.printer.position

    async def gone_after_present() -> CardPosition:
        if card.trace.count("present"):
            card.printer.where = CardPosition.NONE
        return await world_position()

    card.printer.position = gone_after_present  # type: ignore[method-assign]  # a hand inside the machine's answer
    issued = await card.issue()
    assert issued.state is EndState.TAKEN


# Nothing was begun


@pytest.mark.parametrize("state", [DeviceState.NO_DEVICE, DeviceState.UNKNOWN, DeviceState.OFFLINE])
async def test_a_printer_that_is_away_begins_nothing(paper: World, state: DeviceState) -> None:
    paper.printer.state = state
    issued = await paper.issue()
    assert (issued.state, issued.notice, issued.trouble, issued.attempt_id) == (
        EndState.NOT_PRINTED,
        NoticeKind.PRINTER_TROUBLE,
        Trouble.AWAY,
        None,
    )
    assert paper.trace.acts == []
    assert [e.event for e in await paper.ledger.audit_entries(0, 9)] == ["print-refused"]


@pytest.mark.parametrize(
    ("where", "trouble"),
    [
        (CardPosition.EXIT, Trouble.CARD_IN_SLOT),
        (CardPosition.STATION, Trouble.MEDIA_JAM),
        (CardPosition.UNKNOWN, Trouble.AWAY),
    ],
)
async def test_a_card_in_the_path_begins_nothing(card: World, where: CardPosition, trouble: Trouble) -> None:
    card.printer.where, card.printer.taken_after = where, None
    issued = await card.issue()
    assert (issued.notice, issued.trouble, issued.attempt_id) == (NoticeKind.PRINTER_TROUBLE, trouble, None)


async def test_a_device_in_doubt_takes_nothing_new(paper: World) -> None:
    paper.watcher.says_taken = False
    first = await paper.issue()
    assert first.state is EndState.IN_DOUBT
    paper.trace.acts.clear()
    again = await paper.issue()  # the same permit is told as its own doubt
    assert (again.state, again.notice) == (EndState.IN_DOUBT, NoticeKind.IN_DOUBT)
    other = World(paper.ledger, paper.trace._file.parent, "a4")
    other.permit = msgspec.structs.replace(other.permit, permit_id=PERMIT_ID.replace("0001", "0002"))
    refused = await other.issue()
    assert (refused.notice, refused.trouble) == (NoticeKind.PRINTER_TROUBLE, Trouble.IN_DOUBT)
    assert paper.trace.acts == other.trace.acts == []


async def test_a_permit_that_was_taken_is_never_printed_again(paper: World) -> None:
    assert (await paper.issue()).state is EndState.TAKEN
    again = await paper.issue()
    assert (again.state, again.notice) == (EndState.NOT_PRINTED, NoticeKind.PERMIT_SPENT)
    assert paper.trace.count("send") == 1


# Surely nothing came out


@pytest.mark.parametrize(
    ("fault", "reason", "notice"),
    [
        (DinasAwayError("no line"), "dinas-away", NoticeKind.DINAS_AWAY),
        (problem(ProblemType.SPENT, 409), "spent", NoticeKind.PERMIT_SPENT),
        (problem(ProblemType.SUPERSEDED, 410), "superseded", NoticeKind.PERMIT_SUPERSEDED),
        (problem(ProblemType.CLAIMED_ELSEWHERE, 409), "claimed-elsewhere", NoticeKind.PERMIT_BUSY),
        (problem(ProblemType.NOT_ALLOWED_HERE, 403), "not-allowed-here", NoticeKind.NOT_ALLOWED_HERE),
        (problem(ProblemType.SESSION_EXPIRED, 401), "session-expired", NoticeKind.SESSION_EXPIRED),
        (problem(ProblemType.OTHER, 418), "status-418", NoticeKind.DINAS_FAULT),
        (problem(ProblemType.OTHER, 500), "status-500", NoticeKind.DINAS_FAULT),
        (problem(ProblemType.OTHER, 503), "status-503", NoticeKind.DINAS_BUSY),
        (problem(ProblemType.OTHER, 410), "status-410", NoticeKind.PERMIT_EXPIRED),
    ],
)
async def test_a_claim_that_is_not_given(paper: World, fault: Exception, reason: str, notice: NoticeKind) -> None:
    paper.dinas.faults["claim"] = fault
    issued = await paper.issue()
    assert (issued.state, issued.notice, issued.reason) == (EndState.NOT_PRINTED, notice, reason)
    # Also when the claim was lost on the way: the outcome closes the attempt for it (contract).
    _, outcomes = await the_end(paper, issued.attempt_id)
    assert outcomes == [(OutcomeKind.NOT_PRINTED, reason)]


async def test_a_claim_for_something_else_is_not_used(paper: World) -> None:
    paper.dinas.other_permit = True
    issued = await paper.issue()
    assert (issued.reason, issued.notice) == ("claim-mismatch", NoticeKind.DAMAGED)
    assert paper.trace.count("bundle") == 0


@pytest.mark.parametrize(
    ("vault", "preparer", "reason", "notice"),
    [
        (DamagedBundleError("digest"), None, "bundle-damaged", NoticeKind.DAMAGED),
        (DinasAwayError("no line"), None, "dinas-away", NoticeKind.DINAS_AWAY),
        (
            None,
            DocumentError(NoticeKind.NOT_GENUINE, "signature-invalid"),
            "signature-invalid",
            NoticeKind.NOT_GENUINE,
        ),
    ],
)
async def test_content_that_may_not_be_printed(
    paper: World, vault: Exception | None, preparer: Exception | None, reason: str, notice: NoticeKind
) -> None:
    paper.vault.fault, paper.preparer.fault = vault, preparer
    issued = await paper.issue()
    assert (issued.state, issued.notice) == (EndState.NOT_PRINTED, notice)
    attempt, outcomes = await the_end(paper, issued.attempt_id)
    assert (attempt.phase, outcomes) == (Phase.FAILED, [(OutcomeKind.NOT_PRINTED, reason)])
    assert paper.trace.count("create") == 0


@pytest.mark.parametrize("reader", [None, DeviceState.NO_DEVICE])
async def test_no_blank_is_used_when_the_chip_cannot_be_read(card: World, reader: DeviceState | None) -> None:
    if reader is None:
        card.reader = None
    elif card.reader:
        card.reader.state = reader
    issued = await card.issue()
    assert issued.state is EndState.NOT_PRINTED
    assert card.trace.count("create") == 0


@pytest.mark.parametrize("call", ["counters", "create"])
async def test_a_spooler_that_does_not_answer(paper: World, call: str) -> None:
    paper.printer.faults[call] = TIMEOUT
    issued = await paper.issue()
    assert (issued.state, issued.reason) == (EndState.NOT_PRINTED, "spooler-away")
    assert paper.trace.count("find") == 1  # whatever was made of the job is taken away
    assert paper.trace.count("send") == 0


async def test_a_job_of_which_surely_nothing_came_out(paper: World) -> None:
    paper.printer.end, paper.printer.reason = JobEnd.NOTHING, "media-empty"
    issued = await paper.issue()
    assert (issued.state, issued.notice) == (EndState.NOT_PRINTED, NoticeKind.PRINTER_TROUBLE)
    _, outcomes = await the_end(paper, issued.attempt_id)
    assert outcomes == [(OutcomeKind.NOT_PRINTED, "media-empty")]
    assert paper.printer.queue == []
