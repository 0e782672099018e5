"""A window without a display: shows Views on real widgets, taps them, reads the pixels back.

Kivy can be set up once in a process, so there is one window; it changes its size between tests.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

PORTRAIT = (1080, 1920)
LANDSCAPE = (1366, 768)
SIZES = {"portrait": PORTRAIT, "landscape": LANDSCAPE}
STILL_S = 3600.0  # longer than any run of the tests
WINDOW = (1366, 1920)  # holds either; a window without a display does not grow


def open_window() -> None:
    """Set up Kivy without a display. Before its first import, or the environment is not heeded."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from kiosk.screen import environment

    environment.prepare(WINDOW, frames_per_second=0)  # tests wait for no frame
    from kivy.base import runTouchApp
    from kivy.core.window import Window
    from kivy.uix.widget import Widget

    from kiosk.screen import theme
    from kiosk.screen.widgets.basics import Ticker

    # Which dot is lit is a matter of time; on a busy machine half a second passes between a page and its picture.
    Ticker.PERIOD_S = STILL_S
    theme.register_fonts()
    Window.clearcolor = theme.current().paper
    runTouchApp(Widget(), embedded=True)


class Stage:
    """One root on the window."""

    def __init__(self, size: tuple[int, int]) -> None:
        from kivy.core.window import Window

        from kiosk.screen.root import Root

        self.orientation = "landscape" if size[0] > size[1] else "portrait"
        self.said: list[Any] = []
        self.clock = 1000.0
        self.window = Window
        self.size = size
        self.root = Root(self.said.append, lambda: self.clock, size)
        for child in list(Window.children):
            Window.remove_widget(child)
        self.root.size_hint = (None, None)
        self.root.size = size
        Window.add_widget(self.root)
        self.frames()

    def close(self) -> None:
        self.window.remove_widget(self.root)

    def frames(self, count: int = 4) -> None:
        """Let clock and layout run, as a frame does, but draw nothing: `picture` draws."""
        from kivy.clock import Clock
        from kivy.lang import Builder

        for _ in range(count):
            Clock.tick()
            Builder.sync()
            Clock.tick_draw()
            Builder.sync()

    def show(self, show: Any, after: Callable[[Any], None] | None = None) -> None:
        """Apply a Show (None: the engine is lost) and let the layout settle."""
        if show is None:
            self.root.lost()
        else:
            self.root.apply(show)
        self.frames()
        if after is not None:
            after(self.root)
            self.frames()

    def items(self) -> list[dict[str, Any]]:
        """Items of the tree."""
        from kiosk.screen.tree import snapshot

        found: list[dict[str, Any]] = snapshot(self.root)["items"]
        return found

    def tap(self, label: str, *, hold: bool = False) -> None:
        """Press and release in the middle of an item, as the mouse provider would."""
        item = next(i for i in self.items() if i["label"] == label and i["role"] != "text")
        left, top, width, height = item["bounds"]
        self.tap_at(left + width / 2, top + height / 2, hold=hold)

    def tap_at(self, x: float, y: float, *, hold: bool = False) -> None:
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(x, self.size[1] - y)
        touch.touch_down()
        self.frames(2)
        if not hold:
            touch.touch_up()
            self.frames(3)

    def picture(self) -> Image.Image:
        """What is on the window."""
        from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

        self.window.dispatch("on_draw")
        width, height = self.size
        pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
        return Image.frombytes("RGB", (width, height), pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    def widgets(self) -> Iterator[Any]:
        """Every widget that is seen, of the page or of what lies over it."""
        yield from _seen(self.root.still_there or self.root.current_page)


def _seen(widget: Any) -> Iterator[Any]:
    if widget.opacity == 0 or widget.width <= 0 or widget.height <= 0:
        return
    yield widget
    for child in reversed(widget.children):
        yield from _seen(child)
