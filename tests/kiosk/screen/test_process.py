"""The screen as a process of its own: what the supervisor, the engine and a test see of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from views_shown import A4, CARD, SITE

from kiosk.protocol import HomeView, Show, Way, encode

pytestmark = pytest.mark.window

START = """
import sys
from pathlib import Path
from kiosk.screen.app import run
run(Path(sys.argv[1]), (1080, 1920), fullscreen=False, tree_socket=Path(sys.argv[2]))
"""
DEADLINE_S = 30.0  # two cores, shared with other tests
HOME = Show(1, SITE, HomeView((CARD, A4), (Way.NIK,)))


def until(true: Callable[[], Any]) -> Any:
    """Wait until this is true; what it was."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came true")


class Screen:
    """The process, its engine's socket, its supervisor's socket, its tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = socket.socket(socket.AF_UNIX)
        self.engine.bind(str(folder / "engine.sock"))
        self.engine.listen()
        self.engine.settimeout(DEADLINE_S)
        self.supervisor = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.supervisor.bind(str(folder / "notify.sock"))
        self.supervisor.settimeout(DEADLINE_S)
        environment = os.environ | {
            "SDL_VIDEODRIVER": "offscreen",
            "NOTIFY_SOCKET": str(folder / "notify.sock"),
            "WATCHDOG_USEC": "400000",
            "HOME": str(folder / "home"),
        }
        environment.pop("WATCHDOG_PID", None)
        command = [sys.executable, "-c", START, str(folder / "engine.sock"), str(folder / "tree.sock")]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def tree(self) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(DEADLINE_S)
                client.connect(str(self.folder / "tree.sock"))
                return dict(json.loads(client.makefile("rb").readline() or b"{}"))
        except (FileNotFoundError, ConnectionRefusedError):
            return {}

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.engine.close()
        self.supervisor.close()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    one = Screen(tmp_path)
    yield one
    one.close()


def test_life_of_the_screen(screen: Screen) -> None:
    """Ready, alive, shows what the engine sends, says that it is lost, shows it again, and ends when told."""
    assert screen.supervisor.recv(100) == b"READY=1"
    assert screen.supervisor.recv(100) == b"WATCHDOG=1"

    first, _ = screen.engine.accept()
    first.sendall(encode(HOME))
    tree = until(lambda: (t := screen.tree()).get("view") == "home" and t)
    assert "Ketik NIK dan PIN" in [item["label"] for item in tree["items"]]

    first.close()
    until(lambda: screen.tree().get("view") == "lost")

    second, _ = screen.engine.accept()
    second.sendall(encode(HOME))
    until(lambda: screen.tree().get("view") == "home")

    screen.process.send_signal(signal.SIGTERM)
    assert screen.process.wait(DEADLINE_S) == 0
    assert not (screen.folder / "tree.sock").exists()
    # Kivy made no ~/.kivy. The home itself may be there: Mesa of Debian 13 keeps compiled shaders in ~/.cache.
    assert not (screen.folder / "home" / ".kivy").exists()
    second.close()
