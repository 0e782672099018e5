"""The screen's end of the engine's socket, for programs that stand in for the screen."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk import protocol as p

LONGEST_S = 60.0


class Screen:
    """Reads what is shown as it comes, and says Intents on the page that is there now."""

    def __init__(self, path: Path) -> None:
        self._socket = _connect(path)
        self._changed = threading.Condition()
        self._shown: p.Show | None = None
        threading.Thread(target=self._read, name="screen", daemon=True).start()
        with self._changed:
            self._changed.wait_for(lambda: self._shown is not None, LONGEST_S)

    def say(self, intent: p.Intent) -> None:
        shown = self._shown
        assert shown is not None  # for the type checker; the first one was waited for
        self._socket.sendall(p.encode(p.Said(shown.page, intent)))

    def wait(self, view: type, where: Callable[[Any], bool] = lambda _: True) -> Any:
        """The present or next Show with such a View; TimeoutError after LONGEST_S."""

        def there() -> bool:
            return self._shown is not None and isinstance(self._shown.view, view) and where(self._shown.view)

        with self._changed:
            if not self._changed.wait_for(there, LONGEST_S):
                raise TimeoutError(f"no {view.__name__}; shown is {self._shown and type(self._shown.view).__name__}")
            assert self._shown is not None  # for the type checker
            return self._shown.view

    def _read(self) -> None:
        with self._socket.makefile("rb") as lines:
            for line in lines:
                with self._changed:
                    self._shown = p.decode_show(line)
                    self._changed.notify_all()


def _connect(path: Path) -> socket.socket:
    deadline = time.monotonic() + LONGEST_S
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
        except OSError:
            line.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return line
