"""Supervision: nothing ends the watching but its own end, and the log is not flooded."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

import pytest

from drivers.device import DeviceState, DeviceStatus
from drivers.errors import DeviceAwayError, PermanentDeviceError
from drivers.supervision import BackOff, Presence, supervise


def never() -> Awaitable[None]:
    return asyncio.get_running_loop().create_future()


async def run_through(
    steps: list[Callable[[], Awaitable[None]]], presence: Presence | None = None
) -> tuple[asyncio.Task[None], list[DeviceStatus]]:
    """Supervise a watch that does one step each time, until all steps were done."""
    left = list(steps)
    done = asyncio.Event()
    shown: list[DeviceStatus] = []

    async def watch() -> None:
        if not left:
            done.set()
            await never()
        await left.pop(0)()

    task = asyncio.create_task(
        supervise("device", watch, shown.append, BackOff(0.001, 0.001), presence=presence, clock=lambda: 5.0)
    )
    waiting = asyncio.create_task(done.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=5)
    waiting.cancel()
    return task, shown


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


class OddError(Exception):
    """A type that nobody thought of."""


async def away() -> None:
    raise DeviceAwayError("device", "not there")


async def odd() -> None:
    raise OddError


async def returns() -> None:
    return


async def cancelled_inside() -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.cancel()
    await future


async def broken_for_good() -> None:
    raise PermanentDeviceError("device", "another model")


@pytest.mark.parametrize("step", [away, odd, returns, cancelled_inside])
async def test_whatever_ends_the_watch_it_is_begun_again(step: Callable[[], Awaitable[None]]) -> None:
    task, shown = await run_through([step, step])

    assert not task.done()
    assert shown == [DeviceStatus(DeviceState.NO_DEVICE, read_at=5.0)] * 2
    await end(task)


async def test_a_permanent_fault_ends_the_trying_and_is_shown() -> None:
    task, shown = await run_through([broken_for_good, away])
    await asyncio.wait_for(task, 2)

    assert [status.state for status in shown] == [DeviceState.HARDWARE_ERROR]


async def test_cancelling_ends_it() -> None:
    task, _ = await run_through([])
    await end(task)

    assert task.cancelled()


async def test_a_loss_is_logged_once_and_a_return_once(caplog: pytest.LogCaptureFixture) -> None:
    presence = Presence("device")

    async def there_then_lost() -> None:
        presence.back()
        presence.back()
        raise DeviceAwayError("device", "unplugged")

    with caplog.at_level(logging.INFO, "drivers.supervision"):
        task, _ = await run_through([away, away, away, there_then_lost, away, there_then_lost], presence)
    await end(task)

    said = [record.getMessage().split(" (")[0] for record in caplog.records]
    assert said == ["device: lost", "device: back", "device: lost", "device: back", "device: lost"]


async def test_a_device_that_is_there_from_the_start_is_not_logged_as_back(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "drivers.supervision"):
        Presence("device").back()

    assert not caplog.records


def test_pauses_double_up_to_the_cap_and_begin_again_after_reset() -> None:
    pauses = BackOff(1.0, 6.0)
    ceilings = [1.0, 2.0, 4.0, 6.0, 6.0]

    for ceiling in ceilings:
        assert ceiling / 2 <= pauses.next_pause() <= ceiling
    pauses.reset()
    assert pauses.next_pause() <= 1.0
