"""A simulated dispenser on a pseudo-terminal for each test, and the driver at the other end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from drivers import supervision
from drivers.card_dispenser import driver
from drivers.card_dispenser.driver import Crt591
from hardware_sim.card_dispenser.dispenser import SimulatedDispenser


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[SimulatedDispenser]:
    machine = SimulatedDispenser(tmp_path / "adm-dispenser")
    machine.machine.motion_s = 0.05
    machine.start()
    yield machine
    machine.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """To see changes sooner."""
    monkeypatch.setattr(driver, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(driver, "FIND_OUT_EVERY_S", 0.05)
    monkeypatch.setattr(driver, "FIND_OUT_S", 1.5)
    monkeypatch.setattr(supervision, "LONGEST_LOCAL_PAUSE_S", 0.3)


@pytest.fixture
async def dispenser(machine: SimulatedDispenser, hurried: None) -> AsyncIterator[Crt591]:
    dispenser = Crt591("dispenser", str(machine.line.link), baud=38400)
    await dispenser.start()
    yield dispenser
    await dispenser.close()
