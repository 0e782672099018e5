"""The cabinet: its contacts ten times a second, and its lamps as they are wanted.

One thread of its own owns the serial line. What is wanted of a lamp is kept here, so that a board that was away, or
restarted, is set right as soon as it is back.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from drivers.cabinet.frames import DOORS, Contact, Lamp, Profile
from drivers.cabinet.protocol import BoardLine
from drivers.device import NEVER_READ, Condition, DeviceState, DeviceStatus
from drivers.errors import DeviceError, DeviceRefusedError, DeviceTimeoutError
from drivers.owner import OwnerThread
from drivers.supervision import Presence, Supervision

POLL_EVERY_S = 0.1  # the shortest press of a finger lasts about as long
LOOK_EVERY = 10  # polls; to find that a board was restarted, and forgot its lamps
SILENT_EVERY_S = 1.0  # a board that does not answer is asked less often
EXCHANGE_WITHIN_S = 8.0  # opening, or two reads and all lamps; each has shorter time-outs of its own
DARKEN_WITHIN_S = 2.0
WAITING_CHANGES = 32  # for a consumer that is busy; older ones are dropped


@dataclass(frozen=True)
class Change:
    """A contact became active (door opened, button pressed, key turned to service), or rests again."""

    contact: Contact
    active: bool


class Cabinet:
    """One board on one serial line. Start and close it once, in the same event loop."""

    def __init__(
        self,
        name: str,
        port: str,
        baud: int,
        parity: str,
        profile: Profile,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._clock = clock
        self._line = BoardLine(name, port, baud, parity, profile)
        self._owner = OwnerThread(name)
        self._presence = Presence(name)
        self._supervision = Supervision(self._presence, clock)
        self._status = NEVER_READ
        self._inputs: frozenset[Contact] | None = None
        self._last_known: frozenset[Contact] = frozenset()
        self._wanted: frozenset[Lamp] = frozenset()
        self._lamps_changed = asyncio.Event()
        self._consumers: set[asyncio.Queue[Change]] = set()

    async def start(self) -> None:
        """Begin to watch the board; returns at once, with or without it there."""
        self._owner.start()
        self._supervision.start(self._watch, self._show)

    async def close(self) -> None:
        """Put the lamps out, give the line back and end the thread."""
        self._wanted = frozenset()
        if self._status.state is DeviceState.ONLINE:
            with contextlib.suppress(DeviceError):
                await self._owner.call(self._line.darken, within=DARKEN_WITHIN_S)
        await self._supervision.close()
        self._owner.submit(self._line.close)
        await self._owner.close()

    @property
    def status(self) -> DeviceStatus:
        """The last reading. A board that does not answer is unknown; an open door is a cover that is open."""
        return self._status

    @property
    def inputs(self) -> frozenset[Contact] | None:
        """The contacts that are active, as last read; None while that is not known."""
        return self._inputs

    def lamp(self, lamp: Lamp, on: bool) -> None:
        """Want a lamp lit or dark. Returns at once; a board that is away follows when it is back.

        A lamp that the profile does not have stays what it is: not there.
        """
        wanted = self._wanted | {lamp} if on else self._wanted - {lamp}
        if wanted != self._wanted:
            self._wanted = wanted
            self._lamps_changed.set()

    async def changes(self) -> AsyncIterator[Change]:
        """What changes from now on, without end. What changed while the board was away is told when it is back.

        The first reading of all tells of each contact that is active then.
        """
        queue: asyncio.Queue[Change] = asyncio.Queue(WAITING_CHANGES)
        self._consumers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._consumers.discard(queue)

    async def _watch(self) -> None:
        try:
            await self._owner.call(self._line.open, within=EXCHANGE_WITHIN_S)
            greeted = False
            polls = 0
            while True:
                self._lamps_changed.clear()
                try:
                    if not greeted:
                        await self._owner.call(self._line.greet, within=EXCHANGE_WITHIN_S)
                        greeted = True
                    await self._poll(look=polls % LOOK_EVERY == 0)
                    polls += 1
                    pause = POLL_EVERY_S
                except (DeviceTimeoutError, DeviceRefusedError) as error:
                    self._not_read(error)
                    greeted = False  # it may have been restarted meanwhile: watchdog and lamps are set anew
                    polls = 0
                    pause = SILENT_EVERY_S
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._lamps_changed.wait()
        finally:
            self._owner.submit(self._line.close)

    async def _poll(self, *, look: bool) -> None:
        wanted = self._wanted
        active = await self._owner.call(lambda: self._line.exchange(wanted, look=look), within=EXCHANGE_WITHIN_S)
        self._presence.back()
        conditions = frozenset({Condition.COVER_OPEN} if active & DOORS else ())
        self._status = DeviceStatus(DeviceState.ONLINE, conditions, self._clock())
        self._inputs = active
        for contact in sorted(active ^ self._last_known):
            self._tell(Change(contact, contact in active))
        self._last_known = active

    def _tell(self, change: Change) -> None:
        for queue in self._consumers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(change)

    def _not_read(self, error: DeviceError) -> None:
        """The line is there, and the board does not say what its contacts are."""
        refused = isinstance(error, DeviceRefusedError)
        self._presence.lost(error.reason)
        self._show(DeviceStatus(DeviceState.HARDWARE_ERROR if refused else DeviceState.UNKNOWN, read_at=self._clock()))

    def _show(self, status: DeviceStatus) -> None:
        """Take a status in which nothing is known of the contacts."""
        self._status = status
        self._inputs = None
