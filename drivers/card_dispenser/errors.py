"""The error codes of the CRT-591 (paper 2.2; 16, 63, 64 of the CRT-571), and what each means for the work."""

from __future__ import annotations

import enum

from drivers.device import Condition
from drivers.dispenser import MotionFailedError
from drivers.errors import DeviceRefusedError


class ErrorCode(enum.StrEnum):
    """e1 and e0 of a negative answer."""

    UNDEFINED_COMMAND = "00"
    PARAMETER = "01"
    SEQUENCE = "02"
    NO_HARDWARE = "03"
    DATA = "04"
    IC_CONTACT = "05"
    JAM = "10"
    SENSOR = "12"
    TOO_LONG = "13"
    TOO_SHORT = "14"
    MOVED_BY_HAND_571 = "16"
    CANNOT_RECYCLE = "40"
    IC_MAGNET = "41"
    CANNOT_MOVE_TO_IC = "43"
    MOVED_BY_HAND = "45"
    COUNTER_OVERFLOW = "50"
    MOTOR = "51"
    SHORT_CIRCUIT = "60"
    ACTIVATION = "61"
    NOT_SUPPORTED = "62"
    NO_RESPONSE_571 = "63"
    PROTOCOL_571 = "64"
    NOT_ACTIVATED = "65"
    NOT_SUPPORTED_NOW = "66"
    TRANSMISSION = "67"
    CARD_TIMEOUT = "68"
    NOT_EMV = "69"
    STACKER_EMPTY = "A0"
    BIN_FULL = "A1"
    NOT_RESET = "B0"


# Those that a person mends in or at the dispenser; the work goes on when the sensors agree that it is mended.
CONDITIONS: dict[ErrorCode, Condition] = {
    ErrorCode.JAM: Condition.MEDIA_JAM,
    ErrorCode.TOO_LONG: Condition.MEDIA_JAM,  # two cards at once, or one that slips
    ErrorCode.TOO_SHORT: Condition.MEDIA_JAM,
    ErrorCode.MOVED_BY_HAND: Condition.MEDIA_JAM,
    ErrorCode.MOVED_BY_HAND_571: Condition.MEDIA_JAM,
    ErrorCode.CANNOT_RECYCLE: Condition.MEDIA_JAM,
    ErrorCode.CANNOT_MOVE_TO_IC: Condition.MEDIA_JAM,
    ErrorCode.STACKER_EMPTY: Condition.MEDIA_EMPTY,
    ErrorCode.BIN_FULL: Condition.REJECT_BIN_FULL,
    ErrorCode.COUNTER_OVERFLOW: Condition.REJECT_BIN_FULL,
}
# Those of the machine itself: a technician, and nothing moves until it was switched off and on.
HARDWARE = frozenset({ErrorCode.SENSOR, ErrorCode.IC_MAGNET, ErrorCode.MOTOR, ErrorCode.SHORT_CIRCUIT})
MOVED_BY_HAND = frozenset({ErrorCode.MOVED_BY_HAND, ErrorCode.MOVED_BY_HAND_571})
# The command is another machine's: the wrong variant.
WRONG_VARIANT = frozenset(
    {ErrorCode.UNDEFINED_COMMAND, ErrorCode.PARAMETER, ErrorCode.NO_HARDWARE, ErrorCode.DATA, ErrorCode.NOT_SUPPORTED}
)
# With these a motion was not begun. A jam or a motor's fault may have come with a blank half out of the stacker.
NOT_BEGUN = WRONG_VARIANT | {ErrorCode.SEQUENCE, ErrorCode.STACKER_EMPTY, ErrorCode.NOT_RESET}


class DispenserRefusedError(DeviceRefusedError):
    """The dispenser answered with an error code. ``code`` is None for one that the paper does not have."""

    def __init__(self, device: str, raw: str) -> None:
        self.code = known(raw)
        super().__init__(device, f"error {raw}" + (f" ({self.code.name.lower()})" if self.code else ""))


class DispenserFaultError(DispenserRefusedError, MotionFailedError):
    """It answered so to a motion that it may have begun."""


def known(raw: str) -> ErrorCode | None:
    """The code of two characters, if the paper has it."""
    try:
        return ErrorCode(raw)
    except ValueError:
        return None
