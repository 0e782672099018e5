"""Supervision, once for all devices: connect, watch, and on a loss try again with patience.

A loss is logged once and a return is logged once; everything is caught, because an exception type nobody thought of
must not end the watching (bellows issue 654); a permanent fault stops the trying and says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable

from drivers.device import DeviceState, DeviceStatus
from drivers.errors import PermanentDeviceError

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 15.0  # a technician who plugs a device in again should not wait longer
LONGEST_LOCAL_PAUSE_S = (
    2.0  # what is on this machine costs nothing to try, and is back within 3 s when plugged in again
)


class BackOff:
    """Doubling pauses with full jitter and a cap, so that devices lost together do not return in step."""

    def __init__(self, first: float = FIRST_PAUSE_S, longest: float = LONGEST_PAUSE_S) -> None:
        self._first = first
        self._longest = longest
        self._ceiling = first

    def reset(self) -> None:
        self._ceiling = self._first

    def next_pause(self) -> float:
        """Seconds to wait before the next try: between half the ceiling and the ceiling."""
        pause = self._ceiling * random.uniform(0.5, 1.0)  # noqa: S311  # spreads tries, guards nothing
        self._ceiling = min(self._longest, self._ceiling * 2)
        return pause


class Presence:
    """Whether a device is there, for the log: each loss is one line, and each return is one line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._there: bool | None = None  # None until first known

    def lost(self, reason: str) -> None:
        if self._there is not False:
            log.warning("%s: lost (%s), trying again", self.name, reason)
        self._there = False

    def back(self) -> None:
        if self._there is False:
            log.warning("%s: back", self.name)
        self._there = True


async def supervise(
    name: str,
    watch: Callable[[], Awaitable[None]],
    lost: Callable[[DeviceStatus], None],
    back_off: BackOff | None = None,
    *,
    presence: Presence | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run ``watch`` for ever.

    ``watch`` connects, marks the device as there through its own means (and tells ``presence`` that it is back), and
    returns or raises only when it is lost. ``lost`` takes the status to show meanwhile, read at the time of ``clock``.
    Ends only by cancellation or after a PermanentDeviceError.
    """
    pauses = back_off or BackOff()
    there = presence or Presence(name)
    while True:
        began = clock()
        try:
            await watch()
            reason = "ended"
        except PermanentDeviceError as error:
            log.error("%s: given up: %s", name, error.reason)
            lost(DeviceStatus(DeviceState.HARDWARE_ERROR, read_at=clock()))
            return
        except asyncio.CancelledError:
            # A future that was cancelled inside watch looks the same as the end of this task, and must not end it.
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            reason = "cancelled from inside"
        except Exception as error:  # noqa: BLE001  # see the module's first lines
            reason = f"{type(error).__name__}: {error}"
        if clock() - began > LONGEST_PAUSE_S:
            pauses.reset()
            if presence is None:
                there.back()  # the watch says nothing of a return: a long quiet time counts as one
        there.lost(reason)
        lost(DeviceStatus(DeviceState.NO_DEVICE, read_at=clock()))
        await asyncio.sleep(pauses.next_pause())


class Supervision:
    """The supervision of one driver on this machine: begun in its ``start``, ended in its ``close``."""

    def __init__(self, presence: Presence, clock: Callable[[], float], *, longest_pause_s: float | None = None) -> None:
        self._presence = presence
        self._clock = clock
        self._longest_pause_s = longest_pause_s or LONGEST_LOCAL_PAUSE_S
        self._task: asyncio.Task[None] | None = None

    def start(self, watch: Callable[[], Awaitable[None]], lost: Callable[[DeviceStatus], None]) -> None:
        """Run ``supervise`` beside the caller."""
        name, pauses = self._presence.name, BackOff(longest=self._longest_pause_s)
        work = supervise(name, watch, lost, pauses, presence=self._presence, clock=self._clock)
        self._task = asyncio.create_task(work, name=name)

    async def close(self) -> None:
        """End it, and wait until the watch has ended."""
        if self._task is None:
            return
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None
