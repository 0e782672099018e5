"""The machine's lines as values, and back: no I/O.

A question is one line; a PRINT is followed by a picture. An answer is one line that begins with "ok" or "no".
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from drivers.device import Condition, DeviceState
from drivers.printer import CardPosition

LONGEST_LINE = 200

CONDITIONS = {
    "no-blanks": Condition.MEDIA_EMPTY,
    "few-blanks": Condition.MEDIA_LOW,
    "jam": Condition.MEDIA_JAM,
    "open": Condition.COVER_OPEN,
    "no-ribbon": Condition.RIBBON_EMPTY,
    "bin-full": Condition.REJECT_BIN_FULL,
    "cooling": Condition.COOLING,
    "in-slot": Condition.MEDIA_PRESENTED,
}
STATES = {"idle": DeviceState.ONLINE, "printing": DeviceState.BUSY, "fault": DeviceState.USER_ERROR}


class FrameError(ValueError):
    """A line that is none of this machine's."""


class JobState(enum.StrEnum):
    """What the machine remembers of a job by its name, also after its power was cut."""

    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Status:
    """The answer to STATUS."""

    state: DeviceState
    position: CardPosition
    printed: int  # cards since the machine was made
    rejected: int
    conditions: frozenset[Condition]


def question(*words: str) -> bytes:
    """A line of words."""
    return " ".join(words).encode("ascii") + b"\n"


def answer(line: bytes) -> tuple[bool, list[str]]:
    """Whether the machine agrees, and the words behind that. Raises FrameError."""
    words = line.decode("ascii", "replace").split()
    if not line.endswith(b"\n") or len(line) > LONGEST_LINE or not words or words[0] not in ("ok", "no"):
        raise FrameError(f"not an answer: {line[:20]!r}")
    return words[0] == "ok", words[1:]


def status(words: list[str]) -> Status:
    """The words of an answer to STATUS. Raises FrameError, also for a condition that is not known."""
    try:
        state, position, printed, rejected, told = words
        conditions = frozenset(CONDITIONS[each] for each in told.split(",") if each != "-")
        return Status(STATES[state], CardPosition(position), int(printed), int(rejected), conditions)
    except (ValueError, KeyError) as error:
        raise FrameError(f"not a status: {' '.join(words)[:80]}") from error
