"""The state machine: what people, machines, line and time can do to a kiosk, and what must hold after each of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from dinas_line import PEOPLE, PERMITS, PIN, LineFault, Person
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from kiosk_world import World
from machines import PRINTED_BEFORE, REJECTED_BEFORE, Fault, Lie, Machine, Place
from model_devices import SHEETS
from spooler import SpoolFault

from drivers.ups.frames import Source
from kiosk import protocol as p

DEVICES = ("paper_printer", "card_printer")
PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 12.0, 30.0)
VISIT_ENDS_WITHIN_S = 900.0  # three documents, each of which stalls with a machine and a line that answer nothing
TAPS: tuple[p.Intent, ...] = (
    p.Back(), p.Finish(), p.AskHelp(), p.AskHowTo(), p.Touched(), p.Taken(), p.Confirm(), p.Begin(p.Way.NIK),
    p.EnterPin("000000"), *(p.Act(action) for action in p.Action),
)  # fmt: skip
READER = ("reader away", "reader mute", "reader lost", "reader another")
NOBODY_HERE = (p.HomeView, p.OutOfServiceView)
OUT = frozenset({Place.HAND, Place.TRAY})


class WholeKiosk(RuleBasedStateMachine):
    """One kiosk from its first start. Preconditions keep the steps for what can make a difference."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.pass_time(2.0)

    # -- people

    # Three of a kind: hypothesis leaves some rules out of each run, and without people nothing is tried.

    @rule(person=st.sampled_from(PEOPLE), choice=st.integers(0, 3))
    def somebody_goes_on(self, person: Person, choice: int) -> None:
        self.goes_on(person, choice)

    @rule(person=st.sampled_from(PEOPLE), choice=st.integers(0, 3))
    def somebody_goes_on_again(self, person: Person, choice: int) -> None:
        self.goes_on(person, choice)

    @rule(person=st.sampled_from(PEOPLE), choice=st.integers(0, 3))
    def somebody_goes_on_once_more(self, person: Person, choice: int) -> None:
        self.goes_on(person, choice)

    def goes_on(self, person: Person, choice: int) -> None:
        """What a person who wants their documents does on this page."""
        match self.world.view:
            case p.HomeView():
                ready = self.logs_in(person)
                self.chooses(ready if choice else ready[:1])
            case p.PrintingView() | p.TakeView() if choice:
                self.waits_for_the_document_and_takes_it()
            case p.PrintingView() | p.TakeView():
                self.world.pass_time(2.0)
            case p.NoticeView(actions=actions):
                self.world.tap(p.Act(actions[choice % len(actions)]))
            case p.DocumentsView(documents=documents) if any(d.state is p.DocumentState.READY for d in documents):
                self.chooses([d.permit_id for d in documents if d.state is p.DocumentState.READY])
            case p.OutOfServiceView():
                self.operator_comes()
            case _:
                self.world.tap(p.Finish())

    @precondition(lambda self: isinstance(self.world.view, p.DocumentsView))
    @rule(data=st.data())
    def chooses_some(self, data: st.DataObject) -> None:
        view = self.world.view
        assert isinstance(view, p.DocumentsView)
        ids = [document.permit_id for document in view.documents]
        self.chooses(data.draw(st.lists(st.sampled_from(ids), unique=True)))

    def logs_in(self, person: Person) -> list[str]:
        """The permits that are ready for them."""
        world = self.world
        world.tap(p.Begin(p.Way.NIK))
        world.tap(p.EnterNik(person.nik))
        world.tap(p.EnterPin(PIN))
        world.wait_for(p.DocumentsView, p.NoticeView, *NOBODY_HERE, within=30.0)
        if not isinstance(view := world.view, p.DocumentsView):
            return []
        return [document.permit_id for document in view.documents if document.state is p.DocumentState.READY]

    def chooses(self, permit_ids: list[str]) -> None:
        if not permit_ids:
            return
        self.world.tap(p.Choose(tuple(permit_ids)))
        self.world.tap(p.Confirm())

    @precondition(lambda self: not isinstance(self.world.view, NOBODY_HERE))
    @rule(intent=st.sampled_from(TAPS))
    def taps(self, intent: p.Intent) -> None:
        self.world.tap(intent)

    def operator_comes(self) -> None:
        """Who finds the kiosk closed calls for help: most runs would stand still else after their first fault."""
        world = self.world
        for device in DEVICES:
            self.mend(device)
        world.line.cut, world.power = False, Source.MAINS
        world.pass_time(3.0)
        world.settle()
        world.account()
        world.wait_for(p.HomeView, within=20.0)

    def waits_for_the_document_and_takes_it(self) -> None:
        world = self.world
        if world.wait_for(p.TakeView, p.NoticeView, *NOBODY_HERE, within=20.0) and isinstance(world.view, p.TakeView):
            self.takes(says_so=True)

    @precondition(lambda self: any(item.place in (Place.SLOT, Place.TRAY) for item in self.world.truth.items))
    @rule(says_so=st.booleans())
    def takes(self, says_so: bool) -> None:
        self.world.cards.take_card()
        self.world.take_paper()
        if says_so:
            self.world.tap(p.Taken())
        self.world.pass_time(0.5)

    @rule(seconds=st.sampled_from(PAUSES))
    def time_passes(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @precondition(lambda self: not isinstance(self.world.view, NOBODY_HERE))
    @rule()
    def everybody_leaves(self) -> None:
        """Nobody touches anything: the visit ends by itself within its time."""
        assert self.world.wait_for(*NOBODY_HERE, within=VISIT_ENDS_WITHIN_S, step=1.0), f"stays on {self.world.view}"

    # -- machines

    @rule(device=st.sampled_from(DEVICES), fault=st.sampled_from(Fault))
    def goes_wrong(self, device: str, fault: Fault) -> None:
        self.world.machines[device].armed.append(fault)

    @rule(device=st.sampled_from(DEVICES), lie=st.sampled_from(Lie))
    def lies(self, device: str, lie: Lie) -> None:
        """One sensor at a time, and one lie to an attempt: against two that agree nothing can be done."""
        world = self.world
        unfinished = {row.attempt_id for row in world.rows() if row.device == device and row.outcome is None}
        if world.machines[device].lie is None and not unfinished & world.tainted:
            world.machines[device].lie = lie
            world.machines[device].has_lied = True
            world.taint_liars()

    @rule(device=st.sampled_from(DEVICES), what=st.sampled_from(("away", "hangs", "counters", *READER)))
    def does_not_answer(self, device: str, what: str) -> None:
        """A machine, its counters, or the chip reader (which answers wrongly, too)."""
        machine = self.world.machines[device]
        machine.away |= what == "away"
        machine.hangs |= what == "hangs"
        machine.counters_readable &= what != "counters"
        if what in READER:
            self.world.reader_fault = what.removeprefix("reader ")

    @rule(
        device=st.sampled_from(DEVICES), what=st.sampled_from((*SpoolFault, "stops", "killed", "killed, spool emptied"))
    )
    def spooler_goes_wrong(self, device: str, what: str) -> None:
        cups = self.world.cups[device]
        if what == "stops":
            cups.stopped = True
        elif isinstance(what, SpoolFault):
            cups.faults.append(what)
        else:
            cups.restart(spool_kept=what == "killed")
        self.world.pass_time(0.5)

    @precondition(lambda self: self.world.broken)
    @rule(device=st.sampled_from(DEVICES))
    def somebody_mends(self, device: str) -> None:
        self.mend(device)
        self.world.pass_time(1.1)

    def mend(self, device: str) -> None:
        self.world.taint_liars()
        machine = self.world.machines[device]
        machine.switch_on()
        if machine.jammed:  # opened and cleared in no less time, while the machine shows its jam
            self.world.pass_time(3.0)
        machine.mend()
        self.world.cups[device].faults.clear()
        self.world.reader_fault = None

    # -- the line

    @rule(fault=st.sampled_from((*LineFault, "cut", "whole")), times=st.integers(1, 3))
    def line_changes(self, fault: str, times: int) -> None:
        """The next exchanges go wrong, or all do until it is whole again."""
        line = self.world.line
        if isinstance(fault, LineFault):
            line.faults += [fault] * times
        else:
            line.cut = fault == "cut"
        self.world.pass_time(0.5)

    # -- time, power, the engine

    @rule(what=st.sampled_from((-366.0, -0.1, 366.0, *Source, Source.MAINS)))
    def clock_or_power_changes(self, what: float | Source) -> None:
        """The wall clock jumps by so many days, or the power comes from elsewhere."""
        if isinstance(what, Source):
            self.world.power = what
        else:
            self.world.wall_offset += timedelta(days=what)
        self.world.pass_time(1.1)

    @precondition(lambda self: self.world.at_work)
    @rule(dead_s=st.sampled_from((0.0, 1.0, 8.0)), up_s=st.sampled_from((0.0, 0.5, 5.0, 20.0)))
    def engine_is_killed(self, dead_s: float, up_s: float) -> None:
        self.world.crash()
        self.world.pass_time(dead_s)
        self.world.start()
        self.world.pass_time(up_s)

    @precondition(lambda self: self.world.at_work)
    @rule()
    def engine_is_stopped(self) -> None:
        self.world.stop()
        self.world.start()
        self.world.pass_time(2.0)

    # -- the operator

    @precondition(lambda self: any(row.outcome in ("unknown", "spoiled") for row in self.world.rows()))
    @rule()
    def operator_settles_and_accounts(self) -> None:
        self.world.settle()
        self.world.account()

    # -- what must hold

    @invariant()
    def all_holds(self) -> None:
        self.world.taint_liars()
        self.nothing_failed_that_must_not()
        self.nobody_has_a_document_twice()
        self.the_ledger_tells_the_truth()
        self.the_dinas_knows_nothing_else()
        self.the_ledger_is_sound()
        assert self.world.view is not None

    def nothing_failed_that_must_not(self) -> None:
        world = self.world
        none("I4: a device in doubt took something new", world.wrongs)
        none("I2: the Dinas refused", world.dinas.refused)
        none("errors", [*world.loop.surprises, *world.errors.found])
        none("exits", [status for status in world.exits if status != 0])

    def nobody_has_a_document_twice(self) -> None:
        truth = self.world.truth
        permits = {item.attempt_id: item.permit_id for item in truth.items}
        none("I1: two whole documents in reach", twice(p for a, p in permits.items() if truth.whole_in_reach(a)))
        for cups in self.world.cups.values():
            none("I1: an attempt ran twice", twice(cups.ran))

    def the_ledger_is_sound(self) -> None:
        for violation in self.world.violations():
            none(f"{violation.invariant}: the ledger", violation.sentence)

    def the_ledger_tells_the_truth(self) -> None:
        """By the place of each sheet and card; of an attempt that was settled by what was found then, for ever."""
        for row in self.world.rows():
            truth, settled = self.world.truth, self.world.settled.get(row.attempt_id)
            if settled is None and row.attempt_id in self.world.tainted:
                continue
            places = {item.place for item in truth.of(row.attempt_id)}
            if row.outcome == "printed" and settled is not None:
                none("I2: settled as taken, and nobody has any of it", Place.HAND not in places and row)
            elif row.outcome == "printed":
                none("I2: printed, and nobody can have it", not truth.whole_in_reach(row.attempt_id) and row)
                # A sheet that was taken out of a jam was printed anew.
                kept = places - OUT - (set() if row.device == "card_printer" else {Place.OPERATOR})
                none("I2: printed, and a part of it is elsewhere", kept and (row, kept))
            elif row.outcome in ("not_printed", "spoiled"):
                none(f"I2: {row.outcome}, and it is in reach", places & {*OUT, Place.SLOT} and row)
                if row.outcome == "not_printed" and settled is not None:
                    none("I3: settled as not printed, and something of it came out", places and row)

    def the_dinas_knows_nothing_else(self) -> None:
        ours = {row.attempt_id: row for row in self.world.rows()}
        told = self.world.outcomes_sent()
        for attempt_id, (permit_id, outcome) in self.world.dinas.attempts().items():
            none("I2: the Dinas has an attempt that is not ours", attempt_id not in ours and attempt_id)
            none("I2: the Dinas has another permit", permit_id not in (None, ours[attempt_id].permit_id) and attempt_id)
            none("I2: the Dinas has another outcome", outcome not in (None, *told[attempt_id]) and attempt_id)

    def teardown(self) -> None:
        try:
            self.all_is_well_again()
        finally:
            self.world.close()

    def all_is_well_again(self) -> None:
        """Everything is mended and everybody is gone: each attempt has its end, and the books agree."""
        world = self.world
        world.line.cut, world.power = False, Source.MAINS
        world.line.faults.clear()
        for device in DEVICES:
            self.mend(device)
        world.stop()
        world.start()
        world.pass_time(8.0)
        assert world.wait_for(*NOBODY_HERE, within=120.0)
        world.settle()
        world.account()
        world.pass_time(45.0)  # late requests arrive
        world.stop()
        self.nothing_failed_that_must_not()
        self.nobody_has_a_document_twice()
        self.the_ledger_tells_the_truth()
        self.the_ledger_is_sound()
        self.the_books_agree()
        for machine in world.machines.values():
            if not machine.has_lied:
                self.the_counters_agree(machine)

    def the_books_agree(self) -> None:
        """Ledger, Dinas and what lies there say the same; an attempt may differ only if a sensor lied meanwhile."""
        world = self.world
        rows = world.rows()
        none("I4: no end", [row for row in rows if row.outcome in (None, "unknown")])
        known, states = world.dinas.attempts(), world.dinas.permits()
        none("I2: lost", [row for row in rows if known.get(row.attempt_id, (None, None))[1] != row.outcome])
        printed = {row.permit_id for row in rows if row.outcome == "printed"}
        none("I2: rights", printed ^ {permit for permit, state in states.items() if state == "printed"})
        wrong = [row for row in rows if self._class(row.attempt_id) != _SAID[row.outcome or ""]]
        wrong = [row for row in wrong if row.attempt_id not in world.tainted or row.attempt_id in world.settled]
        none("I3: not so", [(row, world.settled.get(row.attempt_id), world.truth.of(row.attempt_id)) for row in wrong])

    def the_counters_agree(self, machine: Machine) -> None:
        """I3 by what a machine without a lie has counted, and by what is gone from its feeder."""
        rows = [row for row in self.world.rows() if row.device == machine.name]
        ends = Counter(row.outcome for row in rows)
        counted, rejected = machine.printed - PRINTED_BEFORE, machine.rejected - REJECTED_BEFORE
        said = f"I3: {machine.name} fed {machine.fed}, counted {counted}, rejected {rejected}: {dict(ends)}"
        if machine.cards:
            none(said, machine.fed != ends["printed"] + ends["spoiled"])
            none(said, not ends["printed"] <= counted <= machine.fed or rejected > ends["spoiled"])
            return
        printed = [row for row in rows if row.outcome == "printed" and row.attempt_id not in self.world.settled]
        sheets = sum(SHEETS[PERMITS[row.permit_id]] for row in printed)
        none(said, not sheets <= counted <= machine.fed)
        if not ends["spoiled"] and not any(row.attempt_id in self.world.settled for row in rows):
            none(said, counted != sheets)

    def _class(self, attempt_id: str) -> str:
        places = {item.place for item in self.world.truth.of(attempt_id)}
        if places & OUT:
            return "out"
        return "kept" if places else "none"


_SAID = {"printed": "out", "spoiled": "kept", "not_printed": "none"}


def none(what: str, found: object) -> None:
    """There is nothing of the kind; else the message begins with ``what``, and that with the invariant."""
    assert not found, f"{what}: {found}"


def twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
