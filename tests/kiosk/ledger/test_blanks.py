"""Each blank from its delivery to its end; what is counted against the books; what the books do not allow."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from blank_roads import OPERATOR, ROADS, begin, go  # found through the conftest of this folder

from drivers.printer import Counters
from kiosk.ledger.attempts import Facts
from kiosk.ledger.blanks import BlankState, SerialRange, Stock
from kiosk.ledger.database import FILE
from kiosk.ledger.errors import BlankError
from kiosk.ledger.invariants import violations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

SYSTEM = "system:engine"


def serials(text: str) -> SerialRange:
    return SerialRange.parse(text)


@pytest.fixture
async def stocked(ledger: Ledger) -> Ledger:
    """Ten delivered, the first six loaded, and the machine's counters known."""
    await ledger.blanks.deliver(serials("A0001-A0010"), OPERATOR)
    await ledger.blanks.load(serials("A0001-A0006"), OPERATOR)
    await ledger.blanks.begin_counting(Counters(100, 7), SYSTEM)
    return ledger


async def states(ledger: Ledger, *names: str) -> list[BlankState]:
    found = [await ledger.blanks.blank(name) for name in names]
    return [blank.state for blank in found if blank]


async def kinds(ledger: Ledger) -> dict[str, int]:
    return {one.kind: one.amount for one in await ledger.blanks.open_differences()}


# -- ranges


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A0098-A0101", ["A0098", "A0099", "A0100", "A0101"]),
        ("a3 - a1", ["A3", "A2", "A1"]),
        ("0007", ["0007"]),
    ],
)
def test_a_range_names_each_serial_in_order(text: str, wanted: list[str]) -> None:
    assert serials(text).serials() == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [("A1-B2", "range-ends"), ("A1-A10", "range-ends"), ("A00000-A10000", "range-size"), ("", "serial-form"),
     ("A-1", "serial-form")],
)  # fmt: skip
def test_what_is_no_range_is_told(text: str, reason: str) -> None:
    with pytest.raises(BlankError) as error:
        serials(text).serials()
    assert error.value.reason == reason


# -- where nothing was ever loaded by record


async def test_without_a_load_by_record_no_stock_is_kept(ledger: Ledger) -> None:
    await ledger.blanks.deliver(serials("A0001-A0010"), OPERATOR)
    attempt = await go(ledger, ROADS["taken"])
    balance = await ledger.blanks.stocktake(OPERATOR, feeder=3, reject_bin=9, counters=Counters(55, 4))

    assert attempt.blank is None
    assert (balance.kept, balance.opened, balance.open) == (False, (), ())
    assert not ledger.blanks.stock.down_to(20)
    assert await ledger.blanks.machine_is_empty(SYSTEM) is None


# -- the road of a blank


@pytest.mark.parametrize(
    ("road", "state", "in_bin"),
    [
        ("taken", BlankState.DELIVERED, False),
        ("not taken", BlankState.RETRACTED, True),
        ("spoiled", BlankState.SPOILED, True),
        ("in doubt", BlankState.IN_PATH, False),
        ("taken back in doubt", BlankState.IN_PATH, False),
        ("printed unasked", BlankState.IN_PATH, False),
        ("nothing", BlankState.IN_FEEDER, False),
        ("not sent", BlankState.IN_FEEDER, False),
    ],
)
async def test_an_end_says_where_the_blank_is(stocked: Ledger, road: str, state: BlankState, in_bin: bool) -> None:
    attempt = await go(stocked, ROADS[road])
    blank = await stocked.blanks.blank("A0001")

    assert blank is not None
    assert (blank.state, blank.in_bin) == (state, in_bin)
    assert attempt.blank == (None if state is BlankState.IN_FEEDER else "A0001")


