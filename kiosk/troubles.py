"""From what a device says of itself to what a person is told: one table."""

from __future__ import annotations

from drivers.device import Condition, DeviceState, DeviceStatus
from kiosk.protocol import Trouble

# In the order in which they are named when several hold: what a hand can mend first.
_BY_CONDITION: tuple[tuple[Condition, Trouble], ...] = (
    (Condition.MEDIA_PRESENTED, Trouble.CARD_IN_SLOT),
    (Condition.COVER_OPEN, Trouble.COVER_OPEN),
    (Condition.MEDIA_JAM, Trouble.MEDIA_JAM),
    (Condition.MEDIA_EMPTY, Trouble.MEDIA_EMPTY),
    (Condition.RIBBON_EMPTY, Trouble.RIBBON_EMPTY),
    (Condition.FILM_EMPTY, Trouble.RIBBON_EMPTY),  # to the applicant both are what colours the card
    (Condition.TONER_EMPTY, Trouble.TONER_EMPTY),
    (Condition.OUTPUT_FULL, Trouble.OUTPUT_FULL),
    (Condition.REJECT_BIN_FULL, Trouble.REJECT_BIN_FULL),
    (Condition.COOLING, Trouble.RESTING),
)

_AWAY = frozenset({DeviceState.NO_DEVICE, DeviceState.POWER_OFF, DeviceState.OFFLINE, DeviceState.UNKNOWN})


def trouble_of(status: DeviceStatus) -> Trouble | None:
    """The one thing to tell about a device that takes no work now; None if it does."""
    if status.ready:
        return None
    for condition, trouble in _BY_CONDITION:
        if condition in status.conditions:
            return trouble
    return Trouble.AWAY if status.state in _AWAY else Trouble.OTHER
