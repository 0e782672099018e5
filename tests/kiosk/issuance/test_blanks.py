"""An attempt at a card and its blank: drawn before the machine moves, in the outcome, and refused from the reserve."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from fake_kiosk import World

from drivers.printer import Counters
from kiosk.issuance.issue import issue
from kiosk.issuance.reconcile import reconcile
from kiosk.ledger.blanks import BlankState, SerialRange
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, NoticeKind, Trouble


@pytest.fixture
async def stocked(card: World) -> World:
    await card.ledger.blanks.deliver(SerialRange("A01", "A03"), "op-7")
    await card.ledger.blanks.load(SerialRange("A01", "A03"), "op-7")
    return card


async def state(world: World, serial: str) -> BlankState:
    blank = await world.ledger.blanks.blank(serial)
    assert blank is not None
    return blank.state


async def test_a_taken_card_is_told_with_its_serial(stocked: World) -> None:
    issued = await stocked.issue()
    (outcome,) = await stocked.ledger.pending_outcomes(10)
    assert (issued.state, outcome.outcome.blank) == (EndState.TAKEN, "A01")
    assert await state(stocked, "A01") is BlankState.DELIVERED


async def test_a_card_that_nobody_takes_is_retracted_and_lies_in_the_bin(stocked: World) -> None:
    stocked.printer.taken_after = None
    await stocked.issue()
    blank = await stocked.ledger.blanks.blank("A01")
    assert blank is not None
    assert (blank.state, blank.in_bin) == (BlankState.RETRACTED, True)


async def test_a_start_after_a_power_cut_ends_the_road_of_the_blank(stocked: World) -> None:
    attempt = await stocked.ledger.reserve(
        permit_id=stocked.permit.permit_id, document="ktp-el", medium="card", device="card_printer", actor="applicant"
    )
    for phase in (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED):
        await stocked.ledger.advance(attempt.attempt_id, phase, "system:issuance")
    assert await state(stocked, "A01") is BlankState.IN_PATH

    (ended,) = await reconcile(stocked.ledger, None, None)
    assert ended.phase is Phase.UNKNOWN
    assert await state(stocked, "A01") is BlankState.IN_PATH  # until a person has looked
    await stocked.ledger.settle(attempt.attempt_id, Phase.FAILED, "op-7")
    assert await state(stocked, "A01") is BlankState.IN_FEEDER


@pytest.mark.parametrize(
    ("reserved", "priority", "end"),
    [
        (2, None, EndState.TAKEN),
        (3, None, EndState.NOT_PRINTED),
        (3, "urgent", EndState.TAKEN),
        (0, None, EndState.TAKEN),
    ],
)
async def test_the_reserve_is_not_for_ordinary_permits(
    stocked: World, reserved: int, priority: str | None, end: EndState
) -> None:
    permit = msgspec.structs.replace(stocked.permit, priority=priority)
    issued = await issue(permit, "token", replace(stocked.means, reserved=reserved), stocked.watcher)
    assert issued.state is end
    if end is EndState.NOT_PRINTED:
        assert (issued.notice, issued.trouble) == (NoticeKind.PRINTER_TROUBLE, Trouble.RESERVED)
        assert stocked.trace.acts == []  # the Dinas was not even asked
        assert issued.attempt_id is None


async def test_without_stock_by_record_nobody_is_refused(card: World) -> None:
    issued = await issue(card.permit, "token", replace(card.means, reserved=20), card.watcher)
    attempt = await card.ledger.attempt(issued.attempt_id or "")
    assert (issued.state, attempt.blank) == (EndState.TAKEN, None)
    balance = await card.ledger.blanks.stocktake("op-7", feeder=99, counters=Counters(1, 1))
    assert (balance.kept, balance.open) == (False, ())
