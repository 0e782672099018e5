"""A card printer of Evolis as the kiosk's port: no spooler, so that the claim is made here, before the first byte.

The library's print call returns when the card is printed; the card then stays inside (no automatic ejection) and is
moved to the chip station. Whether it was printed is said by the machine's own card counter and its sensors.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import itertools
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drivers.claims import Claim, Claims
from drivers.device import NEVER_READ, Condition, DeviceState, DeviceStatus
from drivers.errors import DeviceAwayError, DeviceError, DeviceRefusedError, DeviceTimeoutError
from drivers.evolis import states
from drivers.evolis.machine import Machine, Wiring
from drivers.evolis.picture import PictureError
from drivers.evolis.states import Reading
from drivers.evolis.verdict import Evidence, judge
from drivers.options import Options
from drivers.printer import CardPosition, Counters, JobEnd, JobReport, SpoolJob
from drivers.registry import UnknownDriverError
from drivers.supervision import Presence, Supervision

log = logging.getLogger(__name__)

STATUS_EVERY_S = 1.0
LOOK_EVERY_S = 0.1
MOTION_S = 15.0  # the longest a card may take from the station to slot or bin
SETTLE_S = 15.0  # so long a machine may still be busy behind the end of a print call


def card_printer(name: str, options: Mapping[str, Any], clock: Callable[[], float], state: Path) -> EvolisPrinter:
    """The driver ``evolis`` of ``drivers.registry``; the library is loaded here and nowhere else."""
    given = Options(options)
    wiring = Wiring(
        printer=given.text("printer", "the printer's name as the maker's tools list it, such as 'Evolis KM500B'"),
        output_tray={"bezel": "BEZEL", "tray": "STANDARD"}[given.choice("slot", ("bezel", "tray"), "bezel")],
        error_tray={"box": "ERROR", "lower-slot": "ERRORSLOT"}[given.choice("reject", ("box", "lower-slot"), "box")],
        station=given.choice("station", ("contact", "contactless"), "contactless").upper(),
        bezel_reject_s=int(given.number("bezel_reject_s", 0, 600, "seconds, 0 for never", 0)),
    )
    stall_s = given.number("stall_s", 0.1, 3600, "seconds", 120.0)
    given.end()
    try:
        library = importlib.import_module("evolis")
    except ImportError as error:
        raise UnknownDriverError("evolis", "its library installed (pip install 'adm-kiosk[evolis]')") from error
    return EvolisPrinter(name, Machine(name, library, wiring), state, stall_s, clock)


@dataclass
class _Print:
    """A print call under way, or its end."""

    result: Future[str]  # the name of the return code
    began: float


class EvolisPrinter:
    """Implements ``drivers.printer.CardPrinter``."""

    def __init__(
        self, name: str, machine: Machine, claims: Path, stall_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the wiring; nothing is opened before ``start``. ``stall_s``: seconds until a print call is given up."""
        self.name = name
        self._machine = machine
        self._claims = Claims(claims)
        self._stall_s = stall_s
        self._clock = clock
        self._status = NEVER_READ
        self._presence = Presence(name)
        self._supervision = Supervision(self._presence, clock)
        self._numbers = itertools.count(1)
        self._created: set[str] = set()
        self._prints: dict[str, _Print] = {}
        self._refused: dict[str, str] = {}  # the code of why an attempt was not even begun
        self._opened_since_jam = False

    @property
    def status(self) -> DeviceStatus:
        """The last reading, without waiting for the device."""
        return self._status

    async def start(self) -> None:
        """Begin to supervise the device; returns at once, with or without the device there."""
        self._machine.start()
        self._supervision.start(self._watch, self._lost)

    async def close(self) -> None:
        """Stop watching, give the machine back and end the thread; a card that is being printed is printed."""
        await self._supervision.close()
        await self._machine.close()

    async def refresh(self) -> DeviceStatus:
        """Ask the device itself now and return what it says; a device that does not answer is a status too."""
        with contextlib.suppress(DeviceError):
            await self._read()
        return self._status

    async def counters(self) -> Counters:
        """The machine's own count of cards. It has none of the reject bin."""
        return Counters(printed=(await self._machine.reading()).cards)

    async def create(self, attempt_id: str) -> SpoolJob:
        """A job in name only, as there is no spooler. Refused for an attempt that is known already."""
        claim = await asyncio.to_thread(self._claims.read, attempt_id)
        if claim in (Claim.FENCE, Claim.REVOKED) or attempt_id in self._created:
            raise DeviceRefusedError(self.name, f"this attempt is known already (claim {claim})")
        self._created.add(attempt_id)
        return SpoolJob(next(self._numbers), uuid.uuid4().urn, attempt_id)

    async def send(self, job: SpoolJob, document: bytes) -> None:
        """Make the claim durable and begin to print; returns while the machine works.

        Refused before anything is claimed when the machine takes no card now, so that such an attempt surely came to
        nothing.
        """
        attempt_id = job.attempt_id
        try:
            bitmap = await self._machine.picture(document)
        except PictureError as error:
            self._refused[attempt_id] = "bad-picture"
            raise DeviceRefusedError(self.name, str(error)) from error
        reading = await self._read()
        if reading is None:
            raise DeviceRefusedError(self.name, "the printer is at work")
        if not self._status.ready or states.position(reading) is not CardPosition.NONE:
            waiting_for = sorted(condition.value.replace("_", "-") for condition in self._status.blocking)
            self._refused[attempt_id] = waiting_for[0] if waiting_for else "not-ready"
            raise DeviceRefusedError(self.name, f"takes no card now ({reading.minor})")
        try:
            taken = await asyncio.to_thread(self._claims.take, attempt_id, self.name)
        except OSError as error:
            raise DeviceRefusedError(self.name, f"no durable claim ({error}); nothing was sent") from error
        if not taken:
            raise DeviceRefusedError(self.name, "this attempt's claim is taken already")
        self._prints[attempt_id] = _Print(self._machine.begin_print(bitmap, self._stall_s), self._clock())
        self._status = DeviceStatus(DeviceState.BUSY, self._status.conditions, self._clock())

    async def follow(self, job: SpoolJob, before: Counters, sheets: int) -> AsyncIterator[JobReport]:
        """Watch the job until it has ended; the last report says how. The library tells nothing in between."""
        yield JobReport(self._status)
        yield await self.find(job.attempt_id, before, sheets)

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        """What claim, library and machine say of that attempt now, with an end; waits for a print call under way."""
        claim = await asyncio.to_thread(self._claims.revoke, attempt_id)
        seen = Evidence(sheets, claim, refused=self._refused.get(attempt_id), counter_before=before.printed)
        if claim is Claim.FENCE:
            code = await self._print_ended(self._prints.get(attempt_id))
            seen = await self._at_rest(replace(seen, return_code=code))
        end, why = judge(seen)
        if end is JobEnd.PRINTED and seen.position is CardPosition.INSIDE:
            seen = replace(seen, position=await self._to_station())
        log.info("%s: attempt %s ended %s (%s)", self.name, attempt_id, end, why or "proved by the device")
        return JobReport(self._status, 1 if end is JobEnd.PRINTED else None, end, why, seen.record())

    async def abandon(self, job: SpoolJob) -> None:
        """See to it that the attempt is never sent. A print call under way cannot be called back."""
        await asyncio.to_thread(self._claims.revoke, job.attempt_id)

    async def position(self) -> CardPosition:
        """Where the card is now, by the machine's sensors."""
        if self._at_work():
            return CardPosition.INSIDE
        return states.position(await self._machine.reading())

    async def present(self) -> None:
        """Move the held card to the slot and wait until it is there.

        Refused without a card, since the machine would feed one. Asked for once; afterwards only the sensors are asked.
        """
        if await self.position() not in (CardPosition.STATION, CardPosition.INSIDE):
            raise DeviceRefusedError(self.name, "there is no card to present")
        await self._move(self._machine.eject, CardPosition.EXIT)

    async def reject(self) -> None:
        """Move the card in the path (also one in the slot) to the reject bin, and wait until it is there."""
        if await self.position() is CardPosition.NONE:
            raise DeviceRefusedError(self.name, "there is no card to reject")
        if Condition.REJECT_BIN_FULL in (await self.refresh()).conditions:
            raise DeviceRefusedError(self.name, "the reject bin is full")
        if Condition.MEDIA_JAM in self._status.conditions:
            await self._machine.clear_mechanical_error()  # else it moves nothing
        await self._move(self._machine.reject, CardPosition.NONE)

    # Watching

    async def _watch(self) -> None:
        while True:
            await self._read()
            self._presence.back()
            await self._acknowledge_cleared_jam()
            await asyncio.sleep(STATUS_EVERY_S)

    def _lost(self, status: DeviceStatus) -> None:
        # A machine that hangs, or that another program holds, is not absent: the reading says so better.
        told = self._status.read_at is not None and self._status.state in (DeviceState.UNKNOWN, DeviceState.OFFLINE)
        if status.state is DeviceState.HARDWARE_ERROR or not told:
            self._status = status

    async def _read(self) -> Reading | None:
        """Read the machine into the status; None while a print call keeps it. Raises DeviceError."""
        if self._at_work():
            # Within its deadline the call itself is the sign of life; beyond it nothing is known.
            late = any(not p.result.done() and self._clock() - p.began > self._stall_s for p in self._prints.values())
            state = DeviceState.UNKNOWN if late else DeviceState.BUSY
            self._status = DeviceStatus(state, self._status.conditions, self._clock())
            return None
        try:
            reading = await self._machine.reading()
        except DeviceTimeoutError:
            self._status = DeviceStatus(DeviceState.UNKNOWN, read_at=self._clock())
            raise
        except DeviceAwayError:
            self._status = DeviceStatus(DeviceState.NO_DEVICE, read_at=self._clock())
            raise
        except DeviceRefusedError:
            self._status = DeviceStatus(DeviceState.OFFLINE, read_at=self._clock())  # another program holds it
            raise
        self._status = states.status(reading, self._clock())
        return reading

    def _at_work(self) -> bool:
        return any(not each.result.done() for each in self._prints.values())

    async def _acknowledge_cleared_jam(self) -> None:
        """A jam stays on record in the machine until it is told; it is told once a cover was opened and closed."""
        conditions = self._status.conditions
        if Condition.COVER_OPEN in conditions:
            self._opened_since_jam = True
        elif self._opened_since_jam:
            self._opened_since_jam = False
            if Condition.MEDIA_JAM in conditions and await self.position() is CardPosition.NONE:
                await self._machine.clear_mechanical_error()
                log.warning("%s: jam cleared by hand, back to work", self.name)

    # One attempt

    async def _print_ended(self, under_way: _Print | None) -> str | None:
        """The return code of the print call; None when it does not come, or was made before a restart."""
        if under_way is None:
            return None
        left = under_way.began + self._stall_s + SETTLE_S - self._clock()
        waiter = asyncio.wrap_future(under_way.result)
        try:
            async with asyncio.timeout(max(0.0, left)):
                return await asyncio.shield(waiter)
        except TimeoutError:
            return None
        except DeviceError as error:
            log.warning("%s: the print call failed (%s)", self.name, error.reason)
            return "PRINTER_ENOCOM"

    async def _at_rest(self, seen: Evidence) -> Evidence:
        """The evidence once the machine is no longer busy, or does not come to rest in time."""
        # A machine that was at work when the kiosk stopped may have its card still before it.
        deadline = self._clock() + (self._stall_s if seen.return_code is None else SETTLE_S)
        while True:
            with contextlib.suppress(DeviceError):
                reading = await self._read()
                seen = replace(seen, device_answers=reading is not None)
                if reading is not None:
                    seen = replace(
                        seen,
                        busy=self._status.state is DeviceState.BUSY,
                        minor=reading.minor,
                        counter_after=reading.cards,
                        position=states.position(reading),
                    )
            if (seen.device_answers and not seen.busy) or self._clock() >= deadline:
                return seen
            await asyncio.sleep(LOOK_EVERY_S)

    async def _to_station(self) -> CardPosition:
        """Move a printed card to the chip station; where it is afterwards is the sensors' word."""
        try:
            await self._move(self._machine.to_station, CardPosition.STATION)
        except DeviceError as error:
            log.error("%s: the card is not at the chip station (%s)", self.name, error.reason)
            return CardPosition.INSIDE
        return CardPosition.STATION

    async def _move(self, motion: Callable[[], Any], arrived: CardPosition) -> None:
        """Ask for the motion once; when the answer is lost, the sensors are asked, never the motor again."""
        lost: DeviceAwayError | None = None
        try:
            await motion()
        except DeviceAwayError as error:
            lost = error
        deadline = self._clock() + MOTION_S
        where = CardPosition.UNKNOWN
        while self._clock() < deadline:
            with contextlib.suppress(DeviceError):
                where = await self.position()
                if where is arrived:
                    await self.refresh()
                    return
            await asyncio.sleep(LOOK_EVERY_S)
        raise DeviceTimeoutError(self.name, f"the card is {where}, not on its way to {arrived}") from lost
