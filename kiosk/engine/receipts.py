"""The receipt of a visit: drawn, printed once, and never printed again by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from drivers.errors import DeviceError
from drivers.receipt_printer.driver import ReceiptPrinter
from kiosk.documents.receipt import draw_receipt
from kiosk.protocol import Ended
from kiosk.settings import Site

log = logging.getLogger(__name__)


class Receipts:
    """Prints a receipt where there is a printer with paper. Nothing is lost without one: the Dinas knows."""

    def __init__(self, printer: ReceiptPrinter | None, site: Site, width_px: int, now: Callable[[], datetime]) -> None:
        self._printer = printer
        self._site = site
        self._width_px = width_px
        self._now = now

    async def print(self, ended: tuple[Ended, ...], attempt_ids: tuple[str, ...]) -> bool:
        """Whether the receipt came out."""
        if self._printer is None or not self._printer.status.ready:
            return False
        picture = await asyncio.to_thread(
            draw_receipt, self._site, ended, attempt_ids, at=self._now(), width_px=self._width_px
        )
        try:
            await self._printer.print_picture(picture)
        except DeviceError as error:
            log.warning("receipt: %s", error)
            return False
        return True
