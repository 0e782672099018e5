"""The state machine: what people, machines, the line and time can do to a kiosk, and what must hold after each of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from dinas_line import PEOPLE, PIN, LineFault, Person
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from kiosk_world import World
from machines import Fault, Lie, Place
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
NOBODY_HERE = (p.HomeView, p.OutOfServiceView)
OUT = frozenset({Place.HAND, Place.TRAY})


class WholeKiosk(RuleBasedStateMachine):
    """One kiosk from its first start."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.pass_time(2.0)

    # -- people

    @rule(person=st.sampled_from(PEOPLE), everything=st.booleans())
    def comes_and_prints(self, person: Person, everything: bool) -> None:
        """The whole way from home to printing, as far as the kiosk lets them."""
        self.logs_in(person)
        if isinstance(view := self.world.view, p.DocumentsView):
            ready = [d.permit_id for d in view.documents if d.state is p.DocumentState.READY]
            self.chooses(ready if everything else ready[-1:])

    @precondition(lambda self: isinstance(self.world.view, p.DocumentsView))
    @rule(data=st.data())
    def chooses_some(self, data: st.DataObject) -> None:
        assert isinstance(view := self.world.view, p.DocumentsView)
        ids = [document.permit_id for document in view.documents]
        self.chooses(data.draw(st.lists(st.sampled_from(ids), unique=True)))

    def logs_in(self, person: Person) -> None:
        world = self.world
        world.tap(p.Begin(p.Way.NIK))
        world.tap(p.EnterNik(person.nik))
        world.tap(p.EnterPin(PIN))
        world.wait_for(p.DocumentsView, p.NoticeView, *NOBODY_HERE, within=30.0)

    def chooses(self, permit_ids: list[str]) -> None:
        self.world.tap(p.Choose(tuple(permit_ids)))
        self.world.tap(p.Confirm())

    @rule(intent=st.sampled_from(TAPS))
    def taps(self, intent: p.Intent) -> None:
        self.world.tap(intent)

    @rule()
    def waits_for_the_document_and_takes_it(self) -> None:
        world = self.world
        if world.wait_for(p.TakeView, p.NoticeView, *NOBODY_HERE, within=20.0) and isinstance(world.view, p.TakeView):
            self.takes(says_so=True)

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
            world.taint_liars()

    @rule(device=st.sampled_from(DEVICES), how=st.sampled_from(("away", "hangs", "counters")))
    def does_not_answer(self, device: str, how: str) -> None:
        machine = self.world.machines[device]
        machine.away |= how == "away"
        machine.hangs |= how == "hangs"
        machine.counters_readable &= how != "counters"

    @rule(device=st.sampled_from(DEVICES), fault=st.sampled_from(SpoolFault))
    def spooler_goes_wrong(self, device: str, fault: SpoolFault) -> None:
        self.world.cups[device].faults.append(fault)

    @rule(device=st.sampled_from(DEVICES), spool_kept=st.booleans())
    def cupsd_restarts(self, device: str, spool_kept: bool) -> None:
        self.world.cups[device].restart(spool_kept=spool_kept)
        self.world.pass_time(0.5)

    @rule(device=st.sampled_from(DEVICES))
    def queue_stops(self, device: str) -> None:
        self.world.cups[device].stopped = True

    @rule(fault=st.sampled_from(("away", "mute", "lost", "another", None)))
    def reader_changes(self, fault: str | None) -> None:
        self.world.reader_fault = fault

    @rule(device=st.sampled_from(DEVICES))
    def somebody_mends(self, device: str) -> None:
        self.mend(device)
        self.world.pass_time(1.1)

    def mend(self, device: str) -> None:
        self.world.taint_liars()
        self.world.machines[device].mend()
        self.world.cups[device].faults.clear()

    # -- the line

    @rule(fault=st.sampled_from(LineFault), times=st.integers(1, 4))
    def exchange_goes_wrong(self, fault: LineFault, times: int) -> None:
        self.world.line.faults += [fault] * times

    @rule(cut=st.booleans())
    def partition(self, cut: bool) -> None:
        self.world.line.cut = cut
        self.world.pass_time(0.5)

    # -- time, power, the engine

    @rule(days=st.sampled_from((-366.0, -0.1, 0.1, 366.0)))
    def wall_clock_jumps(self, days: float) -> None:
        self.world.wall_offset += timedelta(days=days)

    @rule(source=st.sampled_from((Source.MAINS, Source.BATTERY, Source.LOW, Source.UNKNOWN, Source.MAINS)))
    def power_changes(self, source: Source) -> None:
        self.world.power = source
        self.world.pass_time(1.1)

    @rule(dead_s=st.sampled_from((0.0, 1.0, 8.0)), up_s=st.sampled_from((0.0, 0.5, 5.0, 20.0)))
    def engine_is_killed(self, dead_s: float, up_s: float) -> None:
        self.world.crash()
        self.world.pass_time(dead_s)
        self.world.start()
        self.world.pass_time(up_s)

    @rule()
    def engine_is_stopped(self) -> None:
        self.world.stop()
        self.world.start()
        self.world.pass_time(2.0)

    # -- the operator

    @rule()
    def operator_settles(self) -> None:
        self.world.settle()

    @rule()
    def operator_accounts(self) -> None:
        self.world.account()

    # -- what must hold

    @invariant()
    def all_holds(self) -> None:
        self.world.taint_liars()
        self.nothing_failed_that_must_not()
        self.nobody_has_a_document_twice()
        self.the_ledger_tells_the_truth()
        self.the_dinas_knows_nothing_else()
        assert self.world.violations() == []
        assert self.world.view is not None

    def nothing_failed_that_must_not(self) -> None:
        world = self.world
        assert (world.loop.surprises, world.errors.found, world.dinas.refused, world.wrongs) == ([], [], [], [])
        assert set(world.exits) <= {0}

    def nobody_has_a_document_twice(self) -> None:
        truth = self.world.truth
        permits = {item.attempt_id: item.permit_id for item in truth.items}
        got = Counter(permit for attempt, permit in permits.items() if truth.whole_in_reach(attempt))
        assert [permit for permit, times in got.items() if times > 1] == []
        for cups in self.world.cups.values():
            assert [attempt for attempt, times in Counter(cups.ran).items() if times > 1] == []

    def the_ledger_tells_the_truth(self) -> None:
        for row in self.world.rows():
            if row.attempt_id in self.world.tainted or row.attempt_id in self.world.settled:
                continue
            places = {item.place for item in self.world.truth.of(row.attempt_id)}
            match row.outcome:
                case "printed":
                    assert places <= OUT, row
                    assert self.world.truth.whole_in_reach(row.attempt_id), row
                case "not_printed" | "spoiled":
                    assert not places & {*OUT, Place.SLOT}, row

    def the_dinas_knows_nothing_else(self) -> None:
        ours = {row.attempt_id: row for row in self.world.rows()}
        told = self.world.outcomes_sent()
        for attempt_id, (permit_id, outcome) in self.world.dinas.attempts().items():
            assert attempt_id in ours
            assert permit_id in (None, ours[attempt_id].permit_id)
            assert outcome is None or outcome in told[attempt_id]

    def teardown(self) -> None:
        try:
            self.all_is_well_again()
        finally:
            self.world.close()

    def all_is_well_again(self) -> None:
        """Everything is mended and everybody is gone: each attempt has its end, and the books agree."""
        world = self.world
        world.stop()
        for device in DEVICES:
            self.mend(device)
        world.line.cut, world.power, world.reader_fault = False, Source.MAINS, None
        world.line.faults.clear()
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
        assert world.violations() == []
        self.the_books_agree()

    def the_books_agree(self) -> None:
        world = self.world
        rows = world.rows()
        assert [row for row in rows if row.outcome in (None, "unknown")] == []
        known, states = world.dinas.attempts(), world.dinas.permits()
        for row in rows:
            assert known.get(row.attempt_id, (None, None))[1] == row.outcome, row
        printed = {row.permit_id for row in rows if row.outcome == "printed"}
        assert {permit for permit, state in states.items() if state == "printed"} == printed
        wrong = [row for row in rows if self._class(row.attempt_id) != _SAID[row.outcome or ""]]
        assert {row.attempt_id for row in wrong} <= world.tainted | world.settled
        if len(wrong) == 1:  # a sensor's lie that stands in the books shows when somebody counts
            said = Counter(_SAID[row.outcome or ""] for row in rows)
            assert said != Counter(self._class(row.attempt_id) for row in rows)

    def _class(self, attempt_id: str) -> str:
        places = {item.place for item in self.world.truth.of(attempt_id)}
        if places & OUT:
            return "out"
        return "kept" if places else "none"


_SAID = {"printed": "out", "spoiled": "kept", "not_printed": "none"}
