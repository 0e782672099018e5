"""Where the card is, and keeping it back: sensors and counters asked, with deadlines, and never a motor twice."""

from __future__ import annotations

import asyncio
import logging

from drivers.errors import DeviceError
from drivers.printer import CardPosition, CardPrinter, Counters, Printer
from kiosk.issuance import deadlines
from kiosk.issuance.verdict import Path
from kiosk.ledger.events import code

log = logging.getLogger(__name__)


async def position(cards: CardPrinter) -> CardPosition:
    """Where the card is; unknown when the machine does not tell."""
    try:
        async with asyncio.timeout(deadlines.ASK):
            return await cards.position()
    except (DeviceError, TimeoutError):
        return CardPosition.UNKNOWN


async def look(cards: CardPrinter | None) -> Path:
    """The path as the verdict needs it."""
    if cards is None:
        return Path.NONE
    match await position(cards):
        case CardPosition.NONE:
            return Path.CLEAR
        case CardPosition.UNKNOWN:
            return Path.UNKNOWN
    return Path.CARD


async def counters(printer: Printer) -> Counters:
    """The machine's counters now; without numbers when it does not tell."""
    try:
        async with asyncio.timeout(deadlines.ASK):
            return await printer.counters()
    except (DeviceError, TimeoutError):
        return Counters(None)


def moved(before: Counters, now: Counters) -> bool | None:
    """Whether the bin counter has moved between the two; None when it is not known."""
    return None if before.rejected is None or now.rejected is None else now.rejected > before.rejected


async def binned(printer: Printer, before: Counters) -> bool | None:
    """Whether the bin counter has moved since then; None when it is not known."""
    return None if before.rejected is None else moved(before, await counters(printer))


async def reject(cards: CardPrinter) -> str | None:
    """Move the card in the path to the bin: asked for once. None if it went, else the code of what was in the way."""
    try:
        async with asyncio.timeout(deadlines.MOVE):
            await cards.reject()
    except (DeviceError, TimeoutError) as error:
        log.error("%s: a card could not be kept back (%s)", cards.name, error)
        return code(getattr(error, "reason", "time-out"))
    return None


async def in_bin(cards: CardPrinter, before: Counters, obstacle: str | None) -> bool:
    """Whether a rejected card is known to lie in the bin: its counter says so, or, without one, motor and sensor."""
    counted = await binned(cards, before)
    if counted is not None:
        return counted
    return obstacle is None and await position(cards) is CardPosition.NONE
