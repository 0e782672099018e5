"""What is played again and again: a victim, a session, and where the count of its system calls begins."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import time
import traceback
from dataclasses import dataclass, field

from bench import Bench
from cups_under_tracer import WatchedCups
from talker import EngineGoneError, NotShownError
from tracer import Orders

from kiosk import protocol as p

ENDS_WITHIN_S = 20.0
ERRORS = {"eio": errno.EIO, "enospc": errno.ENOSPC}


@dataclass(frozen=True)
class Play:
    """``name`` is VICTIM-WHAT, with the error at its end where calls fail in place of the victim being killed."""

    name: str
    victim: str  # engine, cupsd, fence, screen
    what: str  # a document to print; of the engine also: start, first-start, recovery
    error: int = 0

    @property
    def document(self) -> str:
        return self.what if self.what in DOCUMENTS else "kk"


DOCUMENTS = ("kk", "kia", "ktp-el")
STARTS = ("start", "first-start", "recovery")
PLAYS = {
    play.name: play
    for play in (
        *(Play(f"engine-{what}", "engine", what) for what in (*DOCUMENTS, *STARTS)),
        *(Play(f"fence-{what}", "fence", what) for what in ("kk", "kia")),
        *(Play(f"cupsd-{what}", "cupsd", what) for what in ("kk", "kia", "start")),
        Play("screen-kk", "screen", "kk"),  # played by screen_player
        *(Play(f"engine-{w}-{e}", "engine", w, n) for e, n in ERRORS.items() for w in ("kk", "kia", *STARTS)),
        *(Play(f"fence-{w}-{e}", "fence", w, n) for e, n in ERRORS.items() for w in ("kk", "kia")),
    )
}


@dataclass(frozen=True)
class Result:
    """What came of one point."""

    play: str
    point: int
    met: bool  # whether the victim came so far
    call: str  # its name and file
    broken: list[str]  # rules; empty is what must be
    ready_s: float | None  # of the engine or of cupsd, after the kill
    seconds: float


@dataclass
class Player:
    """Plays points in one world."""

    bench: Bench
    cups: WatchedCups | None = field(default=None)
    stale: bool = True  # the ledger is not to be used again

    def count(self, play: Play) -> int:
        """How many points there are: one run to the end."""
        self._prepare(play)
        self._begin(play, 0)
        self._go(play)
        return self._orders(play).count

    def point(self, play: Play, number: int) -> Result:
        """Kill the victim at that call, or fail the call; bring it back, and see what holds."""
        began = time.monotonic()
        broken: list[str] = []
        try:
            self._prepare(play, number)
            self._begin(play, number)
            self._go(play)
            met, call = self._orders(play).met, self._call(play)
            ready_s = self._bring_back(play, met)
            broken = self.bench.broken_rules()
            if ready_s is not None and ready_s > ENDS_WITHIN_S:
                broken.append(f"ready after {ready_s:.1f} s only")
        except Exception as error:  # noqa: BLE001  # whatever it is, the other points are still to be played
            met, call, ready_s = self._orders(play).met, self._call(play), None
            broken = [
                f"the kiosk does not come back: {type(error).__name__}: {error}",
                *_where(error),
                *self.bench.tail(),
            ]
        self.stale = bool(broken) or self.bench.in_doubt()
        return Result(play.name, number, met, call, broken, ready_s, time.monotonic() - began)

    # -- one point, step by step

    def _orders(self, play: Play) -> Orders:
        if play.victim == "engine":
            return self.bench.orders
        if self.cups is None:
            self.cups = self.bench.watched_cups(play.victim)
        return self.cups.orders

    def _call(self, play: Play) -> str:
        log = self.bench.points_log if play.victim == "engine" or self.cups is None else self.cups.log
        hit = [line for line in log.read_text(encoding="utf-8").splitlines() if line.endswith(" <")]
        return hit[-1].partition(" ")[2][:-2] if hit else ""

    def _prepare(self, play: Play, number: int = 0) -> None:
        """The world as the play wants it, with nothing counted yet."""
        self._orders(play)
        if self.stale or self.bench.engine is None or not self.bench.engine.alive or play.what == "first-start":
            self.bench.fresh()
            self.stale = False
        self.bench.at_home()
        self.bench.applicant(play.document)
        if play.what == "recovery":
            self._cut_off(random.Random(number))  # spreads the cuts, guards nothing
        elif play.what in STARTS and play.victim == "engine":
            self.bench.end_engine()
        if play.what == "first-start":
            self.bench.forget_ledger()

    def _cut_off(self, chance: random.Random) -> None:
        """Leave an attempt unfinished, somewhere between its first row and its last."""
        self.bench.orders.arm(chance.randrange(150, 480))
        with contextlib.suppress(EngineGoneError):
            self.bench.visit("kk")
        self.bench.end_engine()

    def _begin(self, play: Play, number: int) -> None:
        log = self.bench.points_log if play.victim == "engine" or self.cups is None else self.cups.log
        if log.exists():
            os.truncate(log, 0)
        self._orders(play).arm(number, error=play.error, disk=bool(play.error))

    def _go(self, play: Play) -> None:
        """Until the victim is killed, or all is done."""
        try:
            if play.victim == "cupsd" and play.what == "start":
                self.cups.restart()  # type: ignore[union-attr]  # made in _orders
            elif play.victim == "engine" and play.what in STARTS:
                self.bench.start_engine()
            else:
                self.bench.visit(play.document)
        except EngineGoneError:
            if play.victim != "engine":
                raise
        except NotShownError:
            if not play.error:
                raise
        self._orders(play).disarm()

    def _bring_back(self, play: Play, met: bool) -> float | None:
        """The victim as its supervisor starts it again; the seconds until it serves."""
        bench = self.bench
        if play.victim == "engine":
            if bench.engine is not None and bench.engine.alive and met:
                self._let_it_end()
            if met or bench.engine is None or not bench.engine.alive:
                bench.end_engine()
                bench.start_engine()
                return bench.ready_s[-1]
        elif self.cups is not None and play.victim == "cupsd":
            self.cups.settle()
            return self.cups.ready_s[-1] if met else None
        return None

    def _let_it_end(self) -> None:
        """An engine that met an error goes on, or says that it is out of service and ends by itself."""
        talker = self.bench.talker
        view = talker.last.view if talker.last else None
        if isinstance(view, p.OutOfServiceView) and view.reason is p.OutReason.FAULT and self.bench.engine:
            self.bench.engine.ended(ENDS_WITHIN_S)


def _where(error: Exception) -> list[str]:
    return traceback.format_tb(error.__traceback__)[-4:]
