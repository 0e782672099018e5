"""The kiosk's port on this machine: the order of the ledger's phases, and proof by the machine's own word."""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pypdfium2

from contoh_cp1.frames import JobState
from contoh_cp1.protocol import Machine
from drivers.claims import Claim, Claims
from drivers.device import NEVER_READ, DeviceState, DeviceStatus
from drivers.errors import DeviceError, DeviceRefusedError, DeviceTimeoutError
from drivers.options import DriverOptionError, Options
from drivers.printer import CardPosition, Counters, JobEnd, JobReport, SpoolJob
from drivers.supervision import Presence, supervise

STATUS_EVERY_S = 1.0
LOOK_EVERY_S = 0.05
MOTION_S = 15.0
DPI = 300


def card_printer(name: str, options: Mapping[str, Any], clock: Callable[[], float], state: Path) -> Cp1Printer:
    """The factory that the entry point names. It opens nothing; a wrong option is a sentence at the kiosk's start."""
    given = Options(options)
    address = given.text("address", "the printer's address, host:port")
    stall_s = given.number("stall_s", 0.1, 3600, "seconds", 120.0)
    given.end()
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise DriverOptionError("address", address, "the printer's address, host:port")
    return Cp1Printer(name, Machine(name, host, int(port)), Claims(state), stall_s, clock)


class Cp1Printer:
    """Implements ``drivers.printer.CardPrinter``."""

    def __init__(self, name: str, machine: Machine, claims: Claims, stall_s: float, clock: Callable[[], float]) -> None:
        self.name = name
        self._machine = machine
        self._claims = claims
        self._stall_s = stall_s
        self._clock = clock
        self._status = NEVER_READ
        self._presence = Presence(name)
        self._supervision: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._created: set[str] = set()

    @property
    def status(self) -> DeviceStatus:
        return self._status

    async def start(self) -> None:
        work = supervise(self.name, self._watch, self._lost, presence=self._presence, clock=self._clock)
        self._supervision = asyncio.create_task(work)

    async def close(self) -> None:
        if self._supervision is not None:
            self._supervision.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervision

    async def refresh(self) -> DeviceStatus:
        try:
            await self._read()
        except DeviceTimeoutError:
            self._status = DeviceStatus(DeviceState.UNKNOWN, read_at=self._clock())
        except DeviceError:
            self._status = DeviceStatus(DeviceState.NO_DEVICE, read_at=self._clock())
        return self._status

    async def counters(self) -> Counters:
        told = await self._machine.status()
        return Counters(told.printed, told.rejected)

    async def create(self, attempt_id: str) -> SpoolJob:
        """This machine knows no job without data: only the claims and we ourselves know of it."""
        if self._claims.read(attempt_id) is not Claim.NONE or attempt_id in self._created:
            raise DeviceRefusedError(self.name, "this attempt is known already")
        self._created.add(attempt_id)
        return SpoolJob(next(self._numbers), uuid.uuid4().urn, attempt_id)

    async def send(self, job: SpoolJob, document: bytes) -> None:
        """The claim is on the disk before the first byte is on the wire."""
        picture = await asyncio.to_thread(picture_of, document)
        if not (await self.refresh()).ready or await self.position() is not CardPosition.NONE:
            raise DeviceRefusedError(self.name, "takes no card now")
        if not await asyncio.to_thread(self._claims.take, job.attempt_id, self.name):
            raise DeviceRefusedError(self.name, "this attempt's claim is taken already")
        await self._machine.print(job.attempt_id, picture)

    async def follow(self, job: SpoolJob, before: Counters, sheets: int) -> AsyncIterator[JobReport]:
        yield JobReport(self._status)
        yield await self.find(job.attempt_id, before, sheets)

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        """Who takes the claim decides: if we do, nothing was sent and nothing ever will be."""
        if await asyncio.to_thread(self._claims.revoke, attempt_id) is Claim.REVOKED:
            return JobReport(self._status, None, JobEnd.NOTHING, "not-sent", {"claim": "revoked"})
        state = await self._ended(attempt_id)
        counted: int | None = None
        with contextlib.suppress(DeviceError):
            now = (await self.counters()).printed
            counted = None if now is None or before.printed is None else now - before.printed
        evidence = {"claim": "sent", "job": state.value, "counted": counted}
        if state is JobState.PRINTED and counted == sheets:
            return JobReport(self._status, sheets, JobEnd.PRINTED, "", evidence)
        return JobReport(self._status, None, JobEnd.UNKNOWN, f"job-{state.value}", evidence)

    async def abandon(self, job: SpoolJob) -> None:
        await asyncio.to_thread(self._claims.revoke, job.attempt_id)

    async def position(self) -> CardPosition:
        return (await self._machine.status()).position

    async def present(self) -> None:
        await self._move("slot", CardPosition.EXIT)

    async def reject(self) -> None:
        await self._move("bin", CardPosition.NONE)

    async def _watch(self) -> None:
        while True:
            await self._read()
            self._presence.back()
            await asyncio.sleep(STATUS_EVERY_S)

    def _lost(self, status: DeviceStatus) -> None:
        self._status = status

    async def _read(self) -> None:
        told = await self._machine.status()
        self._status = DeviceStatus(told.state, told.conditions, self._clock())

    async def _ended(self, attempt_id: str) -> JobState:
        deadline = self._clock() + self._stall_s
        state = JobState.UNKNOWN
        while self._clock() < deadline:
            with contextlib.suppress(DeviceError):
                state = await self._machine.job(attempt_id)
                if state is not JobState.PRINTING:
                    return state
            await asyncio.sleep(LOOK_EVERY_S)
        return state

    async def _move(self, destination: str, arrived: CardPosition) -> None:
        """Asked for once; when the answer is lost, the sensors are asked, never the motor again."""
        with contextlib.suppress(DeviceTimeoutError):
            await self._machine.move(destination)
        deadline = self._clock() + MOTION_S
        while self._clock() < deadline:
            with contextlib.suppress(DeviceError):
                if await self.position() is arrived:
                    await self.refresh()
                    return
            await asyncio.sleep(LOOK_EVERY_S)
        raise DeviceTimeoutError(self.name, f"the card did not arrive ({destination})")


def picture_of(document: bytes) -> bytes:
    """The kiosk's page, one picture at 300 dpi, as a PNG. Nothing of it is written to a disk."""
    pdf = pypdfium2.PdfDocument(document)
    try:
        picture = pdf[0].render(scale=DPI / 72).to_pil()
    finally:
        pdf.close()
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return out.getvalue()
