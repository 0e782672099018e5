"""The driver on a simulated library, which only the tests install."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from evolis_rig import Rig
from simulated_evolis import SimulatedMachine, library

from drivers.evolis import driver as evolis_driver
from drivers.evolis import machine as evolis_machine
from drivers.evolis.driver import EvolisPrinter


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> SimulatedMachine:
    machine = SimulatedMachine()
    monkeypatch.setitem(sys.modules, "evolis", library(machine))
    monkeypatch.setattr(evolis_driver, "STATUS_EVERY_S", 0.05)
    monkeypatch.setattr(evolis_driver, "MOTION_S", 2.0)
    monkeypatch.setattr(evolis_driver, "SETTLE_S", 2.0)
    monkeypatch.setattr(evolis_driver, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(evolis_machine, "ASK_S", 1.0)
    return machine


@pytest.fixture
def rig(machine: SimulatedMachine, tmp_path: Path) -> Rig:
    return Rig(machine, tmp_path)


@pytest.fixture
async def printer(rig: Rig) -> AsyncIterator[EvolisPrinter]:
    driver = rig.make()
    await driver.start()
    await driver.refresh()
    yield driver
    rig.machine.hung.set()
    await driver.close()
