"""A simulated board on a pseudo-terminal for each test, and the driver at the other end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from drivers import supervision
from drivers.cabinet import driver
from drivers.cabinet.driver import Cabinet
from hardware_sim.cabinet.board import PROFILE, SimulatedBoard


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    board = SimulatedBoard(tmp_path / "adm-cabinet")
    board.start()
    yield board
    board.close()


@pytest.fixture
async def cabinet(board: SimulatedBoard, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cabinet]:
    monkeypatch.setattr(driver, "POLL_EVERY_S", 0.03)  # to see changes sooner
    monkeypatch.setattr(driver, "SILENT_EVERY_S", 0.1)
    monkeypatch.setattr(supervision, "LONGEST_LOCAL_PAUSE_S", 0.3)
    cabinet = Cabinet("cabinet", str(board.line.link), 115200, "none", PROFILE)
    await cabinet.start()
    yield cabinet
    await cabinet.close()
