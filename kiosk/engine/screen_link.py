"""The Unix socket between engine and screen: Shows go out, what was Said comes in.

One screen at a time; a new one takes over, because the old one is dead or being replaced. A screen that says what is
not in the protocol is cut off: it is either broken or not ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from kiosk.protocol import Said, Show, decode_said, encode

log = logging.getLogger(__name__)

LONGEST_LINE = 64 * 1024  # an Intent with twelve permits takes about 600 bytes


class ScreenLink:
    """Listens on a socket that only the kiosk's own users can open."""

    def __init__(self, path: Path, said: Callable[[Said], None]) -> None:
        self._path = path
        self._said = said
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._last: Show | None = None
        self._lock: IO[str] | None = None  # held as long as this engine listens

    async def start(self) -> None:
        """Listen. Raises OSError when another engine already does: its screen must not be taken from it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._path.with_suffix(".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise OSError(f"{self._path}: another engine of this kiosk is running") from None
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=LONGEST_LINE)
        self._path.chmod(0o660)

    def show(self, show: Show) -> None:
        """Send what is to be seen now; a screen that connects later gets the last one."""
        self._last = show
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(encode(show))

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._writer is not None:
            log.info("another screen connected; it takes over")
            self._writer.close()
        self._writer = writer
        log.info("screen connected")
        if self._last is not None:
            writer.write(encode(self._last))
        try:
            while line := await reader.readline():
                self._said(decode_said(line))
        except (msgspec.DecodeError, ValueError) as error:
            log.error("the screen said what is not in the protocol (%s); cut off", type(error).__name__)
        except ConnectionError:
            pass
        finally:
            if self._writer is writer:
                self._writer = None
                log.warning("screen gone")
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
