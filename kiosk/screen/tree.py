"""What is on the window, as data: the simulator's tests tap by it, and later the voice reads it.

Answers on a Unix socket: connect, and one line of JSON comes, then the connection is closed. In service there is no
such socket. Digits of NIK and PIN are not in it; fields say how many were typed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.screen.root import Root

log = logging.getLogger(__name__)

ANSWER_S = 5.0  # a UI thread that gives no picture by then is hung; the client sees an empty answer


def snapshot(root: Root) -> dict[str, Any]:
    """The tree of what is seen now. UI thread only.

    ``items`` are in focus order; ``bounds`` are x, y, width, height in pixels of the window, from its top left.
    """
    top = root.still_there or root.current_page
    showing = root.showing
    return {
        "page": root.page_number,
        "view": root.tag,
        "still_there": root.still_there is not None,
        "site": showing.site if showing else "",
        "size": [int(root.width), int(root.height)],
        "items": _items(top, root.height),
    }


def _items(widget: Any, height: float) -> list[dict[str, Any]]:
    if widget.opacity == 0 or widget.width <= 0 or widget.height <= 0:
        return []
    if getattr(widget, "role", ""):
        return [_item(widget, height)] if widget.label else []
    found: list[dict[str, Any]] = []
    for child in reversed(widget.children):  # Kivy keeps children last first
        found += _items(child, height)
    return found


def _item(widget: Any, height: float) -> dict[str, Any]:
    left, bottom = widget.to_window(widget.x, widget.y)
    return {
        "role": widget.role,
        "label": widget.label,
        "spoken": widget.spoken or widget.label,
        "bounds": [round(left), round(height - bottom - widget.height), round(widget.width), round(widget.height)],
        "enabled": not widget.disabled,
        "checked": bool(widget.checked),
    }


class TreeSocket:
    """Serves snapshots from a thread of its own. ``on_ui(function)`` runs a function on the UI thread, settled."""

    def __init__(self, path: Path, root: Root, on_ui: Callable[[Callable[[], None]], None]) -> None:
        self._path = path
        self._root = root
        self._on_ui = on_ui
        self._path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(path))
        self._server.listen(8)
        self._thread = threading.Thread(target=self._serve, name="tree", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the socket and take its file away."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(timeout=2.0)
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return  # closed
            with client:
                try:
                    client.settimeout(ANSWER_S)
                    client.sendall(self._take() + b"\n")
                except (OSError, TimeoutError) as error:
                    log.warning("tree was not sent: %s", type(error).__name__)

    def _take(self) -> bytes:
        taken = threading.Event()
        answer: list[dict[str, Any]] = []

        def take() -> None:
            try:
                answer.append(snapshot(self._root))
            finally:
                taken.set()

        self._on_ui(take)
        if not taken.wait(ANSWER_S) or not answer:
            raise TimeoutError
        return json.dumps(answer[0], ensure_ascii=False).encode()
