"""A real upsd with a dummy UPS for all tests of this folder (it takes a second to start), and the driver of each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from drivers.ups import driver
from drivers.ups.driver import Ups
from hardware_sim.ups.nut import UPS, SimulatedUps


@pytest.fixture(scope="module")
def nut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedUps]:
    nut = SimulatedUps(tmp_path_factory.mktemp("nut"))
    try:
        nut.start()
        yield nut
    finally:
        nut.close()


@pytest.fixture
def supply(nut: SimulatedUps) -> SimulatedUps:
    """Whole, and on mains."""
    nut.plug()
    nut.start_upsd()
    nut.mains()
    return nut


@pytest.fixture
async def ups(supply: SimulatedUps, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ups]:
    monkeypatch.setattr(driver, "READ_EVERY_S", 0.05)  # to see changes sooner
    monkeypatch.setattr(driver, "LONGEST_PAUSE_S", 0.3)
    ups = Ups("ups", "127.0.0.1", supply.port, UPS)
    await ups.start()
    yield ups
    await ups.close()
