"""Where the card is, and keeping it back: sensors and counters asked, with deadlines, and never a motor twice."""

from __future__ import annotations

import asyncio
import logging

from drivers.errors import DeviceError
from drivers.printer import CardPosition, CardPrinter, Counters, Printer
from kiosk.issuance.verdict import Path
from kiosk.ledger.events import code

log = logging.getLogger(__name__)

ASK_WITHIN_S = 10.0
MOVE_WITHIN_S = 40.0  # a motion takes 15 s at most, and its answer may be lost before


async def position(cards: CardPrinter) -> CardPosition:
    """Where the card is; unknown when the machine does not tell."""
    try:
        async with asyncio.timeout(ASK_WITHIN_S):
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


async def binned(printer: Printer, before: Counters) -> bool | None:
    """Whether the bin counter has moved since then; None when it is not known."""
    if before.rejected is None:
        return None
    try:
        async with asyncio.timeout(ASK_WITHIN_S):
            now = await printer.counters()
    except (DeviceError, TimeoutError):
        return None
    return None if now.rejected is None else now.rejected > before.rejected


async def reject(cards: CardPrinter) -> str | None:
    """Move the card in the path to the bin: asked for once. None if it went, else the code of what was in the way."""
    try:
        async with asyncio.timeout(MOVE_WITHIN_S):
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
