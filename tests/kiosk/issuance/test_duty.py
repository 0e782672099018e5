"""When a card printer must rest, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.issuance.duty import Duty

WIB = timezone(timedelta(hours=7))
NOON = datetime(2026, 3, 10, 12, tzinfo=WIB)
ROW = Duty(cards_before_rest=3, rest=timedelta(minutes=10))
DAY = Duty(cards_per_day=3)


def minutes_ago(*minutes: float) -> list[datetime]:
    return [NOON.astimezone(UTC) - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("ago", "left"),
    [
        ((), None),
        ((4, 2), None),
        ((4, 2, 1), 9),  # the third in a row: ten minutes from it
        ((6, 4, 2, 1), 9),  # one more than allowed (the limit was lowered): still from the last one
        ((25, 15, 2), None),  # each pause was a rest
        ((15, 2, 1), None),  # the row begins after the pause
        ((12, 11, 10), None),  # the rest is over
        ((12, 11, 9.5), 0.5),
    ],
)
def test_rest_after_cards_in_a_row(ago: tuple[float, ...], left: float | None) -> None:
    until = ROW.rests_until(minutes_ago(*ago), NOON)

    assert until == (None if left is None else NOON + timedelta(minutes=left))


def test_a_full_day_ends_at_midnight_of_the_kiosks_own_zone() -> None:
    since_midnight = minutes_ago(11 * 60, 60, 1)

    assert DAY.rests_until(since_midnight, NOON) == datetime(2026, 3, 11, 0, tzinfo=WIB)
    assert DAY.rests_until(since_midnight[1:], NOON) is None
    # 13 hours ago was yesterday here, and today still in UTC's reckoning of another place.
    assert DAY.rests_until([*minutes_ago(13 * 60), *since_midnight[1:]], NOON) is None
    assert DAY.rests_until(since_midnight, NOON + timedelta(hours=12)) is None


def test_the_longer_of_both_counts() -> None:
    both = Duty(cards_before_rest=2, rest=timedelta(minutes=10), cards_per_day=2)

    assert both.rests_until(minutes_ago(2, 1), NOON) == datetime(2026, 3, 11, 0, tzinfo=WIB)


def test_without_limits_it_never_rests() -> None:
    assert Duty().rests_until(minutes_ago(*range(500, 0, -1)), NOON) is None


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    assert ROW.rests_until(minutes_ago(-60, -61, -62), NOON) is None


@given(st.lists(st.floats(0, 3000), max_size=60), st.integers(1, 10), st.floats(1, 60))
def test_a_rest_is_always_ahead_and_never_longer_than_the_limits_say(ago: list[float], row: int, rest: float) -> None:
    duty = Duty(row, timedelta(minutes=rest))
    sent = sorted(minutes_ago(*ago))
    until = duty.rests_until(sent, NOON)

    if until is not None:
        assert NOON < until <= NOON + duty.rest
        assert len(sent) >= row
        assert duty.rests_until(sent, until) is None
