"""A receipt printer: its status every second, and receipts one at a time, each sent once.

One thread of its own owns the line.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from PIL import Image

from drivers.device import NEVER_READ, DeviceState, DeviceStatus
from drivers.errors import DeviceAwayError, DeviceError, DeviceRefusedError
from drivers.owner import OwnerThread
from drivers.receipt_printer.frames import Flags
from drivers.receipt_printer.protocol import ReceiptLine
from drivers.receipt_printer.render import render
from drivers.supervision import Presence, Supervision

STATUS_EVERY_S = 1.0
EXCHANGE_WITHIN_S = 10.0  # opening, or four questions; each has shorter time-outs of its own
BITS_PER_BYTE = 10  # 8N1; a printer on USB or TCP is given the time of that serial line
ROWS_PER_S = 400  # 50 mm/s at 8 dots/mm, the slowest machines
PRINT_MARGIN_S = 10.0  # warming up, cutting


class ReceiptPrinter:
    """One ESC/POS printer on a serial line, a USB printer device or a TCP port (see ``lines.open_line``).

    Start and close it once, in the same event loop.
    """

    def __init__(
        self, name: str, port: str, baud: int, width_px: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._baud = baud
        self._width_px = width_px
        self._clock = clock
        self._line = ReceiptLine(name, port, baud, clock)
        self._owner = OwnerThread(name)
        self._presence = Presence(name)
        self._supervision = Supervision(self._presence, clock)
        self._status = NEVER_READ
        self._using = asyncio.Lock()  # so that a status question does not wait in the thread behind a receipt

    async def start(self) -> None:
        """Begin to watch the printer; returns at once, with or without it there."""
        self._owner.start()
        self._supervision.start(self._watch, self._show)

    async def close(self) -> None:
        """Give the line back and end the thread."""
        await self._supervision.close()
        self._owner.submit(self._line.close)
        await self._owner.close()

    @property
    def status(self) -> DeviceStatus:
        """The last reading. A printer that does not answer is unknown, never without paper."""
        return self._status

    async def refresh(self) -> DeviceStatus:
        """Ask the printer itself now. Raises DeviceAwayError when its line is gone."""
        async with self._using:
            return await self._ask()

    async def print_picture(self, image: Image.Image, cut: bool = True) -> None:
        """Print a picture of at most the paper's width, and return when the printer says that it is out.

        Sent once, and never again by itself. Raises DeviceRefusedError or DeviceAwayError when nothing was sent, since
        the printer is not ready; ReceiptUnknownError when it was sent and the printer did not say that it is out;
        ValueError for a picture that does not fit.
        """
        receipt = await asyncio.to_thread(render, image, self._width_px, cut=cut)
        within = len(receipt) * BITS_PER_BYTE / self._baud + image.height / ROWS_PER_S + PRINT_MARGIN_S
        async with self._using:
            status = await self._ask()
            if status.state is DeviceState.UNKNOWN:
                raise DeviceAwayError(self.name, "does not answer; nothing was sent")
            if not status.ready:
                reasons = sorted(map(str, status.blocking)) or [str(status.state)]
                raise DeviceRefusedError(self.name, f"not ready ({', '.join(reasons)}); nothing was sent")
            self._show(DeviceStatus(DeviceState.BUSY, status.conditions, self._clock()))
            try:
                await self._owner.call(lambda: self._line.print(receipt, within), within=within + EXCHANGE_WITHIN_S)
            except DeviceError:
                await self._ask_if_there()
                raise
            await self._ask_if_there()

    async def _watch(self) -> None:
        try:
            async with self._using:
                await self._owner.call(self._line.open, within=EXCHANGE_WITHIN_S)
            while True:
                await self.refresh()
                await asyncio.sleep(STATUS_EVERY_S)
        finally:
            self._owner.submit(self._line.close)

    async def _ask(self) -> DeviceStatus:
        flags = await self._owner.call(self._line.ask, within=EXCHANGE_WITHIN_S)
        if flags is None:
            self._presence.lost("no answer")
        else:
            self._presence.back()
        self._show(self._status_of(flags))
        return self._status

    async def _ask_if_there(self) -> None:
        try:
            await self._ask()
        except DeviceAwayError:  # the watch finds the same, and mends it
            self._show(DeviceStatus(DeviceState.NO_DEVICE, read_at=self._clock()))

    def _status_of(self, flags: Flags | None) -> DeviceStatus:
        now = self._clock()
        if flags is None:
            return DeviceStatus(DeviceState.UNKNOWN, read_at=now)
        return DeviceStatus(flags.state, flags.conditions, now)

    def _show(self, status: DeviceStatus) -> None:
        self._status = status
