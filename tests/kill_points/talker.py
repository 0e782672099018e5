"""A person without a window: speaks the protocol on the engine's screen socket, as the screen would."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.protocol import Intent, OutOfServiceView, OutReason, Said, Show, View, decode_show, encode

EVERY_S = 0.01


class EngineGoneError(Exception):
    """The line ended: the engine was killed, or ended by itself."""


class NotShownError(Exception):
    """What was waited for did not come; the text names the last view."""


class Talker:
    """One line to one engine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line: socket.socket | None = None
        self._rest = b""
        self.last: Show | None = None

    def connect(self, within: float, alive: Callable[[], bool]) -> None:
        """Wait until the engine listens. EngineGoneError when it is not ``alive`` any more."""
        deadline = time.monotonic() + within
        while True:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.connect(str(self._path))
            except OSError:
                line.close()
                if not alive():
                    raise EngineGoneError from None
                if time.monotonic() > deadline:
                    raise NotShownError("no engine listens") from None
                time.sleep(EVERY_S)
                continue
            self._line, self._rest, self.last = line, b"", None
            return

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def say(self, intent: Intent) -> None:
        if self._line is None or self.last is None:
            raise EngineGoneError
        with contextlib.suppress(OSError):  # reading will tell
            self._line.sendall(encode(Said(self.last.page, intent)))

    def tap(self, intent: Intent, *wanted: type[View], on: tuple[type[View], ...], within: float) -> View:
        """Say it on a page of that kind until one of the wanted views comes; said again when the page was changed."""
        deadline, said_on = time.monotonic() + within, 0
        while self.last is None or not isinstance(self.last.view, wanted):
            if self.last is not None and isinstance(self.last.view, on) and self.last.page != said_on:
                said_on = self.last.page
                self.say(intent)
            self._read(deadline)
        return self.last.view

    def see(self, *views: type[View], within: float, where: Callable[[View], bool] = lambda _: True) -> View:
        """Wait for one of these views; the one that is shown."""
        deadline = time.monotonic() + within
        while self.last is None or not isinstance(self.last.view, views) or not where(self.last.view):
            self._read(deadline)
        return self.last.view

    def ready(self, within: float) -> View:
        """Wait until the engine is past its start: what it shows then."""
        return self.see(View, within=within, where=lambda view: not _starting(view))  # type: ignore[arg-type]  # a union is a type to isinstance

    def _read(self, deadline: float) -> None:
        while b"\n" not in self._rest:
            if self._line is None:
                raise EngineGoneError
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotShownError(f"{self.last.view if self.last else 'nothing'} was shown last")
            self._line.settimeout(left)
            try:
                data = self._line.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                self.close()
                raise EngineGoneError
            self._rest += data
        line, self._rest = self._rest.split(b"\n", 1)
        self.last = decode_show(line)


def _starting(view: View) -> bool:
    return isinstance(view, OutOfServiceView) and view.reason is OutReason.STARTING
