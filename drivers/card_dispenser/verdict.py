"""Where a motion has left the card, by sensors and counter alone: pure, and nothing is guessed.

An answer "done" is not believed by itself: a machine of another variant says it too, with the card in its bin.
"""

from __future__ import annotations

import enum

from drivers.card_dispenser.frames import CardAt


class Motion(enum.StrEnum):
    FEED = "feed"
    PRESENT = "present"
    CAPTURE = "capture"


class Outcome(enum.Enum):
    DONE = enum.auto()
    BINNED = enum.auto()  # it was to be presented, and lies in the error bin
    UNKNOWN = enum.auto()


def judge(motion: Motion, card: CardAt, before: int | None, after: int | None) -> Outcome:
    """What became of it. ``before`` and ``after``: the bin counter, None where it is not known."""
    counted = None if before is None or after is None else after != before
    gone = card is CardAt.NONE
    match motion:
        case Motion.FEED:
            return Outcome.UNKNOWN if gone else Outcome.DONE
        case Motion.CAPTURE:
            return Outcome.DONE if gone and counted is not False else Outcome.UNKNOWN
        case Motion.PRESENT if card is CardAt.GATE:
            return Outcome.DONE
        case Motion.PRESENT if gone and counted is not None:
            return Outcome.BINNED if counted else Outcome.DONE
    return Outcome.UNKNOWN
