"""Opens a stopped CUPS queue again, once nothing of it can come out any more.

CUPS stops a queue by itself when a connection is cut in mid-document, and it stays stopped until somebody opens it: no
operator should need the CUPS web page for that. Opening sends what still waits, so the driver refuses while the queue
holds a job; and it is left alone while an attempt runs or is in doubt.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from drivers.device import Condition, DeviceStatus
from drivers.errors import DeviceError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0


@runtime_checkable
class Queued(Protocol):
    """A printer behind a queue (drivers.spooler.printer)."""

    name: str

    @property
    def status(self) -> DeviceStatus:
        """The last reading."""

    async def open_queue(self) -> None:
        """Open it; DeviceRefusedError while it holds jobs."""


async def keep_open(printers: Sequence[Queued], may_open: Callable[[str], bool]) -> None:
    """For as long as the engine runs. ``may_open`` tells of a printer's name that nothing is under way on it."""
    while True:
        for printer in printers:
            if Condition.QUEUE_STOPPED in printer.status.conditions and may_open(printer.name):
                try:
                    await printer.open_queue()
                except DeviceError as error:
                    log.error("%s: its queue stays stopped (%s)", printer.name, error.reason)
                else:
                    log.warning("%s: its queue was stopped, and is open again", printer.name)
        await asyncio.sleep(LOOK_EVERY_S)
