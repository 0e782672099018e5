"""The UPS: where the power comes from, asked once a second. What follows from it is the kiosk's business."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from drivers.device import NEVER_READ, Condition, DeviceState, DeviceStatus
from drivers.errors import DeviceRefusedError
from drivers.supervision import Presence, Supervision
from drivers.ups.frames import NOT_KNOWN, PowerState, Source, power_of
from drivers.ups.protocol import UpsdLink

READ_EVERY_S = 1.0
LONGEST_PAUSE_S = 0.5  # upsd is on this machine: asking costs nothing, and makes it look for its driver

_BY_SOURCE = {
    Source.BATTERY: frozenset({Condition.ON_BATTERY}),
    Source.LOW: frozenset({Condition.ON_BATTERY, Condition.BATTERY_LOW}),
}


class Ups:
    """One UPS of one upsd. Start and close it once, in the same event loop."""

    def __init__(self, name: str, host: str, port: int, ups: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._clock = clock
        self._link = UpsdLink(name, host, port, ups)
        self._presence = Presence(name)
        self._supervision = Supervision(self._presence, clock, longest_pause_s=LONGEST_PAUSE_S)
        self._status = NEVER_READ
        self._power = NOT_KNOWN

    async def start(self) -> None:
        """Begin to watch the UPS; returns at once, with or without it there."""
        self._supervision.start(self._watch, self._not_known)

    async def close(self) -> None:
        """End the watching and the connection."""
        await self._supervision.close()
        await self._link.close()

    @property
    def status(self) -> DeviceStatus:
        """The last reading: unknown while upsd itself does not know, no device while upsd does not answer."""
        return self._status

    @property
    def power(self) -> PowerState:
        """Where the power comes from, as last read; unknown is neither mains nor battery."""
        return self._power

    async def _watch(self) -> None:
        try:
            await self._link.open()
            while True:
                try:
                    self._read(power_of(await self._link.variables()))
                except DeviceRefusedError as error:
                    self._presence.lost(error.reason)
                    self._not_known(DeviceStatus(DeviceState.UNKNOWN, read_at=self._clock()))
                await asyncio.sleep(READ_EVERY_S if self._power.source is not Source.UNKNOWN else LONGEST_PAUSE_S)
        finally:
            await self._link.close()

    def _read(self, power: PowerState) -> None:
        self._power = power
        conditions = _BY_SOURCE.get(power.source, frozenset())
        if power.replace_battery:
            conditions |= {Condition.BATTERY_WORN}
        known = power.source is not Source.UNKNOWN
        state = DeviceState.ONLINE if known else DeviceState.UNKNOWN
        if known:
            self._presence.back()
        else:
            self._presence.lost("its driver does not say where the power comes from")
        self._status = DeviceStatus(state, conditions, self._clock())

    def _not_known(self, status: DeviceStatus) -> None:
        self._status = status
        self._power = NOT_KNOWN
