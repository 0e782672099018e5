"""The blanks as they really lie, beside a real ledger: deliveries, loads, attempts with every end, thieves, liars.

The world knows where each card is and what the machine has counted, the ledger knows what was told to it. A stocktake
must find exactly what the two do not share; what nobody can know (a card in doubt) must not be held against anybody.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from blank_roads import OPERATOR, ROADS, go
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from drivers.printer import Counters
from kiosk.ledger.blanks import Balance, Difference, SerialRange
from kiosk.ledger.invariants import violations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

MEMORY = Path("/dev/shm")  # thousands of commits, and nobody cuts the power here
Range = tuple[int, int]


@dataclass
class Since:
    """What the machine must have counted since the last count that can be compared with, by all that can be known."""

    printed: Range = (0, 0)
    rejected: Range = (0, 0)
    true_printed: int = 0
    true_rejected: int = 0
    number: int = 0  # of the count


@dataclass
class Card:
    attempt_id: str
    printed: bool
    where: str  # path, bin, hand
    found: bool = False


@dataclass
class World:
    """What is really so."""

    store: list[str] = field(default_factory=list)
    feeder: int = 0
    bin: int = 0
    printed: int = 1000
    rejected: int = 50


class BlankWorld(RuleBasedStateMachine):
    """``ledger`` is real, on a disk in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.ledger = self.runner.run(Ledger.open(self.folder))
        self.world = World()
        self.next_serial = 1
        self.in_feeder = 0  # by the books
        self.in_bin = 0  # by the books
        self.loaded = 0  # by the books
        self.kept = False
        self.doubt: Card | None = None
        self.in_the_bin: list[str] = []  # attempts whose blank waits to be accounted for
        self.since: Since | None = None
        self.stocktakes = 0
        self.open: list[tuple[str, int, int | None]] = []

    def teardown(self) -> None:
        self.runner.run(self.ledger.close())
        self.runner.close()
        try:
            assert violations(self.folder) == []
        finally:
            shutil.rmtree(self.folder)

    # -- what operators do, and say

    @rule(n=st.integers(1, 12))
    def deliver(self, n: int) -> None:
        serials = SerialRange(f"A{self.next_serial:06d}", f"A{self.next_serial + n - 1:06d}")
        assert self.runner.run(self.ledger.blanks.deliver(serials, OPERATOR)) == n
        self.world.store += serials.serials()
        self.next_serial += n

    @precondition(lambda self: self.world.store)
    @rule(n=st.integers(1, 12), downwards=st.booleans())
    def load(self, n: int, downwards: bool) -> None:
        serials, self.world.store = self.world.store[:n], self.world.store[n:]
        first, last = (serials[-1], serials[0]) if downwards else (serials[0], serials[-1])
        self.runner.run(self.ledger.blanks.load(SerialRange(first, last), OPERATOR))
        if not self.kept:
            self.kept = True  # what lay there before is now too much, and the next count by hand shows it
            self.runner.run(self.ledger.blanks.begin_counting(self._counters(), "system:engine"))
            self.stocktakes += 1
            self.since = Since(
                true_printed=self.world.printed, true_rejected=self.world.rejected, number=self.stocktakes
            )
        self.world.feeder += len(serials)
        self.in_feeder += len(serials)
        self.loaded += len(serials)

    @precondition(lambda self: self.in_the_bin)
    @rule()
    def account(self) -> None:
        self.runner.run(self.ledger.account_for_blank(self.in_the_bin.pop(), OPERATOR))
        self.world.bin -= 1
        self.in_bin -= 1

    # -- what attempts do

    @precondition(lambda self: self.world.feeder and not self.doubt)
    @rule()
    def taken(self) -> None:
        self._drawn("taken", printed=(1, 1), truly=1)

    @precondition(lambda self: self.world.feeder and not self.doubt)
    @rule()
    def not_taken(self) -> None:
        attempt_id = self._drawn("not taken", printed=(1, 1), truly=1, rejected=(1, 1), truly_rejected=1)
        self._into_the_bin(attempt_id)

    @precondition(lambda self: self.world.feeder and not self.doubt)
    @rule(said=st.sampled_from(["printed", "nothing", "unknown"]), before_the_counter=st.booleans())
    def spoiled(self, said: str, before_the_counter: bool) -> None:
        truly = {"printed": 1, "nothing": 0}.get(said, int(before_the_counter))
        known = (0, 1) if said == "unknown" else (truly, truly)
        attempt_id = self._drawn("spoiled", job_end=said, printed=known, truly=truly, rejected=(0, 1), truly_rejected=1)
        self._into_the_bin(attempt_id)

    @precondition(lambda self: not self.doubt)
    @rule(road=st.sampled_from(["nothing", "not sent"]))
    def did_not_print(self, road: str) -> None:
        self.runner.run(go(self.ledger, ROADS[road]))
        if road == "nothing" and self.kept and not self.in_feeder:  # the books thought that there was none
            self._found()
            self.in_feeder += 1

    @precondition(lambda self: self.world.feeder and not self.doubt)
    @rule(
        road=st.sampled_from(["in doubt", "taken back in doubt", "printed unasked"]),
        printed=st.booleans(),
        where=st.sampled_from(["path", "bin", "hand"]),
    )
    def in_doubt(self, road: str, printed: bool, where: str) -> None:
        printed = printed or where == "hand" or road != "in doubt"
        attempt = self.runner.run(go(self.ledger, ROADS[road]))
        found = self._leaves_the_feeder()
        self.doubt = Card(attempt.attempt_id, printed, where, found)
        self.world.printed += printed
        if where == "bin":
            self.world.rejected += 1
            self.world.bin += 1

    @precondition(lambda self: self.doubt)
    @rule()
    def settle(self) -> None:
        """An operator looks, and says what is so."""
        card = self.doubt
        assert card is not None
        end = Phase.SPOILED if not card.printed else {"hand": Phase.TAKEN}.get(card.where, Phase.RETRACTED)
        self.runner.run(self.ledger.settle(card.attempt_id, end, OPERATOR))
        self._by_the_books((0, 1) if end is Phase.SPOILED else (1, 1), (0, 0) if end is Phase.TAKEN else (0, 1))
        if card.where == "bin":
            self.world.bin -= 1  # whoever settles it so has it in hand
        self.doubt = None

    # -- what nobody tells

    @precondition(lambda self: self.world.feeder)
    @rule(n=st.integers(1, 3))
    def steal_from_the_feeder(self, n: int) -> None:
        self.world.feeder -= min(n, self.world.feeder)

    @rule(n=st.integers(1, 3))
    def fill_without_a_record(self, n: int) -> None:
        self.world.feeder += n

    @precondition(lambda self: self.world.bin > (self.doubt is not None))
    @rule()
    def steal_from_the_bin(self) -> None:
        self.world.bin -= 1

    @precondition(lambda self: self.world.feeder)
    @rule()
    def print_by_hand(self) -> None:
        self.world.feeder -= 1
        self.world.printed += 1

    @rule(printed=st.integers(-2, 2), rejected=st.integers(-2, 2))
    def counters_lie(self, printed: int, rejected: int) -> None:
        self.world.printed += printed
        self.world.rejected += rejected

    # -- the account

    @rule(by_hand=st.booleans(), by_machine=st.booleans())
    def take_stock(self, by_hand: bool, by_machine: bool) -> None:
        counters = self._counters() if by_machine else Counters(None)
        feeder, bin_ = (self.world.feeder, max(0, self.world.bin)) if by_hand else (None, None)
        balance = self.runner.run(
            self.ledger.blanks.stocktake(OPERATOR, feeder=feeder, reject_bin=bin_, counters=counters)
        )
        self.stocktakes += 1
        expected = list(self._differences(by_hand=by_hand, by_machine=by_machine)) if self.kept else []
        assert sorted((one.kind, one.amount) for one in balance.opened) == sorted(one[:2] for one in expected)
        self.open += expected
        if self.kept and by_machine and self.doubt is None:
            self.since = Since(
                true_printed=self.world.printed, true_rejected=self.world.rejected, number=self.stocktakes
            )

    @precondition(lambda self: self.open)
    @rule()
    def settle_a_difference(self) -> None:
        first: Difference = self.runner.run(self.ledger.blanks.open_differences())[0]
        self.runner.run(self.ledger.blanks.settle_difference(first.number, OPERATOR, "found out"))
        self.open.remove(next(one for one in self.open if one[0] == first.kind))

    @rule()
    def restart(self) -> None:
        self.runner.run(self.ledger.close())
        self.ledger = self.runner.run(Ledger.open(self.folder))

    @invariant()
    def the_books_are_as_they_must_be(self) -> None:
        balance: Balance | None = self.runner.run(self.ledger.blanks.balance())
        assert balance is not None
        counts, stock = balance.counts, self.ledger.blanks.stock
        assert (counts.in_store, stock.in_feeder, counts.in_bin) == (
            len(self.world.store),
            self.in_feeder,
            self.in_bin,
        )
        assert stock.kept is self.kept
        assert stock.open_differences == len(self.open) == len(balance.open)
        ends = counts.delivered + counts.retracted + counts.spoiled
        assert counts.loaded == self.loaded == counts.in_feeder + counts.in_path + ends

    # -- inside

    def _drawn(
        self,
        road: str,
        *,
        printed: Range,
        truly: int,
        rejected: Range = (0, 0),
        truly_rejected: int = 0,
        job_end: str = "unknown",
    ) -> str:
        attempt = self.runner.run(go(self.ledger, ROADS[road], job_end=job_end))
        self._leaves_the_feeder()
        self.world.printed += truly
        self.world.rejected += truly_rejected
        self._by_the_books(printed, rejected)
        return attempt.attempt_id

    def _leaves_the_feeder(self) -> bool:
        self.world.feeder -= 1
        if not self.kept:
            return False
        if self.in_feeder:
            self.in_feeder -= 1
            return False
        self._found()
        return True

    def _found(self) -> None:
        """One open difference, which grows."""
        self.loaded += 1
        if not any(kind == "unrecorded-blank" for kind, _, _ in self.open):
            self.open.append(("unrecorded-blank", 1, None))

    def _into_the_bin(self, attempt_id: str) -> None:
        self.world.bin += 1
        if self.kept:
            self.in_bin += 1
            self.in_the_bin.append(attempt_id)

    def _by_the_books(self, printed: Range, rejected: Range) -> None:
        if self.since:
            self.since.printed = _plus(self.since.printed, printed)
            self.since.rejected = _plus(self.since.rejected, rejected)

    def _counters(self) -> Counters:
        return Counters(self.world.printed, self.world.rejected)

    def _differences(self, *, by_hand: bool, by_machine: bool) -> list[tuple[str, int, int | None]]:
        doubt = (0, int(self.doubt is not None))
        found: list[tuple[str, int, int | None]] = []
        if by_hand:
            found.append(("feeder-count", self.world.feeder - self.in_feeder, None))
            bin_ = _plus((self.in_bin, self.in_bin), doubt)
            found.append(("bin-count", _off(max(0, self.world.bin), bin_), None))
        if by_machine and (since := self.since):
            for kind, delta, books in (
                ("printed-counter", self.world.printed - since.true_printed, since.printed),
                ("rejected-counter", self.world.rejected - since.true_rejected, since.rejected),
            ):
                back = delta < 0
                amount = delta if back else _off(delta, _plus(books, doubt))
                found.append((kind.replace("counter", "went-back") if back else kind, amount, since.number))
        return [one for one in found if one[1] and one not in self.open]


def _plus(one: Range, other: Range) -> Range:
    return one[0] + other[0], one[1] + other[1]


def _off(found: int, expected: Range) -> int:
    return min(0, found - expected[0]) + max(0, found - expected[1])
