"""The two processes of the kiosk itself, started from outside as the service manager would, on a given display."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from types import TracebackType
from typing import Any

from hardware_sim.display import Display
from hardware_sim.processes import WorldProcess
from hardware_sim.world import World

COMMAND_WITHIN_S = 60.0


class Kiosk:
    """Engine and screen of one kiosk in a world."""

    def __init__(self, world: World, display: Display) -> None:
        self._world = world
        self._display = display
        self.engine: WorldProcess | None = None
        self.screen: WorldProcess | None = None
        world.machine.kiosk = self

    def start(self) -> None:
        self.start_engine()
        self.start_screen()

    def start_engine(self) -> None:
        if self.engine is not None:
            self.engine.stop()  # one that has ended by itself is still to be waited for
        self.engine = self._start("engine", {})

    def start_screen(self) -> None:
        if self.screen is not None:
            self.screen.stop()
        # Said outright: whoever starts us may have drawn offscreen before, and a window that nobody can touch is none.
        self.screen = self._start("screen", {"DISPLAY": self._display.name, "SDL_VIDEODRIVER": "x11"})

    def screen_pid(self) -> int | None:
        """The process whose window it is, while there is one."""
        return self.screen.pid if self.screen is not None and self.screen.running else None

    def stop(self) -> None:
        for process in (self.screen, self.engine):
            if process is not None:
                process.stop()
        self.screen = self.engine = None

    def command(self, *arguments: str) -> str:
        """What an operator types after ``adm-kiosk``; its words. ValueError with them when it ends with a failure."""
        command = [sys.executable, "-m", "kiosk", *arguments, "--settings", str(self._world.settings_path)]
        done = subprocess.run(
            command,
            env={**os.environ, **self._world.kiosk_env},
            capture_output=True,
            text=True,
            timeout=COMMAND_WITHIN_S,
            check=False,
        )
        if done.returncode:
            raise ValueError(f"adm-kiosk {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def kill(self) -> None:
        """End both at once, as a power cut does."""
        for process in (self.screen, self.engine):
            if process is not None:
                process.kill()
        self.screen = self.engine = None

    # -- what its ledger says; read only

    def attempts(self) -> list[dict[str, Any]]:
        """The attempts, oldest first, each with its phases."""
        with closing(self._ledger()) as ledger:
            attempts = [dict(row) for row in ledger.execute("SELECT * FROM attempts ORDER BY attempt_id")]
            for attempt in attempts:
                phases = ledger.execute(
                    "SELECT phase, at, actor FROM attempt_phases WHERE attempt_id = ? ORDER BY number",
                    (attempt["attempt_id"],),
                )
                attempt["phases"] = [dict(row) for row in phases]
        return attempts

    def audit(self, after: int = 0) -> list[dict[str, Any]]:
        """The entries of the audit log after that number, each with its type as "event"."""
        with closing(self._ledger()) as ledger:
            rows = ledger.execute("SELECT event, data FROM audit WHERE seq > ? ORDER BY seq", (after,)).fetchall()
        return [{"event": row["event"], **json.loads(row["data"])} for row in rows]

    def last_entry(self) -> int:
        """The number of the newest entry of the audit log."""
        return self._one_number("SELECT coalesce(max(seq), 0) FROM audit")

    def failed_logins(self) -> int:
        """In a row, as the kiosk's own budget counts them."""
        return self._one_number("SELECT failures FROM login_budget")

    def waiting_outcomes(self) -> set[str]:
        """The attempts whose outcome the Dinas has not heard yet."""
        waiting = "SELECT attempt_id FROM outbox WHERE sent_at IS NULL AND refused_at IS NULL"
        with closing(self._ledger()) as ledger:
            return {row["attempt_id"] for row in ledger.execute(waiting)}

    def _one_number(self, query: str) -> int:
        with closing(self._ledger()) as ledger:
            number: int = ledger.execute(query).fetchone()[0]
        return number

    def _ledger(self) -> sqlite3.Connection:
        ledger = sqlite3.connect(f"file:{self._world.folder}/state/ledger.sqlite3?mode=ro", uri=True)
        ledger.row_factory = sqlite3.Row
        return ledger

    def __enter__(self) -> Kiosk:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self, part: str, env: dict[str, str]) -> WorldProcess:
        command = [sys.executable, "-m", "kiosk", part, "--settings", str(self._world.settings_path)]
        return WorldProcess(part, command, self._world.logs, {**self._world.kiosk_env, **env})
