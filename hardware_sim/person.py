"""A person before the kiosk: sees what is on the screen, and touches it with a real finger's worth of X events.

What is on the screen is read from the screen's tree socket (published in the simulator's runs only), a line of JSON a
request; the touch goes through the X server to the window, as a touch panel's would.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware_sim.display import Display

Tree = dict[str, Any]
Item = dict[str, Any]

LOOK_AGAIN_S = 0.05
SETTLE_S = 0.25  # the tree may be a frame ahead of the pixels, and a key still looks pressed
PRESS_S = 0.06  # how long a finger rests; the pressed look holds 35 ms


class NotSeenError(AssertionError):
    """Something that should be on the screen did not come; the text says what was there instead."""


class Person:
    """Eyes on the tree, a finger on the display."""

    def __init__(self, display: Display, tree_socket: Path, pictures: Path | None = None) -> None:
        self._display = display
        self._tree_socket = tree_socket
        self._pictures = pictures
        self._taken: list[str] = []

    def look(self) -> Tree | None:
        """The tree of what is on the screen now, or None while there is no screen."""
        try:
            with socket.socket(socket.AF_UNIX) as eyes:
                eyes.settimeout(5)
                eyes.connect(str(self._tree_socket))
                eyes.sendall(b"\n")
                with eyes.makefile("r", encoding="utf-8") as lines:
                    line = lines.readline()
        except OSError:
            return None
        tree: Tree | None = None
        with contextlib.suppress(json.JSONDecodeError):
            tree = json.loads(line)
        return tree

    def see(self, view: str, within: float = 20.0, where: Callable[[Tree], bool] = lambda _: True) -> Tree:
        """Wait until that view is on the screen (and the tree is as wanted)."""
        deadline = time.monotonic() + within
        while True:
            tree = self.look()
            if tree is not None and tree["view"] == view and where(tree):
                return tree
            if time.monotonic() > deadline:
                raise NotSeenError(f"waited {within:g} s for {view!r}; on the screen: {describe(tree)}")
            time.sleep(LOOK_AGAIN_S)

    def see_other_than(self, view: str, within: float = 20.0) -> Tree:
        """Wait until the screen shows another view."""
        deadline = time.monotonic() + within
        while (tree := self.look()) is None or tree["view"] == view:
            if time.monotonic() > deadline:
                raise NotSeenError(f"{view!r} stayed for {within:g} s: {describe(tree)}")
            time.sleep(LOOK_AGAIN_S)
        return tree

    def read(self, view: str, text: str, within: float = 20.0) -> Tree:
        """Wait until that view shows the text somewhere."""
        return self.see(view, within, lambda tree: any(text in item["label"] for item in tree["items"]))

    def tap(self, label: str, within: float = 10.0) -> None:
        """Touch the one thing of that label, in its middle, once it can be touched and stands still."""
        deadline = time.monotonic() + within
        before: Item | None = None
        while True:
            tree = self.look()
            item = _touchable(tree, label) if tree else None
            # A page that has just come is laid out over the next frames; a finger waits until it stands.
            if item is not None and before is not None and item["bounds"] == before["bounds"]:
                break
            before = item
            if time.monotonic() > deadline:
                raise NotSeenError(f"nothing to touch is called {label!r}; on the screen: {describe(tree)}")
            time.sleep(LOOK_AGAIN_S)
        self.touch(item)

    def touch(self, item: Item) -> None:
        """Touch it in its middle."""
        x, y, width, height = item["bounds"]
        self._touch(round(x + width / 2), round(y + height / 2))

    def type(self, digits: str) -> None:
        """Type on the keypad of the page, a key at a time."""
        for digit in digits:
            self.tap(digit)

    def picture(self, name: str) -> None:
        """Keep a picture of the display, once for each name."""
        if self._pictures is not None and name not in self._taken:
            time.sleep(SETTLE_S)
            self._taken.append(name)
            self._pictures.mkdir(parents=True, exist_ok=True)
            self._display.picture().save(self._pictures / f"{len(self._taken):02d}-{name}.png", optimize=True)

    def _touch(self, x: int, y: int) -> None:
        command = ["xdotool", "mousemove", str(x), str(y), "mousedown", "1", "sleep", str(PRESS_S), "mouseup", "1"]
        subprocess.run(command, env={"DISPLAY": self._display.name, "PATH": "/usr/bin:/bin"}, check=True, timeout=10)


def _touchable(tree: Tree, label: str) -> Item | None:
    touchable = {"button", "keypad_key", "checkbox"}
    items = [i for i in tree["items"] if i["role"] in touchable and i.get("enabled", True)]
    exact = [i for i in items if i["label"] == label]
    return next(iter(exact or [i for i in items if i["label"].startswith(label)]), None)


def describe(tree: Tree | None) -> str:
    """The view and its labels in a line, for messages."""
    if tree is None:
        return "nothing"
    return f"{tree['view']}: " + " | ".join(item["label"] for item in tree["items"] if item["label"])
