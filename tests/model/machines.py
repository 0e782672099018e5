"""Two printers as they are made: what lies where, what their sensors say of it, and how they go wrong.

Everything physical happens in callbacks of the loop and never in a task of the engine, so that it goes on when the
engine is dead. The ``Truth`` is what a person with the machine open before them would see.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from drivers.spooler import verdict

FEED_S, PRINT_S, MOVE_S = 0.4, 1.5, 1.0
FULL = 60  # sheets or cards in a feeder
PRINTED_BEFORE, REJECTED_BEFORE = 500, 7  # counters of a machine that is not new

Process = Generator[float, None, None]


class Place(enum.StrEnum):
    PATH = "path"  # in the machine, nobody has access
    STATION = "station"
    SLOT = "slot"  # a hand may take it
    TRAY = "tray"  # a hand may take it
    HAND = "hand"  # somebody has it
    BIN = "bin"
    OPERATOR = "operator"


IN_REACH = frozenset({Place.SLOT, Place.TRAY, Place.HAND})


@dataclass
class Item:
    """One sheet or card that has left the feeder for an attempt."""

    attempt_id: str
    permit_id: str
    number: int
    of: int
    card: bool
    place: Place = Place.PATH
    complete: bool = False  # everything of it is printed
    chip: bytes | None = None


@dataclass
class Truth:
    """All that ever left a feeder."""

    items: list[Item] = field(default_factory=list)

    def of(self, attempt_id: str) -> list[Item]:
        return [item for item in self.items if item.attempt_id == attempt_id]

    def whole_in_reach(self, attempt_id: str) -> bool:
        """Whether somebody may have the whole document of this attempt."""
        got = {i.number for i in self.of(attempt_id) if i.complete and i.place in IN_REACH}
        return any(len(got) == i.of for i in self.of(attempt_id))

    def anything_in_reach(self, attempt_id: str) -> bool:
        return any(item.place in IN_REACH for item in self.of(attempt_id))


class Fault(enum.StrEnum):
    """What a machine does wrong once, when it comes to it."""

    JAM_BEFORE = "jam_before"  # before anything is printed on it
    JAM_HALF = "jam_half"
    JAM_AFTER = "jam_after"  # all is printed, and it has not left
    HALF_OUT = "half_out"  # comes out half printed, and the job is given up (a card stays inside)
    CUT = "cut"  # the job's data ends in the middle
    STUCK = "stuck"  # a card does not move
    MOVE_ANSWER_LOST = "move_answer_lost"
    FORGETS = "forgets"  # the machine's own list of jobs is empty after this one


class Lie(enum.StrEnum):
    """What a sensor says that is not so. One at a time on a machine."""

    POSITION_NONE = "position_none"  # until mended
    POSITION_EXIT = "position_exit"  # until mended
    COUNTS_NOT = "counts_not"  # the next document
    COUNTS_TWICE = "counts_twice"
    BIN_COUNTS_NOT = "bin_counts_not"
    BIN_COUNTS_ALONE = "bin_counts_alone"  # a card was counted, and none fell
    CALLED_DONE = "called_done"  # the next job that is given up is called completed


@dataclass
class DeviceJobRecord:
    """A job in the machine's own list."""

    number: int
    name: str
    state: int = verdict.PENDING
    reasons: str = ""
    sheets: int = 0
    cancel_asked: bool = False


