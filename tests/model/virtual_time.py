"""Time that stands still while anything can be done, and jumps to the next timer when nothing can.

The loop has no sockets and no threads: what is a thread in the kiosk (the owner of a blocking handle, the executor) is
a turn of this loop here. So a run depends on nothing but its seed, and a minute costs milliseconds. That real threads
keep their promises is shown elsewhere (tests/drivers/test_owner.py, tests/kiosk/ledger).
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from drivers.errors import DeviceAwayError, DeviceTimeoutError

T = TypeVar("T")

BEGINNING_S = 1000.0  # not 0: a monotonic clock begins anywhere


class NothingLeftError(RuntimeError):
    """Somebody waits, and nothing will ever happen."""


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop over virtual seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._virtual_s = BEGINNING_S
        self._selector = self  # select() below is all that a loop without files needs of one
        self.surprises: list[str] = []  # what asyncio would have logged: a task's exception that nobody asked for
        self.set_exception_handler(lambda _, context: self.surprises.append(repr(context)))

    def time(self) -> float:
        return self._virtual_s

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise NothingLeftError("everybody waits for something that cannot come")
        if timeout > 0:
            self._virtual_s += timeout
        return []

    def _process_events(self, events: list[Any]) -> None: ...

    def _write_to_self(self) -> None: ...

    def run_in_executor(self, executor: object, call: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]  # the executor's thread is a turn of this loop
        done: asyncio.Future[T] = self.create_future()

        def turn() -> None:
            if done.cancelled():
                return
            try:
                done.set_result(call(*args))
            except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to the caller
                done.set_exception(error)

        self.call_soon(turn)
        return done

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: Any) -> None:
        """Signals come through the world's own ``stop``."""

    def pass_time(self, seconds: float) -> None:
        """Run for so many virtual seconds."""
        self.run_until_complete(asyncio.sleep(seconds))


class VirtualOwner:
    """Stands in for ``drivers.owner.OwnerThread``: one call after the other, in the order in which they were asked for.

    A call that takes time is a function that answers with an awaitable. As with the thread: a call that outlives its
    deadline goes on, one that has not begun by then never will, and who is cancelled does not undo what was begun.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._before: asyncio.Task[Any] | None = None  # the call that was asked for last
        self._closed = False
        self._late: asyncio.Task[Any] | None = None

    def start(self) -> None: ...

    def submit(self, call: Callable[[], object]) -> None:
        """Nobody waits for it."""
        call()

    @property
    def overdue(self) -> bool:
        return self._late is not None and not self._late.done()

    async def call(self, call: Callable[[], T | Awaitable[T]], *, within: float) -> T:
        if self._closed:
            raise DeviceAwayError(self.name, "closed")
        begun = asyncio.Event()
        work: asyncio.Task[T] = asyncio.create_task(self._turn(self._before, begun, call), name=f"{self.name} thread")
        work.add_done_callback(_looked_at)
        self._before = work
        try:
            async with asyncio.timeout(within):
                return await asyncio.shield(work)
        except TimeoutError:
            if work.done():
                raise
            self._leave(work, begun)
            raise DeviceTimeoutError(self.name, f"no answer within {within:g} s") from None
        except asyncio.CancelledError:
            self._leave(work, begun)
            raise

    def _leave(self, work: asyncio.Task[Any], begun: asyncio.Event) -> None:
        if begun.is_set():
            self._late = work
        else:
            work.cancel()

    async def _turn(
        self, before: asyncio.Task[Any] | None, begun: asyncio.Event, call: Callable[[], T | Awaitable[T]]
    ) -> T:
        if before is not None and not before.done():
            await asyncio.wait({before})
        begun.set()
        answer = call()
        return await answer if inspect.isawaitable(answer) else answer

    async def close(self, *, within: float = 5.0) -> None:
        self._closed = True
        if self._before is not None and not self._before.done():
            await asyncio.wait({self._before}, timeout=within)


def _looked_at(work: asyncio.Task[Any]) -> None:
    """Its exception belongs to whoever waited; when that one has gone, it is nobody's."""
    if not work.cancelled():
        work.exception()
