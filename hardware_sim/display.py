"""A display for the kiosk's window: the one that is there, or a virtual one of the kiosk's size."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from PIL import Image, ImageGrab

from hardware_sim.processes import WorldProcess

START_WITHIN_S = 15.0


class Display:
    """An X display, by name."""

    def __init__(self, name: str, server: WorldProcess | None = None) -> None:
        self.name = name
        self._server = server

    @classmethod
    def virtual(cls, width: int, height: int, logs: Path) -> Display:
        """Start Xvfb on the first free display number; it writes the number to its output when it is ready."""
        screen = f"{width}x{height}x24"
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
        server = WorldProcess("xvfb", command, logs)
        return cls(f":{server.first_line(START_WITHIN_S)}", server)

    def holds(self, size: tuple[int, int]) -> bool:
        """Whether a window of that size fits; a display that cannot be asked is taken as large."""
        asked = ["xdotool", "getdisplaygeometry"]
        env = {**os.environ, "DISPLAY": self.name}
        told = subprocess.run(asked, env=env, capture_output=True, text=True, check=False, timeout=10).stdout.split()
        return len(told) != 2 or (int(told[0]) >= size[0] and int(told[1]) >= size[1])

    def picture(self) -> Image.Image:
        """What is on the display now."""
        return ImageGrab.grab(xdisplay=self.name).convert("RGB")

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
