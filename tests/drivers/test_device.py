"""The words of the devices: what is ready, and who mends what."""

from __future__ import annotations

import pytest

from drivers.device import CONDITIONS, NEVER_READ, Condition, DeviceState, DeviceStatus


def test_every_condition_says_who_mends_it() -> None:
    assert set(CONDITIONS) == set(Condition)


@pytest.mark.parametrize("state", list(DeviceState))
def test_only_online_and_busy_are_ready(state: DeviceState) -> None:
    assert DeviceStatus(state).ready == (state in {DeviceState.ONLINE, DeviceState.BUSY})


def test_unknown_is_neither_ready_nor_empty() -> None:
    assert not NEVER_READ.ready
    assert not NEVER_READ.conditions
    assert NEVER_READ.read_at is None


@pytest.mark.parametrize("condition", list(Condition))
def test_a_blocking_condition_takes_readiness_away_and_a_warning_does_not(condition: Condition) -> None:
    status = DeviceStatus(DeviceState.ONLINE, frozenset({condition}))

    assert status.ready != CONDITIONS[condition].blocks
    assert status.blocking == (frozenset({condition}) if CONDITIONS[condition].blocks else frozenset())


@pytest.mark.parametrize("low", [Condition.MEDIA_LOW, Condition.RIBBON_LOW, Condition.TONER_LOW])
def test_low_supplies_do_not_stop_the_work(low: Condition) -> None:
    assert DeviceStatus(DeviceState.ONLINE, frozenset({low})).ready
