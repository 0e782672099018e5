"""The ends that an attempt at a card can have, and the phases that lead there."""

from __future__ import annotations

import uuid

from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

ISSUANCE = "system:issuance"
OPERATOR = "op-7"
_TO_SPOOLER = (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED)
_TO_HAND = (*_TO_SPOOLER, Phase.PRINTING, Phase.PRESENTED)
ROADS: dict[str, tuple[Phase, ...]] = {
    "not sent": (Phase.CLAIMED, Phase.FAILED),
    "nothing": (*_TO_SPOOLER, Phase.FAILED),
    "taken": (*_TO_HAND, Phase.TAKEN),
    "not taken": (*_TO_HAND, Phase.RETRACTED, Phase.RETRACTED),
    "spoiled": (*_TO_SPOOLER, Phase.PRINTING, Phase.SPOILED),
    "in doubt": (*_TO_SPOOLER, Phase.PRINTING, Phase.UNKNOWN),
    "taken back in doubt": (*_TO_HAND, Phase.RETRACTED, Phase.UNKNOWN),
    "printed unasked": (Phase.CLAIMED, Phase.OPENED, Phase.UNKNOWN),
}


async def begin(
    ledger: Ledger, document: str = "ktp-el", medium: str = "card", device: str = "card_printer"
) -> Attempt:
    """An attempt at a new permit."""
    return await ledger.reserve(
        permit_id=str(uuid.uuid4()), document=document, medium=medium, device=device, actor="applicant"
    )


async def go(ledger: Ledger, road: tuple[Phase, ...], **evidence: str) -> Attempt:
    """A new attempt down that road; the evidence comes with its last phase."""
    attempt = await begin(ledger)
    for phase in road:
        facts = Facts(reason="because", evidence={"path": "none", **evidence}) if phase is road[-1] else Facts()
        actor = "applicant" if phase is Phase.TAKEN else ISSUANCE
        attempt = await ledger.advance(attempt.attempt_id, phase, actor, facts)
    return attempt
