"""Where a motion has left the card."""

from __future__ import annotations

import pytest

from drivers.card_dispenser.frames import CardAt
from drivers.card_dispenser.verdict import Motion, Outcome, judge

NONE, GATE, INSIDE = CardAt.NONE, CardAt.GATE, CardAt.INSIDE
DONE, BINNED, UNKNOWN = Outcome.DONE, Outcome.BINNED, Outcome.UNKNOWN

TABLE = [
    (Motion.FEED, INSIDE, 4, 4, DONE),
    (Motion.FEED, GATE, 4, 4, DONE),
    (Motion.FEED, NONE, 4, 4, UNKNOWN),
    (Motion.FEED, NONE, 4, 5, UNKNOWN),
    (Motion.PRESENT, GATE, 4, 4, DONE),
    (Motion.PRESENT, GATE, None, None, DONE),
    (Motion.PRESENT, NONE, 4, 4, DONE),
    (Motion.PRESENT, NONE, 4, 5, BINNED),
    (Motion.PRESENT, NONE, None, 4, UNKNOWN),
    (Motion.PRESENT, NONE, None, None, UNKNOWN),
    (Motion.PRESENT, INSIDE, 4, 4, UNKNOWN),
    (Motion.CAPTURE, NONE, 4, 5, DONE),
    (Motion.CAPTURE, NONE, None, None, DONE),
    (Motion.CAPTURE, NONE, 4, 4, UNKNOWN),
    (Motion.CAPTURE, INSIDE, 4, 4, UNKNOWN),
    (Motion.CAPTURE, GATE, 4, 5, UNKNOWN),
]


@pytest.mark.parametrize(("motion", "card", "before", "after", "outcome"), TABLE)
def test_a_motion_is_judged_by_sensor_and_counter(
    motion: Motion, card: CardAt, before: int | None, after: int | None, outcome: Outcome
) -> None:
    assert judge(motion, card, before, after) is outcome
