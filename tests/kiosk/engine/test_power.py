"""What the kiosk does on battery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from drivers.ups.frames import NOT_KNOWN, PowerState, Source
from kiosk.engine.power import PowerWatch, Verdict
from kiosk.ledger.ledger import Ledger

SERVE_S = 120.0
MAINS, BATTERY, LOW = (PowerState(source, 80.4) for source in (Source.MAINS, Source.BATTERY, Source.LOW))


@dataclass
class Supply:
    """A UPS that says what a test wants."""

    power: PowerState = MAINS


@dataclass
class Clock:
    """Monotonic seconds that a test sets."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def supply() -> Supply:
    return Supply()


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def watch(supply: Supply, ledger: Ledger, time: Clock) -> PowerWatch:
    return PowerWatch(supply, ledger, SERVE_S, time)  # type: ignore[arg-type]  # the one thing that it reads


async def written(ledger: Ledger) -> list[tuple[str, dict[str, Any]]]:
    return [(e.event, {k: v for k, v in e.data.items() if k != "actor"}) for e in await ledger.audit_entries(0, 100)]


async def test_on_battery_the_kiosk_serves_for_the_time_of_the_setting(
    watch: PowerWatch, supply: Supply, time: Clock
) -> None:
    assert await watch.look() is Verdict.SERVE
    supply.power = BATTERY
    assert await watch.look() is Verdict.SERVE
    time.now = SERVE_S - 1
    assert await watch.look() is Verdict.SERVE
    time.now = SERVE_S
    assert await watch.look() is Verdict.NO_NEW_VISIT

    supply.power = MAINS
    assert await watch.look() is Verdict.SERVE
    supply.power = BATTERY  # the next cut has its own time
    time.now = 2 * SERVE_S - 1
    assert await watch.look() is Verdict.SERVE


async def test_a_low_battery_ends_the_engine_once(watch: PowerWatch, supply: Supply) -> None:
    await watch.look()
    supply.power = BATTERY
    await watch.look()
    supply.power = LOW

    assert [await watch.look() for _ in range(3)] == [Verdict.END, Verdict.NO_NEW_VISIT, Verdict.NO_NEW_VISIT]


async def test_an_engine_that_begins_on_a_low_battery_waits_and_does_not_end_again(
    watch: PowerWatch, supply: Supply
) -> None:
    supply.power = LOW
    assert await watch.look() is Verdict.NO_NEW_VISIT
    supply.power = MAINS
    assert await watch.look() is Verdict.SERVE


@pytest.mark.parametrize("before", [BATTERY, LOW])
async def test_while_the_power_is_unknown_the_last_known_holds(
    watch: PowerWatch, supply: Supply, time: Clock, before: PowerState
) -> None:
    supply.power = before
    await watch.look()
    supply.power = NOT_KNOWN
    time.now = SERVE_S

    assert await watch.look() is Verdict.NO_NEW_VISIT


async def test_a_ups_that_never_says_anything_stops_nobody(watch: PowerWatch, supply: Supply, time: Clock) -> None:
    supply.power = NOT_KNOWN
    time.now = 10 * SERVE_S

    assert await watch.look() is Verdict.SERVE


async def test_each_change_of_the_power_is_written_down_once(watch: PowerWatch, supply: Supply, ledger: Ledger) -> None:
    for power in (MAINS, BATTERY, BATTERY, NOT_KNOWN, BATTERY, LOW, LOW, MAINS, MAINS, PowerState(Source.BATTERY)):
        supply.power = power
        await watch.look()

    assert await written(ledger) == [
        ("on-battery", {"charge": 80}),
        ("battery-low", {"charge": 80}),
        ("mains-back", {"charge": 80}),
        ("on-battery", {}),
    ]
