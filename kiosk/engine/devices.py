"""The devices of this kiosk, by its settings; and what they let the kiosk do now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from drivers.card_printer.driver import CardPrinter
from drivers.card_reader.driver import CardReader
from drivers.device import Device, DeviceStatus
from drivers.paper_printer.driver import PaperPrinter
from drivers.qr_scanner.driver import QrScanner
from drivers.receipt_printer.driver import ReceiptPrinter
from kiosk import settings as section
from kiosk.protocol import Medium, MediumState, Trouble
from kiosk.settings import Settings
from kiosk.troubles import trouble_of

LOOK_EVERY_S = 0.05
FRESH_S = 10.0  # a reading older than this says nothing about now; printers are read every second


class Devices:
    """Made from the settings; a device that this kiosk does not have is None."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        paper, cards = settings.paper_printer, settings.card_printer
        self.paper = PaperPrinter("paper_printer", **_wiring(paper, settings.spooler), clock=clock) if paper else None
        self.cards = CardPrinter("card_printer", **_wiring(cards, settings.spooler), clock=clock) if cards else None
        receipt, reader, scanner = settings.receipt_printer, settings.card_reader, settings.qr_scanner
        self.receipts = (
            ReceiptPrinter("receipt_printer", receipt.port, receipt.baud, receipt.width_px, clock=clock)
            if receipt
            else None
        )
        self.reader = CardReader("card_reader", reader.reader, clock=clock) if reader else None
        self.scanner = QrScanner("qr_scanner", scanner.port, scanner.baud, clock=clock) if scanner else None

    def __iter__(self) -> Iterator[Device]:
        everything: tuple[Device | None, ...] = (self.paper, self.cards, self.receipts, self.reader, self.scanner)
        return (device for device in everything if device is not None)

    async def start(self) -> None:
        """Begin to supervise all of them; with or without the devices there."""
        for device in self:
            await device.start()

    async def close(self) -> None:
        """Give all of them back; one that hangs does not keep the others."""
        await asyncio.gather(*(device.close() for device in self), return_exceptions=True)

    async def first_readings(self, within: float) -> None:
        """Wait until each device was read once, at most so many seconds."""
        until = self._clock() + within
        while self._clock() < until and any(device.status.read_at is None for device in self):  # noqa: ASYNC110  # as below
            await asyncio.sleep(LOOK_EVERY_S)  # the drivers keep their readings, and tell nobody

    def media(self, in_doubt: frozenset[str]) -> tuple[MediumState, ...]:
        """Whether each medium can be printed now. ``in_doubt`` names the devices with an attempt nobody has settled."""
        cards, paper = self._settings.card_printer, self._settings.paper_printer
        states = []
        if self.cards and cards:
            states.append(self._medium(Medium.CARD, self.cards, cards.seconds_per_document, in_doubt))
        if self.paper and paper:
            states.append(self._medium(Medium.A4, self.paper, paper.seconds_per_document, in_doubt))
        return tuple(states)

    def _medium(self, medium: Medium, device: Device, seconds: int, in_doubt: frozenset[str]) -> MediumState:
        trouble = Trouble.IN_DOUBT if device.name in in_doubt else self._trouble(device.status)
        return MediumState(medium, ready=trouble is None, seconds=seconds, trouble=trouble)

    def _trouble(self, status: DeviceStatus) -> Trouble | None:
        if status.read_at is None or self._clock() - status.read_at > FRESH_S:
            return Trouble.AWAY
        return trouble_of(status)


def _wiring(printer: section.PaperPrinter | section.CardPrinterSettings, spooler: section.Spooler) -> dict[str, Any]:
    """What a printer's driver has to know, as its arguments."""
    return {
        "queue": printer.queue,
        "device": printer.device,
        "server": spooler.server,
        "claims": Path(spooler.claims),
        "media": printer.media,
        "stall_s": printer.stall_s,
    }
