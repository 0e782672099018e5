"""Words of devices that come through a library, not as bytes: whatever they are, they mean something."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.device import Condition, DeviceState
from drivers.evolis import states
from drivers.printer import CardPosition, Counters
from drivers.spooler import readings

KNOWN = [
    f"{head}{word}" for head in ("INF_", "ERR_", "AVANSIA_DEF_") for word in (*states.CONDITION_OF, *states.STATE_OF)
]
WORDS = st.sampled_from(KNOWN) | st.text(max_size=20)
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.sampled_from(sorted(readings.REASONS))
NAMES = st.sampled_from(readings.STATUS_ATTRIBUTES) | st.text(max_size=10)


@settings(deadline=None)
@given(st.text(max_size=8), WORDS, st.none() | st.frozensets(WORDS, max_size=6))
def test_evolis(major: str, minor: str, flags: frozenset[str] | None) -> None:
    status = states.status(states.Reading(major, minor, flags), 1.0)

    assert isinstance(status.state, DeviceState)
    assert all(isinstance(condition, Condition) for condition in status.conditions)
    assert isinstance(states.position(states.Reading(major, minor, flags)), CardPosition)


@settings(deadline=None)
@given(st.dictionaries(NAMES, VALUES | st.lists(VALUES, max_size=4)))
def test_attributes_of_a_printer(attributes: dict[str, object]) -> None:
    status = readings.status(attributes, readings.TONER_REASONS, 1.0)

    assert isinstance(status.state, DeviceState)
    assert isinstance(readings.counters(attributes), Counters)
