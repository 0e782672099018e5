"""One kiosk in virtual time: the product's whole engine between a model screen, model machines and a model Dinas."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import kiosk_site
import msgspec
from dinas_line import Line, ModelDinas, ModelWire
from error_log import ErrorLog, hearing
from kiosk_site import BEGINNING, site
from machines import Lie, Machine, Place, Truth
from model_devices import ModelPreparer, ModelReader, ModelReceiptPrinter, ModelScreen, ModelUps
from spooler import Cups, card_driver, paper_driver
from virtual_time import VirtualLoop, VirtualOwner

from drivers import registry
from drivers.claims import Claims
from drivers.owner import OwnerThread
from drivers.ups.frames import Source
from hardware_sim.dinas import permits, pins
from kiosk.dinas import client as dinas_client
from kiosk.engine import app, receipts
from kiosk.engine.app import Engine, Surroundings
from kiosk.engine.devices import Devices
from kiosk.ledger.attempts import Facts
from kiosk.ledger.chain import HeadSigner
from kiosk.ledger.database import FILE, Database
from kiosk.ledger.invariants import Violation, violations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.protocol import HomeView, Intent, OutOfServiceView, Said, View
from kiosk.settings import Settings

RESTART_S = 2.0  # the supervisor waits so long before it starts the engine anew


@dataclass
class Row:
    """An attempt as the ledger has it."""

    attempt_id: str
    permit_id: str
    device: str
    phase: str
    outcome: str | None
    accounted_by: str | None


class World:
    """All of it. ``close`` gives back what it holds."""

    def __init__(self, seed: int = 0) -> None:
        self._stack = ExitStack()
        self.loop = VirtualLoop()
        self._stack.callback(self.loop.close)
        folder = Path(tempfile.mkdtemp(dir=site().folder))
        self._stack.callback(shutil.rmtree, folder)
        self.state, claims = folder / "state", folder / "claims"
        claims.mkdir()
        shutil.copytree(site().folder / "empty", self.state)
        self.settings = msgspec.structs.replace(
            site().settings,
            paths=msgspec.structs.replace(site().settings.paths, state=str(self.state), runtime=str(folder / "run")),
        )
        self.chance = random.Random(seed)  # a model's
        self.truth = Truth()
        self.paper = Machine(self.loop, self.truth, "paper_printer", cards=False)
        self.cards = Machine(self.loop, self.truth, "card_printer", cards=True)
        self.machines = {machine.name: machine for machine in (self.paper, self.cards)}
        self._claims_folder = claims
        self.cups = {name: Cups(self.loop, machine, Claims(claims)) for name, machine in self.machines.items()}
        self.reader_fault: str | None = None
        self.power = Source.MAINS
        self.wall_offset = timedelta()
        self.receipts = 0
        self.tainted: set[str] = set()  # attempts during which a sensor lied
        self.settled: dict[str, Phase] = {}  # by the operator, and as what
        self.wrongs: list[str] = []  # what a machine was made to do and must not be
        for machine in self.machines.values():
            machine.on_lie = lambda name=machine.name: self.taint(name)
            self.cups[machine.name].on_run = lambda attempt_id, name=machine.name: self.on_run(attempt_id, name)
        self.files: list[Database] = []  # the ledgers that are open now
        self._patch()
        self.dinas = ModelDinas(site().authority, self.true_now)
        self._stack.enter_context(mock.patch.object(permits, "sweep", self.dinas.sweep))
        self.line = Line(self.loop, self.dinas)
        self.errors = ErrorLog()
        self._stack.enter_context(hearing(self.errors))
        self._reading: sqlite3.Connection | None = None
        self._judged = -1  # the version of the file that was found right
        self._rows: tuple[int, list[Row]] = (-1, [])  # of this version of the file
        self._life = 0  # of the engine
        self.engine: Engine | None = None
        self.running: asyncio.Task[int] | None = None
        self.exits: list[int] = []
        self.start()

    def _patch(self) -> None:
        """Threads and sockets of the product, by what stands in for them here."""
        put = self._stack.enter_context
        files = self.files

        class KnownDatabase(Database):
            """One that the world can close as the kernel does when its process is killed."""

            def __init__(self, *args: Any) -> None:
                super().__init__(*args)
                files.append(self)

            def close(self) -> None:
                if self in files:
                    files.remove(self)
                    super().close()

        for name, module in list(sys.modules.items()):
            for known, model in ((OwnerThread, VirtualOwner), (Database, KnownDatabase)):
                if name.startswith("kiosk.") and getattr(module, known.__name__, None) is known:
                    put(mock.patch.object(module, known.__name__, model))
        put(mock.patch.object(dinas_client, "Wire", self._wire))
        put(mock.patch.object(receipts, "draw_receipt", return_value=object()))
        put(mock.patch.object(registry, "known", kiosk_site.drivers))
        put(mock.patch.object(app, "identify", kiosk_site.identify))
        put(mock.patch.object(HeadSigner, "from_file", kiosk_site.signer))
        put(mock.patch.object(pins, "SCRYPT_N", 2))  # a PIN is not what is tried here

    def _wire(self, settings: object) -> ModelWire:
        return ModelWire(self.line)

    # -- time

    def true_now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self.loop.time())

    def kiosk_now(self) -> datetime:
        """The kiosk's own wall clock, which may be wrong."""
        return self.true_now() + self.wall_offset

    def pass_time(self, seconds: float) -> None:
        """The world goes on, and a supervisor starts an engine that has ended."""
        self.loop.pass_time(seconds)
        while self.running is not None and self.running.done():
            self.exits.append(self.running.result())
            self.loop.pass_time(RESTART_S)
            self.start()
            self.loop.pass_time(0.5)

    # -- the engine

    def start(self) -> None:
        self._life += 1
        life = self._life
        around = Surroundings(
            clock=self.loop.time,
            now=self.kiosk_now,
            chance=self.chance,
            devices=lambda settings, clock, now: ModelDevices(self, life, settings, clock, now),
            preparer=lambda settings, revocations: ModelPreparer(site().catalogue),  # type: ignore[arg-type,return-value]  # a model of it
            screen=lambda path, said: self._screen(said),  # type: ignore[arg-type,return-value]  # a model of it
        )
        self.engine = Engine(self.settings, around)
        self.running = self.loop.create_task(self.engine.run(), name="engine")

    def alive(self, life: int) -> bool:
        return life == self._life

    def _screen(self, said: Any) -> ModelScreen:
        self.screen = ModelScreen(said)
        return self.screen

    @property
    def ledger(self) -> Ledger | None:
        """The engine's ledger while it is open."""
        return getattr(self.engine, "_ledger", None) if self.files else None

    def crash(self) -> None:
        """The engine is killed: what its disk and the machines have stays, and nothing of it runs on.

        Its tasks get one last turn, in which they can reach neither ledger nor machine.
        """
        self._life += 1
        for opened in list(self.files):
            opened.close()
        self._cancel_all()
        self.engine = self.running = None

    def _cancel_all(self) -> None:
        for _ in range(20):
            tasks = asyncio.all_tasks(self.loop)
            if not tasks:
                return
            for task in tasks:
                task.cancel()
            self.loop.run_until_complete(asyncio.wait(tasks, timeout=30.0))
        raise AssertionError(f"tasks that do not end: {asyncio.all_tasks(self.loop)}")

    def stop(self) -> None:
        """SIGTERM, and the end in order."""
        assert self.engine is not None
        assert self.running is not None
        self.engine._ended.set()  # what the signal's handler does
        for _ in range(400):
            if self.running.done():
                break
            self.loop.pass_time(1.0)
        assert self.running.done(), "an engine that does not end"
        self.exits.append(self.running.result())
        left = [task for task in asyncio.all_tasks(self.loop) if not task.get_name().endswith(" thread")]
        assert not left, f"tasks left over: {left}"
        self._cancel_all()  # what hangs in a library has the end of its process, as a daemon thread has
        self.engine = self.running = None

    def close(self) -> None:
        try:
            self.crash()
        finally:
            if self._reading is not None:
                self._reading.close()
            self._stack.close()

    # -- the person

    @property
    def view(self) -> View | None:
        return self.screen.last.view if self.engine is not None and self.screen.last else None

    def tap(self, intent: Intent, wait: float = 0.05) -> None:
        if self.engine is not None and self.screen.last is not None:
            self.loop.call_soon(self.screen.said, Said(self.screen.last.page, intent))
        self.pass_time(wait)

    def wait_for(self, *kinds: type, within: float = 60.0, step: float = 0.25) -> bool:
        until = self.loop.time() + within
        while not isinstance(self.view, kinds):
            if self.loop.time() >= until:
                return False
            self.pass_time(step)
        return True

    def take_paper(self) -> bool:
        """A hand empties the tray."""
        found = [item for item in self.truth.items if item.place is Place.TRAY]
        for item in found:
            item.place = Place.HAND
        return bool(found)

    # -- the operator

    def taint(self, device: str) -> None:
        """A sensor of this machine lied: its verdict on what is at work may be wrong, and must only be careful."""
        self.tainted.update(row.attempt_id for row in self.rows() if row.device == device and row.outcome is None)

    def on_run(self, attempt_id: str, device: str) -> None:
        """A job goes to the machine: none may while another attempt on it is in doubt."""
        doubts = [row for row in self.rows() if row.device == device and row.outcome == "unknown"]
        if any(row.attempt_id != attempt_id for row in doubts):
            self.wrongs.append(f"attempt {attempt_id} goes to {device}, which is in doubt")

    def taint_liars(self) -> None:
        for machine in self.machines.values():
            if machine.lie in (Lie.POSITION_NONE, Lie.POSITION_EXIT):
                self.taint(machine.name)

    def found(self, attempt_id: str) -> Phase:
        """What a person with the machine open sees of an attempt, and what they do about it: nothing stays in reach."""
        items = self.truth.of(attempt_id)
        if any(item.place is Place.HAND for item in items):
            # Who has a part of it, has it; what is left of it is destroyed.
            taken = Phase.TAKEN
        else:
            taken = Phase.SPOILED if items else Phase.FAILED
        for item in items:
            if item.place is not Place.HAND:
                item.place = Place.OPERATOR if item.place is not Place.BIN else Place.BIN
        return taken

    def settle(self) -> None:
        """Each doubt is settled by what is found, once the machine is at rest."""
        if self.ledger is None:
            return
        for row in self.rows():
            machine = self.machines[row.device]
            if row.outcome == "unknown" and machine.working is None and self.ledger is not None:
                phase = self.found(row.attempt_id)
                self.settled[row.attempt_id] = phase
                self.loop.run_until_complete(
                    self.ledger.settle(row.attempt_id, phase, "op-1", Facts(reason="found-so"))
                )
        self.pass_time(1.1)

    def account(self) -> None:
        """A spoiled blank is accounted for by who has it in hand; one that nobody finds is not."""
        if self.ledger is None:
            return
        for row in self.rows():
            if row.outcome != "spoiled" or row.accounted_by is not None or self.ledger is None:
                continue
            items = self.truth.of(row.attempt_id)
            if items and not any(item.place in (Place.HAND, Place.SLOT) for item in items):
                for item in items:
                    item.place = Place.OPERATOR
                self.loop.run_until_complete(self.ledger.account_for_blank(row.attempt_id, "op-1"))
        self.pass_time(1.1)

    @property
    def at_work(self) -> bool:
        """Whether an attempt has no end yet, or a visit is going on."""
        return any(row.outcome is None for row in self.rows()) or not isinstance(
            self.view, (HomeView, OutOfServiceView)
        )

    @property
    def broken(self) -> bool:
        """Whether there is anything to mend."""
        machines = self.machines.values()
        return (
            self.reader_fault is not None
            or any(m.broken for m in machines)
            or any(cups.faults for cups in self.cups.values())
        )

    # -- what the books say

    def reading(self) -> sqlite3.Connection:
        """A connection of the auditor's, who only reads."""
        if self._reading is None:
            self._reading = sqlite3.connect(f"file:{self.state / FILE}?mode=ro", uri=True)
        return self._reading

    def _version(self) -> int:
        """Another one once somebody has written."""
        return int(self.reading().execute("PRAGMA data_version").fetchone()[0])

    def violations(self) -> list[Violation]:
        """What does not hold in the ledger; asked again only when something was written."""
        version = self._version()
        if version != self._judged:
            found = violations(self.reading())
            if found:
                return found
            self._judged = version
        return []

    def outcomes_sent(self) -> dict[str, set[str]]:
        """The outcomes that were ever queued for the Dinas."""
        found: dict[str, set[str]] = defaultdict(set)
        for attempt_id, body in self.reading().execute("SELECT attempt_id, body FROM outbox"):
            found[attempt_id].add(json.loads(body)["outcome"])
        return found

    def rows(self) -> list[Row]:
        version = self._version()
        if version != self._rows[0]:
            statement = (
                "SELECT attempt_id, permit_id, device, phase, outcome, accounted_by FROM attempts ORDER BY attempt_id"
            )
            self._rows = version, [Row(*row) for row in self.reading().execute(statement)]
        return self._rows[1]


class ModelDevices(Devices):
    """The devices of the settings, with the models in the places of those that have wires."""

    def __init__(self, world: World, life: int, settings: Settings, clock: Any, now: Any) -> None:
        super().__init__(settings, clock, now)

        def alive() -> bool:
            return world.alive(life)

        claims = world._claims_folder  # the same house
        self.paper = paper_driver(world.cups["paper_printer"], claims, clock, alive)
        self.cards = card_driver(world.cups["card_printer"], claims, clock, alive)
        self.reader = ModelReader(world)  # type: ignore[assignment]  # a model of what has a wire
        self.ups = ModelUps(world)  # type: ignore[assignment]  # as above
        self.receipts = ModelReceiptPrinter(world)  # type: ignore[assignment]  # as above
