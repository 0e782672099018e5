"""One kiosk of a fleet: the product's ledger, saga, reconciliation and outbox. Line, printer and people are played."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet_dinas import BEGINNING, FleetDinas
from fleet_time import FUSE, Fuse, Killed

from drivers.device import DeviceState, DeviceStatus
from drivers.errors import DeviceTimeoutError
from drivers.printer import Counters, JobEnd, JobReport, SpoolJob
from kiosk.dinas.contract import (
    AuditEntry,
    AuditTaken,
    BundleRef,
    Claim,
    ContentKey,
    DinasAwayError,
    DinasProblemError,
    Outcome,
    Permit,
    PermitState,
)
from kiosk.documents.prepared import Prepared
from kiosk.issuance.issue import issue
from kiosk.issuance.ports import Means, Times
from kiosk.issuance.reconcile import reconcile
from kiosk.issuance.run import Issued
from kiosk.ledger.chain import HeadSigner
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.outbox import FullJitter, Outbox
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, NoticeKind

HOUR, DAY = 3600.0, 86400.0
GIVES_UP_S = 30.0  # a client without an answer
PREPARED = Prepared(b"%PDF", 1, chip=False)
TIMES = Times(take_card=45, take_paper=90, document=30)


@dataclass
class Faults:
    """How often what goes wrong, from 0 to 1 for each call; all of it ends when the world heals."""

    lost_request: float = 0.03
    late_request: float = 0.02  # arrives hours later, when nobody waits for it any more
    lost_answer: float = 0.03
    late_answer: float = 0.03
    doubled: float = 0.03
    crash: float = 0.5  # of the starts of a kiosk: it dies again after at most MOST_CALLS calls of its ledger
    wrong_clock: float = 0.3  # of the starts
    printer: float = 0.06
    silent_person: float = 0.05


MOST_CALLS = 400
NO_FAULTS = Faults(0, 0, 0, 0, 0, 0, 0, 0, 0)


class Line:
    """The way to the Dinas: the ports of saga and outbox."""

    def __init__(self, kiosk_id: str, dinas: FleetDinas, chance: random.Random, faults: Callable[[], Faults]) -> None:
        self.up = True
        self.past: list[Callable[[], object]] = []  # for replays
        self._kiosk_id = kiosk_id
        self._dinas = dinas
        self._chance = chance
        self._faults = faults

    async def claim(self, permit_id: str, attempt_id: str, token: str) -> Claim:  # as the port has it
        claim = await self._call(lambda: self._dinas.claim(self._kiosk_id, permit_id, attempt_id))
        assert isinstance(claim, Claim)
        return claim

    async def personalize(self, *_: object) -> Any:
        raise NotImplementedError("no document of this fleet has a chip")

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        await self._call(lambda: self._dinas.outcome(self._kiosk_id, attempt_id, outcome))

    async def hand_over_audit(self, entries: Sequence[AuditEntry], head: str) -> AuditTaken:
        taken = await self._call(lambda: self._dinas.hand_over_audit(self._kiosk_id, entries, head))
        assert isinstance(taken, AuditTaken)
        return taken

    async def _call(self, request: Callable[[], object]) -> object:
        chance, faults = self._chance, self._faults()
        await asyncio.sleep(chance.uniform(0.05, 3))
        if not self.up or chance.random() < faults.lost_request:
            await self._nobody_answers()
        if chance.random() < faults.late_request:
            self._again(request, chance.uniform(GIVES_UP_S, 2 * DAY))
            await self._nobody_answers()
        if chance.random() < faults.doubled:
            self._again(request, chance.uniform(0, 2 * HOUR))
        self.past = [*self.past[-7:], request]
        answer = request()
        await asyncio.sleep(chance.uniform(0.05, 3))
        if not self.up or chance.random() < faults.lost_answer:
            await self._nobody_answers()
        if chance.random() < faults.late_answer:
            await asyncio.sleep(chance.uniform(1, 180))  # also longer than anybody waits
        return answer

    async def _nobody_answers(self) -> None:
        await asyncio.sleep(self._chance.uniform(1, GIVES_UP_S))
        raise DinasAwayError("no answer")

    def _again(self, request: Callable[[], object], after_s: float) -> None:
        asyncio.get_running_loop().call_later(after_s, replay, request)


def replay(request: Callable[[], object]) -> None:
    """A request that comes once more, or late: nobody hears the answer."""
    with contextlib.suppress(DinasProblemError):
        request()


class Truth:
    """What really became of an attempt in the printer and in the tray."""

    def __init__(self, end: JobEnd, *, whole: bool) -> None:
        self.end = end  # what the evidence shows
        self.whole = whole  # a whole document came out
        self.held = False  # by its person
        self.destroyed = False


class FleetPrinter:
    """A paper printer behind a spooler with a fence: what came out of it outlives the kiosk's process."""

    name = "paper_printer"

    def __init__(self, kiosk_id: str, dinas: FleetDinas, chance: random.Random, faults: Callable[[], Faults]) -> None:
        self.truth: dict[str, Truth] = {}
        self.permit_of: dict[str, str] = {}
        self._revoked: set[str] = set()
        self._kiosk_id = kiosk_id
        self._watch = dinas.watch
        self._chance = chance
        self._faults = faults
        self._printed = 0

    @property
    def status(self) -> DeviceStatus:
        return DeviceStatus(DeviceState.ONLINE, read_at=0.0)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def refresh(self) -> DeviceStatus:
        return self.status

    async def counters(self) -> Counters:
        return Counters(self._printed)

    async def create(self, attempt_id: str) -> SpoolJob:
        return SpoolJob(len(self.truth) + 1, "urn:uuid:0", attempt_id)

    async def send(self, job: SpoolJob, document: bytes) -> None:  # as the port has it
        if job.attempt_id in self._revoked or job.attempt_id in self.truth:
            return  # held by the fence
        permit_id = self.permit_of[job.attempt_id]
        self._watch.printing(self._kiosk_id, permit_id, job.attempt_id)
        fault = self._chance.random() < self._faults().printer
        whole = not fault or self._chance.random() < 0.3
        sure = JobEnd.PRINTED if whole else JobEnd.NOTHING
        self.truth[job.attempt_id] = Truth(JobEnd.UNKNOWN if self._chance.random() < 0.5 * fault else sure, whole=whole)
        if whole:
            self._printed += 1
            self._watch.came_out(permit_id)
        await asyncio.sleep(self._chance.uniform(0.1, 2))
        if fault and self._chance.random() < 0.3:
            raise DeviceTimeoutError(self.name, "the answer was lost")

    async def follow(self, job: SpoolJob, before: Counters, sheets: int) -> AsyncIterator[JobReport]:
        yield JobReport(self.status)
        await asyncio.sleep(self._chance.uniform(2, 10))
        yield self._report(job.attempt_id)

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        if attempt_id not in self.truth:
            self._revoked.add(attempt_id)
        return self._report(attempt_id)

    async def abandon(self, job: SpoolJob) -> None:
        self._revoked.add(job.attempt_id)

    def _report(self, attempt_id: str) -> JobReport:
        truth = self.truth.get(attempt_id)
        end = truth.end if truth else JobEnd.NOTHING
        return JobReport(
            self.status, 1, end, "" if end is JobEnd.PRINTED else "played", {"counter_after": self._printed}
        )


