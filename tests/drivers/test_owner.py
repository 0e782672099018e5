"""Owner threads: one thread for a blocking handle, deadlines for those who wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from drivers.errors import DeviceAwayError, DeviceTimeoutError
from drivers.owner import OwnerThread


@pytest.fixture
async def owner() -> AsyncIterator[OwnerThread]:
    thread = OwnerThread("device")
    thread.start()
    yield thread
    await thread.close(within=2)


async def test_all_calls_run_in_the_one_thread_in_order(owner: OwnerThread) -> None:
    order: list[int] = []
    threads = await asyncio.gather(
        *(owner.call(lambda n=n: order.append(n) or threading.get_ident(), within=2) for n in range(20))
    )

    assert order == list(range(20))
    assert set(threads) == {owner._thread.ident}
    assert threading.get_ident() not in threads


async def test_the_exception_of_a_call_belongs_to_its_caller_and_the_thread_lives_on(owner: OwnerThread) -> None:
    with pytest.raises(ZeroDivisionError):
        await owner.call(lambda: 1 // 0, within=2)

    assert await owner.call(lambda: "alive", within=2) == "alive"


async def test_a_hanging_call_ends_in_a_timeout_and_the_loop_goes_on(owner: OwnerThread) -> None:
    release = threading.Event()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    ticking = asyncio.create_task(tick())
    with pytest.raises(DeviceTimeoutError, match="no answer within"):
        await owner.call(release.wait, within=0.1)
    ticking.cancel()

    assert ticks > 2
    assert owner.overdue
    release.set()
    await owner.call(lambda: None, within=2)
    assert not owner.overdue


async def test_a_call_that_waited_behind_a_hanging_one_past_its_deadline_never_runs(owner: OwnerThread) -> None:
    release = threading.Event()
    ran: list[str] = []
    hanging = asyncio.create_task(owner.call(release.wait, within=5))
    await asyncio.sleep(0)
    with pytest.raises(DeviceTimeoutError):
        await owner.call(lambda: ran.append("late"), within=0.05)

    assert not owner.overdue, "the hanging call is still within its own deadline"
    release.set()
    await hanging
    await owner.call(lambda: ran.append("next"), within=2)
    assert ran == ["next"]


async def test_a_timeout_of_the_library_is_not_taken_for_the_deadline(owner: OwnerThread) -> None:
    def library() -> None:
        raise TimeoutError("socket says so")

    with pytest.raises(TimeoutError, match="socket says so"):
        await owner.call(library, within=2)


async def test_calls_after_close_are_refused() -> None:
    owner = OwnerThread("device")
    owner.start()
    await owner.close()

    with pytest.raises(DeviceAwayError, match="closed"):
        await owner.call(lambda: None, within=1)
    await owner.close()


async def test_close_lets_queued_calls_finish() -> None:
    owner = OwnerThread("device")
    owner.start()
    futures = [owner.submit(lambda n=n: n) for n in range(5)]
    await owner.close()

    assert [future.result(0) for future in futures] == list(range(5))
    assert not owner._thread.is_alive()


async def test_a_thread_that_was_never_started_can_be_closed() -> None:
    await OwnerThread("device").close()
