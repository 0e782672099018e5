"""The screen process: `run` makes the window, and returns when the process is told to end.

Threads: Kivy in the main thread; one that reads the engine's line; one for the tree in the simulator's runs. The two
hand over through Clock, which is safe. An exception on the UI thread ends the process, logged: it holds nothing but
digits half typed, and the supervisor brings it back within a second, while an interval that Kivy has dropped after an
exception would stay dead unseen.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.notify import ALIVE, READY, STOPPING, notify, watchdog_interval
from kiosk.screen import environment
from kiosk.screen.connection import Connection
from kiosk.screen.stalls import StallWatch

log = logging.getLogger(__name__)

STALL_S = 0.5  # a finger feels a tenth of it; the journal hears of this much
LOOK_EVERY_S = 0.1


def run(
    socket: Path,
    size: tuple[int, int],
    fullscreen: bool = True,
    tree_socket: Path | None = None,
    position: tuple[int, int] | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Show what the engine behind ``socket`` sends, until SIGTERM or SIGINT.

    ``size`` and ``position`` (from the top left) in pixels. ``tree_socket`` is for the simulator's runs only.
    ``ready`` is called after the first frame is drawn.
    """
    environment.prepare(size, fullscreen=fullscreen, position=position)
    from kivy.base import EventLoop, runTouchApp, stopTouchApp
    from kivy.core.window import Window

    from kiosk.screen import theme
    from kiosk.screen.root import Root

    theme.register_fonts()
    _lock(Window)
    Window.clearcolor = theme.current().paper
    root, connection = _connected(Root, socket, tuple(Window.size))
    Window.bind(on_touch_down=lambda _window, _touch: root.touched())
    tree = _tree(tree_socket, root)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopTouchApp())
    _tell_supervisor(ready)
    stalls = _watch_for_stalls()
    connection.start()
    try:
        runTouchApp(root)
    finally:
        notify(STOPPING)
        stalls.stop()
        connection.stop()
        if tree is not None:
            tree.stop()
        if EventLoop is not None:
            EventLoop.close()


def _lock(window: Any) -> None:
    """No key, and no wish of the window manager, leads out."""
    window.bind(
        on_request_close=lambda *_, **__: True,
        on_keyboard=lambda *_, **__: True,
        on_key_down=lambda *_, **__: True,
        on_key_up=lambda *_, **__: True,
    )


def _connected(root_class: Any, socket: Path, size: tuple[int, int]) -> tuple[Any, Connection]:
    from kivy.clock import Clock

    holder: list[Any] = []

    def show(what: Any) -> None:
        Clock.schedule_once(lambda _: holder[0].apply(what), 0)

    def lost() -> None:
        Clock.schedule_once(lambda _: holder[0].lost(), 0)

    connection = Connection(socket, show, lost)
    holder.append(root_class(connection.say, time.monotonic, size))
    return holder[0], connection


def _tree(path: Path | None, root: Any) -> Any:
    if path is None:
        return None
    from kivy.clock import Clock

    from kiosk.screen.tree import TreeSocket

    def settled(function: Callable[[], None], frames: int, _: float) -> None:
        # Layout runs at the end of a frame: after two, what was applied before is where it will be drawn.
        if frames:
            Clock.schedule_once(partial(settled, function, frames - 1), 0)
        else:
            function()

    return TreeSocket(path, root, lambda function: Clock.schedule_once(partial(settled, function, 2), 0))


def _tell_supervisor(ready: Callable[[], None] | None) -> None:
    """Ready after the first frame; alive from the loop that draws, so that a hung loop is noticed."""
    from kivy.clock import Clock
    from kivy.core.window import Window

    def first_frame(*_: Any) -> None:
        Window.unbind(on_flip=first_frame)
        notify(READY)
        if ready is not None:
            ready()
        interval = watchdog_interval()
        if interval is not None:
            Clock.schedule_interval(lambda _: notify(ALIVE), interval)

    Window.bind(on_flip=first_frame)


def _watch_for_stalls() -> StallWatch:
    from kivy.clock import Clock

    stalls = StallWatch(STALL_S)
    stalls.start()
    Clock.schedule_interval(lambda _: stalls.alive(), LOOK_EVERY_S)
    return stalls
