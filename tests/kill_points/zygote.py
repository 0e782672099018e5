"""Starts engines in milliseconds: a process that has imported everything, and forks an engine under the tracer.

``python zygote.py SOCKET``; each connection to the socket is one order (JSON) and its answer (the engine's pid). What
an engine does after its imports is untouched, but for what would only cost time here: drawing of a PDF's pages (in the
product a process of its own, with tests of its own) has one fixed result, looks at a job that is being printed come
more often, the settling after a cancel is as short as the simulated printers are fast, and an engine that cannot start
says so for a shorter time.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import tracer
from PIL import Image

from drivers.spooler import factory  # noqa: F401  # imported ahead of the engines that are forked
from drivers.spooler import printer as spooled
from kiosk.documents import prepare
from kiosk.documents.draw_order import Drawn
from kiosk.engine import app
from kiosk.issuance import hand_out
from kiosk.settings import load

FAILED = 1


def page() -> bytes:
    """An A4 page of grey, as a PDF of one picture."""
    file = io.BytesIO()
    Image.new("L", (310, 438), 200).save(file, "PDF", resolution=37.5)
    return file.getvalue()


class FixedDrawer:
    """In the place of PageDrawer."""

    DRAWN = Drawn(page(), 1)

    def warm_up(self) -> None:
        """Nothing to start."""

    def close(self) -> None:
        """Nothing to end."""

    async def draw(self, *_: object, **__: object) -> Drawn:
        return self.DRAWN


def hurry() -> None:
    prepare.PageDrawer = FixedDrawer  # type: ignore[assignment,attr-defined]  # the place of the real one
    spooled.FOLLOW_EVERY_S = 0.03
    spooled.SETTLE_S = 1.5
    hand_out.LOOK_EVERY_S = 0.03
    app.FAULT_SHOWN_S = 0.2


def engine(order: dict[str, Any]) -> None:
    """Become the engine; does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.update(order["env"])
    errors = os.open(order["stderr"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(errors, 1)
    os.dup2(errors, 2)
    os.close(errors)
    plant = order.get("plant")
    if plant:
        import planted

        planted.FAULTS[plant]()
    os._exit(app.run(load(Path(order["settings"]))))


def serve(path: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the tracers are not waited for
    hurry()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        while True:
            line, _ = listener.accept()
            with line:
                order = json.loads(line.makefile().readline())
                if os.fork() == 0:
                    listener.close()
                    watch(order, line)


def watch(order: dict[str, Any], line: socket.socket) -> None:
    """The tracer of one engine; does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def started(pid: int) -> None:
        line.sendall(json.dumps({"pid": pid}).encode() + b"\n")
        line.close()

    def become() -> None:
        line.close()
        engine(order)

    tracer.spawn(become, tracer.Orders(order["orders"]), order["log"], started)
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
