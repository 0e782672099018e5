"""The line to the engine: a thread reads it, and connects again with patience when it is lost.

Knows nothing of Kivy: what comes is told through two callables, which must be safe to call from this thread.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.protocol import Said, Show, decode_show, encode

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.1  # the engine is usually back within its own start-up
LONGEST_PAUSE_S = 2.0  # somebody stands before the machine
LONGEST_LINE = 1 << 20  # twelve documents are some kilobytes; more than this is no Show


class Connection:
    """Reads Shows, sends Saids. ``show`` and ``lost`` are called from the reader's thread."""

    def __init__(self, path: Path, show: Callable[[Show], None], lost: Callable[[], None]) -> None:
        self._path = path
        self._show = show
        self._lost = lost
        self._socket: socket.socket | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine-line", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread. Waits for it."""
        self._ended.set()
        line = self._socket
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=2.0)

    def say(self, said: Said) -> bool:
        """Send what a person did; False if the engine is not there or does not read. Never waits: no finger may."""
        line = self._socket
        if line is None:
            return False
        message = encode(said)
        try:
            return line.send(message, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) == len(message)
        except OSError:
            return False

    def _run(self) -> None:
        pause = FIRST_PAUSE_S
        told = False
        while not self._ended.is_set():
            heard = False
            try:
                heard = self._listen()
            except (OSError, msgspec.DecodeError) as error:
                # DecodeError is the parent of ValidationError: another version of the engine, or none at all.
                if not told:
                    log.warning("engine is lost: %s", type(error).__name__)
            finally:
                self._socket = None
            pause = FIRST_PAUSE_S if heard else min(LONGEST_PAUSE_S, pause * 2)
            if heard or not told:
                self._lost()
            told = True
            self._ended.wait(pause)

    def _listen(self) -> bool:
        """Connect and pass on Shows until the line ends; True if at least one came."""
        heard = False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(str(self._path))
            self._socket = line
            with line.makefile("rb") as lines:
                while not self._ended.is_set():
                    message = lines.readline(LONGEST_LINE)
                    if not message.endswith(b"\n"):
                        return heard
                    show = decode_show(message)
                    if not heard:
                        log.info("engine is there")
                    heard = True
                    self._show(show)
        return heard
