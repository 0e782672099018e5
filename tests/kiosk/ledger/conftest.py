"""A real ledger in a folder of its own, and time that the test sets."""

from __future__ import annotations

import sys
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from set_time import FakeTime  # found through the line above

from kiosk.ledger.attempts import Attempt
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

ROAD = [Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING, Phase.PRESENTED]


@pytest.fixture
def time_() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def ledger(tmp_path: Path, time_: FakeTime) -> AsyncIterator[Ledger]:
    opened = await Ledger.open(tmp_path / "state", now=time_.now, clock=time_.clock)
    yield opened
    await opened.close()


@pytest.fixture
def begin(ledger: Ledger) -> Callable[..., object]:
    """Reserve an attempt at a new permit (on its own device, if none is named) and go on to a phase."""

    async def begin(to: Phase = Phase.RESERVED, *, device: str | None = None, permit: str | None = None) -> Attempt:
        permit = permit or str(uuid.uuid4())
        attempt = await ledger.reserve(
            permit_id=permit,
            document="ktp-el",
            medium="card",
            device=device or f"printer-{permit[:8]}",
            actor="applicant",
        )
        for phase in ROAD[: ROAD.index(to) + 1] if to in ROAD else []:
            attempt = await ledger.advance(attempt.attempt_id, phase, "system:issuance")
        return attempt

    return begin
