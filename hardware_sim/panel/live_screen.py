"""The kiosk's display in the page: x11vnc on a socket in a private folder, and websockify between it and the browser.

x11vnc asks for no password: its socket lies in a folder that only this user enters, and it listens on no port. Whoever
comes by websocket must come from the panel's own page, which the browser says (Origin) and a page cannot forge.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from hardware_sim.processes import ProcessFailedError, WorldProcess

NOVNC = Path("/usr/share/novnc")  # Debian's novnc
START_WITHIN_S = 15.0


class LiveScreen:
    """One display, or one window of it. Runs from the first time that somebody wants to see it."""

    def __init__(self, display: str | None, window_of: Callable[[], int | None] | None = None) -> None:
        """``window_of`` tells the process whose window is shown alone, on a display that shows other things as well."""
        self._display = display
        self._window_of = window_of
        self._folder: Path | None = None
        self._view: WorldProcess | None = None
        self._bridge: WorldProcess | None = None
        self._port = 0
        self._lock = threading.Lock()

    def missing(self) -> str | None:
        """Why there is nothing to see, in a sentence for people; None when there is."""
        if self._display is None:
            return "Layar kios tidak terlihat di sini: dunia ini berjalan tanpa kios."
        if not self._display.startswith((":", "unix:")):
            return "Layar kios tidak terlihat di sini: kios memakai layar komputer lain."
        packages = {"x11vnc": "x11vnc", "websockify": "websockify"}
        missing = [package for program, package in packages.items() if shutil.which(program) is None]
        missing += [] if NOVNC.is_dir() else ["novnc"]
        if missing:
            return f"Layar kios tidak terlihat di sini: paket {', '.join(missing)} belum terpasang."
        return None

    def open(self, origins: Sequence[str]) -> int:
        """The port of the websocket, for pages of these origins. Raises ProcessFailedError."""
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="adm-panel-"))  # of mode 0700
            if self._view is None or not self._view.running:
                self._view = self._start_view(self._folder)
            if self._bridge is None or not self._bridge.running:
                self._bridge = self._start_bridge(self._folder, origins)
            return self._port

    @property
    def view(self) -> WorldProcess | None:
        """The process of x11vnc, once somebody looked."""
        return self._view

    def close(self) -> None:
        with self._lock:
            for process in (self._bridge, self._view):
                if process is not None:
                    process.stop()
            self._bridge = self._view = None
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def _start_view(self, folder: Path) -> WorldProcess:
        (folder / "vnc").unlink(missing_ok=True)
        command = ["x11vnc", "-display", str(self._display), *self._window(), "-unixsock", str(folder / "vnc")]
        # No port at all, neither of IPv4 nor of IPv6. (-localhost would refuse the socket: it compares names.)
        command += ["-rfbport", "0", "-rfbportv6", "-1", "-nopw"]
        command += ["-forever", "-shared", "-nosel", "-nocursor", "-noxrecord", "-nodpms", "-quiet"]
        view = WorldProcess("x11vnc", command, folder)
        try:
            view.wait_until((folder / "vnc").exists, START_WITHIN_S, "no socket")
        except ProcessFailedError:
            view.stop()
            raise
        return view

    def _window(self) -> list[str]:
        process = self._window_of() if self._window_of is not None else None
        if process is None:
            return []
        asked = ["xdotool", "search", "--onlyvisible", "--pid", str(process)]
        env = {**os.environ, "DISPLAY": str(self._display)}
        told = subprocess.run(asked, env=env, capture_output=True, text=True, check=False, timeout=10).stdout.split()
        return ["-id", told[-1]] if told else []

    def _start_bridge(self, folder: Path, origins: Sequence[str]) -> WorldProcess:
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listening:
            self._port = listening.getsockname()[1]
            command = ["websockify", "--inetd", f"--unix-target={folder / 'vnc'}"]
            command += ["--auth-plugin=ExpectOrigin", f"--auth-source={' '.join(origins)}"]
            return WorldProcess("websockify", command, folder, stdin=listening.fileno())
