"""The blanks and supplies of this kiosk, for those who look after them: ``ledger.blanks``.

Each method is one transaction of the ledger, and durable when it returns. Whoever does something is named: an operator
by id, or a part of the kiosk. BlankError tells in a sentence what the books do not allow, and nothing is written then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from drivers.printer import Counters
from kiosk.ledger import blank_balance, blank_items, supplies
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.blank_balance import NO_COUNTERS, Balance, Counted, Counts, Difference
from kiosk.ledger.blank_items import Act, Blank, BlankState, SerialRange
from kiosk.ledger.events import BlanksLow, Event, operator
from kiosk.ledger.phases import Phase
from kiosk.ledger.supplies import USES, Supply

__all__ = ["Balance", "Blank", "BlankMove", "BlankState", "Blanks", "Counted", "Counts", "Difference", "SerialRange",
           "Stock", "Supply"]  # fmt: skip

T = TypeVar("T")

# An attempt draws its blank when the spooler has its job; *unknown* straight from *opened* is a card that the device
# printed though this ledger never sent it.
_DRAWS = {Phase.OPENED: (Phase.SUBMITTED, Phase.UNKNOWN)}


class Transact(Protocol):
    """A transaction of the ledger, or a look at it, in the thread that owns the file."""

    async def __call__(self, work: Callable[[sqlite3.Connection], T], /) -> T:
        """What ``work`` answers."""


@dataclass(frozen=True)
class Stock:
    """What must be known at once, without waiting for the disk."""

    kept: bool = False  # False: nothing was ever loaded by record, and nothing is refused or missed
    in_feeder: int = 0
    open_differences: int = 0

    def down_to(self, reserve: int) -> bool:
        """Whether only the reserve is left; never where no stock is kept, or no reserve (0)."""
        return self.kept and reserve > 0 and self.in_feeder <= reserve


@dataclass(frozen=True)
class BlankMove:
    """One line of the history of a blank."""

    was: BlankState | None
    state: BlankState
    at: str
    actor: str
    attempt_id: str | None


class Blanks:
    """Made by the ledger."""

    def __init__(
        self,
        write: Transact,
        read: Transact,
        record: Callable[[sqlite3.Connection, Event], object],
        now: Callable[[], datetime],
    ) -> None:
        self._write = write
        self._read = read
        self._record = record
        self._now = now
        self._stock = Stock()

    # What an operator does

    async def deliver(self, serials: SerialRange, operator_id: str) -> int:
        """The Dinas handed these blanks over; they lie in the store. Answers how many they are."""
        return await self._act(operator(operator_id), lambda act: blank_items.deliver(act, serials))

    async def load(self, serials: SerialRange, operator_id: str) -> int:
        """Put from the store into the feeder, drawn in this order, after those that lie there.

        The first load is where the keeping of stock begins: from then on a card that no record put there is told.
        """
        return await self._act(operator(operator_id), lambda act: blank_items.load(act, serials))

    async def unload(self, serials: SerialRange, operator_id: str) -> int:
        """Taken out of the feeder unused, back into the store."""
        return await self._act(operator(operator_id), lambda act: blank_items.unload(act, serials))

    async def spoil(self, serials: Sequence[str], operator_id: str, reason: str) -> int:
        """Unfit without any attempt (bent, used up by a test print); from store or feeder into the operator's hand."""
        return await self._act(operator(operator_id), lambda act: blank_items.spoil(act, serials, reason))

    async def destroy(self, serials: Sequence[str], record_number: str, operator_id: str) -> int:
        """Burnt, by the berita acara of that number. Only spoiled and retracted ones that were accounted for."""
        return await self._act(operator(operator_id), lambda act: blank_items.destroy(act, serials, record_number))

    async def stocktake(
        self,
        operator_id: str,
        *,
        feeder: int | None = None,
        reject_bin: int | None = None,
        counters: Counters | None = None,
    ) -> Balance:
        """What a hand counted in feeder and bin, and the machine's counters, against the books.

        ``reject_bin`` counts the cards in the bin and those lifted out of the path. None: was not counted. What differs
        is in ``opened`` of the answer, and stays open until `settle_difference`.
        """
        counted = Counted(feeder, reject_bin, counters or NO_COUNTERS)
        return await self._act(operator(operator_id), lambda act: blank_balance.take(act, counted))

    async def open_differences(self) -> list[Difference]:
        """What waits for an operator, oldest first."""
        return await self._read(blank_balance.open_differences)

    async def settle_difference(
        self, number: int, operator_id: str, reason: str, missing: Sequence[str] = ()
    ) -> Difference:
        """An operator has found out what it was, and says so; blanks that cannot be found are written off by serial."""

        def settle(act: Act) -> Difference:
            if missing:
                blank_items.write_off(act, missing, reason)
            return blank_balance.settle(act, number, operator_id, reason)

        return await self._act(operator(operator_id), settle)

    async def change_supply(self, supply: str, amount: int, operator_id: str) -> None:
        """Paper, toner, ribbon or film was put in: ``amount`` sheets lie there, or prints are promised; 0: unknown."""
        await self._act(operator(operator_id), lambda act: supplies.change(act, supply, amount))

    # What is asked

    @property
    def stock(self) -> Stock:
        """As of the last write; waits for nothing."""
        return self._stock

    async def balance(self, day: str | None = None) -> Balance | None:
        """How the books stand now; or with ``day`` (ISO date) as drawn up at that day's end, None if it was not."""
        if day is not None:
            return await self._read(lambda db: blank_balance.of_day(db, day))
        return await self._read(lambda db: blank_balance.now(self._act_of(db, "system:ledger")))

    async def blank(self, serial: str) -> Blank | None:
        """The item of that serial; None for one that is not in the books."""

        def find(db: sqlite3.Connection) -> Blank | None:
            row = db.execute("SELECT * FROM blanks WHERE serial = ?", (serial,)).fetchone()
            return Blank.from_row(row) if row else None

        return await self._read(find)

    async def history(self, serial: str) -> list[BlankMove]:
        """Where that blank has been, from its delivery on."""
        statement = "SELECT m.* FROM blank_moves m JOIN blanks b USING (item) WHERE b.serial = ? ORDER BY m.number"
        return await self._read(
            lambda db: [
                BlankMove(
                    BlankState(row["was"]) if row["was"] else None,
                    BlankState(row["state"]),
                    row["at"],
                    row["actor"],
                    row["attempt_id"],
                )
                for row in db.execute(statement, (serial,))
            ]
        )

    async def in_state(self, state: BlankState, limit: int = 1000) -> list[Blank]:
        """The blanks in that state; those in the feeder in the order in which they will be drawn."""
        statement = "SELECT * FROM blanks WHERE state = ? ORDER BY place, item LIMIT ?"
        return await self._read(lambda db: [Blank.from_row(row) for row in db.execute(statement, (state, limit))])

    async def supplies(self) -> tuple[Supply, ...]:
        """Paper, toner, ribbon and film: the last change, and what was used since."""
        return await self._read(lambda db: tuple(supplies.read(db, name) for name in USES))

    # What the engine does by itself

    async def balance_of_day(self, day: str, counters: Counters, actor: str) -> Balance:
        """Draw up the balance of that day (ISO date), once; asked again it answers the one that there is."""
        return await self._act(actor, lambda act: blank_balance.take(act, Counted(counters=counters), day))

    async def begin_counting(self, counters: Counters, actor: str) -> None:
        """Keep the machine's counters, if stock is kept and there are none yet to compare with later."""

        def begin(act: Act) -> None:
            if blank_items.kept(act.db) and not blank_balance.has_baseline(act.db):
                blank_balance.take(act, Counted(counters=counters))

        await self._act(actor, begin)

    async def machine_is_empty(self, actor: str) -> Difference | None:
        """The machine has said for a while that its feeder is empty; a difference if the books have blanks there."""
        return await self._act(actor, blank_balance.machine_is_empty)

    async def low(self, actor: str) -> None:
        """Write down that the blanks in the feeder have become few."""
        await self._act(actor, lambda act: act.event(BlanksLow(actor=actor, count=Counts.read(act.db).in_feeder)))

    # In the ledger's transactions about attempts

    def draw(self, db: sqlite3.Connection, attempt: Attempt, phase: Phase, actor: str, facts: Facts) -> Facts:
        """Before an attempt goes into ``phase``: the blank that it draws now, if it does, is a fact of it."""
        if attempt.medium != "card" or phase not in _DRAWS.get(attempt.phase, ()) or not blank_items.kept(db):
            return facts
        act = self._act_of(db, actor)
        serial, known = blank_items.draw(act, attempt.attempt_id)
        if not known:
            blank_balance.drawn_unrecorded(act, attempt.attempt_id)
        return replace(facts, blank=serial) if serial else facts

    def follow(self, db: sqlite3.Connection, before: Attempt, after: Attempt, actor: str) -> None:
        """After an attempt went into a phase: its blank goes where that says."""
        blank_items.end(self._act_of(db, actor), before, after)

    def correct(self, db: sqlite3.Connection, attempt: Attempt, actor: str) -> None:
        """An operator may have read another serial on the blank of the attempt than the books have."""
        act = self._act_of(db, actor)
        if attempt.blank and (trouble := blank_items.correct(act, attempt.attempt_id, attempt.blank)):
            blank_balance.serial_differs(act, trouble, attempt.attempt_id, attempt.blank)

    def account(self, db: sqlite3.Connection, attempt: Attempt, actor: str) -> None:
        """An operator has the spoiled blank of the attempt in hand."""
        blank_items.account(self._act_of(db, actor), attempt.attempt_id)

    def refresh(self, db: sqlite3.Connection) -> None:
        """Renew what `stock` answers; after each transaction."""
        row = db.execute(
            "SELECT (SELECT kept_since IS NOT NULL FROM blank_book) AS kept,"
            " (SELECT coalesce(sum(n), 0) FROM blank_counts WHERE state = 'in_feeder') AS n,"
            " (SELECT count(*) FROM differences WHERE settled_at IS NULL) AS open"
        ).fetchone()
        self._stock = Stock(bool(row["kept"]), row["n"], row["open"])

    # Inside

    def _act_of(self, db: sqlite3.Connection, actor: str) -> Act:
        return Act(db, self._now(), actor, self._record)

    async def _act(self, actor: str, work: Callable[[Act], T]) -> T:
        return await self._write(lambda db: work(self._act_of(db, actor)))
