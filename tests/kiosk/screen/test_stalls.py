"""A stalled UI thread is told with its own file and line: once for each stall, and without harm to it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from kiosk.screen.stalls import StallWatch

STALL_S = 0.1


@pytest.fixture
def stalls() -> Iterator[StallWatch]:
    stalls = StallWatch(STALL_S)
    stalls.start()
    yield stalls
    stalls.stop()


def hold_the_thread() -> None:
    time.sleep(STALL_S * 5)


def test_a_stall_is_told_once_with_the_place(stalls: StallWatch, caplog: pytest.LogCaptureFixture) -> None:
    stalls.alive()
    hold_the_thread()

    assert len(caplog.records) == 1
    assert "in hold_the_thread" in caplog.text
    assert __file__ in caplog.text

    stalls.alive()
    hold_the_thread()
    assert len(caplog.records) == 2


def test_who_stalls_goes_on_however_busy(stalls: StallWatch) -> None:
    """Deep and changing frames are read while they run: the timer of faulthandler crashed on such."""

    def down(depth: int) -> int:
        return 0 if depth == 0 else 1 + down(depth - 1)

    until = time.monotonic() + STALL_S * 10
    while time.monotonic() < until:
        assert down(200) == 200
