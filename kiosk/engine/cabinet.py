"""What a hand does at the cabinet, written down: the call button, the doors, the key."""

from __future__ import annotations

from drivers.cabinet.driver import Cabinet, Change
from drivers.cabinet.frames import DOORS, Contact
from kiosk.ledger import events
from kiosk.ledger.ledger import Ledger

SYSTEM = events.system("cabinet")  # whose hand it was, the cabinet cannot tell


async def follow_cabinet(cabinet: Cabinet, ledger: Ledger) -> None:
    """Record each change, for as long as the engine runs."""
    async for change in cabinet.changes():
        event = _event_of(change)
        if event is not None:
            await ledger.record(event)


def _event_of(change: Change) -> events.Event | None:
    if change.contact in DOORS:
        kind = events.DoorOpened if change.active else events.DoorClosed
        return kind(actor=SYSTEM, door=events.code(change.contact))
    if change.contact is Contact.KEY_SWITCH:
        return events.KeyTurned(actor=SYSTEM, position="service" if change.active else "normal")
    return events.CallPressed(actor=SYSTEM) if change.active else None  # that it was let go is no news