async def test_the_blank_is_drawn_before_the_machine_is_asked(stocked: Ledger) -> None:
    attempt = await begin(stocked)
    for phase in (Phase.CLAIMED, Phase.OPENED):
        await stocked.advance(attempt.attempt_id, phase, "system:issuance")
    assert await states(stocked, "A0001") == [BlankState.IN_FEEDER]

    attempt = await stocked.advance(attempt.attempt_id, Phase.SUBMITTED, "system:issuance")
    assert attempt.blank == "A0001"
    assert await states(stocked, "A0001", "A0002") == [BlankState.IN_PATH, BlankState.IN_FEEDER]


async def test_paper_draws_no_blank(stocked: Ledger) -> None:
    attempt = await begin(stocked, "kk", "a4", "paper_printer")
    for phase in ROADS["taken"]:
        attempt = await stocked.advance(attempt.attempt_id, phase, "system:issuance")
    assert attempt.blank is None
    assert stocked.blanks.stock.in_feeder == 6


async def test_what_did_not_print_is_drawn_again_first(stocked: Ledger) -> None:
    await go(stocked, ROADS["nothing"])
    assert (await go(stocked, ROADS["taken"])).blank == "A0001"
    assert (await go(stocked, ROADS["taken"])).blank == "A0002"


async def test_the_dinas_is_told_the_serial_of_what_was_used(stocked: Ledger) -> None:
    for road in ("taken", "nothing", "spoiled"):
        await go(stocked, ROADS[road])
    outcomes = [one.outcome for one in await stocked.pending_outcomes(10)]
    assert [(o.outcome, o.blank) for o in outcomes] == [
        ("printed", "A0001"),
        ("not_printed", None),
        ("spoiled", "A0002"),
    ]


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (Phase.TAKEN, BlankState.DELIVERED),
        (Phase.RETRACTED, BlankState.RETRACTED),
        (Phase.SPOILED, BlankState.SPOILED),
        (Phase.FAILED, BlankState.IN_FEEDER),
    ],
)
async def test_a_doubt_that_is_settled_moves_its_blank(stocked: Ledger, found: Phase, state: BlankState) -> None:
    attempt = await go(stocked, ROADS["in doubt"])
    await stocked.settle(attempt.attempt_id, found, OPERATOR)
    assert await states(stocked, "A0001") == [state]
    assert (await stocked.blanks.history("A0001"))[-1].actor == f"operator:{OPERATOR}"


async def test_a_descending_range_is_drawn_downwards_after_what_lies_there(stocked: Ledger) -> None:
    await stocked.blanks.load(serials("A0010-A0009"), OPERATOR)
    drawn = [(await go(stocked, ROADS["taken"])).blank for _ in range(8)]
    assert drawn == ["A0001", "A0002", "A0003", "A0004", "A0005", "A0006", "A0010", "A0009"]


async def test_a_card_from_a_feeder_that_is_empty_by_the_books_is_found_and_told(stocked: Ledger) -> None:
    for _ in range(6):
        await go(stocked, ROADS["taken"])
    assert await kinds(stocked) == {}

    found = [await go(stocked, ROADS["taken"]) for _ in range(2)]
    assert [one.blank for one in found] == [None, None]
    (difference,) = await stocked.blanks.open_differences()
    assert (difference.kind, difference.amount) == ("unrecorded-blank", 2)
    assert difference.evidence["attempts"] == [one.attempt_id for one in found]
    assert (await stocked.blanks.balance()).counts.loaded == 8  # type: ignore[union-attr]  # of now: there always is one


async def test_the_history_of_a_blank_names_who_and_which_attempt(stocked: Ledger) -> None:
    attempt = await go(stocked, ROADS["spoiled"])
    await stocked.account_for_blank(attempt.attempt_id, OPERATOR)
    await stocked.blanks.destroy(["A0001"], "ba-12/2026", OPERATOR)
    operator = f"operator:{OPERATOR}"
    assert [(m.state, m.actor, m.attempt_id) for m in await stocked.blanks.history("A0001")] == [
        ("in_store", operator, None),
        ("in_feeder", operator, None),
        ("in_path", "system:issuance", attempt.attempt_id),
        ("spoiled", "system:issuance", attempt.attempt_id),
        ("spoiled", operator, attempt.attempt_id),
        ("destroyed", operator, attempt.attempt_id),
    ]


