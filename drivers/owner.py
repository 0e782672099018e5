"""One thread that owns one blocking library handle.

A ``cups.Connection``, a PC/SC context, a serial port or a SQLite connection is made, used and closed in the thread that
owns it and never crosses to another (two threads on one ``cups.Connection`` crash the interpreter: pycups issue 43).
The asyncio side awaits calls with a deadline; a call that outlives its deadline goes on in the thread, and what it did
is not known, which is what the error says.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from drivers.errors import DeviceAwayError, DeviceTimeoutError

T = TypeVar("T")

_END: tuple[None, None] = (None, None)


class OwnerThread:
    """Runs calls one after the other in a thread of its own, in the order in which they were asked for."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._calls: queue.SimpleQueue[tuple[Future[Any] | None, Callable[[], Any] | None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._closed = False
        self._asking = threading.Lock()  # so that no call is queued behind the end, where nobody would answer it
        self._running: Future[Any] | None = None
        self._late: Future[Any] | None = None

    def start(self) -> None:
        self._thread.start()

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Queue a call; the future has its result or its exception."""
        future: Future[T] = Future()
        with self._asking:
            if self._closed:
                future.set_exception(DeviceAwayError(self.name, "closed"))
            else:
                self._calls.put((future, call))
        return future

    @property
    def overdue(self) -> bool:
        """Whether a call that outlived its deadline is still running: the library, or the device, hangs."""
        return self._late is not None and not self._late.done()

    async def call(self, call: Callable[[], T], *, within: float) -> T:
        """Run a call in the thread and wait for it at most ``within`` seconds.

        Raises DeviceTimeoutError after that. A call that has not begun by then never will.
        """
        future = self.submit(call)
        try:
            # Not wait_for: before Python 3.12 it swallows a cancellation that comes in the moment of the answer, and a
            # supervision that was cancelled then goes on for ever.
            async with asyncio.timeout(within):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            if future.done() and not future.cancelled():
                raise  # the call's own TimeoutError, within the deadline
            if self._running is future:
                self._late = future
            raise DeviceTimeoutError(self.name, f"no answer within {within:g} s") from None

    async def close(self, *, within: float = 5.0) -> None:
        """Let queued calls finish and end the thread; a thread that hangs in its library is left behind."""
        with self._asking:
            if self._closed:
                return
            self._closed = True
            self._calls.put(_END)
        if self._thread.ident is not None:
            await asyncio.to_thread(self._thread.join, within)

    def _run(self) -> None:
        while True:
            future, call = self._calls.get()
            if future is None or call is None:
                return
            if not future.set_running_or_notify_cancel():
                continue
            self._running = future
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to the caller, and the thread lives on
                future.set_exception(error)
