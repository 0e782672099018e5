"""A stopped queue opens again by itself, and only when nothing can come out of it."""

import asyncio
import contextlib

import pytest

from drivers.device import Condition, DeviceState, DeviceStatus
from drivers.errors import DeviceRefusedError
from kiosk.engine import queues


class FakeQueued:
    name = "paper_printer"

    def __init__(self, *, jobs: bool = False) -> None:
        self.jobs = jobs
        self.asked = 0
        self.status = DeviceStatus(DeviceState.ONLINE, frozenset({Condition.QUEUE_STOPPED}), read_at=0.0)

    async def open_queue(self) -> None:
        self.asked += 1
        if self.jobs:
            raise DeviceRefusedError(self.name, "holds jobs")
        self.status = DeviceStatus(DeviceState.ONLINE, read_at=0.0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "LOOK_EVERY_S", 0.0)


async def rounds(printer: FakeQueued, *, may_open: bool) -> None:
    task = asyncio.create_task(queues.keep_open([printer], lambda _name: may_open))
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_it_is_opened_once(caplog: pytest.LogCaptureFixture) -> None:
    printer = FakeQueued()
    await rounds(printer, may_open=True)

    assert printer.asked == 1
    assert printer.status.ready
    assert "open again" in caplog.text


async def test_it_is_left_alone_while_something_is_under_way_or_in_doubt() -> None:
    printer = FakeQueued()
    await rounds(printer, may_open=False)

    assert printer.asked == 0


async def test_a_refusal_is_tried_again_and_ends_nothing() -> None:
    printer = FakeQueued(jobs=True)
    await rounds(printer, may_open=True)

    assert printer.asked > 1
    assert not printer.status.ready