# -- another serial than the books have


async def test_another_serial_on_the_blank_changes_the_two(stocked: Ledger) -> None:
    attempt = await go(stocked, ROADS["spoiled"])
    await stocked.account_for_blank(attempt.attempt_id, OPERATOR, "a0003")
    assert await states(stocked, "A0001", "A0003") == [BlankState.IN_FEEDER, BlankState.SPOILED]
    assert [(await go(stocked, ROADS["taken"])).blank for _ in range(3)] == ["A0002", "A0001", "A0004"]
    assert await kinds(stocked) == {}


async def test_a_serial_that_was_handed_out_already_is_a_difference_with_evidence(stocked: Ledger) -> None:
    await go(stocked, ROADS["taken"])
    attempt = await go(stocked, ROADS["spoiled"])
    await stocked.account_for_blank(attempt.attempt_id, OPERATOR, "A0001")
    await stocked.account_for_blank((await go(stocked, ROADS["spoiled"])).attempt_id, OPERATOR, "Z99")
    assert await kinds(stocked) == {"serial-elsewhere": 1, "serial-unknown": 1}
    assert (await stocked.blanks.open_differences())[0].evidence["said"] == "A0001"
    assert await states(stocked, "A0001", "A0002") == [BlankState.DELIVERED, BlankState.SPOILED]


async def test_a_found_card_gets_the_serial_that_is_read_on_it(stocked: Ledger) -> None:
    for _ in range(6):
        await go(stocked, ROADS["taken"])
    known = await go(stocked, ROADS["spoiled"])
    new = await go(stocked, ROADS["spoiled"])
    await stocked.account_for_blank(known.attempt_id, OPERATOR, "A0009")  # lies in the store by the books
    await stocked.account_for_blank(new.attempt_id, OPERATOR, "B77")
    assert await states(stocked, "A0009", "B77") == [BlankState.SPOILED, BlankState.SPOILED]
    balance = await stocked.blanks.balance()
    assert balance is not None
    assert (balance.counts.loaded, balance.counts.in_store, balance.counts.spoiled) == (8, 3, 2)


# -- what is counted


async def test_counts_that_agree_open_nothing(stocked: Ledger) -> None:
    for road in ("taken", "nothing", "not taken", "taken"):
        await go(stocked, ROADS[road])
    balance = await stocked.blanks.stocktake(OPERATOR, feeder=3, reject_bin=1, counters=Counters(103, 8))
    assert balance.opened == ()
    assert balance.counts.loaded == 6 == 3 + 2 + 1


@pytest.mark.parametrize(
    ("feeder", "reject_bin", "printed", "rejected", "wanted"),
    [
        (2, 1, 103, 8, {"feeder-count": -1}),
        (4, 1, 103, 8, {"feeder-count": 1}),
        (3, 0, 103, 8, {"bin-count": -1}),
        (3, 1, 104, 8, {"printed-counter": 1}),
        (3, 1, 102, 8, {"printed-counter": -1}),
        (3, 1, 103, 9, {"rejected-counter": 1}),
        (3, 1, 103, 7, {"rejected-counter": -1}),
        (3, 1, 99, 8, {"printed-went-back": -1}),
        (None, None, None, None, {}),
    ],
)
async def test_each_lie_is_found(
    stocked: Ledger, feeder: int, reject_bin: int, printed: int, rejected: int, wanted: dict[str, int]
) -> None:
    for road in ("taken", "nothing", "not taken", "taken"):
        await go(stocked, ROADS[road])
    counters = Counters(printed, rejected)
    balance = await stocked.blanks.stocktake(OPERATOR, feeder=feeder, reject_bin=reject_bin, counters=counters)
    assert {one.kind: one.amount for one in balance.opened} == wanted


