"""Every word of the library has its place in ours."""

from __future__ import annotations

import pytest
from sdk_names import FLAGS, MINORS

from drivers.device import Condition, DeviceState
from drivers.evolis import states
from drivers.evolis.states import Reading
from drivers.printer import CardPosition

READY = "PRINTER_READY"


def reading(minor: str = READY, *flags: str, major: str = "READY") -> Reading:
    return Reading(major, minor, frozenset(flags))


def test_no_minor_state_is_without_a_meaning() -> None:
    assert [minor for minor in MINORS if not states.is_known(minor)] == []


def test_the_tables_hold_no_word_that_the_library_does_not_have() -> None:
    spoken = {states.bare(word) for word in (*MINORS, *FLAGS)}

    assert set(states.CONDITION_OF) | set(states.STATE_OF) <= spoken


def test_flags_that_tell_of_faults_and_cards_are_asked_for() -> None:
    watched = {flag for flag in FLAGS if states.watched_flag(flag)}
    unwatched = [flag for flag in FLAGS if flag.startswith(("ERR_", "INF_CARD_")) and flag not in watched]

    # Cards in the stock and in the tray behind the machine are not in its path.
    assert unwatched == ["INF_CARD_HOPPER", "INF_CARD_FEEDER"]
    assert not any(flag.startswith("CFG_") for flag in watched)


MEANINGS = [
    ("DEF_FEEDER_EMPTY", Condition.MEDIA_EMPTY, DeviceState.USER_ERROR),
    ("INF_FEEDER_NEAR_EMPTY", Condition.MEDIA_LOW, DeviceState.ONLINE),
    ("INF_RIBBON_LOW", Condition.RIBBON_LOW, DeviceState.ONLINE),
    ("DEF_RIBBON_ENDED", Condition.RIBBON_EMPTY, DeviceState.USER_ERROR),
    ("DEF_NO_RIBBON", Condition.RIBBON_EMPTY, DeviceState.USER_ERROR),
    ("ERR_BAD_RIBBON", Condition.SUPPLY_FAULT, DeviceState.USER_ERROR),
    ("DEF_CLEAR_ENDED", Condition.FILM_EMPTY, DeviceState.USER_ERROR),
    ("INF_CLEAR_LOW", Condition.FILM_LOW, DeviceState.ONLINE),
    ("DEF_COVER_OPEN", Condition.COVER_OPEN, DeviceState.USER_ERROR),
    ("DEF_HOPPER_FULL", Condition.OUTPUT_FULL, DeviceState.USER_ERROR),
    ("DEF_REJECT_BOX_FULL", Condition.REJECT_BIN_FULL, DeviceState.USER_ERROR),
    ("DEF_CARD_ON_EJECT", Condition.MEDIA_PRESENTED, DeviceState.ONLINE),
    ("ERR_MECHANICAL", Condition.MEDIA_JAM, DeviceState.USER_ERROR),
    ("ERR_HEAD_TEMP", Condition.HEAD_TEMPERATURE, DeviceState.HARDWARE_ERROR),
    ("DEF_COOLING", Condition.COOLING, DeviceState.ONLINE),
    ("INF_CLEANING_REQUIRED", Condition.CLEANING_DUE, DeviceState.ONLINE),
]


@pytest.mark.parametrize(("minor", "condition", "state"), MEANINGS, ids=[minor for minor, _, _ in MEANINGS])
def test_a_minor_state_is_a_condition(minor: str, condition: Condition, state: DeviceState) -> None:
    status = states.status(reading(minor, major="WARNING"), 5.0)

    assert (status.conditions, status.state, status.read_at) == ({condition}, state, 5.0)


def test_all_conditions_are_told_where_the_minor_state_names_one() -> None:
    found = states.conditions(reading("DEF_COVER_OPEN", "WAR_COVER_OPEN", "INF_RIBBON_LOW", "WAR_REJECT_BOX_FULL"))

    assert found == {Condition.COVER_OPEN, Condition.RIBBON_LOW, Condition.REJECT_BIN_FULL}


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (reading(), DeviceState.ONLINE),
        (reading("INF_PRINTING_RUNNING"), DeviceState.BUSY),
        (reading(READY, "INF_BUSY"), DeviceState.BUSY),
        (reading("INF_HEATING"), DeviceState.STARTING),
        (reading("PRINTER_OFFLINE", major="OFF"), DeviceState.NO_DEVICE),
        (reading("PRINTER_UNKNOWN", major="OFF"), DeviceState.UNKNOWN),
        (reading("ERR_NEW_OF_NEXT_YEAR", major="ERROR"), DeviceState.HARDWARE_ERROR),
        (reading("DEF_NEW_OF_NEXT_YEAR", major="WARNING"), DeviceState.USER_ERROR),
        (reading("INF_NEW_OF_NEXT_YEAR"), DeviceState.ONLINE),
    ],
    ids=lambda value: value.minor if isinstance(value, Reading) else "",
)
def test_states(found: Reading, state: DeviceState) -> None:
    assert states.state(found) is state


@pytest.mark.parametrize(
    ("flags", "place"),
    [
        ((), CardPosition.NONE),
        (("INF_CARD_FEEDER",), CardPosition.NONE),
        (("INF_CARD_PRINT",), CardPosition.INSIDE),
        (("INF_CARD_PRINT", "INF_CARD_CONTACTLESS"), CardPosition.STATION),
        (("INF_CARD_SMART",), CardPosition.STATION),
        (("INF_CARD_PRINT", "INF_BEZEL_CARD_OUTSIDE"), CardPosition.EXIT),
        (("INF_BEZEL_CARD_RE_INSERT",), CardPosition.UNKNOWN),
    ],
)
def test_positions_by_the_sensors(flags: tuple[str, ...], place: CardPosition) -> None:
    assert states.position(reading(READY, *flags)) is place


def test_without_sensors_the_place_is_unknown_and_not_empty() -> None:
    assert states.position(Reading("READY", READY, None)) is CardPosition.UNKNOWN
