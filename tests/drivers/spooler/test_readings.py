"""IPP's words for the state of a printer, in ours."""

from __future__ import annotations

import pytest

from drivers.device import Condition, DeviceState
from drivers.printer import Counters
from drivers.spooler import readings
from hardware_sim.printers.machine import FAULTS


def read(state: int, *reasons: str, accepting: bool = True) -> tuple[DeviceState, set[Condition]]:
    attributes = {
        "printer-state": state,
        "printer-state-reasons": list(reasons) or "none",
        "printer-is-accepting-jobs": accepting,
    }
    found = readings.status(attributes, readings.TONER_REASONS, 1.0)
    return found.state, set(found.conditions)


@pytest.mark.parametrize("suffix", ["", "-report", "-warning", "-error"])
@pytest.mark.parametrize(("reason", "condition"), readings.REASONS.items())
def test_each_reason_of_the_table_with_each_suffix(reason: str, condition: Condition, suffix: str) -> None:
    assert read(3, reason + suffix)[1] == {condition}


@pytest.mark.parametrize(
    ("state", "reasons", "expected"),
    [
        (3, (), DeviceState.ONLINE),
        (4, (), DeviceState.BUSY),
        (3, ("toner-low-warning",), DeviceState.ONLINE),
        (5, ("media-empty-error",), DeviceState.USER_ERROR),
        (3, ("cover-open-report",), DeviceState.USER_ERROR),  # a stock ippeveprinter stays idle with its cover open
        (5, ("other-error",), DeviceState.HARDWARE_ERROR),
        (5, ("paused",), DeviceState.OFFLINE),
        (3, ("shutdown",), DeviceState.POWER_OFF),
        (3, ("adm-card-in-slot-report",), DeviceState.ONLINE),
        (7, (), DeviceState.UNKNOWN),
    ],
)
def test_states(state: int, reasons: tuple[str, ...], expected: DeviceState) -> None:
    assert read(state, *reasons)[0] is expected


def test_a_printer_that_takes_no_jobs_is_offline() -> None:
    assert read(3, accepting=False)[0] is DeviceState.OFFLINE


def test_a_marker_supply_is_toner_or_ribbon() -> None:
    attributes = {"printer-state-reasons": "marker-supply-low-warning"}
    assert readings.conditions(attributes, readings.TONER_REASONS) == {Condition.TONER_LOW}
    assert readings.conditions(attributes, readings.RIBBON_REASONS) == {Condition.RIBBON_LOW}


def test_an_answer_without_a_state_is_unknown_and_not_ready() -> None:
    found = readings.status({}, readings.TONER_REASONS, 1.0)
    assert found.state is DeviceState.UNKNOWN
    assert not found.ready


@pytest.mark.parametrize(
    ("attributes", "counters"),
    [
        ({"printer-media-sheets-completed": 7, "printer-impressions-completed": 9}, Counters(7)),
        ({"printer-impressions-completed": 9, "adm-cards-rejected": 2}, Counters(9, 2)),
        ({"printer-impressions-completed": ""}, Counters(None)),  # out-of-band "unknown"
        ({}, Counters(None)),
    ],
)
def test_counters(attributes: dict[str, object], counters: Counters) -> None:
    assert readings.counters(attributes) == counters


@pytest.mark.parametrize("fault", list(FAULTS))
def test_what_a_simulated_printer_can_have_is_understood(fault: str) -> None:
    """A reason of its own that no table knows would be a printer that stands still for nothing."""
    reason, stops = FAULTS[fault]
    supplies = readings.TONER_REASONS if fault.startswith("toner") else readings.RIBBON_REASONS
    found = readings.status({"printer-state": 5 if stops else 3, "printer-state-reasons": reason}, supplies, 1.0)

    assert found.conditions == {Condition(fault)}
    assert found.ready is not stops
