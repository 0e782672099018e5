"""One print after the other on a real cupsd with the real fence, each with one SIGKILL at a moment of chance.

What is real: ledger, saga, driver, libcups, cupsd, filters, fence, ``ipp`` backend, IPP. Simulated: the printer,
with its own ledger of what came out as the oracle. Each kill is planned from its own seed alone, and can be replayed.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import io
import os
import random
import signal
import tempfile
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from fake_kiosk import World
from PIL import Image

from drivers.paper_printer.driver import PaperPrinter
from drivers.printer import SpoolJob
from drivers.spooler import printer as spooled
from hardware_sim.printers.stand import MEDIA_NAMES, PAPER, PrintStand
from kiosk.documents.prepared import Prepared
from kiosk.issuance.issue import issue
from kiosk.issuance.ports import Times
from kiosk.issuance.reconcile import reconcile
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

SHEETS = 3
PAGE_S = 0.04
LATEST_S = 0.08  # after its landmark
EVERY_S = 0.001
HANDS = Times(take_card=0.1, take_paper=0.1, document=5.0)
SETTLE_S = 3.0  # what a printer does after a cancel is here over in a second
STALL_S = 4.0
WITHIN_S = 60.0
PAST_S = 2.0  # nothing comes out of a printer that has been quiet for this long


class Moment(enum.StrEnum):
    """The landmark after which the kill comes."""

    BEGIN = "begin"  # nothing was asked of the spooler yet
    CREATING = "creating"
    CREATED = "created"
    SENDING = "sending"
    SENT = "sent"
    BACKEND = "backend"  # cupsd has started the fence
    CLAIM = "claim"  # its claim is there
    DEVICE = "device"  # the printer has the document
    SHEET = "sheet"  # the first sheet is out
    LAST_SHEET = "last sheet"


class Target(enum.StrEnum):
    CUPSD = "cupsd"
    BACKEND = "backend"  # the fence, or the ipp backend that it becomes


# There is no backend to kill before these.
WITH_BACKEND = (Moment.BACKEND, Moment.CLAIM, Moment.DEVICE, Moment.SHEET)


@dataclass(frozen=True)
class Plan:
    """What one kill will be, from its seed alone."""

    seed: int
    target: Target
    moment: Moment
    delay_s: float
    empty_spool: bool  # as the unit does; the fence must hold without it too
    kill_orphans: bool  # as the unit does; an orphaned backend goes on otherwise
    engine_dies: bool  # then reconciliation judges, else the running saga
    dead_s: float  # how long cupsd is away

    @classmethod
    def of(cls, seed: int) -> Plan:
        chance = random.Random(seed)
        target = chance.choice(list(Target))
        return cls(
            seed,
            target,
            chance.choice(list(Moment) if target is Target.CUPSD else WITH_BACKEND),
            chance.uniform(0, LATEST_S),
            chance.random() < 0.5,
            chance.random() < 0.5,
            chance.random() < 0.3,
            chance.uniform(0, 0.3),
        )


@dataclass
class Killed:
    """What one kill came to."""

    plan: Plan
    hit: str = ""  # the command line's beginning; empty: there was nothing to kill any more
    attempt: Attempt | None = None
    sheets: int = 0
    starts: int = 0

    @property
    def said(self) -> str:
        """What the kiosk holds to be true: all, nothing or unknown."""
        if self.attempt is None or self.attempt.phase is Phase.FAILED:
            return "nothing"
        if self.attempt.phase is Phase.TAKEN or self.attempt.evidence.get("job_end") == "printed":
            return "all"
        return "unknown"

    @property
    def wrong(self) -> str:
        """What must never be; empty when all is well."""
        if self.starts > 1 or self.sheets > SHEETS:
            return f"printed {self.starts} times, {self.sheets} sheets"
        if self.said == "nothing" and self.sheets:
            return f"said nothing came out, and {self.sheets} sheets did"
        if self.said == "all" and self.sheets != SHEETS:
            return f"said all came out, and {self.sheets} of {SHEETS} sheets did"
        return ""

    def line(self) -> str:
        plan, attempt = self.plan, self.attempt
        reason = f"{attempt.phase} ({attempt.reason})" if attempt else "refused"
        return (
            f"seed {plan.seed}: {plan.target} [{self.hit}] {plan.delay_s * 1000:.0f} ms after {plan.moment},"
            f" spool {'emptied' if plan.empty_spool else 'kept'}, orphans {'killed' if plan.kill_orphans else 'left'},"
            f" engine {'dies' if plan.engine_dies else 'lives'}: {reason}, {self.sheets}/{SHEETS} sheets"
            f"{f' {attempt.evidence}' if attempt and self.said == 'unknown' else ''}"
        )


class Landmarks:
    """Where the attempt under way is; each is set once."""

    def __init__(self) -> None:
        self.reached = {moment: asyncio.Event() for moment in Moment}
        self.attempt_id = ""

    def reach(self, moment: Moment) -> None:
        self.reached[moment].set()


class WatchedPrinter(PaperPrinter):
    """The driver as it is; its acts are told to the landmarks."""

    landmarks: Landmarks

    async def create(self, attempt_id: str) -> SpoolJob:
        self.landmarks.attempt_id = attempt_id
        self.landmarks.reach(Moment.CREATING)
        job = await super().create(attempt_id)
        self.landmarks.reach(Moment.CREATED)
        return job

    async def send(self, job: SpoolJob, document: bytes) -> None:
        self.landmarks.reach(Moment.SENDING)
        await super().send(job, document)
        self.landmarks.reach(Moment.SENT)


def pages() -> bytes:
    sheets = [Image.new("L", (620, 877), 100) for _ in range(SHEETS)]
    file = io.BytesIO()
    sheets[0].save(file, "PDF", resolution=75, save_all=True, append_images=sheets[1:])
    return file.getvalue()


@dataclass
class Rig:
    """The print system, a kiosk's ledger, and the kills so far."""

    stand: PrintStand
    ledger: Ledger
    folder: Path
    document: bytes = field(default_factory=pages)
    kills: list[Killed] = field(default_factory=list)

    async def kill(self, plan: Plan) -> Killed:
        """Issue one document, kill, bring cupsd back, and wait for the verdict and for quiet."""
        killed = Killed(plan)
        marks = Landmarks()
        self.stand.hand(PAPER).do("refill", n=SHEETS)
        printer = await self._printer(marks)
        watching = asyncio.create_task(self._watch(marks, plan.moment))
        issuing = asyncio.create_task(self._issue(printer, marks))
        try:
            async with asyncio.timeout(WITHIN_S):
                await self._strike(killed, marks, issuing)
                if plan.engine_dies:
                    issuing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await issuing
                if plan.engine_dies:
                    await printer.close()
                    printer = await self._printer(marks)
                    await reconcile(self.ledger, printer, None)
        finally:
            watching.cancel()
            issuing.cancel()
            await printer.close()
        await self._quiet()
        await self._conclude(killed, marks.attempt_id)
        self.kills.append(killed)
        return killed

    def count(self, killed: Killed) -> None:
        """What has come out by now."""
        name = killed.attempt.attempt_id if killed.attempt else ""
        killed.sheets = self.stand.printers.sheets(name, PAPER)
        killed.starts = sum(line["name"] == name for line in self.stand.printers.ledger(PAPER, "job"))

    async def _printer(self, marks: Landmarks) -> WatchedPrinter:
        printer = WatchedPrinter(
            "paper_printer",
            queue=f"adm-{PAPER}",
            device=self.stand.uri(PAPER),
            server=self.stand.cups.server,
            claims=self.stand.cups.claims,
            media=MEDIA_NAMES[PAPER],
            stall_s=STALL_S,
        )
        printer.landmarks = marks
        await printer.start()
        return printer

    async def _issue(self, printer: WatchedPrinter, marks: Landmarks) -> None:
        world = World(self.ledger, self.folder, PAPER)
        world.permit = msgspec.structs.replace(world.permit, permit_id=str(uuid.uuid4()))
        world.preparer.prepared = Prepared(self.document, SHEETS, chip=False)
        means = replace(world.means, printer=printer, cards=None, times=HANDS)
        marks.reach(Moment.BEGIN)
        await issue(world.permit, "token", means, world.watcher)

    async def _strike(self, killed: Killed, marks: Landmarks, issuing: asyncio.Task[None]) -> None:
        """Wait for the moment, or for an end that came before it; then kill."""
        moment = asyncio.create_task(marks.reached[killed.plan.moment].wait())
        await asyncio.wait({moment, issuing}, return_when=asyncio.FIRST_COMPLETED)
        moment.cancel()
        await asyncio.sleep(killed.plan.delay_s)
        if killed.plan.target is Target.BACKEND:
            for pid, command in self.stand.cups.started().items():
                if "adm-fence" in command or command.startswith("ipp:"):
                    killed.hit = "fence" if "adm-fence" in command else "ipp"
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            return
        killed.hit = "cupsd"
        cups = self.stand.cups
        cups.kill()
        if killed.plan.kill_orphans:
            cups.kill_orphans()
        await asyncio.sleep(killed.plan.dead_s)
        if killed.plan.empty_spool:
            cups.empty_spool()
        await asyncio.to_thread(cups.start_daemon)

    async def _watch(self, marks: Landmarks, wanted: Moment) -> None:
        """Look at the world for the landmarks that the driver does not pass itself."""
        while not marks.attempt_id:
            await asyncio.sleep(EVERY_S)
        claim = self.stand.cups.claims / marks.attempt_id
        while not marks.reached[Moment.CLAIM].is_set():
            if claim.exists():
                marks.reach(Moment.CLAIM)
            if wanted is Moment.BACKEND and self.stand.cups.started():
                marks.reach(Moment.BACKEND)
            await asyncio.sleep(EVERY_S)
        while not marks.reached[Moment.LAST_SHEET].is_set():
            lines = [line for line in self.stand.printers.ledger(PAPER) if line.get("name") == marks.attempt_id]
            sheets = sum(line["event"] == "sheet" for line in lines)
            reached = {Moment.DEVICE: bool(lines), Moment.SHEET: sheets > 0, Moment.LAST_SHEET: sheets >= SHEETS}
            for moment, is_reached in reached.items():
                if is_reached:
                    marks.reach(moment)
            await asyncio.sleep(EVERY_S)

    async def _quiet(self) -> None:
        """Until no backend runs and the printer has no job to do."""
        async with asyncio.timeout(WITHIN_S):
            while self.stand.cups.started() or any(job["state"] < 7 for job in self.stand.hand(PAPER).state()["jobs"]):
                await asyncio.sleep(0.05)

    async def _conclude(self, killed: Killed, attempt_id: str) -> None:
        """What ledger and printer say; an operator settles a doubt, so that the printer takes the next."""
        if not attempt_id:
            [*unfinished] = await self.ledger.unfinished()
            assert unfinished == []
            return
        killed.attempt = await self.ledger.attempt(attempt_id)
        self.count(killed)
        if killed.attempt.phase is Phase.UNKNOWN:
            whole = killed.sheets == SHEETS
            found = Phase.TAKEN if whole else Phase.SPOILED if killed.sheets else Phase.FAILED
            await self.ledger.settle(attempt_id, found, "op-1")


@contextlib.asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """A print system of its own; the ledger in memory, since its durability is proved elsewhere."""
    spooled.SETTLE_S, kept = SETTLE_S, spooled.SETTLE_S
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    try:
        with PrintStand(page_s=PAGE_S) as stand, tempfile.TemporaryDirectory(dir=place) as folder:
            await asyncio.sleep(spooled.UP_TIME_COARSE_S + 1)  # a printer that was on before the first job
            ledger = await Ledger.open(Path(folder))
            try:
                yield Rig(stand, ledger, Path(folder))
            finally:
                await ledger.close()
    finally:
        spooled.SETTLE_S = kept