class Machine:
    """A printer of sheets or of cards."""

    def __init__(self, loop: asyncio.AbstractEventLoop, truth: Truth, name: str, *, cards: bool) -> None:
        self._loop = loop
        self._truth = truth
        self.name = name
        self.cards = cards
        self.feeder = FULL
        self.loaded = FULL  # all that was ever put in
        self.printed = PRINTED_BEFORE
        self.rejected = REJECTED_BEFORE
        self.jobs: list[DeviceJobRecord] = []
        self.jammed = False
        self.away = False  # takes no connections
        self.hangs = False  # takes them, and does not answer
        self.counters_readable = True
        self.armed: list[Fault] = []
        self.lie: Lie | None = None
        self.has_lied = False  # or was about to, ever
        self.on_lie: Callable[[], None] = lambda: None  # a lie was told: whoever is at work cannot be judged
        self.photo = b"photo"

    # -- what the sensors say

    @property
    def card_in_path(self) -> Item | None:
        inside = (Place.PATH, Place.STATION, Place.SLOT)
        return next((i for i in self._truth.items if i.card and self.cards and i.place in inside), None)

    @property
    def position(self) -> str:
        if self.lie is Lie.POSITION_NONE:
            return "none"
        if self.lie is Lie.POSITION_EXIT:
            return "exit"
        card = self.card_in_path
        return {None: "none", Place.PATH: "inside", Place.STATION: "station", Place.SLOT: "exit"}[
            card.place if card else None
        ]

    @property
    def reasons(self) -> list[str]:
        found = [
            reason
            for reason, holds in (
                ("media-jam-error", self.jammed),
                ("media-empty-error", self.feeder <= 0),
                ("adm-card-in-slot", self.cards and self.position == "exit"),
            )
            if holds
        ]
        return found or ["none"]

    @property
    def working(self) -> DeviceJobRecord | None:
        return next((job for job in self.jobs if job.state not in verdict.ENDED), None)

    @property
    def broken(self) -> bool:
        """Whether there is anything to mend."""
        return bool(self.jammed or self.away or self.hangs or self.lie or self.armed) or not self.counters_readable

    @property
    def fed(self) -> int:
        """What is gone from the feeder."""
        return self.loaded - self.feeder

    # -- what a hand does

    def switch_on(self) -> None:
        self.away = self.hangs = False

    def mend(self) -> None:
        """Open, take out what is jammed, fill up, close, switch on: it is as new."""
        if self.jammed:
            for item in self._truth.items:
                if item.card is self.cards and item.place is Place.PATH:
                    item.place = Place.OPERATOR
        self.switch_on()
        self.jammed = False
        self.counters_readable = True
        self.lie = None
        self.armed.clear()
        self.loaded += FULL - self.feeder
        self.feeder = FULL

    def take_card(self) -> bool:
        """A hand at the slot."""
        card = self.card_in_path
        if card is None or card.place is not Place.SLOT:
            return False
        card.place = Place.HAND
        return True

    # -- what a job does

    def begin(self, name: str, document: bytes) -> DeviceJobRecord:
        """The job comes in over the wire; document is ``permit:sheets``."""
        job = DeviceJobRecord(len(self.jobs) + 1, name)
        self.jobs.append(job)
        permit_id, _, sheets = document.decode().partition(":")
        drive(self._loop, self._card(job, permit_id) if self.cards else self._sheets(job, permit_id, int(sheets)))
        return job

    def strikes(self, *faults: Fault) -> Fault | None:
        """One of these, if it waits for its moment."""
        found = next((fault for fault in self.armed if fault in faults), None)
        if found:
            self.armed.remove(found)
        return found

    def _sheets(self, job: DeviceJobRecord, permit_id: str, sheets: int) -> Process:
        job.state = verdict.PROCESSING
        yield FEED_S
        if self.strikes(Fault.CUT):
            self._end(job, verdict.ABORTED)
            return
        while job.sheets < sheets:
            yield from self._unfit(job)
            if job.cancel_asked:
                self._end(job, verdict.CANCELED)
                return
            self.feeder -= 1
            sheet = Item(job.name, permit_id, job.sheets, sheets, card=False)
            self._truth.items.append(sheet)
            fault = self.strikes(Fault.JAM_BEFORE, Fault.JAM_HALF, Fault.JAM_AFTER, Fault.HALF_OUT)
            yield PRINT_S
            if fault is Fault.HALF_OUT:
                sheet.place = Place.TRAY
                self._count()
                self._end(job, verdict.ABORTED)
                return
            sheet.complete = fault in (None, Fault.JAM_AFTER)
            if fault:
                self.jammed = True  # what is stuck is printed anew once somebody has taken it out
                continue
            sheet.place = Place.TRAY
            self._count()
            job.sheets += 1
        self._end(job, verdict.COMPLETED)

    def _card(self, job: DeviceJobRecord, permit_id: str) -> Process:
        job.state = verdict.PROCESSING
        yield FEED_S
        if self.strikes(Fault.CUT):
            self._end(job, verdict.ABORTED)
            return
        yield from self._unfit(job)
        if job.cancel_asked:
            self._end(job, verdict.CANCELED)
            return
        self.feeder -= 1
        card = Item(job.name, permit_id, 0, 1, card=True)
        self._truth.items.append(card)
        fault = self.strikes(Fault.JAM_BEFORE, Fault.JAM_HALF, Fault.JAM_AFTER, Fault.HALF_OUT)
        yield PRINT_S
        card.complete = fault in (None, Fault.JAM_AFTER)
        if fault is Fault.HALF_OUT:
            self._end(job, verdict.ABORTED)
            return
        if fault:
            self.jammed = True
            yield from self._unfit(job)  # a card that was taken out is not printed anew
            self._end(job, verdict.CANCELED if job.cancel_asked else verdict.ABORTED)
            return
        card.place = Place.STATION
        self._count()
        job.sheets = 1
        self._end(job, verdict.COMPLETED)

    def _unfit(self, job: DeviceJobRecord) -> Process:
        """Wait until it can go on, or nobody wants it any more."""
        while not job.cancel_asked and self._blocked(job):
            job.state = verdict.PROCESSING_STOPPED
            yield 0.2
        if job.state == verdict.PROCESSING_STOPPED:
            job.state = verdict.PROCESSING

    def _blocked(self, job: DeviceJobRecord) -> bool:
        card = self.card_in_path
        return self.jammed or self.feeder <= 0 or (card is not None and card.attempt_id != job.name)

    def _count(self) -> None:
        times = 1
        if self.lie in (Lie.COUNTS_NOT, Lie.COUNTS_TWICE):
            times = 0 if self.lie is Lie.COUNTS_NOT else 2
            self._told()
        self.printed += times

    def _told(self) -> None:
        self.lie = None
        self.on_lie()

    def _end(self, job: DeviceJobRecord, state: int) -> None:
        if state != verdict.COMPLETED and self.lie is Lie.CALLED_DONE:
            state = verdict.COMPLETED
            job.sheets += 1
            self._told()
        job.state = state
        job.reasons = "job-completed-successfully" if state == verdict.COMPLETED else "job-canceled-by-user"
        if self.strikes(Fault.FORGETS):
            self.jobs = [other for other in self.jobs if other.state not in verdict.ENDED]

    # -- what a motion does

    def move(self, to_slot: bool) -> None:
        """Asked for over the wire; what comes of it is seen by the sensors."""
        if self.strikes(Fault.STUCK):
            self.jammed = True
        card = self.card_in_path
        if card is None or self.jammed or (self.working is not None):
            return
        drive(self._loop, self._motion(card, Place.SLOT if to_slot else Place.BIN))

    def _motion(self, card: Item, to: Place) -> Process:
        yield MOVE_S
        if card.place is Place.HAND:
            return  # a hand was faster
        card.place = to
        if to is Place.BIN and self.lie is Lie.BIN_COUNTS_NOT:
            self._told()
        elif to is Place.BIN:
            self.rejected += 1
        elif self.lie is Lie.BIN_COUNTS_ALONE:
            self.rejected += 1
            self._told()


def drive(loop: asyncio.AbstractEventLoop, process: Process) -> None:
    """Let a process of the world go its way: it says how long it waits."""
    try:
        pause = next(process)
    except StopIteration:
        return
    loop.call_later(pause, drive, loop, process)
