"""Watches devices and line: keeps the picture of the machine, and writes down when something goes or comes back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import msgspec

from drivers.device import CONDITIONS, WORKING_STATES, Device, DeviceState, MendedBy
from kiosk.dinas.client import DinasClient
from kiosk.engine.devices import Devices
from kiosk.issuance.chip import station_closed
from kiosk.issuance.verdict import NOT_CONFIRMED
from kiosk.ledger import events
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import Medium, MediumState, StaffTask, Trouble
from kiosk.session.machine import Machine

log = logging.getLogger(__name__)

SYSTEM = events.system("engine")
_MISSING = frozenset({DeviceState.NO_DEVICE, DeviceState.POWER_OFF, DeviceState.HARDWARE_ERROR, DeviceState.UNKNOWN})


class MachineWatch:
    """``look`` once a second; ``changed`` gets the machine as it is now."""

    def __init__(
        self,
        machine: Machine,
        devices: Devices,
        dinas: DinasClient,
        ledger: Ledger,
        changed: Callable[[Machine], None],
        reserved: int = 0,
    ) -> None:
        """``reserved``: so many blanks are kept for urgent and first-time cases."""
        self.machine = machine
        self._devices = devices
        self._dinas = dinas
        self._ledger = ledger
        self._changed = changed
        self._reserved = reserved
        self._missing: set[str] = set()
        self._conditions: dict[str, frozenset[str]] = {}
        self._away = False
        self._in_doubt: frozenset[str] = frozenset()
        self._doubts: tuple[StaffTask, ...] = ()
        self._station_closed = False

    async def look(self) -> None:
        """Read the statuses that the drivers keep; waits for no device."""
        scanner, reader = self._devices.scanner, self._devices.reader
        await self._look_at_doubts()
        if self._station_closed:  # until a person has accounted for one of the cards
            await self.look_at_chips()
        machine = replace(
            self.machine,
            media=tuple(map(self._as_stock_allows, self._devices.media(self._ledger.in_doubt))),
            scanner=scanner is not None and scanner.status.ready,
            chips=(reader is None or reader.status.state in WORKING_STATES) and not self._station_closed,
            staff=(*self._doubts, *((StaffTask.CHIP,) if self._station_closed else ())),
            dinas=self._dinas.reachable,
        )
        if machine != self.machine:
            self.machine = machine
            self._changed(machine)
        await self._write_down()

    def _as_stock_allows(self, state: MediumState) -> MediumState:
        only_reserve = self._ledger.blanks.stock.down_to(self._reserved)
        if state.medium is Medium.CARD and state.ready and only_reserve:
            return msgspec.structs.replace(state, trouble=Trouble.RESERVED)
        return state

    async def look_at_chips(self) -> None:
        """Whether chips answer at the station, by what the ledger knows; at start and after each document."""
        cards = self._devices.cards
        self._station_closed = cards is not None and await station_closed(self._ledger, cards.name)

    async def _look_at_doubts(self) -> None:
        """What an operator is told of the attempts that nobody has settled."""
        if self._ledger.in_doubt == self._in_doubt:
            return
        self._in_doubt = self._ledger.in_doubt
        self._doubts = tuple(dict.fromkeys(_task(attempt) for attempt in await self._ledger.doubts()))

    def set(self, machine: Machine) -> None:
        """The engine knows something of the machine that no device says."""
        self.machine = machine
        self._changed(machine)

    async def _write_down(self) -> None:
        for device in self._devices:
            status = device.status
            if status.read_at is None:
                continue
            self._log_conditions(device)
            missing = status.state in _MISSING
            if missing and device.name not in self._missing:
                self._missing.add(device.name)
                name, state = events.code(device.name), events.code(status.state)
                await self._ledger.record(events.DeviceMissing(actor=SYSTEM, device=name, state=state))
            elif not missing and device.name in self._missing:
                self._missing.discard(device.name)
                await self._ledger.record(events.DeviceBack(actor=SYSTEM, device=events.code(device.name)))
        away = self._dinas.reachable is False
        if away != self._away:
            self._away = away
            await self._ledger.record((events.DinasAway if away else events.DinasBack)(actor=SYSTEM))

    def _log_conditions(self, device: Device) -> None:
        """One line for each thing that somebody has to see to, when it comes and when it goes."""
        status = device.status
        if status.state in _MISSING:
            return  # it says nothing of itself now
        before = self._conditions.get(device.name, frozenset())
        now = frozenset(str(c) for c in status.conditions if CONDITIONS[c].mended_by is not MendedBy.APPLICANT)
        if status.state is DeviceState.OFFLINE:  # a printer without its spooler, for one
            now |= {str(status.state)}
        self._conditions[device.name] = now
        for condition in sorted(now - before):
            log.warning("%s: %s", device.name, condition)
        for condition in sorted(before - now):
            log.warning("%s: no longer %s", device.name, condition)


def _task(attempt: Attempt) -> StaffTask:
    if attempt.reason == NOT_CONFIRMED:
        return StaffTask.PAPER_LEFT
    return StaffTask.DOUBT_CARD if attempt.medium == Medium.CARD else StaffTask.DOUBT_A4
