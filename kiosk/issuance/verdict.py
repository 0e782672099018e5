"""What became of an attempt that did not go its way: one table, phase x evidence -> verdict; the first row that fits.

Used when a printing goes wrong, and at start for attempts that were cut off. What no evidence settles is unknown, and
nothing is ever printed again by itself.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from drivers.printer import JobEnd, Json
from kiosk.ledger.phases import Phase

NOT_CONFIRMED = "not-confirmed"
"""The reason of paper that nobody said they took."""


class Path(enum.StrEnum):
    """The card path of the machine."""

    NONE = "none"  # a paper printer has none that is felt
    CLEAR = "clear"
    CARD = "card"  # inside, at the station or in the slot
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Seen:
    """The evidence of an attempt."""

    end: JobEnd | None  # by spooler, fence and device; None: nobody could be asked
    path: Path
    binned: bool | None = None  # the bin counter has moved since before the job; None: not known
    reason: str = ""  # the printer's own code, such as media-jam

    def record(self) -> dict[str, Json]:
        """As plain values, to be kept with the attempt."""
        return {"job_end": self.end, "path": self.path, "binned": self.binned}


@dataclass(frozen=True)
class Verdict:
    """What the attempt becomes."""

    phase: Phase
    reason: str
    because: str


@dataclass(frozen=True)
class Rule:
    """A row of the table. None: anything fits."""

    phases: frozenset[Phase]
    ends: frozenset[JobEnd] | None
    paths: frozenset[Path] | None
    binned: bool | None
    verdict: Phase
    reason: str  # when the printer has no code of its own
    because: str

    def fits(self, phase: Phase, seen: Seen) -> bool:
        return (
            phase in self.phases
            and (self.ends is None or seen.end in self.ends)
            and (self.paths is None or seen.path in self.paths)
            and (self.binned is None or seen.binned is self.binned)
        )


_EARLY = frozenset({Phase.RESERVED, Phase.CLAIMED})
_OPENED = frozenset({Phase.OPENED})
_AT_WORK = frozenset({Phase.SUBMITTED, Phase.PRINTING})
_OFFERED = frozenset({Phase.PRESENTED})
_TAKEN_BACK = frozenset({Phase.RETRACTED})
_PRINTED = frozenset({JobEnd.PRINTED})
_NOTHING = frozenset({JobEnd.NOTHING})
_CARD = frozenset({Path.CARD})
_CLEAR = frozenset({Path.CLEAR})
_PAPER = frozenset({Path.NONE})

# fmt: off
TABLE: tuple[Rule, ...] = (
    #    phase        job ends  path    binned  verdict          reason
    Rule(_EARLY,      None,     None,   None,   Phase.FAILED,    "interrupted",
         "the spooler was not asked yet"),
    Rule(_OPENED,     _PRINTED, None,   None,   Phase.UNKNOWN,   "contradiction",
         "the device printed what this ledger never sent"),
    Rule(_OPENED,     None,     None,   None,   Phase.FAILED,    "interrupted",
         "data is handed over only after the phase submitted"),
    Rule(_AT_WORK,    None,     _CARD,  None,   Phase.SPOILED,   "card-kept-back",
         "the one card in work is in the path: nobody had access to it"),
    Rule(_AT_WORK,    None,     _CLEAR, True,   Phase.SPOILED,   "card-kept-back",
         "the one card in work was counted in the bin"),
    Rule(_AT_WORK,    _NOTHING, None,   None,   Phase.FAILED,    "not-printed",
         "the claim was never taken, or device and counters agree on nothing"),
    Rule(_AT_WORK,    _PRINTED, None,   None,   Phase.UNKNOWN,   "not-presented",
         "it was printed, and nobody can say who took it"),
    Rule(_AT_WORK,    None,     None,   None,   Phase.UNKNOWN,   "no-evidence",
         "nobody can tell how far the device came"),
    Rule(_OFFERED,    None,     _PAPER, None,   Phase.UNKNOWN,   NOT_CONFIRMED,
         "paper is not felt, and nobody said that they hold it"),
    Rule(_OFFERED,    None,     _CARD,  None,   Phase.RETRACTED, "not-taken",
         "the card is still in the machine"),
    Rule(_OFFERED,    None,     _CLEAR, True,   Phase.RETRACTED, "not-taken",
         "the card was counted in the bin"),
    Rule(_OFFERED,    None,     _CLEAR, False,  Phase.TAKEN,     "taken",
         "the card is neither in the path nor in the bin: the slot is the only other way"),
    Rule(_OFFERED,    None,     None,   None,   Phase.UNKNOWN,   "no-evidence",
         "the sensors do not tell where the card is"),
    Rule(_TAKEN_BACK, None,     _CARD,  None,   Phase.RETRACTED, "not-taken",
         "the card is still in the machine"),
    Rule(_TAKEN_BACK, None,     _CLEAR, True,   Phase.RETRACTED, "not-taken",
         "the card was counted in the bin"),
    Rule(_TAKEN_BACK, None,     None,   None,   Phase.UNKNOWN,   "not-in-bin",
         "the card is not known to be in the bin: a hand may have been faster"),
)
# fmt: on


def judge(phase: Phase, seen: Seen) -> Verdict:
    """What an attempt in this phase becomes. Raises LookupError for a phase that is an end."""
    rule = next((rule for rule in TABLE if rule.fits(phase, seen)), None)
    if rule is None:
        raise LookupError(f"an attempt that is {phase} has ended")
    reason = seen.reason if seen.reason and phase in _AT_WORK else rule.reason
    return Verdict(rule.verdict, reason, rule.because)
