"""The screen as the victim: a real window on a virtual display, touched by a person, killed and brought back.

The engine goes on meanwhile: what it prints is finished, and the screen that comes back shows it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bench import Bench
from plays import Play, Result
from tracer import Orders

from hardware_sim import visits
from hardware_sim.around import Applicant
from hardware_sim.display import Display
from hardware_sim.person import NotSeenError, Person, Tree
from hardware_sim.processes import WorldProcess

TRACER = Path(__file__).with_name("tracer.py")
TITLE = "Kartu Keluarga"
READY_WITHIN_S = 60.0
EVERY_S = 0.02


class ScreenGoneError(Exception):
    """The screen was killed."""


class Visitor(Person):
    """A person who notices at once that there is no screen any more."""

    process: WorldProcess

    def look(self) -> Tree | None:
        tree = super().look()
        if tree is None and not self.process.running:
            raise ScreenGoneError
        return tree


class ScreenPlayer:
    """Plays points of the screen in one world."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        world = bench.world
        self._display = Display.virtual(*world.options.screen, world.logs)
        self._orders = Orders(world.folder / "screen-orders")
        self._log = world.folder / "screen-points.log"
        self._person = Visitor(self._display, world.tree_socket)
        self._stale = True
        self._process: WorldProcess | None = None

    def close(self) -> None:
        if self._process is not None:
            self._process.stop()
        self._display.close()

    def count(self, _: Play) -> int:
        """How many points there are in one visit."""
        self._visit(0)
        return self._orders.count

    def point(self, play: Play, number: int) -> Result:
        """Kill the screen at that call of a visit; bring it back, and see what holds."""
        began = time.monotonic()
        ready_s = None
        try:
            self._visit(number)
            ready_s = self._bring_back()
            visits.go_home(self._person)
            broken = self._bench.broken_rules()
        except (ScreenGoneError, NotSeenError) as error:
            broken = [f"the screen does not come back: {error}"]
        self._stale = bool(broken) or self._bench.in_doubt()
        hit = [line for line in self._log.read_text(encoding="utf-8").splitlines() if line.endswith(" <")]
        call = hit[-1].partition(" ")[2][:-2] if hit else ""
        return Result(play.name, number, self._orders.met, call, broken, ready_s, time.monotonic() - began)

    def _visit(self, number: int) -> None:
        """As far as the screen lets it."""
        bench, person = self._bench, self._person
        if self._stale:
            bench.fresh()
            self._stale = False
        bench.talker.close()  # the engine has one screen
        if self._process is None or not self._process.running:
            self._bring_back()
        visits.go_home(person)
        who = Applicant(**bench.world.hand("dinas").do("prepare", document="kk")["result"])
        os.truncate(self._log, 0)
        self._orders.arm(number, drawing=False)
        try:
            visits.log_in_by_scan(person, bench.world.hand("scanner"), who)
            visits.choose_and_confirm(person, TITLE)
            visits.take_paper(person, "")
            visits.leave(person)
        except ScreenGoneError:
            pass
        self._orders.disarm()

    def _bring_back(self) -> float | None:
        """Start it if it does not run; the seconds until it shows what the engine says."""
        if self._process is not None and self._process.running:
            return None
        began, world = time.monotonic(), self._bench.world
        program = [sys.executable, "-m", "kiosk", "screen", "--settings", str(world.settings_path)]
        command = [sys.executable, str(TRACER), str(self._orders.path), str(self._log), *program]
        env = {**world.kiosk_env, "DISPLAY": self._display.name, "SDL_VIDEODRIVER": "x11"}
        self._process = self._person.process = WorldProcess("screen", command, world.logs, env)
        while (tree := self._person.look()) is None or tree["view"] == visits.LOST:
            if time.monotonic() - began > READY_WITHIN_S:
                raise NotSeenError("no screen")
            time.sleep(EVERY_S)
        return time.monotonic() - began
