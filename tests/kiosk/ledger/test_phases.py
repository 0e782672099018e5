"""The transition table, edge by edge."""

from __future__ import annotations

from itertools import product

import pytest

from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger.errors import IllegalTransitionError
from kiosk.ledger.phases import SETTLEMENTS, TRANSITIONS, Phase, check, check_settlement, outcome_of

# Written down a second time on purpose, as the design draws it: reserved -> ... -> taken, and the ways out.
DRAWN = {
    "reserved": "claimed failed",
    "claimed": "opened failed",
    "opened": "submitted failed unknown",
    "submitted": "printing failed spoiled unknown",
    "printing": "presented failed spoiled unknown",
    "presented": "taken retracted unknown",
    "retracted": "retracted unknown",
    "taken": "",
    "failed": "",
    "spoiled": "",
    "unknown": "",
}
EDGES = list(product(Phase, Phase))


@pytest.mark.parametrize(("before", "after"), EDGES, ids=[f"{a}-{b}" for a, b in EDGES])
def test_exactly_the_drawn_edges_are_legal(before: Phase, after: Phase) -> None:
    if after in DRAWN[before].split():
        check(before, after, ended=False)
    else:
        with pytest.raises(IllegalTransitionError, match=f"{before} cannot become {after}"):
            check(before, after, ended=False)


@pytest.mark.parametrize(("before", "after"), EDGES, ids=[f"{a}-{b}" for a, b in EDGES])
def test_an_attempt_that_has_ended_goes_nowhere(before: Phase, after: Phase) -> None:
    with pytest.raises(IllegalTransitionError):
        check(before, after, ended=True)


@pytest.mark.parametrize(("before", "after"), EDGES, ids=[f"{a}-{b}" for a, b in EDGES])
def test_only_a_doubt_is_settled_and_only_as_an_end(before: Phase, after: Phase) -> None:
    if before is Phase.UNKNOWN and after in SETTLEMENTS:
        check_settlement(before, after)
    else:
        with pytest.raises(IllegalTransitionError):
            check_settlement(before, after)


def test_every_phase_leads_to_an_end() -> None:
    ends = {Phase.TAKEN, Phase.FAILED, Phase.SPOILED, Phase.UNKNOWN}
    for phase in Phase:
        reached, todo = set(), [phase]
        while todo:
            reached.add(here := todo.pop())
            todo += [after for after in TRANSITIONS[here] if after not in reached]
        assert reached & ends, phase


def test_each_end_tells_the_dinas_and_nothing_else_does() -> None:
    told = {(a, b): outcome_of(a, b) for a in Phase for b in TRANSITIONS[a]}
    assert {b: o for (a, b), o in told.items() if o} == {
        Phase.TAKEN: OutcomeKind.PRINTED,
        Phase.FAILED: OutcomeKind.NOT_PRINTED,
        Phase.SPOILED: OutcomeKind.SPOILED,
        Phase.RETRACTED: OutcomeKind.SPOILED,
        Phase.UNKNOWN: OutcomeKind.UNKNOWN,
    }
    # Written before the motion it is not an end: only the machine's word afterwards makes it one.
    assert told[Phase.PRESENTED, Phase.RETRACTED] is None
    assert told[Phase.RETRACTED, Phase.RETRACTED] is OutcomeKind.SPOILED
