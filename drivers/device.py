"""The words every device of the machine speaks: states, conditions, and who can mend them.

The states are those of XFS4IoT (CEN/XFS, Common.Status), so that they mean what the trade means by them. *Unknown*
is a state of its own: it is never shown as ok and never as empty. *None*, where a value may be None, means that this
device has no such thing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Protocol


class DeviceState(enum.StrEnum):
    """What a device is doing, as far as can be told now."""

    ONLINE = "online"
    BUSY = "busy"
    OFFLINE = "offline"  # there, but it takes no work
    POWER_OFF = "power_off"
    NO_DEVICE = "no_device"  # nothing answers at its address
    USER_ERROR = "user_error"  # waits for a hand: paper, cover, jam
    HARDWARE_ERROR = "hardware_error"
    STARTING = "starting"
    UNKNOWN = "unknown"


class Condition(enum.StrEnum):
    """Something about a device that a person may have to mend."""

    MEDIA_EMPTY = "media_empty"
    MEDIA_LOW = "media_low"
    MEDIA_JAM = "media_jam"
    COVER_OPEN = "cover_open"
    RIBBON_EMPTY = "ribbon_empty"
    RIBBON_LOW = "ribbon_low"
    FILM_EMPTY = "film_empty"  # transfer or laminating film of a card printer
    FILM_LOW = "film_low"
    SUPPLY_FAULT = "supply_fault"  # ribbon or film torn, unknown, or not meant for this machine
    TONER_EMPTY = "toner_empty"
    TONER_LOW = "toner_low"
    OUTPUT_FULL = "output_full"
    REJECT_BIN_FULL = "reject_bin_full"
    COOLING = "cooling"
    HEAD_TEMPERATURE = "head_temperature"  # print head or heater beyond its limits: more than cooling down
    CLEANING_DUE = "cleaning_due"
    CUTTER_FAULT = "cutter_fault"
    QUEUE_STOPPED = "queue_stopped"
    MEDIA_PRESENTED = "media_presented"  # a card waits in the slot for a hand
    ON_BATTERY = "on_battery"
    BATTERY_LOW = "battery_low"  # on battery, and it will end soon
    BATTERY_WORN = "battery_worn"  # the UPS asks for a new one


class MendedBy(enum.StrEnum):
    """Who can make a condition go away."""

    APPLICANT = "applicant"
    OPERATOR = "operator"
    TECHNICIAN = "technician"
    NOBODY_YET = "nobody_yet"  # time mends it


@dataclass(frozen=True)
class ConditionFacts:
    """What a condition means for the work, and for people.

    The screen's words, the operator's list and the alarms to the Dinas all come from this table.
    """

    mended_by: MendedBy
    blocks: bool  # nothing new may be started while it lasts


CONDITIONS: dict[Condition, ConditionFacts] = {
    Condition.MEDIA_EMPTY: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.MEDIA_LOW: ConditionFacts(MendedBy.OPERATOR, blocks=False),
    Condition.MEDIA_JAM: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.COVER_OPEN: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.RIBBON_EMPTY: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.RIBBON_LOW: ConditionFacts(MendedBy.OPERATOR, blocks=False),
    Condition.FILM_EMPTY: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.FILM_LOW: ConditionFacts(MendedBy.OPERATOR, blocks=False),
    Condition.SUPPLY_FAULT: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.TONER_EMPTY: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.TONER_LOW: ConditionFacts(MendedBy.OPERATOR, blocks=False),
    Condition.OUTPUT_FULL: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.REJECT_BIN_FULL: ConditionFacts(MendedBy.OPERATOR, blocks=True),
    Condition.COOLING: ConditionFacts(MendedBy.NOBODY_YET, blocks=True),
    Condition.HEAD_TEMPERATURE: ConditionFacts(MendedBy.TECHNICIAN, blocks=True),
    Condition.CLEANING_DUE: ConditionFacts(MendedBy.OPERATOR, blocks=False),
    Condition.CUTTER_FAULT: ConditionFacts(MendedBy.TECHNICIAN, blocks=True),
    Condition.QUEUE_STOPPED: ConditionFacts(MendedBy.TECHNICIAN, blocks=True),
    Condition.MEDIA_PRESENTED: ConditionFacts(MendedBy.APPLICANT, blocks=True),
    Condition.ON_BATTERY: ConditionFacts(MendedBy.NOBODY_YET, blocks=False),  # for how long is the kiosk's setting
    Condition.BATTERY_LOW: ConditionFacts(MendedBy.NOBODY_YET, blocks=True),
    Condition.BATTERY_WORN: ConditionFacts(MendedBy.TECHNICIAN, blocks=False),
}

WORKING_STATES = frozenset({DeviceState.ONLINE, DeviceState.BUSY})


@dataclass(frozen=True)
class DeviceStatus:
    """One reading of a device.

    ``read_at`` is monotonic time in seconds, so that the age of a reading can be told; None when it was never read.
    """

    state: DeviceState
    conditions: frozenset[Condition] = field(default_factory=frozenset)
    read_at: float | None = None

    @property
    def blocking(self) -> frozenset[Condition]:
        """The conditions because of which nothing new may be started."""
        return frozenset(c for c in self.conditions if CONDITIONS[c].blocks)

    @property
    def ready(self) -> bool:
        """Whether the device surely takes new work now; unknown is not ready."""
        return self.state in WORKING_STATES and not self.blocking


NEVER_READ = DeviceStatus(DeviceState.UNKNOWN)


class Device(Protocol):
    """What is common to all drivers; start and close may be called once each."""

    name: str

    async def start(self) -> None:
        """Begin to supervise the device; returns at once, with or without the device there."""

    async def close(self) -> None:
        """Give the device back and end its thread."""

    @property
    def status(self) -> DeviceStatus:
        """The last reading, without waiting for the device."""
