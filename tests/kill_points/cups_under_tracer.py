"""The world's cupsd, or the fence that it starts, under the tracer; and a supervisor that brings cupsd back.

As the unit says (systemd/cups.service.d): what a crashed cupsd leaves behind dies at once, its spool is emptied, and it
is started again.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from pathlib import Path

import planted
from tracer import Orders

from hardware_sim.printers.cups import PrivateCups

TRACER = Path(__file__).with_name("tracer.py")
LOOK_EVERY_S = 0.01
RESTART_S = 0.1  # RestartSec=1 in the unit
ORPHANS_S = 1.0  # without the fence: so long what a killed cupsd left behind goes on


def wrapper(path: Path, interpreter: str, tracer: Path, orders: Path, log: Path, program: Path) -> None:
    """A program of that path that starts another one under the tracer."""
    path.unlink(missing_ok=True)
    path.write_text(f'#!/bin/sh\nexec {interpreter} {tracer} {orders} {log} {program} "$@"\n', encoding="utf-8")
    path.chmod(0o755)


class WatchedCups:
    """The cupsd of a world. ``orders`` are those of cupsd or of the fence, whichever is watched."""

    def __init__(self, cups: PrivateCups, *, fenced: bool = True) -> None:
        """``fenced=False``, a control: no claim is made, and cupsd finds its spool again, as a plain one does."""
        self._cups = cups
        self._fenced = fenced
        folder = cups.folder / "kill"
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        self.orders = Orders(folder / "orders")
        self.log = folder / "points.log"
        self.log.touch()
        self.log.chmod(0o666)
        self.ready_s: list[float] = []
        self._bin = folder / "bin"
        self._folder = folder
        self._fence = cups.folder / "bin" / "backend" / "adm-fence"
        if not fenced:
            planted.without_claim(self._fence)
        self._ended = threading.Event()
        self._one_at_a_time = threading.Lock()  # supervisor and play
        self._supervisor: threading.Thread | None = None

    def watch_fence(self) -> None:
        """From the next job on."""
        real = self._folder / "adm-fence"
        if not real.exists():
            shutil.copyfile(self._fence, real)
            real.chmod(0o755)
        own = self._folder / "tracer.py"  # the checkout may be closed to the user of the backends
        shutil.copyfile(TRACER, own)
        own.chmod(0o644)
        wrapper(self._fence, "/usr/bin/python3 -I", own, self.orders.path, self.log, real)

    def watch_daemon(self) -> None:
        """Start it anew under the tracer, and bring it back whenever it dies."""
        self._bin.mkdir(exist_ok=True)
        path = os.environ["PATH"]
        real = shutil.which("cupsd", path=f"{path}:/usr/sbin")
        if real is None:
            raise FileNotFoundError("cupsd")
        wrapper(self._bin / "cupsd", sys.executable, TRACER, self.orders.path, self.log, Path(real))
        os.environ["PATH"] = f"{self._bin}:{path}"
        self._cups.stop()
        self.start()
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)
        self._supervisor.start()

    def start(self) -> None:
        """Until it answers. A kill in its start is followed by another start, as a supervisor does it."""
        began = time.monotonic()
        while True:
            try:
                self._cups.start_daemon()
            except ChildProcessError:
                self.orders.disarm()
                began = time.monotonic()
                continue
            break
        self.ready_s.append(time.monotonic() - began)

    def restart(self) -> None:
        """End all of it, empty its spool, and start it anew."""
        with self._one_at_a_time:
            self._again()

    def close(self) -> None:
        self._ended.set()
        if self._supervisor is not None:
            self._supervisor.join()
            os.environ["PATH"] = os.environ["PATH"].removeprefix(f"{self._bin}:")

    def _again(self) -> None:
        if self._fenced:
            self._cups.cut_power()
            time.sleep(RESTART_S)
        else:
            time.sleep(ORPHANS_S)
            self._cups.kill()
        self.start()

    def settle(self) -> None:
        """Wait until a daemon that was killed is back."""
        while self.orders.met and self.orders.armed:
            time.sleep(LOOK_EVERY_S)
        with self._one_at_a_time:
            return

    def _supervise(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            if self.orders.met and self.orders.armed and self._one_at_a_time.acquire(blocking=False):
                try:
                    self.orders.disarm()
                    self._again()
                finally:
                    self._one_at_a_time.release()
