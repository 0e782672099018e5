"""What follows from the power: on battery no new visit for long, none at all when it is low, and then the end."""

from __future__ import annotations

import enum
from collections.abc import Callable

from drivers.ups.driver import Ups
from drivers.ups.frames import PowerState, Source
from kiosk.ledger import events
from kiosk.ledger.ledger import Ledger

SYSTEM = events.system("engine")


class Verdict(enum.Enum):
    """What the power lets the kiosk do; a visit that has begun always goes on."""

    SERVE = enum.auto()
    NO_NEW_VISIT = enum.auto()
    END = enum.auto()  # finish what runs, and end in order


class PowerWatch:
    """``look`` once a second. What became of the power is written down once."""

    def __init__(self, ups: Ups, ledger: Ledger, serve_on_battery_s: float, clock: Callable[[], float]) -> None:
        self._ups = ups
        self._ledger = ledger
        self._serve_on_battery_s = serve_on_battery_s
        self._clock = clock
        self._known: Source | None = None
        self._since: float | None = None  # on battery

    async def look(self) -> Verdict:
        """Judge the last reading; waits for no device.

        While the power is unknown the last known holds: a battery that nobody reports runs down all the same.
        """
        power = self._ups.power
        before = self._known
        if power.source not in (Source.UNKNOWN, before):
            self._known = power.source
            if power.source is Source.MAINS:
                self._since = None
            elif self._since is None:
                self._since = self._clock()
            await self._write_down(before, power)
        if self._known is Source.LOW:
            # An engine that was started on a low battery stays: ended, it would be started again and again.
            return Verdict.NO_NEW_VISIT if before in (None, Source.LOW) else Verdict.END
        if self._since is not None and self._clock() - self._since >= self._serve_on_battery_s:
            return Verdict.NO_NEW_VISIT
        return Verdict.SERVE

    async def _write_down(self, before: Source | None, power: PowerState) -> None:
        charge = None if power.charge is None else round(power.charge)
        match power.source:
            case Source.BATTERY:
                await self._ledger.record(events.OnBattery(actor=SYSTEM, charge=charge))
            case Source.LOW:
                await self._ledger.record(events.BatteryLow(actor=SYSTEM, charge=charge))
            case Source.MAINS if before is not None:
                await self._ledger.record(events.MainsBack(actor=SYSTEM, charge=charge))
