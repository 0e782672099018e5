"""The slot lamps lead a hand: the lamp burns at the part that the page points at."""

from __future__ import annotations

from drivers.cabinet.driver import Cabinet
from drivers.cabinet.frames import Lamp
from kiosk.protocol import Part, ScanView, TakeView, View

LAMPS = {
    Part.CARD_SLOT: Lamp.CARD_SLOT,
    Part.PAPER_TRAY: Lamp.PAPER_TRAY,
    Part.RECEIPT_SLOT: Lamp.RECEIPT_SLOT,
    Part.SCANNER: Lamp.SCANNER,
}


def lamp_of(view: View) -> Lamp | None:
    """The one lamp that burns with this View."""
    match view:
        case TakeView(part=part):
            return LAMPS[part]
        case ScanView():
            return Lamp.SCANNER
    return None


def light(cabinet: Cabinet, view: View) -> None:
    """Light the lamp of this View and no other; returns at once."""
    burning = lamp_of(view)
    for lamp in Lamp:
        cabinet.lamp(lamp, lamp is burning)
