"""A world and an engine without a screen, for many cells: brought up once, made whole again between them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from fault_cells import STALL_S
from fault_screen import NotShownError, TheScreen
from fault_visit import Applicant

from hardware_sim.faults.injector import Injector
from hardware_sim.kiosk_settings import write_settings
from hardware_sim.printers.store import Memory, read_ledger
from hardware_sim.processes import WorldProcess
from hardware_sim.world import World
from kiosk import protocol as p
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

OPERATOR = "uji"
START_WITHIN_S = 90.0  # a cold Python on loaded cores, then a printer that is waited for
PRINTERS = {"paper": "paper_printer", "card": "card_printer"}  # as the vocabulary calls them, and as the kiosk does

Row = dict[str, Any]


class TheEngine:
    """The engine's process alone; the world's machine cuts its power with the rest (faults.machine.KioskProcesses)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.process: WorldProcess | None = None
        world.machine.kiosk = self

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.running

    def start(self) -> None:
        command = [sys.executable, "-m", "kiosk", "engine", "--settings", str(self._world.settings_path)]
        self.process = WorldProcess("engine", command, self._world.logs, self._world.kiosk_env)

    def stop(self) -> None:
        if self.process is not None:
            self.process.stop()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()


class FaultStage:
    """What a cell is played on."""

    def __init__(self, world: World) -> None:
        self.world = world
        _write_settings(world)
        self.injector = Injector(world.where)
        self.engine = TheEngine(world)
        self.screen = TheScreen(world.folder / "run" / "screen.sock")

    # -- the engine

    def start(self) -> None:
        """Start the engine, and wait until it serves, or says why not."""
        self.engine.start()
        self.await_service()

    def await_service(self) -> None:
        """After a start: wait until the engine has reconciled and knows its Dinas."""
        self.screen.connect(START_WITHIN_S)
        self.screen.wait(_open, START_WITHIN_S, "the engine is open")

    def stop(self) -> None:
        self.engine.stop()
        self.screen.close()
        self.screen.wait_for_dark(10.0)

    def restart(self) -> None:
        self.stop()
        self.start()

    # -- people

    def prepare(self, document: str) -> Applicant:
        """A new applicant with one permit."""
        made = self.world.hand("dinas").do("prepare", document=document)["result"]
        return Applicant(made["nik"], made["pin"], made["permit_ids"][0])

    def take_card(self) -> bool:
        """The applicant pulls at a card in the slot, if there is one."""
        if self.memory("card").position != "exit" or "card" in self.injector.frozen:
            return False
        try:
            self.world.hand("card").do("take_card")
        except ValueError:
            return False
        return True

    # -- the books

    def memory(self, printer: str) -> Memory:
        """Counters, trays and path of a printer: what lies there, whether or not it answers."""
        file = Path(self.world.where[printer]["folder"]) / "memory.json"
        return Memory(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else Memory()

    def printed(self, printer: str) -> list[Row]:
        """What really came out: the printer's own ledger."""
        return read_ledger(Path(self.world.where[printer]["folder"]) / "ledger.jsonl")

    def dispenser(self) -> Row:
        """The dispenser's own counts; empty if it has none, or is frozen."""
        if "dispenser" not in self.world.where or "dispenser" in self.injector.frozen:
            return {}
        state: Row = self.world.hand("dispenser").state()
        return state

    def attempts(self) -> list[Row]:
        """The kiosk's attempts, oldest first, each with its phases."""
        with closing(self._ledger()) as ledger:
            attempts = [dict(row) for row in ledger.execute("SELECT * FROM attempts ORDER BY attempt_id")]
            for attempt in attempts:
                rows = ledger.execute(
                    "SELECT phase FROM attempt_phases WHERE attempt_id = ? ORDER BY number", (attempt["attempt_id"],)
                )
                attempt["phases"] = [row["phase"] for row in rows]
        return attempts

    def audit(self, after: int = 0) -> list[Row]:
        """The entries of the audit log after that one."""
        with closing(self._ledger()) as ledger:
            rows = ledger.execute("SELECT seq, event, data FROM audit WHERE seq > ? ORDER BY seq", (after,)).fetchall()
        return [{"seq": row["seq"], "event": row["event"], **json.loads(row["data"])} for row in rows]

    def missing(self, after: int = 0) -> set[str]:
        """Devices, and the Dinas, that are away by the audit log: since that entry, and since the last start."""
        away: set[str] = set()
        for entry in self.audit(after):
            match entry["event"]:
                case "kiosk-started":
                    away.clear()
                case "device-missing":
                    away.add(entry["device"])
                case "device-back":
                    away.discard(entry["device"])
                case "dinas-away":
                    away.add("dinas")
                case "dinas-back":
                    away.discard("dinas")
        return away

    def permit(self, permit_id: str) -> Row:
        """A permit as the Dinas has it."""
        permit: Row = self.world.hand("dinas").state()["permits"][permit_id]
        return permit

    def log(self) -> str:
        return (self.world.logs / "engine.log").read_text(encoding="utf-8", errors="replace")

    def _ledger(self) -> sqlite3.Connection:
        ledger = sqlite3.connect(f"file:{self.world.folder}/state/ledger.sqlite3?mode=ro", uri=True, timeout=10)
        ledger.row_factory = sqlite3.Row
        return ledger

    # -- between two cells

    def make_whole(self) -> None:
        """Everything mended, every doubt settled by an operator who looks, every blank accounted for, engine open."""
        self.injector.mend_all()
        open_doubts = [a for a in self.attempts() if a["outcome"] in (None, "unknown")]
        unaccounted = [a for a in self.attempts() if a["outcome"] == "spoiled" and a["accounted_by"] is None]
        if open_doubts or unaccounted or not self.engine.running:
            self.stop()
            asyncio.run(self._settle(open_doubts))
            self.start()
        try:
            self.screen.wait(_all_ready, 30, "all is well")
        except NotShownError:  # as after a fault that hung something for good: that is the cell's business, not ours
            self.restart()
            self.screen.wait(_all_ready, 30, "all is well after a new start")
        if not self.wait_for(lambda: not self.missing(), 30):
            raise NotShownError(f"still missing: {self.missing()}")

    async def _settle(self, doubts: list[Row]) -> None:
        ledger = await Ledger.open(self.world.folder / "state")
        try:
            for attempt in doubts:
                await ledger.settle(attempt["attempt_id"], self.truth(attempt), OPERATOR)
            for spoiled in await ledger.unaccounted():
                await ledger.account_for_blank(spoiled.attempt_id, OPERATOR)
        finally:
            await ledger.close()

    def truth(self, attempt: Row) -> Phase:
        """What an operator finds with the machine open before them."""
        printer = next(name for name, device in PRINTERS.items() if device == attempt["device"])
        out = [row for row in self.printed(printer) if row["event"] == "sheet" and row["name"] == attempt["attempt_id"]]
        if printer == "card" and out:
            fates = {row["serial"] for row in self.printed("card") if row["event"] == "taken"}
            return Phase.TAKEN if out[0]["serial"] in fates else Phase.SPOILED
        if not out:
            return Phase.FAILED
        return Phase.TAKEN if len(out) == attempt["sheets"] else Phase.SPOILED

    def wait_for(self, true: Any, within: float) -> bool:
        """Wait until a condition of the books holds; whether it does."""
        deadline = time.monotonic() + within
        while not true():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True


def _open(view: p.View) -> bool:
    return not (isinstance(view, p.OutOfServiceView) and view.reason is p.OutReason.STARTING)


def _all_ready(view: p.View) -> bool:
    return isinstance(view, p.HomeView) and all(state.ready for state in view.media) and p.Way.QR in view.ways


def _write_settings(world: World) -> None:
    """The world's own settings, with less patience for a printer that has stopped."""
    where, options = world.where, world.options
    write_settings(
        world.settings_path,
        where,
        {
            "paper_printer": {"queue": "adm-a4", "device": where["paper"]["uri"], "stall_s": STALL_S},
            "card_printer": {"queue": "adm-card", "device": where["card"]["uri"], "stall_s": STALL_S},
            "visit": {
                "take_card_s": options.take_card_s,
                "take_paper_s": options.take_paper_s,
                "thanks_s": options.thanks_s,
            },
        },
    )