async def test_what_the_machine_counted_of_a_card_in_doubt_is_not_held_against_it(stocked: Ledger) -> None:
    attempt = await go(stocked, ROADS["in doubt"])
    for printed, rejected in ((100, 7), (101, 8)):
        balance = await stocked.blanks.stocktake(OPERATOR, feeder=5, counters=Counters(printed, rejected))
        assert balance.opened == ()
    await stocked.settle(attempt.attempt_id, Phase.TAKEN, OPERATOR)
    balance = await stocked.blanks.stocktake(OPERATOR, counters=Counters(100, 7))
    assert {one.kind: one.amount for one in balance.opened} == {"printed-counter": -1}  # it was never printed


async def test_a_spoiled_card_counts_as_the_machine_said(stocked: Ledger) -> None:
    await go(stocked, ROADS["spoiled"], job_end="printed")
    balance = await stocked.blanks.stocktake(OPERATOR, counters=Counters(100, 8))
    assert {one.kind: one.amount for one in balance.opened} == {"printed-counter": -1}


async def test_a_difference_is_told_once_while_it_is_open(stocked: Ledger) -> None:
    for _ in range(2):
        await stocked.blanks.stocktake(OPERATOR, feeder=5, counters=Counters(101, 7))
    assert [one.kind for one in await stocked.blanks.open_differences()] == ["feeder-count", "printed-counter"]


async def test_a_difference_is_settled_once_with_a_reason_and_what_is_missing(stocked: Ledger) -> None:
    (difference,) = (await stocked.blanks.stocktake(OPERATOR, feeder=5)).opened
    with pytest.raises(BlankError, match="without a reason"):
        await stocked.blanks.settle_difference(difference.number, OPERATOR, " ")
    settled = await stocked.blanks.settle_difference(difference.number, OPERATOR, "reported to the police", ["A0001"])
    with pytest.raises(BlankError, match="not open"):
        await stocked.blanks.settle_difference(difference.number, OPERATOR, "again", ["A0002"])

    assert (settled.settled_by, settled.reason) == (OPERATOR, "reported to the police")
    assert await states(stocked, "A0001", "A0002") == [BlankState.MISSING, BlankState.IN_FEEDER]
    assert (await stocked.blanks.stocktake(OPERATOR, feeder=5)).open == ()


async def test_an_empty_machine_with_blanks_in_the_books_is_told_once(stocked: Ledger) -> None:
    first = await stocked.blanks.machine_is_empty(SYSTEM)
    assert first is not None
    assert (first.kind, first.amount) == ("feeder-empty", -6)
    assert await stocked.blanks.machine_is_empty(SYSTEM) is None


async def test_the_balance_of_a_day_is_drawn_up_once(stocked: Ledger) -> None:
    await go(stocked, ROADS["taken"])
    first = await stocked.blanks.balance_of_day("2026-03-02", Counters(101, 7), SYSTEM)
    await go(stocked, ROADS["taken"])
    again = await stocked.blanks.balance_of_day("2026-03-02", Counters(150, 7), SYSTEM)
    second = await stocked.blanks.balance_of_day("2026-03-03", Counters(102, 7), SYSTEM)

    assert again == first == await stocked.blanks.balance("2026-03-02")
    assert (first.moved["delivered"], second.moved) == (1, {"in_path": 1, "delivered": 1})
    assert second.opened == ()
    assert await stocked.blanks.balance("2026-03-04") is None


# -- what the books do not allow


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("deliver A0005", "known"),
        ("load A0001", "not-in-store"),
        ("load A0011", "unknown"),
        ("load A0007-A0011", "unknown"),
        ("unload A0007", "not-in-feeder"),
        ("destroy A0001", "not-kept-back"),
        ("spoil A0011", "unknown"),
    ],
)
async def test_what_the_books_do_not_allow_changes_nothing(stocked: Ledger, act: str, reason: str) -> None:
    before, entries = await stocked.blanks.balance(), len(await stocked.audit_entries(0, 1000))
    with pytest.raises(BlankError) as error:
        await do(stocked, act)
    after = await stocked.blanks.balance()
    assert error.value.reason == reason
    assert (before and before.counts, entries) == (after and after.counts, len(await stocked.audit_entries(0, 1000)))


