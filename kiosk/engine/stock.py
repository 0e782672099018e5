"""Keeps the account of the blanks by itself: the machine's counters, the balance of each day, and what must be told.

A day's balance is drawn up when the day is over and nothing is being printed: after midnight, or, at a kiosk that is
switched off for the night, at its next start, before it serves anybody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta

from drivers.device import Condition
from drivers.errors import DeviceError
from drivers.printer import CardPrinter, Counters
from kiosk.ledger import events
from kiosk.ledger.blanks import Balance, Stock
from kiosk.ledger.ledger import Ledger
from kiosk.settings import Blanks

log = logging.getLogger(__name__)

SYSTEM = events.system("engine")
LOOK_EVERY_S = 1.0
COUNT_WITHIN_S = 10.0


class StockKeeper:
    """``begin`` before the kiosk serves, then ``run``. Does nothing where no stock is kept."""

    def __init__(
        self,
        ledger: Ledger,
        cards: CardPrinter | None,
        settings: Blanks,
        *,
        quiet: Callable[[], bool],
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        """``quiet`` tells that no document is being made; ``clock`` is monotonic seconds, ``now`` wall time."""
        self._ledger = ledger
        self._cards = cards
        self._settings = settings
        self._quiet = quiet
        self._clock = clock
        self._now = now
        self._counting = False  # there are counters to compare with later
        self._day = self._today()
        self._empty_since: float | None = None
        self._empty_told = False
        self._last = Stock()

    async def begin(self) -> None:
        """The account of yesterday, if nobody was there to draw it up."""
        await self._draw_up(self._day - timedelta(days=1))

    async def run(self) -> None:
        """For as long as the engine runs."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Once: what has become few, what differs, and whether a day is over."""
        stock = self._ledger.blanks.stock
        if not stock.kept or self._cards is None:
            return
        await self._tell(stock)
        await self._heed_empty(self._cards, stock)
        if not self._quiet():
            return
        if not self._counting:
            await self._ledger.blanks.begin_counting(await self._counters(self._cards), SYSTEM)
            self._counting = True
        if (today := self._today()) != self._day:
            over, self._day = self._day, today
            await self._draw_up(over)

    async def _draw_up(self, day: date) -> None:
        if self._cards is None or not self._ledger.blanks.stock.kept:
            return
        counters = await self._counters(self._cards)
        _write_line(await self._ledger.blanks.balance_of_day(day.isoformat(), counters, SYSTEM))

    async def _tell(self, stock: Stock) -> None:
        """What has changed for the worse, once."""
        low = self._settings.low
        if stock.in_feeder <= low and not (self._last.kept and self._last.in_feeder <= low):
            log.warning("blanks: %d left in the feeder", stock.in_feeder)
            await self._ledger.blanks.low(SYSTEM)
        if stock.open_differences > self._last.open_differences:
            log.error("blanks: %d differences are open; an operator must find out", stock.open_differences)
        self._last = stock

    async def _heed_empty(self, cards: CardPrinter, stock: Stock) -> None:
        """A feeder that says empty for long is empty; for a short time it may be open, to be filled."""
        if Condition.MEDIA_EMPTY not in cards.status.conditions:
            self._empty_since, self._empty_told = None, False
            return
        if self._empty_since is None:
            self._empty_since = self._clock()
        long_enough = self._clock() - self._empty_since >= self._settings.empty_after_s
        if long_enough and stock.in_feeder and not self._empty_told:
            self._empty_told = True
            if difference := await self._ledger.blanks.machine_is_empty(SYSTEM):
                log.error("blanks: the machine is empty, %d are missing in its feeder", -difference.amount)

    async def _counters(self, cards: CardPrinter) -> Counters:
        try:
            async with asyncio.timeout(COUNT_WITHIN_S):
                return await cards.counters()
        except (DeviceError, TimeoutError) as error:
            log.warning("blanks: the machine does not tell its counters (%s)", error)
            return Counters(None)

    def _today(self) -> date:
        return self._now().astimezone().date()


def _write_line(balance: Balance) -> None:
    """The balance of a day in the log: numbers alone."""
    books = " ".join(f"{name}={n}" for name, n in asdict(balance.counts).items() if n)
    machine = f"printed={balance.counted.counters.printed} rejected={balance.counted.counters.rejected}"
    log.warning(
        "blanks: balance of %s: %s; machine %s; differences: %d new, %d open",
        balance.day,
        books or "nothing",
        machine,
        len(balance.opened),
        len(balance.open),
    )
    for difference in balance.opened:
        log.error("blanks: difference %d: %s %+d", difference.number, difference.kind, difference.amount)
