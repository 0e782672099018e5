"""A printer behind a CUPS queue: the port of ``drivers.printer`` for paper and cards alike.

Supervision reads the device about once a second. An attempt is created, sent and followed by its job id; how it ended
is decided by ``verdict`` from what queue, fence and device say. Nothing here ever sends a job twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.claims import Claim, Claims
from drivers.device import NEVER_READ, Condition, DeviceState, DeviceStatus
from drivers.errors import DeviceAwayError, DeviceError, DeviceRefusedError, DeviceTimeoutError
from drivers.printer import Counters, JobEnd, JobReport, SpoolJob
from drivers.spooler import readings, verdict
from drivers.spooler.device import IppDevice
from drivers.spooler.queue import QueueJob, SpoolQueue
from drivers.spooler.verdict import Evidence, Stage
from drivers.supervision import Presence, Supervision

log = logging.getLogger(__name__)

# What goes with each job, whatever the defaults of its queue. The colour: where a printer's own default is "auto", CUPS
# 2.4.10 (Debian 13) makes the queue as grey or coloured as the first raster format that the printer lists, and for a
# grey one it is deaf to print-color-mode (seen: grey cards). A printer without colour prints these jobs too.
ALWAYS = {"print-scaling": "none", "sides": "one-sided", "copies": "1", "ColorModel": "RGB"}
STATUS_EVERY_S = 1.0
FOLLOW_EVERY_S = 0.2
# After a cancel the backend tells the device (seen 1.5 s later), and the device finishes the sheet in motion.
SETTLE_S = 15.0
BUSY_FOR_S = 600.0  # a printer that says that it is busy is waited for; one that says nothing only for ``stall_s``
IN_FLIGHT_S = 1.0  # what a backend sent before it died is at the printer by then
UP_TIME_COARSE_S = 2  # up-times are whole seconds, and begin with 1
PATH_BLOCKED = frozenset({Condition.MEDIA_JAM, Condition.COVER_OPEN, Condition.MEDIA_PRESENTED})


class SpooledPrinter:
    """One printer. See PaperPrinter and CardPrinter for what they add."""

    SUPPLIES: Mapping[str, Condition] = readings.TONER_REASONS

    def __init__(
        self,
        name: str,
        *,
        queue: str,
        device: str,
        server: str,
        claims: Path,
        media: str,
        stall_s: float = 120.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the wiring; nothing is opened before ``start``.

        Args:
            name: how logs and errors call it.
            queue: its CUPS queue, whose device must begin with ``adm-fence:``.
            device: ``ipp://host:port/path`` of the printer itself.
            server: path of cupsd's socket, or host:port.
            claims: the folder where the fence keeps its claims; writable for us.
            media: PWG media name that goes with each job.
            stall_s: seconds without any progress after which a job is given up.
            clock: monotonic seconds.
        """
        self.name = name
        self._queue = SpoolQueue(name, queue, server, {"media": media, **ALWAYS})
        self._device = IppDevice(name, device)
        self._claims = Claims(claims)
        self._stall_s = stall_s
        self._clock = clock
        self._presence = Presence(name)
        self._supervision = Supervision(self._presence, clock)
        self._status = NEVER_READ
        self._in_use = False  # by the last look: the printer answered that it is busy with something else
        self._numbers = itertools.count(1)  # of readings, in the order in which they begin
        self._newest = 0  # the number of the reading that the status is from
        self._created: tuple[str, float] | None = None  # the last attempt that was made here, and when

    @property
    def status(self) -> DeviceStatus:
        """The last reading, without waiting for the device."""
        return self._status

    async def start(self) -> None:
        """Begin to supervise the device; returns at once, with or without the device there."""
        self._queue.start()
        self._supervision.start(self._watch, self._lost)

    async def close(self) -> None:
        """Stop watching and end the thread."""
        await self._supervision.close()
        await self._queue.close()
        await self._device.close()

    async def refresh(self) -> DeviceStatus:
        """Ask the device itself now and return what it says; a device that does not answer is a status too."""
        await self._read()
        return self._status

    async def counters(self) -> Counters:
        """The machine's counters now."""
        return readings.counters(await self._device.attributes(readings.STATUS_ATTRIBUTES))

    async def create(self, attempt_id: str) -> SpoolJob:
        """Make a job of that title at the spooler, without data. Nothing moves.

        Refused (DeviceRefusedError) when queue or fence know the attempt already.
        """
        claim = await asyncio.to_thread(self._claims.read, attempt_id)
        if claim in (Claim.FENCE, Claim.REVOKED):
            raise DeviceRefusedError(self.name, f"this attempt's claim is taken already ({claim})")
        self._created = attempt_id, self._clock()
        return await self._queue.create(attempt_id)

    async def send(self, job: SpoolJob, document: bytes) -> None:
        """Hand over the pages (a PDF of pictures only). From the first byte on the machine may move."""
        await self._queue.send(job, document)

    async def follow(self, job: SpoolJob, before: Counters, sheets: int) -> AsyncIterator[JobReport]:
        """Watch the job until it has ended, yielding a report at each change; the last one says how it ended."""
        async for report in self._follow(job.job_id, job.attempt_id, before, sheets, sent=True):
            yield report

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        """After a restart: what spooler, fence and device say of that attempt now, with an end.

        A job that is still being printed is followed to its end, so this may take as long as the printing; also one
        that went with the spool, and also while cupsd is away.
        """
        report = JobReport(self._status)
        async for latest in self._follow(None, attempt_id, before, sheets, sent=False):
            report = latest
        return report

    async def abandon(self, job: SpoolJob) -> None:
        """Cancel the job and empty the queue, so that nothing comes out later for the next person to find.

        Raises DeviceError when cupsd cannot be asked; the claim is revoked even then, and nothing comes out of a spool
        that a dead cupsd left behind.
        """
        await asyncio.to_thread(self._claims.revoke, job.attempt_id)
        with contextlib.suppress(DeviceError):  # whatever it answers, the claim is taken
            await self._cancel_at_device(job.attempt_id)
        await self._queue.empty()

    async def open_queue(self) -> None:
        """Open a stopped queue again; DeviceRefusedError while it holds jobs, because opening sends them."""
        await self._queue.open()

    # Watching

    async def _watch(self) -> None:
        while True:
            await self._read()
            if self._status.state in (DeviceState.NO_DEVICE, DeviceState.UNKNOWN):
                raise DeviceAwayError(self.name, f"state {self._status.state}")
            await asyncio.sleep(STATUS_EVERY_S)

    def _lost(self, status: DeviceStatus) -> None:
        # A hung printer is unknown, not absent; the reading says so better than the supervision can.
        if self._status.state not in (DeviceState.NO_DEVICE, DeviceState.UNKNOWN):
            self._status = replace(status, read_at=self._clock())

    async def _read(self) -> Mapping[str, Any] | None:
        """Read the device and its queue into the status; None when the device does not answer.

        The watch, an attempt and a person may all be asking. A reading that was overtaken by a later one is old: it is
        no loss and no return (a printer that was pulled out would come back for a moment).
        """
        number = next(self._numbers)
        attributes: Mapping[str, Any] | None = None
        try:
            attributes = await self._device.attributes(readings.STATUS_ATTRIBUTES)
            status = readings.status(attributes, self.SUPPLIES, self._clock())
        except (DeviceTimeoutError, DeviceRefusedError):
            status = DeviceStatus(DeviceState.UNKNOWN, read_at=self._clock())
        except DeviceAwayError:
            status = DeviceStatus(DeviceState.NO_DEVICE, read_at=self._clock())
        if attributes is not None:
            try:
                if await self._queue.stopped():
                    status = replace(status, conditions=status.conditions | {Condition.QUEUE_STOPPED})
            except DeviceError:
                # The printer is there, and no job can reach it.
                status = replace(status, state=DeviceState.OFFLINE)
        if number < self._newest:
            return attributes
        self._newest = number
        self._status = status
        if attributes is None:
            self._presence.lost(f"state {status.state}")
        else:
            self._presence.back()
        return attributes

    async def _look(self, job_id: int | None, attempt_id: str, before: Counters, sheets: int) -> Evidence:
        """All the evidence there is now; whoever does not answer is noted as such."""
        # First, so that a device that knows no job was asked after its sender had ended.
        claim_before, sender_gone = await asyncio.to_thread(self._sender, attempt_id)
        attributes = await self._read()
        seen = Evidence(sheets, Claim.NONE, spooler_answers=False, counter_before=before.printed)
        if attributes is not None:
            with contextlib.suppress(DeviceError):
                own = await self._device.job(attempt_id)
                seen = replace(
                    seen,
                    device_answers=True,
                    device_state=own.state if own else None,
                    device_reasons=own.reasons if own else "",
                    device_sheets=own.sheets if own else None,
                    counter_after=readings.counters(attributes).printed,
                    path_clear=self._path_clear(attributes),
                    device_idle=readings.idle(attributes),
                    device_up_since=self._up_since(attempt_id, readings.up_for(attributes)),
                )
        with contextlib.suppress(DeviceError):
            job = await self._queued(job_id, attempt_id)
            self._in_use = job is not None and job.in_use
            seen = replace(
                seen,
                spooler_answers=True,
                queue_state=job.state if job else None,
                queue_reasons=job.reasons if job else "",
                queue_stopped=Condition.QUEUE_STOPPED in self._status.conditions,
            )
        # Last, so that a job seen as ended cannot have made its claim after this reading.
        claim = await asyncio.to_thread(self._claims.read, attempt_id)
        if claim is not claim_before:
            sender_gone = False if claim is Claim.FENCE else None  # it has only just begun
        return replace(seen, claim=claim, sender_gone=sender_gone)

    def _sender(self, attempt_id: str) -> tuple[Claim, bool | None]:
        return self._claims.read(attempt_id), self._claims.sender_gone(attempt_id)

    async def _queued(self, job_id: int | None, attempt_id: str) -> QueueJob | None:
        """The job at the queue, by its id where that is known."""
        if job_id is None:
            return await self._queue.find(attempt_id)
        job = await self._queue.job(job_id)
        # A spool that lost its last number in a power cut gives it again.
        return job if job is not None and job.job.attempt_id == attempt_id else None

    def _up_since(self, attempt_id: str, up_for_s: int | None) -> bool | None:
        """Whether the device was up all the time since the job was made here; None: not known (another run made it)."""
        if self._created is None or self._created[0] != attempt_id or up_for_s is None:
            return None
        return up_for_s - UP_TIME_COARSE_S > self._clock() - self._created[1]

    def _path_clear(self, attributes: Mapping[str, Any]) -> bool:
        return not readings.conditions(attributes, self.SUPPLIES) & PATH_BLOCKED

    # One attempt

    async def _follow(
        self, job_id: int | None, attempt_id: str, before: Counters, sheets: int, *, sent: bool
    ) -> AsyncIterator[JobReport]:
        last_seen: tuple[Evidence, DeviceStatus] | None = None
        began = last_progress = self._clock()
        blocked = False
        while True:
            seen = await self._look(job_id, attempt_id, before, sheets)
            blocked |= seen.active_at_device and seen.path_clear is False
            seen = replace(seen, path_was_blocked=blocked)
            at, why = verdict.stage(seen, sent=sent)
            if at is Stage.PRINTED:
                yield JobReport(self._status, seen.device_sheets, JobEnd.PRINTED, "", seen.record())
                return
            now = (seen, replace(self._status, read_at=None))
            if now != last_seen:
                last_seen, last_progress = now, self._clock()
                yield JobReport(self._status, seen.device_sheets)
            # A machine that waits for a hand is not busy, whatever the backend said before: it would have no end.
            elif self._in_use and not self._status.blocking and self._clock() - began < BUSY_FOR_S:
                last_progress = self._clock()  # it says that it will take the job, and the backend asks again
            elif self._clock() - last_progress >= self._stall_s:
                at, why = Stage.OVER, self._why_stalled(seen)
            if at is Stage.OVER:
                yield await self._settle(job_id, attempt_id, before, seen, why)
                return
            await asyncio.sleep(FOLLOW_EVERY_S)

    async def _settle(
        self, job_id: int | None, attempt_id: str, before: Counters, seen: Evidence, why: str
    ) -> JobReport:
        """Stop whatever is left of the attempt, wait until nothing moves, and judge."""
        blocked, sheets = seen.path_was_blocked, seen.sheets
        began = self._clock()
        claim = await asyncio.to_thread(self._claims.revoke, attempt_id)
        with contextlib.suppress(DeviceError):
            if job := await self._queued(job_id, attempt_id):
                await self._queue.cancel(job.job.job_id)
        if claim is Claim.FENCE:
            with contextlib.suppress(DeviceError):
                await self._cancel_at_device(attempt_id)
        while True:
            seen = replace(await self._look(job_id, attempt_id, before, sheets), claim=claim)
            blocked |= seen.active_at_device and seen.path_clear is False
            seen = replace(seen, path_was_blocked=blocked)
            waited = self._clock() - began
            if claim is Claim.REVOKED or waited >= SETTLE_S or _at_rest(seen, waited):
                break
            await asyncio.sleep(FOLLOW_EVERY_S)
        end = verdict.judge(seen)
        if end is JobEnd.PRINTED:
            why = ""
        log.info("%s: attempt %s ended %s (%s)", self.name, attempt_id, end, why or "proved by the device")
        return JobReport(self._status, seen.device_sheets, end, why, seen.record())

    async def _cancel_at_device(self, attempt_id: str) -> None:
        own = await self._device.job(attempt_id)
        if own is not None and own.state not in verdict.ENDED:
            await self._device.cancel(own.job_id)

    def _why_stalled(self, seen: Evidence) -> str:
        """The code of what the machine waits for, else of who does not answer."""
        if not seen.device_answers:
            return "device-away" if self._status.state is DeviceState.NO_DEVICE else "device-silent"
        if seen.queue_state == verdict.HELD and not seen.active_at_device:
            return "refused-by-fence"
        waiting_for = sorted(self._status.blocking)
        if waiting_for:
            return waiting_for[0].value.replace("_", "-")
        return "stalled" if seen.spooler_answers else "spooler-away"


def _at_rest(seen: Evidence, waited_s: float) -> bool:
    """Nothing of the attempt moves any more, and nobody is there who could move it."""
    if not seen.device_answers or seen.active_at_device or seen.sender_gone is False:
        return False
    if seen.device_state is None:
        return waited_s >= IN_FLIGHT_S and (seen.over_at_queue or seen.sender_gone is True)
    return True
