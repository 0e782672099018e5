"""Fakes of all that an attempt needs, but for the ledger, which is real.

Each act of theirs is noted with the phase that is on the disk at that moment, read through a connection of its own: so
a trace proves that the row was there before the act. Run as a program it plays one attempt and kills itself at an act.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from drivers.device import DeviceState, DeviceStatus
from drivers.errors import DeviceAwayError, DeviceTimeoutError
from drivers.printer import CardPosition, Counters, JobEnd, JobReport, SpoolJob
from kiosk.dinas.contract import (
    BundleRef,
    ChipStep,
    Claim,
    ContentKey,
    DinasProblemError,
    OutcomeKind,
    Permit,
    PermitState,
    Problem,
    ProblemType,
)
from kiosk.documents.prepared import Prepared
from kiosk.issuance.issue import issue
from kiosk.issuance.ports import Means, Times
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.database import FILE
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import Part, Step, Trouble

PERMIT_ID = "0198f1de-0000-4000-8000-000000000001"
AWAY = DeviceAwayError("printer", "no answer")
TIMEOUT = DeviceTimeoutError("printer", "no answer within 5 s")

QUICK = Times(take_card=0.3, take_paper=0.1, document=5.0)
SECRET_NAME = "SITI AMINAH SPESIMEN"


def picture(shade: int = 120, quality: int = 90) -> bytes:
    image = (
        Image.linear_gradient("L").resize((60, 80)).point([min(255, v // 2 + shade) for v in range(256)]).convert("RGB")
    )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


PHOTO = picture()


def a_permit(medium: str = "a4") -> Permit:
    document = "kk" if medium == "a4" else "ktp-el"
    return Permit(PERMIT_ID, document, medium, "Kartu", SECRET_NAME, PermitState.READY, BundleRef(3, "0" * 64))


class Trace:
    """Acts in order, each with the phase that was durable when it happened. ``on`` is called at each act."""

    def __init__(self, ledger_folder: Path, on: Callable[[str], None] = lambda act: None) -> None:
        self._file = ledger_folder / FILE
        self._on = on
        self.acts: list[tuple[str, str | None]] = []

    def note(self, act: str) -> None:
        self.acts.append((act, self.on_disk()))
        self._on(act)

    def on_disk(self) -> str | None:
        reader = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)
        row = reader.execute("SELECT phase FROM attempts ORDER BY attempt_id DESC LIMIT 1").fetchone()
        reader.close()
        return row[0] if row else None

    def phase_at(self, act: str) -> str | None:
        return next(phase for name, phase in self.acts if name == act)

    def count(self, act: str) -> int:
        return [name for name, _ in self.acts].count(act)


def raise_if(fault: BaseException | None) -> None:
    if fault is not None:
        raise fault


@dataclass
class FakePrinter:
    """A printer of either kind. ``faults`` names the call that raises; the rest is what it would say."""

    trace: Trace
    name: str = "paper_printer"
    card: bool = False
    end: JobEnd = JobEnd.PRINTED
    reason: str = ""
    found: JobEnd | None = None  # by find; None: as ``end``
    state: DeviceState = DeviceState.ONLINE
    where: CardPosition = CardPosition.NONE
    taken_after: int | None = 1  # looks at the slot until a hand takes the card; None: nobody does
    printed: int = 100
    rejected: int | None = 3
    bin_counts: bool = True
    after_print: CardPosition = CardPosition.STATION
    faults: dict[str, BaseException] = field(default_factory=dict)
    queue: list[str] = field(default_factory=list)

    def act(self, name: str) -> None:
        self.trace.note(name)
        raise_if(self.faults.get(name))

    @property
    def status(self) -> DeviceStatus:
        return DeviceStatus(self.state, read_at=0.0)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def refresh(self) -> DeviceStatus:
        return self.status

    async def counters(self) -> Counters:
        raise_if(self.faults.get("counters"))
        return Counters(self.printed, self.rejected if self.card else None)

    async def create(self, attempt_id: str) -> SpoolJob:
        self.act("create")
        self.queue.append(attempt_id)
        return SpoolJob(7, "urn:uuid:7", attempt_id)

    async def send(self, job: SpoolJob, document: bytes) -> None:
        self.act("send")
        self._print()

    def _print(self) -> None:
        if self.end is JobEnd.PRINTED:
            self.printed += 1
        if self.card and self.end is not JobEnd.NOTHING:
            self.where = self.after_print

    def report(self, end: JobEnd | None) -> JobReport:
        return JobReport(self.status, 1, end, self.reason, {"counter_after": self.printed})

    async def follow(self, job: SpoolJob, before: Counters, sheets: int) -> AsyncIterator[JobReport]:
        self.act("follow")
        yield self.report(None)
        if self.end is JobEnd.PRINTED:
            self.queue.clear()
        yield self.report(self.end)

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        self.act("find")
        return self.report(self.found or self.end)

    async def abandon(self, job: SpoolJob) -> None:
        self.act("abandon")
        self.queue.clear()

    async def position(self) -> CardPosition:
        raise_if(self.faults.get("position"))
        if self.where is CardPosition.EXIT and self.taken_after is not None:
            if self.taken_after == 0:
                self.where = CardPosition.NONE
            self.taken_after -= 1
        return self.where

    async def present(self) -> None:
        self.act("present")
        self.where = CardPosition.EXIT

    async def reject(self) -> None:
        self.act("reject")
        if self.where is not CardPosition.NONE and self.rejected is not None and self.bin_counts:
            self.rejected += 1
        self.where = CardPosition.NONE


@dataclass
class FakeReader:
    trace: Trace
    photo: bytes = PHOTO
    state: DeviceState = DeviceState.ONLINE
    faults: dict[str, BaseException] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)

    @property
    def status(self) -> DeviceStatus:
        return DeviceStatus(self.state, read_at=0.0)

    def act(self, name: str) -> None:
        self.trace.note(name)
        raise_if(self.faults.get(name))

    async def wait_for_card(self, within: float) -> None:
        self.act("wait_for_card")

    async def atr(self) -> bytes:
        return b"\x3b\x80"

    async def transmit(self, commands: Sequence[bytes]) -> list[bytes]:
        self.act("transmit")
        self.sent += commands
        return [b"\x90\x00"] * len(commands)

    async def read_photo(self, within: float) -> bytes:
        self.act("read_photo")
        return self.photo


@dataclass
class FakeDinas:
    trace: Trace
    personalization: bool = False
    steps: tuple[ChipStep, ...] = (ChipStep(False, ("00a4", "00d6")), ChipStep(True, (), ok=True))
    other_permit: bool = False
    faults: dict[str, BaseException] = field(default_factory=dict)
    told: list[tuple[int, tuple[str, ...], str | None]] = field(default_factory=list)

    async def claim(self, permit_id: str, attempt_id: str, token: str) -> Claim:
        self.trace.note("claim")
        raise_if(self.faults.get("claim"))
        permit = "another" if self.other_permit else permit_id
        key = ContentKey("oct", "AAAA")
        return Claim(attempt_id, permit, key, datetime(2026, 3, 2, 12, tzinfo=UTC), self.personalization)

    async def personalize(
        self, attempt_id: str, step: int, responses: Sequence[str], atr: str | None = None
    ) -> ChipStep:
        self.trace.note("personalize")
        raise_if(self.faults.get("personalize"))
        self.told.append((step, tuple(responses), atr))
        return self.steps[step]


@dataclass
class FakeVault:
    trace: Trace
    fault: BaseException | None = None

    async def bundle(self, permit: Permit) -> bytes:
        self.trace.note("bundle")
        raise_if(self.fault)
        return b"jwe"


@dataclass
class FakePreparer:
    trace: Trace
    prepared: Prepared
    fault: BaseException | None = None

    async def prepare(self, document: str, permit_id: str, jwe: bytes, key: ContentKey) -> Prepared:
        self.trace.note("prepare")
        raise_if(self.fault)
        return self.prepared


@dataclass
class FakeWatcher:
    """A person before the screen: says that they hold the paper, or nothing."""

    trace: Trace
    says_taken: bool = True
    steps: list[Step] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    shown: list[tuple[Part, bool]] = field(default_factory=list)

    def progressed(
        self, step: Step, *, steps: tuple[Step, ...], done: float, seconds_left: int, trouble: Trouble | None
    ) -> None:
        assert step in steps
        assert seconds_left >= 1
        if not self.steps or self.steps[-1] is not step:
            self.steps.append(step)
        self.done.append(done)

    def presented(self, part: Part, *, seconds_left: int, seconds_total: int, sensed: bool) -> None:
        if not self.shown:
            self.trace.note("shown")
        self.shown.append((part, sensed))

    async def taken(self) -> None:
        if not self.says_taken:
            await asyncio.Event().wait()


class World:
    """All of it. Change what it would do, then ``issue``."""

    def __init__(self, ledger: Ledger, folder: Path, medium: str, on: Callable[[str], None] = lambda act: None) -> None:
        card = medium == "card"
        self.ledger = ledger
        self.trace = Trace(folder, on)
        self.permit = a_permit(medium)
        self.printer = FakePrinter(self.trace, "card_printer" if card else "paper_printer", card)
        self.reader: FakeReader | None = FakeReader(self.trace) if card else None
        self.dinas = FakeDinas(self.trace)
        self.vault = FakeVault(self.trace)
        self.preparer = FakePreparer(self.trace, Prepared(b"%PDF", 1, card, PHOTO if card else None))
        self.watcher = FakeWatcher(self.trace)

    @property
    def means(self) -> Means:
        return Means(
            ledger=self.ledger,
            dinas=self.dinas,
            vault=self.vault,
            preparer=self.preparer,
            printer=self.printer,
            cards=self.printer if self.printer.card else None,
            reader=self.reader,
            times=QUICK,
        )

    async def issue(self):  # type: ignore[no-untyped-def]  # Issued; the import would shadow the word
        return await issue(self.permit, "token", self.means, self.watcher)


async def the_end(world: World, attempt_id: str | None) -> tuple[Attempt, list[tuple[OutcomeKind, str | None]]]:
    """The attempt as it stands, and what the Dinas will be told."""
    assert attempt_id is not None
    outcomes = [(q.outcome.outcome, q.outcome.reason) for q in await world.ledger.pending_outcomes(10)]
    return await world.ledger.attempt(attempt_id), outcomes


def problem(kind: ProblemType, status: int) -> DinasProblemError:
    return DinasProblemError(Problem(type=kind, status=status), kind, status)


async def _die_at(folder: Path, medium: str, act: str) -> None:
    def on(name: str) -> None:
        if name == act:
            os.kill(os.getpid(), signal.SIGKILL)

    world = World(await Ledger.open(folder), folder, medium, on)
    world.dinas.personalization = medium == "card"
    if act == "reject":
        world.printer.taken_after = None
    await world.issue()


if __name__ == "__main__":
    asyncio.run(_die_at(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