class Person:
    """Who stands before the screen: takes the paper, and says so or not."""

    def __init__(self, kiosk: FleetKiosk, permit_id: str) -> None:
        self._kiosk = kiosk
        self._permit_id = permit_id

    def progressed(self, *_: object, **__: object) -> None: ...

    def presented(self, *_: object, **__: object) -> None: ...

    async def taken(self) -> None:
        kiosk = self._kiosk
        silent = kiosk.chance.random() < kiosk.faults().silent_person
        if not silent or kiosk.chance.random() < 0.5:
            kiosk.hand(self._permit_id)
        if silent:
            await asyncio.Event().wait()
        await asyncio.sleep(kiosk.chance.uniform(2, 20))


class NoVault:
    async def bundle(self, permit: Permit) -> bytes:
        return b"jwe"


class NoPreparer:
    async def prepare(self, document: str, permit_id: str, jwe: bytes, key: ContentKey) -> Prepared:
        return PREPARED


@dataclass
class FleetKiosk:
    """A machine in its place; its process comes and goes."""

    kiosk_id: str
    folder: Path
    dinas: FleetDinas
    chance: random.Random
    faults: Callable[[], Faults]
    starts: int = 0
    crashes: int = 0
    ledger: Ledger | None = None
    line: Line = field(init=False)
    printer: FleetPrinter = field(init=False)
    asked: asyncio.Queue[tuple[str, asyncio.Future[bool]]] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.line = Line(self.kiosk_id, self.dinas, self.chance, self.faults)
        self.printer = FleetPrinter(self.kiosk_id, self.dinas, self.chance, self.faults)
        self._signer = HeadSigner(self.kiosk_id, self.dinas.keys[self.kiosk_id])

    async def live(self) -> None:
        """Start, die, start again; ends by cancellation."""
        while True:
            fuse = Fuse()
            FUSE.set(fuse)
            self.starts += 1
            try:
                await self._run(fuse)
            except Killed:
                self.crashes += 1
            finally:
                await self._die()
            await asyncio.sleep(self.chance.uniform(2, HOUR))

    async def visit(self, permit_id: str) -> bool:
        """A person comes for a document; whether they need not come again. A dead kiosk serves nobody."""
        if self.ledger is None:
            return False
        served: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.asked.put_nowait((permit_id, served))
        return await served

    def hand(self, permit_id: str) -> None:
        """The newest document of this permit goes from the tray into a hand."""
        for attempt_id, truth in reversed(self.printer.truth.items()):
            if self.printer.permit_of[attempt_id] == permit_id:
                truth.held = truth.whole
                return

    async def _run(self, fuse: Fuse) -> None:
        skew = dt.timedelta()
        if self.chance.random() < self.faults().wrong_clock:
            skew = dt.timedelta(seconds=self.chance.choice((-1, 1)) * self.chance.uniform(HOUR, 365 * DAY))
        time = asyncio.get_running_loop().time
        now = lambda: BEGINNING + dt.timedelta(seconds=time()) + skew  # noqa: E731  # of this process only
        ledger = await Ledger.open(self.folder, now=now, clock=time)
        self.ledger = ledger
        if self.chance.random() < self.faults().crash:  # from here on: what dies while it opens is proved elsewhere
            fuse.left, fuse.before = self.chance.randrange(MOST_CALLS), self.chance.random() < 0.5
        await reconcile(ledger, self.printer, None)
        outbox = Outbox(ledger, self.line, self._signer, FullJitter(self.chance))
        works = [asyncio.create_task(work) for work in (outbox.run(), self._serve(ledger), self._operate(ledger))]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            for work in done:
                work.result()
        finally:
            fuse.left = None  # it dies once
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def _die(self) -> None:
        ledger, self.ledger = self.ledger, None
        FUSE.set(Fuse())
        if ledger is not None:
            await ledger.close()  # what a dead process leaves: whole transactions, and no lock
        while not self.asked.empty():
            self.asked.get_nowait()[1].set_result(False)

    async def _serve(self, ledger: Ledger) -> None:
        while True:
            permit_id, served = await self.asked.get()
            try:
                issued = await self._issue(ledger, permit_id)
                served.set_result(issued.state is EndState.TAKEN or issued.notice is NoticeKind.PERMIT_SPENT)
            finally:
                if not served.done():
                    served.set_result(False)

    async def _issue(self, ledger: Ledger, permit_id: str) -> Issued:
        permit = Permit(
            permit_id, "kk", "a4", "Kartu Keluarga", "U** S*******", PermitState.READY, BundleRef(1, "0" * 64)
        )
        means = Means(
            ledger=_Noting(ledger, self.printer),  # type: ignore[arg-type]  # the ledger, with an ear on it
            dinas=self.line,
            vault=NoVault(),
            preparer=NoPreparer(),
            printer=self.printer,
            times=TIMES,
            clock=asyncio.get_running_loop().time,
        )
        return await issue(permit, "token", means, Person(self, permit_id))

    async def _operate(self, ledger: Ledger) -> None:
        """An operator comes by, opens the machine, and says what each doubt was."""
        while True:
            await asyncio.sleep(self.chance.uniform(1, 8) * HOUR)
            for doubt in await ledger.doubts():
                truth = self.printer.truth.get(doubt.attempt_id)
                if truth is None or not truth.whole:
                    found = Phase.FAILED
                elif truth.held:
                    found = Phase.TAKEN
                else:
                    found = Phase.SPOILED
                    self._destroy(doubt.attempt_id, truth)  # first: whoever dies now has no document left to give
                await ledger.settle(doubt.attempt_id, found, "op-1")

    def _destroy(self, attempt_id: str, truth: Truth) -> None:
        if not truth.destroyed:
            truth.destroyed = True
            self.dinas.watch.destroyed(self.printer.permit_of[attempt_id])


class _Noting:
    """The ledger itself; the printer hears which permit an attempt is for, since a job's title does not say it."""

    def __init__(self, ledger: Ledger, printer: FleetPrinter) -> None:
        self._ledger = ledger
        self._printer = printer

    async def reserve(self, **what: str) -> Any:
        attempt = await self._ledger.reserve(**what)
        self._printer.permit_of[attempt.attempt_id] = what["permit_id"]
        return attempt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)