async def do(ledger: Ledger, act: str) -> None:
    verb, _, which = act.partition(" ")
    match verb:
        case "destroy":
            await ledger.blanks.destroy(serials(which).serials(), "ba-1", OPERATOR)
        case "spoil":
            await ledger.blanks.spoil(serials(which).serials(), OPERATOR, "bent")
        case _:
            await getattr(ledger.blanks, verb)(serials(which), OPERATOR)


async def test_only_what_was_accounted_for_is_destroyed(stocked: Ledger) -> None:
    attempt = await go(stocked, ROADS["spoiled"])
    with pytest.raises(BlankError, match="accounted for first"):
        await stocked.blanks.destroy(["A0001"], "ba-1", OPERATOR)
    await stocked.account_for_blank(attempt.attempt_id, OPERATOR)
    await stocked.blanks.spoil(["A0002", "A0010"], OPERATOR, "bent")
    assert await stocked.blanks.destroy(["A0001", "A0002", "A0010"], "ba-1", OPERATOR) == 3
    balance = await stocked.blanks.balance()
    assert balance is not None
    assert (balance.counts.destroyed, balance.counts.loaded) == (3, 6)  # one of them was never loaded


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM blanks",
        "DELETE FROM blank_moves",
        "UPDATE blank_moves SET actor = 'operator:x'",
        "UPDATE stocktakes SET feeder = 1",
        "DELETE FROM stocktakes",
        "DELETE FROM differences",
    ],
)
async def test_the_tables_themselves_refuse_to_forget(stocked: Ledger, tmp_path: Path, statement: str) -> None:
    await stocked.blanks.stocktake(OPERATOR, feeder=1)
    await stocked.close()
    with closing(sqlite3.connect(tmp_path / "state" / FILE)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)


# -- what must be known at once, and the simple supplies


async def test_stock_is_known_without_asking_and_after_a_restart(stocked: Ledger, tmp_path: Path) -> None:
    assert stocked.blanks.stock == Stock(kept=True, in_feeder=6, open_differences=0)
    assert [stocked.blanks.stock.down_to(n) for n in (0, 5, 6)] == [False, False, True]
    await stocked.close()
    again = await Ledger.open(tmp_path / "state")
    assert again.blanks.stock == Stock(kept=True, in_feeder=6, open_differences=0)
    await again.close()


async def test_supplies_count_what_was_used_since_their_last_change(tmp_path: Path) -> None:
    async with closed_later(tmp_path) as ledger:
        await print_sheets(ledger, 5, Phase.SPOILED)
        await asyncio.sleep(0.005)  # ids of attempts are of the same clock, in milliseconds
        await ledger.blanks.change_supply("paper", 500, OPERATOR)
        await print_sheets(ledger, 3, Phase.SPOILED)
        await print_sheets(ledger, 2, Phase.FAILED)
        found = {one.name: one for one in await ledger.blanks.supplies()}
        with pytest.raises(BlankError):
            await ledger.blanks.change_supply("coffee", 1, OPERATOR)

    assert (found["paper"].used, found["paper"].left) == (3, 497)
    assert (found["toner"].changed_at, found["toner"].left) == (None, None)


@asynccontextmanager
async def closed_later(folder: Path) -> AsyncIterator[Ledger]:
    """A ledger in real time, as the ids of attempts are."""
    ledger = await Ledger.open(folder)
    try:
        yield ledger
    finally:
        await ledger.close()


async def print_sheets(ledger: Ledger, sheets: int, end: Phase) -> None:
    attempt = await begin(ledger, "kk", "a4", "paper_printer")
    for phase in (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED):
        await ledger.advance(attempt.attempt_id, phase, "system:issuance", Facts(sheets=sheets, job_id=1))
    await ledger.advance(attempt.attempt_id, end, "system:issuance")


async def test_all_roads_leave_a_ledger_without_violations(stocked: Ledger, tmp_path: Path) -> None:
    for road in ("taken", "nothing", "not taken", "spoiled", "not sent", "in doubt"):
        await go(stocked, ROADS[road])
    await stocked.close()
    assert violations(tmp_path / "state") == []
