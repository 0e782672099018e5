"""The engine's account of the blanks: counters kept, a balance each day, an empty machine, what has become few."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from drivers.device import Condition, DeviceState, DeviceStatus
from drivers.errors import DeviceAwayError
from drivers.printer import Counters
from kiosk.engine.stock import StockKeeper
from kiosk.ledger.blanks import SerialRange
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.settings import Blanks

ROAD = (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING, Phase.PRESENTED, Phase.TAKEN)


@dataclass
class FakeCards:
    name: str = "card_printer"
    conditions: frozenset[Condition] = frozenset()
    count: Counters | None = field(default_factory=lambda: Counters(100, 5))

    @property
    def status(self) -> DeviceStatus:
        return DeviceStatus(DeviceState.ONLINE, self.conditions)

    async def counters(self) -> Counters:
        if self.count is None:
            raise DeviceAwayError(self.name, "no answer")
        return self.count


class Kiosk:
    """What the keeper looks at, and the keeper."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.cards = FakeCards()
        self.seconds = 0.0
        self.moment = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
        self.quiet = True
        self.keeper = self.start()

    def start(self) -> StockKeeper:
        return StockKeeper(
            self.ledger,
            self.cards,  # type: ignore[arg-type]  # as much of a card printer as is looked at
            Blanks(low=2, reserved=1, empty_after_s=60),
            quiet=lambda: self.quiet,
            clock=lambda: self.seconds,
            now=lambda: self.moment,
        )

    async def load(self) -> None:
        await self.ledger.blanks.deliver(SerialRange("A1", "A5"), "op-7")
        await self.ledger.blanks.load(SerialRange("A1", "A5"), "op-7")

    async def print_card(self) -> None:
        attempt = await self.ledger.reserve(
            permit_id=str(uuid.uuid4()), document="kia", medium="card", device="card_printer", actor="applicant"
        )
        for phase in ROAD:
            await self.ledger.advance(attempt.attempt_id, phase, "system:issuance")
        assert self.cards.count is not None
        self.cards.count = Counters((self.cards.count.printed or 0) + 1, self.cards.count.rejected)

    async def kinds(self) -> dict[str, int]:
        return {one.kind: one.amount for one in await self.ledger.blanks.open_differences()}


@pytest.fixture
def kiosk(ledger: Ledger) -> Kiosk:
    return Kiosk(ledger)


async def test_a_kiosk_without_stock_writes_nothing(kiosk: Kiosk) -> None:
    entries = len(await kiosk.ledger.audit_entries(0, 100))
    kiosk.cards.conditions = frozenset({Condition.MEDIA_EMPTY})
    await kiosk.keeper.begin()
    for _ in range(3):
        kiosk.seconds += 100
        kiosk.moment += timedelta(days=1)
        await kiosk.keeper.look()
    assert len(await kiosk.ledger.audit_entries(0, 100)) == entries


async def test_a_day_that_is_over_has_its_balance_in_ledger_and_log(
    kiosk: Kiosk, caplog: pytest.LogCaptureFixture
) -> None:
    await kiosk.load()
    await kiosk.keeper.look()  # from here on the counters can be compared
    await kiosk.print_card()
    await kiosk.keeper.look()
    assert await kiosk.ledger.blanks.balance("2026-03-02") is None

    kiosk.moment += timedelta(days=1)
    kiosk.quiet = False
    await kiosk.keeper.look()
    assert await kiosk.ledger.blanks.balance("2026-03-02") is None  # a document is being made
    kiosk.quiet = True
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            await kiosk.keeper.look()
    balance = await kiosk.ledger.blanks.balance("2026-03-02")
    assert balance is not None
    assert (balance.counts.delivered, balance.counts.in_feeder, balance.opened) == (1, 4, ())
    (line,) = [r.getMessage() for r in caplog.records if "balance of" in r.getMessage()]
    assert line.startswith("blanks: balance of 2026-03-02: in_feeder=4 delivered=1 loaded=5; machine printed=101")


async def test_a_kiosk_that_was_off_over_night_draws_up_yesterday_before_it_serves(kiosk: Kiosk) -> None:
    await kiosk.load()
    await kiosk.keeper.look()
    await kiosk.print_card()
    kiosk.cards.count = Counters(102, 5)  # somebody printed one in the night
    kiosk.moment += timedelta(days=1)
    await kiosk.start().begin()
    balance = await kiosk.ledger.blanks.balance("2026-03-02")
    assert balance is not None
    assert {one.kind: one.amount for one in balance.opened} == {"printed-counter": 1}


async def test_counters_that_cannot_be_read_are_no_difference(kiosk: Kiosk) -> None:
    await kiosk.load()
    await kiosk.keeper.look()
    kiosk.cards.count = None
    kiosk.moment += timedelta(days=1)
    await kiosk.keeper.look()
    balance = await kiosk.ledger.blanks.balance("2026-03-02")
    assert balance is not None
    assert (balance.counted.counters, balance.opened) == (Counters(None), ())


async def test_a_machine_that_stays_empty_though_the_books_have_blanks_is_told(kiosk: Kiosk) -> None:
    await kiosk.load()
    kiosk.cards.conditions = frozenset({Condition.MEDIA_EMPTY})
    await kiosk.keeper.look()
    kiosk.seconds += 59
    await kiosk.keeper.look()
    assert await kiosk.kinds() == {}  # the feeder may be open, to be filled
    kiosk.seconds += 1
    await kiosk.keeper.look()
    assert await kiosk.kinds() == {"feeder-empty": -5}


async def test_a_feeder_that_is_filled_in_time_is_no_difference(kiosk: Kiosk) -> None:
    await kiosk.load()
    for conditions in (frozenset({Condition.MEDIA_EMPTY}), frozenset[Condition]()) * 3:
        kiosk.cards.conditions = conditions
        kiosk.seconds += 50
        await kiosk.keeper.look()
    assert await kiosk.kinds() == {}


async def test_few_blanks_are_told_once(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    await kiosk.load()
    for _ in range(4):
        await kiosk.print_card()
        await kiosk.keeper.look()
        await kiosk.keeper.look()
    low = [e.data["count"] for e in await kiosk.ledger.audit_entries(0, 1000) if e.event == "blanks-low"]
    assert low == [2]
    assert [r.getMessage() for r in caplog.records if "left in the feeder" in r.getMessage()] == [
        "blanks: 2 left in the feeder"
    ]


async def test_a_new_difference_is_a_line_in_the_log(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    await kiosk.load()
    await kiosk.keeper.look()
    await kiosk.ledger.blanks.stocktake("op-7", feeder=4)
    await kiosk.keeper.look()
    await kiosk.keeper.look()
    assert [r.getMessage() for r in caplog.records if "differences are open" in r.getMessage()] == [
        "blanks: 1 differences are open; an operator must find out"
    ]
