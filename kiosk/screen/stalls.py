"""A call that holds the UI thread writes its own file and line into the journal.

faulthandler's timer did this before, and now and then it took the screen down with it: its thread reads the frames of a
running thread without holding the interpreter's lock. This one holds it.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback

log = logging.getLogger(__name__)


class StallWatch:
    """Watches the thread that makes it; that thread says ``alive`` much oftener than every ``stall_s`` seconds."""

    def __init__(self, stall_s: float) -> None:
        self._stall_s = stall_s
        self._watched = threading.get_ident()
        self._alive_at = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stall watch", daemon=True)

    def start(self) -> None:
        self.alive()
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(1)

    def alive(self) -> None:
        self._alive_at = time.monotonic()

    def _run(self) -> None:
        told: float | None = None  # the stall that began then is in the journal
        while not self._ended.wait(self._stall_s / 2):
            began = self._alive_at
            if began != told and time.monotonic() - began > self._stall_s:
                told = began
                if frame := sys._current_frames().get(self._watched):  # noqa: SLF001  # the documented way to another thread's stack
                    log.warning("stalled for more than %g s\n%s", self._stall_s, "".join(traceback.format_stack(frame)))
