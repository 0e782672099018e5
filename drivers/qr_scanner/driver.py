"""A QR scanner that types lines onto a serial line. One thread of its own reads it."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import termios
import threading
import time
from collections.abc import AsyncIterator, Callable

import serial

from drivers.device import NEVER_READ, DeviceState, DeviceStatus
from drivers.errors import DeviceAwayError
from drivers.owner import OwnerThread
from drivers.qr_scanner.frames import LineSplitter
from drivers.supervision import Presence, Supervision

REPEAT_S = 2.0  # a code held before the scanner is read several times a second
WAKE_S = 0.5  # an idle line is looked at this often: for the end, and for a line whose end does not come
READ_AT_ONCE = 4096  # bytes
WAITING_SCANS = 8  # for a consumer that is busy; older ones are dropped
CLOSE_WITHIN_S = 2.0
LINE_ERRORS = (OSError, termios.error)  # of a line that was unplugged; termios.error is no OSError


class QrScanner:
    """One scanner on a serial line. Start and close it once, in the same event loop.

    Its status is online while the line is there: an idle scanner says nothing, so more cannot be known.
    """

    def __init__(self, name: str, port: str, baud: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._path = port
        self._baud = baud
        self._clock = clock
        self._reader = OwnerThread(name)
        self._presence = Presence(name)
        self._supervision = Supervision(self._presence, clock)
        self._status = NEVER_READ
        self._consumers: set[asyncio.Queue[str]] = set()
        self._last: tuple[str, float] | None = None
        self._port: serial.Serial | None = None
        self._ending = threading.Event()

    async def start(self) -> None:
        """Begin to read the line; returns at once, with or without the scanner there."""
        self._reader.start()
        self._supervision.start(self._watch, self._show)

    async def close(self) -> None:
        """Give the line back and end the thread."""
        self._ending.set()
        port = self._port
        if port is not None:
            with contextlib.suppress(*LINE_ERRORS, TypeError):  # closed at this very moment
                port.cancel_read()  # made for another thread; a read that begins after it ends after WAKE_S
        await self._supervision.close()
        await self._reader.close(within=CLOSE_WITHIN_S)

    @property
    def status(self) -> DeviceStatus:
        """Whether the line is there, as last seen."""
        return self._status

    async def scans(self) -> AsyncIterator[str]:
        """The texts scanned from now on, without end; see frames.parse_scan for what they are.

        What was scanned before is not given: it may be an earlier person's. A text scanned again within REPEAT_S of
        the last time is given once. Bytes that are no UTF-8 appear as U+FFFD.
        """
        queue: asyncio.Queue[str] = asyncio.Queue(WAITING_SCANS)
        self._consumers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._consumers.discard(queue)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()

        def tell(action: Callable[[], None]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: this thread is about to end as well
                loop.call_soon_threadsafe(action)

        await asyncio.wrap_future(self._reader.submit(lambda: self._read(tell)))

    def _read(self, tell: Callable[[Callable[[], None]], None]) -> None:
        """Read the line until the end, or until it is gone. Runs in the scanner's thread."""
        try:
            port = self._port = serial.Serial(self._path, self._baud, timeout=WAKE_S, exclusive=True)
        except LINE_ERRORS as error:
            raise DeviceAwayError(self.name, f"{self._path} cannot be opened ({error})") from error
        try:
            port.reset_input_buffer()  # what was scanned while nobody was here belongs to nobody
            self._read_lines(port, tell)
        except LINE_ERRORS as error:
            raise DeviceAwayError(self.name, f"{self._path} is gone ({error})") from error
        finally:
            self._port = None
            with contextlib.suppress(*LINE_ERRORS):
                port.close()

    def _read_lines(self, port: serial.Serial, tell: Callable[[Callable[[], None]], None]) -> None:
        splitter = LineSplitter()
        while not self._ending.is_set():
            tell(self._is_there)
            data = port.read(1)
            if not data:
                splitter.drop_partial()
                continue
            data += port.read(min(port.in_waiting, READ_AT_ONCE))
            for line in splitter.feed(data):
                text = line.decode(errors="replace")
                tell(functools.partial(self._scanned, text))

    def _is_there(self) -> None:
        self._presence.back()
        self._show(DeviceStatus(DeviceState.ONLINE, read_at=self._clock()))

    def _scanned(self, text: str) -> None:
        now = self._clock()
        repeated = self._last is not None and self._last[0] == text and now - self._last[1] < REPEAT_S
        self._last = (text, now)
        if repeated:
            return
        for queue in self._consumers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(text)

    def _show(self, status: DeviceStatus) -> None:
        self._status = status
