"""Checks a PDF and draws its pages in a short-lived process with limits: what reaches the spooler is what was checked.

Neither pyHanko nor pdfium ever sees a document inside the engine.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
from collections.abc import Sequence

import msgspec

from kiosk.documents.draw_order import Drawn, Order, Refused
from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind

DRAWN_WITHIN_S = 30.0
_COMMAND = (sys.executable, "-I", "-m", "kiosk.documents.draw_pages")
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


class PageDrawer:
    """Each document has a process of its own, which was started before it was needed and ends with it.

    A process that waits ends by itself when this one does, since its standard input ends.
    """

    def __init__(self, within: float = DRAWN_WITHIN_S) -> None:
        self._within = within
        self._taking = threading.Lock()
        self._spare: subprocess.Popen[bytes] | None = None
        self._closed = False

    def warm_up(self) -> None:
        """Start the process for the next document; returns at once."""
        with self._taking:
            if self._spare is None and not self._closed:
                self._spare = _start()

    def close(self) -> None:
        """End the process that waits. Documents that are being drawn are not cut off."""
        with self._taking:
            spare, self._spare, self._closed = self._spare, None, True
        if spare is not None:
            _end(spare)

    async def draw(
        self, pdf: bytes, *, roots: Sequence[bytes], crls: Sequence[bytes], most_pages: int, dpi: int
    ) -> Drawn:
        """A PDF of pictures of a genuine document. The plain PDF goes through a pipe and never onto a disk.

        Roots and lists in DER. Raises DocumentError: what check_pdf says, or cannot-draw when the process dies, takes
        too long, or draws nothing.
        """
        order = msgspec.msgpack.encode(Order(pdf, list(roots), list(crls), most_pages, dpi))
        process = await asyncio.to_thread(self._take)
        try:
            said = await asyncio.to_thread(_exchange, process, order, self._within)
        finally:
            # Also when the attempt was given up meanwhile: the thread sees its process end.
            if process.poll() is None:
                process.kill()
            self.warm_up()
        if isinstance(said, Refused):
            raise DocumentError(said.kind, said.reason)
        return said

    def _take(self) -> subprocess.Popen[bytes]:
        with self._taking:
            spare, self._spare = self._spare, None
        if spare is not None:
            if spare.poll() is None:
                return spare
            _end(spare)
        return _start()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_ENVIRONMENT
    )


def _exchange(process: subprocess.Popen[bytes], order: bytes, within: float) -> Drawn | Refused:
    try:
        said, _ = process.communicate(order, within)
        if process.returncode != 0:
            raise DocumentError(NoticeKind.DAMAGED, "cannot-draw")
        answer: Drawn | Refused = msgspec.msgpack.decode(said, type=Drawn | Refused)
    except (subprocess.TimeoutExpired, OSError, msgspec.DecodeError):
        raise DocumentError(NoticeKind.DAMAGED, "cannot-draw") from None
    finally:
        _end(process)
    return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
