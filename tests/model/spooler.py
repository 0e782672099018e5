"""cupsd with its fence, and the wires to the machines; and the kiosk's own printer drivers on top of them.

``ModelQueue`` is for ``drivers.spooler.queue.SpoolQueue``, ``ModelIpp`` for ``drivers.spooler.device.IppDevice``.
All above them (following, finding, settling, the table of verdicts, the claims on the disk) is the product's.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machines import Fault, Machine, Process, drive

from drivers.card_printer.driver import CardPrinter
from drivers.claims import Claims
from drivers.errors import DeviceAwayError, DeviceRefusedError, DeviceTimeoutError
from drivers.paper_printer.driver import PaperPrinter
from drivers.printer import SpoolJob
from drivers.spooler import verdict
from drivers.spooler.device import ANSWER_S, Destination, DeviceJob
from drivers.spooler.queue import ASK_S, CREATE_S, SEND_S, QueueJob

STALL_S = 15.0
BACKEND_S = 0.3
CUPS_TELLS_DEVICE_S = 1.5


class SpoolFault(enum.StrEnum):
    """What cupsd does once to a call of ours."""

    CREATE_LATE = "create_late"  # done, and the answer comes after the deadline
    SEND_LOST = "send_lost"  # not done, and no answer
    SEND_LATE = "send_late"  # done, and no answer in time
    DOES_NOT_ANSWER = "does_not_answer"  # the next question of any kind


@dataclass
class CupsJob:
    number: int
    attempt_id: str
    state: int = verdict.HELD
    reasons: str = "job-incoming"
    document: bytes = b""

    @property
    def ended(self) -> bool:
        return self.state in verdict.ENDED


@dataclass
class Cups:
    """One queue of cupsd, whose backend is the fence. Survives the engine."""

    loop: asyncio.AbstractEventLoop
    machine: Machine
    claims: Claims
    jobs: list[CupsJob] = field(default_factory=list)
    stopped: bool = False
    faults: list[SpoolFault] = field(default_factory=list)
    numbers: int = 0
    ran: list[str] = field(default_factory=list)  # attempts that the fence let pass, in order
    on_run: Callable[[str], None] = lambda attempt_id: None

    def add(self, attempt_id: str) -> CupsJob:
        self.numbers += 1
        self.jobs.append(CupsJob(self.numbers, attempt_id))
        return self.jobs[-1]

    def start(self, job: CupsJob) -> None:
        job.state, job.reasons = verdict.PENDING, ""
        if not self.stopped:
            drive(self.loop, self._backend(job))

    def restart(self, *, spool_kept: bool) -> None:
        """cupsd was killed and comes back: what it processed is pending again and runs again (CUPS issue 3810)."""
        if not spool_kept:
            self.jobs.clear()
            return
        for job in self.jobs:
            if job.state in (verdict.PROCESSING, verdict.PENDING):
                self.start(job)

    def _backend(self, job: CupsJob) -> Process:
        """The fence, and then the real backend; one that was orphaned by a restart goes on all the same."""
        yield BACKEND_S
        if job.ended:
            return
        job.state = verdict.PROCESSING
        if self.machine.away:
            job.state = verdict.ABORTED
            return
        if not self.claims.take(job.attempt_id, "model"):
            job.state = verdict.HELD
            return
        self.ran.append(job.attempt_id)
        self.on_run(job.attempt_id)
        yield BACKEND_S
        own = self.machine.begin(job.attempt_id, job.document)
        told_at: float | None = None
        while own.state not in verdict.ENDED:
            if job.state == verdict.CANCELED and told_at is None:
                told_at = self.loop.time() + CUPS_TELLS_DEVICE_S
            if told_at is not None and self.loop.time() >= told_at:
                own.cancel_asked = True
            yield 0.25
        if not job.ended and job in self.jobs and job.state == verdict.PROCESSING:
            # A connection that was cut is a completed job to CUPS as often as not (hardware.md 1.7).
            job.state = verdict.COMPLETED if own.state == verdict.COMPLETED or own.number % 2 else verdict.ABORTED


class ModelQueue:
    """What the driver sees of the queue. ``alive`` ends with the engine that made it."""

    def __init__(self, name: str, cups: Cups, alive: Callable[[], bool]) -> None:
        self._name = name
        self._cups = cups
        self._alive = alive

    def start(self) -> None: ...

    async def close(self) -> None: ...

    async def create(self, attempt_id: str) -> SpoolJob:
        await self._asked(CREATE_S)
        if any(job.attempt_id == attempt_id for job in self._cups.jobs):
            raise DeviceRefusedError(self._name, "the queue knows this attempt already")
        job = self._cups.add(attempt_id)
        await self._answer(SpoolFault.CREATE_LATE, CREATE_S)
        return _spool_job(job)

    async def send(self, job: SpoolJob, document: bytes) -> None:
        await self._asked(SEND_S)
        await self._answer(SpoolFault.SEND_LOST, SEND_S)
        found = self._find(job.job_id)
        if found is None or found.state != verdict.HELD or found.document:
            raise DeviceRefusedError(self._name, "no job waits for data")
        found.document = document
        self._cups.start(found)
        await self._answer(SpoolFault.SEND_LATE, SEND_S)

    async def job(self, job_id: int) -> QueueJob | None:
        await self._asked(ASK_S)
        found = self._find(job_id)
        return _queue_job(found) if found else None

    async def find(self, attempt_id: str) -> QueueJob | None:
        await self._asked(ASK_S)
        found = [job for job in self._cups.jobs if job.attempt_id == attempt_id]
        return _queue_job(found[-1]) if found else None

    async def stopped(self) -> bool:
        await self._asked(ASK_S)
        return self._cups.stopped

    async def cancel(self, job_id: int) -> None:
        await self._asked(ASK_S)
        found = self._find(job_id)
        if found and not found.ended:
            found.state = verdict.CANCELED

    async def empty(self) -> None:
        await self._asked(ASK_S)
        for job in self._cups.jobs:
            if not job.ended:
                job.state = verdict.CANCELED

    async def open(self) -> None:
        await self._asked(ASK_S)
        if any(not job.ended for job in self._cups.jobs):
            raise DeviceRefusedError(self._name, "the queue still holds jobs")
        self._cups.stopped = False

    def _find(self, job_id: int) -> CupsJob | None:
        return next((job for job in self._cups.jobs if job.number == job_id), None)

    async def _asked(self, within: float) -> None:
        await _turn(self._alive)
        await self._answer(SpoolFault.DOES_NOT_ANSWER, within)

    async def _answer(self, fault: SpoolFault, within: float) -> None:
        if self._cups.faults and self._cups.faults[0] is fault:
            self._cups.faults.pop(0)
            await asyncio.sleep(within)
            raise DeviceTimeoutError(self._name, f"no answer within {within:g} s")


class ModelIpp:
    """What the driver sees of the machine itself."""

    def __init__(self, name: str, machine: Machine, alive: Callable[[], bool]) -> None:
        self._name = name
        self._machine = machine
        self._alive = alive

    async def close(self) -> None: ...

    async def attributes(self, names: Iterable[str]) -> dict[str, Any]:
        await self._asked()
        machine = self._machine
        busy = machine.working is not None
        found: dict[str, Any] = {
            "printer-state": 5 if machine.jammed or machine.feeder <= 0 else 4 if busy else 3,
            "printer-state-reasons": machine.reasons,
            "printer-is-accepting-jobs": True,
        }
        if machine.cards:
            found["adm-card-position"] = machine.position
        if machine.counters_readable:
            found["printer-media-sheets-completed"] = machine.printed
            if machine.cards:
                found["adm-cards-rejected"] = machine.rejected
        return found

    async def job(self, job_name: str) -> DeviceJob | None:
        await self._asked()
        named = [job for job in self._machine.jobs if job.name == job_name]
        if not named:
            return None
        return DeviceJob(named[-1].number, named[-1].state, named[-1].reasons, named[-1].sheets)

    async def cancel(self, job_id: int) -> None:
        await self._asked()
        for job in self._machine.jobs:
            if job.number == job_id and job.state not in verdict.ENDED:
                job.cancel_asked = True

    async def move_card(self, destination: Destination) -> None:
        await self._asked()
        self._machine.move(to_slot=destination is Destination.EXIT)
        if self._machine.strikes(Fault.MOVE_ANSWER_LOST):
            await asyncio.sleep(ANSWER_S)
            raise DeviceTimeoutError(self._name, "the answer was lost")

    async def _asked(self) -> None:
        await _turn(self._alive)
        if self._machine.away:
            raise DeviceAwayError(self._name, "does not take connections")
        if self._machine.hangs:
            await asyncio.sleep(ANSWER_S)
            raise DeviceTimeoutError(self._name, f"no answer within {ANSWER_S:g} s")


async def _turn(alive: Callable[[], bool]) -> None:
    """A question lets others run; and who is dead asks nothing any more."""
    await asyncio.sleep(0)
    if not alive():
        raise asyncio.CancelledError


def _spool_job(job: CupsJob) -> SpoolJob:
    return SpoolJob(job.number, f"urn:uuid:{job.number}", job.attempt_id)


def _queue_job(job: CupsJob) -> QueueJob:
    return QueueJob(_spool_job(job), job.state, job.reasons)


def paper_driver(cups: Cups, claims: Path, clock: Callable[[], float], alive: Callable[[], bool]) -> PaperPrinter:
    return _wired(PaperPrinter(cups.machine.name, **_wiring(claims, clock)), cups, alive)


def card_driver(cups: Cups, claims: Path, clock: Callable[[], float], alive: Callable[[], bool]) -> CardPrinter:
    return _wired(CardPrinter(cups.machine.name, **_wiring(claims, clock)), cups, alive)


def _wiring(claims: Path, clock: Callable[[], float]) -> dict[str, Any]:
    return {
        "queue": "q", "device": "ipp://model/ipp/print", "server": "/nowhere", "claims": claims, "media": "any",
        "stall_s": STALL_S, "clock": clock,
    }  # fmt: skip


def _wired(printer: Any, cups: Cups, alive: Callable[[], bool]) -> Any:
    printer._queue = ModelQueue(printer.name, cups, alive)  # in the place of libcups
    printer._device = ModelIpp(printer.name, cups.machine, alive)  # in the place of the network
    return printer
