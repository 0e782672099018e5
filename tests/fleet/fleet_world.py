"""A fleet and its Dinas through days of virtual time, and what must be true when all is over.

One seeded generator decides everything: who comes when and where, what the lines lose, when a process dies. Attempt ids
and signatures are the product's own and differ from run to run, but nothing is decided by them.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fleet_dinas import FleetDinas
from fleet_kiosk import DAY, HOUR, NO_FAULTS, Faults, FleetKiosk, Line, replay
from fleet_time import SameThread
from virtual_time import VirtualLoop

from hardware_sim.dinas.model import PermitState
from kiosk.ledger import outbox, writer
from kiosk.ledger.database import FILE
from kiosk.ledger.invariants import violations

VISITS_FOR_S = 5 * DAY  # each document is first asked for in this time
HEALS_AT_S = 8 * DAY
ENDS_AT_S = 12 * DAY  # the longest late request is two days, and an operator comes every eight hours
RACE = 0.05  # of the visits: another kiosk is asked for the same document within seconds
REPLAYS = 0.2  # for each permit
GATHER_S = HOUR  # in place of a minute: an idle outbox that looks each minute for days is most of the work
WELL = 0.999  # of the documents are printed in the end, whatever went wrong
Tamper = Callable[["World"], None]


@dataclass(frozen=True)
class Size:
    kiosks: int
    permits: int


@dataclass
class Figures:
    """What the run was."""

    seed: int
    size: Size
    seconds: float = 0.0
    visits: int = 0
    races: int = 0
    replays: int = 0
    partitions: int = 0
    partition_hours: float = 0.0

    def line(self, world: World) -> str:
        watch, states = world.dinas.watch, Counter(str(state) for state in world.dinas.states().values())
        kinds = Counter(outcome for _, outcome in watch.counted.elements())
        return (
            f"fleet seed {self.seed}: {self.size.kiosks} kiosks, {self.size.permits} permits, {self.visits} visits,"
            f" {self.races} races, {watch.claims} claims granted, refused {dict(watch.refusals)}; {self.partitions}"
            f" partitions ({self.partition_hours:.0f} h), {sum(k.starts for k in world.kiosks)} starts,"
            f" {sum(k.crashes for k in world.kiosks)} crashes, {self.replays} replays; outcomes counted {dict(kinds)};"
            f" permits {dict(states)}; {len(watch.violations)} violations seen; {self.seconds:.0f} s"
        )


class World:
    """The fleet, its people, its weather."""

    def __init__(self, folder: Path, seed: int, size: Size, loop: VirtualLoop) -> None:
        self.chance = random.Random(seed)
        self.figures = Figures(seed, size)
        self._loop = loop
        self._faults = Faults()
        self.dinas = FleetDinas(folder, size.kiosks, size.permits, loop.time)
        self.kiosks = [
            FleetKiosk(kiosk_id, folder / kiosk_id, self.dinas, self.chance, lambda: self._faults)
            for kiosk_id in self.dinas.kiosk_ids
        ]

    async def run(self) -> None:
        """All of it; afterwards every line is up, and nothing is under way."""
        for permit_id in self.dinas.permit_ids:
            self._loop.call_later(self.chance.uniform(0, VISITS_FOR_S), self._come, permit_id)
        self._loop.call_later(HEALS_AT_S, self._heal)
        works = [asyncio.create_task(kiosk.live()) for kiosk in self.kiosks]
        works += [asyncio.create_task(self._weather(kiosk.line)) for kiosk in self.kiosks]
        works += [asyncio.create_task(self._replay()), asyncio.create_task(self._hours())]
        try:
            done, _ = await asyncio.wait(works, timeout=ENDS_AT_S, return_when=asyncio.FIRST_EXCEPTION)
            for work in done:
                if error := work.exception():
                    raise error
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    @property
    def healed(self) -> bool:
        return self._faults is NO_FAULTS

    def _heal(self) -> None:
        self._faults = NO_FAULTS
        for kiosk in self.kiosks:
            kiosk.line.up = True

    def _come(self, permit_id: str) -> None:
        kiosks = [self.chance.choice(self.kiosks)]
        if self.chance.random() < RACE:
            kiosks.append(self.chance.choice(self.kiosks))
            self.figures.races += 1
        for kiosk in kiosks:
            task = self._loop.create_task(self._visit(kiosk, permit_id))
            _KEPT.add(task)
            task.add_done_callback(_KEPT.discard)

    async def _visit(self, kiosk: FleetKiosk, permit_id: str) -> None:
        self.figures.visits += 1
        await asyncio.sleep(self.chance.uniform(0, 5))
        if not await kiosk.visit(permit_id) and self._loop.time() < ENDS_AT_S - 2 * DAY:
            self._loop.call_later(self.chance.uniform(HOUR, DAY), self._come, permit_id)

    async def _weather(self, line: Line) -> None:
        """The line of a kiosk goes down for minutes to days."""
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / (2 * DAY)))
            if self.healed:
                return
            hours = min(72.0, self.chance.lognormvariate(0, 1.5))
            self.figures.partitions += 1
            self.figures.partition_hours += hours
            line.up = False
            await asyncio.sleep(hours * HOUR)
            line.up = True

    async def _replay(self) -> None:
        """An old request comes out of the network once more."""
        each_s = ENDS_AT_S / (REPLAYS * self.figures.size.permits)
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / each_s))
            if past := self.chance.choice(self.kiosks).line.past:
                self.figures.replays += 1
                replay(self.chance.choice(past))

    async def _hours(self) -> None:
        while True:
            await asyncio.sleep(HOUR)
            self.dinas.sweep()

    # When all is over

    def wrong(self) -> list[str]:
        """Everything that must not be."""
        found = [*self.dinas.watch.violations, *self._wrong_permits()]
        known = self.dinas.attempts()
        for kiosk in self.kiosks:
            if (kiosk.folder / FILE).exists():
                found += [f"{kiosk.kiosk_id}: {sentence}" for sentence in self._wrong_ledger(kiosk, known)]
        found += [f"the Dinas has an attempt that no ledger knows: {attempt_id}" for attempt_id in known]
        return found

    def _wrong_permits(self) -> list[str]:
        watch, states = self.dinas.watch, self.dinas.states()
        spent = {permit for permit, state in states.items() if state is PermitState.PRINTED}
        lying = {permit for permit, papers in watch.papers.items() if papers > 0}
        stuck = {permit for permit, state in states.items() if state not in (PermitState.READY, PermitState.PRINTED)}
        found = [f"{permit} is spent, and no document of it is there" for permit in sorted(spent - lying)]
        found += [f"{permit} was printed, and is not spent" for permit in sorted(lying - spent)]
        found += [f"{permit} is still {states[permit]}" for permit in sorted(stuck)]
        if len(spent) < WELL * len(states):
            found.append(f"only {len(spent)} of {len(states)} documents were printed in the end")
        return found

    def _wrong_ledger(self, kiosk: FleetKiosk, known: dict[str, tuple[str, str | None]]) -> list[str]:
        with closing(sqlite3.connect(f"file:{kiosk.folder / FILE}?mode=ro", uri=True)) as db:
            found = [f"{violation.invariant}: {violation.sentence}" for violation in violations(db.cursor().connection)]
            waiting = db.execute("SELECT count(*) FROM outbox WHERE sent_at IS NULL").fetchone()[0]
            refused = db.execute("SELECT count(*) FROM outbox WHERE refused_at IS NOT NULL").fetchone()[0]
            if waiting or refused:
                found.append(f"{waiting} outcomes are not sent, {refused} were refused")
            for attempt_id, outcome in db.execute("SELECT attempt_id, outcome FROM attempts"):
                told = known.pop(attempt_id, None)
                if told != (kiosk.kiosk_id, outcome):
                    found.append(f"{attempt_id} is {outcome} here, and {told} at the Dinas")
            chain = [row[0] for row in db.execute("SELECT hash FROM audit ORDER BY seq")]
            if chain != self.dinas.chain(kiosk.kiosk_id):
                found.append("the Dinas has another audit chain")
        return found


_KEPT: set[asyncio.Task[None]] = set()  # the loop itself holds its tasks only weakly


def play(seed: int, size: Size, tamper: Tamper = lambda _: None) -> tuple[list[str], str]:
    """Run a fleet; answers what was wrong and the line of figures. ``tamper`` plants a fault for a control."""
    began, owner, gather_s = time.monotonic(), writer.OwnerThread, outbox.GATHER_S
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    logging.disable(logging.CRITICAL)
    writer.OwnerThread = SameThread  # type: ignore[assignment,misc]  # no thread has a place in virtual time
    outbox.GATHER_S = GATHER_S
    try:
        with tempfile.TemporaryDirectory(prefix="adm-fleet-", dir=place) as folder:
            loop = VirtualLoop()
            try:
                world = World(Path(folder), seed, size, loop)
                tamper(world)
                loop.run_until_complete(world.run())
                wrong = world.wrong()
                world.figures.seconds = time.monotonic() - began
                return wrong, world.figures.line(world)
            finally:
                loop.close()
                world.dinas.close()
    finally:
        writer.OwnerThread = owner  # type: ignore[misc]  # as it was
        outbox.GATHER_S = gather_s
        logging.disable(logging.NOTSET)
