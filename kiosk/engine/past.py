"""What the ledger of this kiosk knows of an applicant's permits, for the list that they see after the way in.

The Dinas may not have heard of it yet, or says no more than "spent" or "busy"; an attempt that was cut off by the power
minutes ago has its end by the reconciliation at start.
"""

from __future__ import annotations

from kiosk.issuance.verdict import NOT_CONFIRMED
from kiosk.ledger.past import Past
from kiosk.ledger.phases import Phase
from kiosk.protocol import Became
from kiosk.session.visit import Before

_BECAME = {
    Phase.TAKEN: Became.TAKEN,
    Phase.FAILED: Became.NOTHING,
    Phase.SPOILED: Became.KEPT,
    Phase.RETRACTED: Became.KEPT,
    Phase.UNKNOWN: Became.IN_DOUBT,
}


def before_of(past: Past) -> Before | None:
    """What the person is told of an attempt; None while it has no end."""
    attempt = past.attempt
    if attempt.outcome is None:
        return None
    became = _BECAME[attempt.phase]
    if became is Became.IN_DOUBT and attempt.reason == NOT_CONFIRMED:
        became = Became.LEFT
    return Before(became, past.since.astimezone().isoformat(timespec="minutes"))
