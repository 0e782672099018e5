"""A kiosk in a world of its own whose engine can be killed and started again within a second.

Everything that is not the victim runs on: the Dinas, the printers, pcscd, cupsd. The ledger is a fresh one when the
last one holds a doubt, since a device in doubt takes nothing new before an operator has looked.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from cups_under_tracer import WatchedCups
from planted import NO_FENCE
from talker import EngineGoneError, NotShownError, Talker
from tracer import Orders

from hardware_sim.display import Display
from hardware_sim.faults.injector import Injector
from hardware_sim.kiosk_processes import Kiosk
from hardware_sim.processes import WorldProcess
from hardware_sim.scenarios.books import PRINTERS, Books
from hardware_sim.stage import Stage
from hardware_sim.world import World, WorldOptions, fresh_folder
from kiosk import protocol as p
from kiosk.ledger.invariants import violations

HERE = Path(__file__).parent
READY_WITHIN_S = 60.0  # what it takes is measured and printed; this only ends a wait
SHOWN_WITHIN_S = 60.0
SETTLED_WITHIN_S = 20.0
EVERY_S = 0.01
SETTINGS: dict[str, dict[str, Any]] = {
    "visit": {"take_card_s": 60.0, "take_paper_s": 60.0, "thanks_s": 60.0},
    "paper_printer": {"stall_s": 15.0},
    "card_printer": {"stall_s": 15.0},
}
# What who was cut off may find on the list; TROUBLE while cupsd is being started again.
COMES_BACK = (p.DocumentState.READY, p.DocumentState.TROUBLE)
ENDS_ON = (p.ThanksView, p.NoticeView, p.DocumentsView)
SPENT = ("taken", "retracted", "spoiled", "unknown")  # a blank was used, or may have been


@dataclass
class Engine:
    """One run of the engine, as a process that is not our child."""

    pid: int
    _fd: int = field(init=False)

    def __post_init__(self) -> None:
        self._fd = os.pidfd_open(self.pid)

    @property
    def alive(self) -> bool:
        return not self.ended(0)

    def ended(self, within: float) -> bool:
        return bool(select.select([self._fd], [], [], within)[0])

    def kill(self) -> None:
        signal.pidfd_send_signal(self._fd, signal.SIGKILL)
        self.ended(10)

    def close(self) -> None:
        if self.alive:
            self.kill()
        os.close(self._fd)


@dataclass
class Applicant:
    document: str
    nik: str
    pin: str
    permit_ids: list[str]


class Bench:
    """One world with one kiosk, ``with Bench() as bench``. ``plant``: a fault of ``planted``, for controls."""

    def __init__(self, plant: str | None = None) -> None:
        self._plant = plant
        self._stack = ExitStack()
        self.engine: Engine | None = None
        self.ready_s: list[float] = []

    def __enter__(self) -> Bench:
        try:
            self._bring_up()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._stack.close()

    def _bring_up(self) -> None:
        folder = self._stack.enter_context(fresh_folder())
        self.world = self._stack.enter_context(
            World(WorldOptions(folder, sheet_s=0.01, card_s=0.01, cabinet=False, ups=False, settings=SETTINGS))
        )
        self._runs = 0
        socket_path = folder / "zygote.sock"
        self._zygote = WorldProcess("zygote", [sys.executable, str(HERE / "zygote.py"), str(socket_path)], folder)
        self._stack.callback(self._zygote.stop)
        self._zygote_path = socket_path
        self._zygote.wait_until(socket_path.exists, 30, "it does not listen")
        self.orders = Orders(folder / "orders")
        self.points_log = folder / "points.log"
        self.talker = Talker(self.world.folder / "run" / "screen.sock")
        self.kiosk = Kiosk(self.world, Display(""))
        self._stack.callback(self.end_engine)
        self.applicants: dict[str, Applicant] = {}
        self._promised: set[str] = set()  # permits whose document the screen called taken
        cups = self.world.machine.cups
        if cups is None:
            raise NotShownError("the world has no cupsd")
        self._watched = WatchedCups(cups, fenced=self._plant != NO_FENCE)

    # -- the ledger

    def fresh(self) -> None:
        """A new ledger, empty machines, and applicants who were never here."""
        self.end_engine()
        state = self.world.folder / "state"
        if state.exists():
            state.rename(self.world.folder / f"state-{self._runs}")
        self._runs += 1
        self.applicants.clear()
        self._promised.clear()
        Injector(self.world.where).mend_all()
        self.start_engine()
        self.books = Books(cast(Stage, self))  # it needs the kiosk's ledger and the world's hands, as a stage has them

    def forget_ledger(self) -> None:
        """The next start makes a new one; the engine is not running."""
        (self.world.folder / "state").rename(self.world.folder / f"state-{self._runs}")
        self._runs += 1
        self.applicants.clear()
        self._promised.clear()

    def at_home(self) -> None:
        """The engine waits for somebody, whatever page the last one left."""
        if not isinstance(self.talker.ready(SHOWN_WITHIN_S), p.HomeView):
            self.end_engine()
            self.start_engine()
            self.talker.see(p.HomeView, within=SHOWN_WITHIN_S)

    def watched_cups(self, victim: str) -> WatchedCups:
        """The cupsd of this world, with the daemon or the fence under the tracer."""
        watched = self._watched
        if victim == "cupsd":
            watched.watch_daemon()
        else:
            watched.watch_fence()
        self._stack.callback(watched.close)
        return watched

    def tail(self) -> list[str]:
        """The end of the engine's log."""
        return (self.world.logs / "engine.log").read_text(encoding="utf-8", errors="replace").splitlines()[-15:]

    def in_doubt(self) -> bool:
        return any(a["phase"] == "unknown" for a in self.kiosk.attempts())

    # -- the engine

    def start_engine(self, *, wait: bool = True) -> None:
        """Start it; with ``wait``, until it serves or says why not. EngineGoneError if it ends before."""
        began = time.monotonic()
        order = {
            "settings": str(self.world.settings_path),
            "env": self.world.kiosk_env,
            "stderr": str(self.world.logs / "engine.log"),
            "orders": str(self.orders.path),
            "log": str(self.points_log),
            "plant": self._plant,
        }
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(str(self._zygote_path))
            line.sendall(json.dumps(order).encode() + b"\n")
            self.engine = Engine(json.loads(line.makefile().readline())["pid"])
        if wait:
            self.await_ready()
            self.ready_s.append(time.monotonic() - began)

    def await_ready(self) -> None:
        engine = self.engine
        if engine is None:
            raise EngineGoneError
        self.talker.connect(READY_WITHIN_S, lambda: engine.alive)
        self.talker.ready(READY_WITHIN_S)

    def end_engine(self) -> None:
        self.talker.close()
        if self.engine is not None:
            self.engine.close()
            self.engine = None

    # -- a visit

    def applicant(self, document: str) -> Applicant:
        """Somebody with a right to print it that was not spent yet: who was cut off comes back."""
        held = self.applicants.get(document)
        if held and any(a["permit_id"] in held.permit_ids and a["phase"] in SPENT for a in self.kiosk.attempts()):
            del self.applicants[document]
        if document not in self.applicants:
            said = self.world.hand("dinas").do("prepare", document=document)["result"]
            self.applicants[document] = Applicant(document, said["nik"], said["pin"], said["permit_ids"])
        return self.applicants[document]

    def visit(self, document: str) -> None:
        """From home to home, as far as the engine lets it. EngineGoneError when it is killed on the way."""
        talker, who = self.talker, self.applicant(document)
        talker.see(p.HomeView, within=SHOWN_WITHIN_S)
        wait = SHOWN_WITHIN_S
        talker.tap(p.Begin(p.Way.NIK), p.NikView, on=(p.HomeView,), within=wait)
        talker.tap(p.EnterNik(who.nik), p.PinView, on=(p.NikView,), within=wait)
        shown = talker.tap(p.EnterPin(who.pin), p.DocumentsView, p.NoticeView, on=(p.PinView,), within=wait)
        if isinstance(shown, p.DocumentsView):
            states = {d.permit_id: d.state for d in shown.documents}
            if any(states.get(permit) not in COMES_BACK for permit in who.permit_ids):
                raise NotShownError(f"who comes back finds {states}")
            if all(states[permit] is p.DocumentState.READY for permit in who.permit_ids):
                talker.tap(p.Choose(tuple(who.permit_ids)), p.ConfirmView, on=(p.DocumentsView,), within=wait)
                talker.say(p.Confirm())
                if self._take(document):
                    self._promised.update(who.permit_ids)
        talker.tap(p.Finish(), p.HomeView, on=ENDS_ON, within=wait)

    def _take(self, document: str) -> bool:
        """Take what comes; whether the last page says that it was taken."""
        talker = self.talker
        shown = talker.see(p.TakeView, p.NoticeView, p.ThanksView, within=SHOWN_WITHIN_S)
        if isinstance(shown, p.TakeView):
            if shown.sensed:
                self.world.hand("card").do("take_card")
            else:
                talker.say(p.Taken())
            shown = talker.see(p.NoticeView, p.ThanksView, within=SHOWN_WITHIN_S)
        if isinstance(shown, p.NoticeView):
            talker.say(p.Act(shown.actions[0]))
            shown = talker.see(p.ThanksView, p.HomeView, within=SHOWN_WITHIN_S)
        if isinstance(shown, p.ThanksView):
            talker.see(
                p.ThanksView,
                within=SHOWN_WITHIN_S,
                where=lambda v: isinstance(v, p.ThanksView) and v.receipt is not p.ReceiptState.PRINTING,
            )
            return any(ended.state is p.EndState.TAKEN for ended in shown.ended)
        return False

    # -- what must hold

    def broken_rules(self) -> list[str]:
        """What does not hold once everything is at rest; the outbox and the printers get their time."""
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while (broken := self._broken_now()) and time.monotonic() < deadline:
            time.sleep(EVERY_S)
        return broken

    def _broken_now(self) -> list[str]:
        taken = {a["permit_id"] for a in self.kiosk.attempts() if a["phase"] == "taken"}
        return [
            *self.books.broken_rules(),
            *(f"the outcome of attempt {attempt} waits" for attempt in self.kiosk.waiting_outcomes()),
            *(f"the screen called {permit} taken, and the ledger does not" for permit in self._promised - taken),
            *self._sent_twice(),
            *self._not_whole(),
        ]

    def _sent_twice(self) -> list[str]:
        """I1 at the machines: an attempt is one job at most, and a permit is one document at most, in any ledger."""
        starts = Counter(line["name"] for printer in PRINTERS for line in self.books.lines(printer, "job"))
        return [f"attempt {name} began {n} times at its printer" for name, n in starts.items() if n > 1]

    def _not_whole(self) -> list[str]:
        """I1 to I6 by the ledger itself."""
        return [f"{v.invariant}: {v.sentence}" for v in violations(self.world.folder / "state")]


def main() -> None:
    """By hand: three sessions of each kind, timed and counted."""
    with Bench() as bench:
        bench.fresh()
        for document in sys.argv[1:] or ["kk", "kia", "ktp-el"]:
            for _ in range(3):
                bench.applicants.clear()
                bench.applicant(document)
                bench.orders.arm()
                began = time.monotonic()
                bench.visit(document)
                print(
                    f"{document}: {time.monotonic() - began:.2f} s, {bench.orders.count} points, {bench.broken_rules()}"
                )


if __name__ == "__main__":
    main()
