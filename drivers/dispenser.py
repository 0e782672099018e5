"""What a card dispenser is to the kiosk: the port that a driver of one implements.

A dispenser holds the blanks of a card printer that has no feeder. Every motion is asked for once: when its answer is
lost, the sensors are asked, and never the motor again.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from drivers.device import Device, DeviceStatus
from drivers.errors import DeviceRefusedError, DeviceTimeoutError


class OutcomeUnknownError(DeviceTimeoutError):
    """A motion was begun, and nobody can tell how it ended: a person has to look. It must not be asked for again."""


class MotionFailedError(DeviceRefusedError):
    """The machine names a fault of a motion that it had begun: the card may have moved."""


class BlankPosition(enum.StrEnum):
    """Where a blank is in the dispenser's path (XFS: media position)."""

    NONE = "none"  # no card between stacker and gate
    HELD = "held"  # fed, at the reading position
    GATE = "gate"  # in the gate, where a hand or the printer's rollers take it
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class DispenserCounters:
    """The machine's own counts; None where it has no such counter or does not answer."""

    captured: int | None  # cards that went to the error bin, 0 to 999, since somebody set it back


@runtime_checkable
class CardDispenser(Device, Protocol):
    """A dispenser of blanks, with a bin for those that go wrong.

    Motions raise OutcomeUnknownError when nobody can tell how they ended, and MotionFailedError when the machine names
    its fault: a card may have moved in both. With any other DeviceError of ``feed`` surely no blank left the stacker.
    """

    async def refresh(self) -> DeviceStatus:
        """Ask the device now; a device that does not answer is a status too."""

    async def position(self) -> BlankPosition:
        """Where the blank is now, by the machine's sensors; unknown when it does not say."""

    async def counters(self) -> DispenserCounters:
        """The machine's counters now."""

    async def feed(self) -> None:
        """Move one blank from the stacker into the path. Refused while a card is in it."""

    async def present(self) -> None:
        """Move the blank to the gate. That it is gone from there afterwards does not prove that anybody has it:
        the machine takes a card back by its own timer, and then the counter has moved."""

    async def capture(self) -> None:
        """Move the card in the path, also one in the gate, to the error bin."""
