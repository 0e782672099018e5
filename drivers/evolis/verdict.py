"""How an attempt ended on a machine without a spooler: pure, one table, and nothing is guessed."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from drivers.claims import Claim
from drivers.printer import CardPosition, JobEnd, Json

# The library refused before it gave the machine anything to do (its own texts of these codes).
BEFORE_ANY_MOTION = frozenset(
    {
        "PRINT_NEEDACTION",
        "ENEEDACTION",
        "PRINT_EDATA",
        "PRINT_ENOIMAGE",
        "PRINT_EUNKNOWNRIBBON",
        "PRINT_ESESSION",
        "SESSION_EBUSY",
        "SESSION_FAILED",
    }
)
REASONS = {
    "PRINT_NEEDACTION": "needs-action",
    "ENEEDACTION": "needs-action",
    "PRINT_EMECHANICAL": "media-jam",
    "CARD_ERROR": "media-jam",
    "CARD_EINSERTION": "media-jam",
    "PRINTER_ENOCOM": "device-away",
    "ETIMEOUT": "stalled",
    "SESSION_EBUSY": "in-use",
}


@dataclass(frozen=True)
class Evidence:
    """What claim, library and machine say of one attempt now. None: not known."""

    sheets: int
    claim: Claim
    return_code: str | None = None  # of the print call; None: it has not returned, or was made before a restart
    refused: str | None = None  # the code of what was in the way before anything was claimed
    device_answers: bool = False
    busy: bool = False
    minor: str | None = None
    counter_before: int | None = None
    counter_after: int | None = None
    position: CardPosition = CardPosition.UNKNOWN

    @property
    def counted(self) -> int | None:
        """Cards by the machine's own counter since before the attempt."""
        if self.counter_before is None or self.counter_after is None:
            return None
        return self.counter_after - self.counter_before

    def record(self) -> dict[str, Json]:
        """The evidence as plain values, to be kept with the attempt."""
        return {**asdict(self), "claim": self.claim.value, "position": self.position.value}


def judge(seen: Evidence) -> tuple[JobEnd, str]:
    """How the attempt ended, and the code of the reason (none for a printed card)."""
    if seen.claim is Claim.REVOKED:
        return JobEnd.NOTHING, seen.refused or "not-sent"
    if seen.claim is not Claim.FENCE:
        return JobEnd.UNKNOWN, "no-claim-readable"
    if not seen.device_answers or seen.busy:
        return JobEnd.UNKNOWN, "stalled" if seen.device_answers else "device-silent"
    if seen.counted == seen.sheets and seen.return_code in (None, "OK"):
        return JobEnd.PRINTED, ""
    if (
        seen.counted is None
        and seen.return_code == "OK"
        and seen.position in (CardPosition.STATION, CardPosition.INSIDE)
    ):
        # A machine without a counter: the library's word and the sensor agree.
        return JobEnd.PRINTED, ""
    reason = REASONS.get(seen.return_code or "", "")
    if seen.return_code in BEFORE_ANY_MOTION and seen.counted == 0 and seen.position is CardPosition.NONE:
        return JobEnd.NOTHING, reason or "refused"
    return JobEnd.UNKNOWN, reason or ("counters-disagree" if seen.counted is not None else "no-evidence")
