"""A real ledger, and a kiosk without devices."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from little_kiosk import LittleKiosk

from hardware_sim.dinas.ca import Authority
from hardware_sim.world import fresh_folder
from kiosk.ledger.ledger import Ledger


class Clock:
    """Monotonic seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ledger(tmp_path: Path, clock: Clock) -> AsyncIterator[Ledger]:
    opened = await Ledger.open(tmp_path, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def kiosk(authority: Authority) -> Iterator[LittleKiosk]:
    with fresh_folder() as folder:
        kiosk = LittleKiosk(folder, authority)
        yield kiosk
        kiosk.close()
