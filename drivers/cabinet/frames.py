"""What the bits of the cabinet's I/O board mean. No I/O; the frames themselves, check bytes too, are pymodbus'."""

from __future__ import annotations

import enum
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pymodbus.exceptions import ModbusException

T = TypeVar("T")

LONGEST_SPAN = 128  # inputs asked for at once, whatever lies between; the largest common boards have 64

# What pymodbus raises for bytes that are no frame, and what its decoders let through when a frame is whole by its
# check bytes and broken in itself.
BROKEN_FRAME = (ModbusException, ValueError, IndexError, TypeError, struct.error)


class Contact(enum.StrEnum):
    """Something in the cabinet that can be active: a door open, the button pressed, the key turned to service."""

    SERVICE_DOOR = "service_door"
    PAPER_DOOR = "paper_door"
    CARD_DOOR = "card_door"
    CALL_BUTTON = "call_button"
    KEY_SWITCH = "key_switch"


class Lamp(enum.StrEnum):
    """A lamp beside the part that a hand is led to."""

    CARD_SLOT = "card_slot"
    PAPER_TRAY = "paper_tray"
    RECEIPT_SLOT = "receipt_slot"
    SCANNER = "scanner"


DOORS = frozenset({Contact.SERVICE_DOOR, Contact.PAPER_DOOR, Contact.CARD_DOOR})
# A door's contact is closed, its input on, while the door is shut: a cut wire then reads as an open door. Button and
# key close their contact when they are used.
ACTIVE_WHEN_OFF = DOORS


@dataclass(frozen=True)
class Span:
    """Neighbouring addresses that one request reads."""

    first: int
    count: int


@dataclass(frozen=True)
class Profile:
    """Which address has what, on one board (a *unit* of the bus). What a cabinet does not have is left out."""

    unit: int
    contacts: Mapping[Contact, int]  # discrete inputs
    lamps: Mapping[Lamp, int] = field(default_factory=dict)  # coils
    watchdog: tuple[int, int] | None = None  # holding register, and what is written into it when the line is opened

    def __post_init__(self) -> None:
        for addresses in (self.contacts.values(), self.lamps.values()):
            if len(set(addresses)) < len(addresses):
                raise ValueError("two things at one address")
            span = _span(addresses)
            if span and span.count > LONGEST_SPAN:
                raise ValueError(f"addresses lie more than {LONGEST_SPAN} apart")


def span_of(addresses: Mapping[T, int]) -> Span | None:
    """The addresses from the lowest to the highest; None where there are none."""
    return _span(addresses.values())


def _span(addresses: Collection[int]) -> Span | None:
    if not addresses:
        return None
    first, last = min(addresses), max(addresses)
    return Span(first, last - first + 1)


def active_contacts(profile: Profile, bits: Sequence[bool]) -> frozenset[Contact]:
    """Which contacts are active by the inputs of the profile's span. Raises ValueError when bits are missing."""
    return frozenset(
        contact for contact, on in _read(profile.contacts, bits).items() if on is not (contact in ACTIVE_WHEN_OFF)
    )


def lit_lamps(profile: Profile, bits: Sequence[bool]) -> frozenset[Lamp]:
    """Which lamps burn by the coils of the profile's span. Raises ValueError when bits are missing."""
    return frozenset(lamp for lamp, on in _read(profile.lamps, bits).items() if on)


def _read(addresses: Mapping[T, int], bits: Sequence[bool]) -> dict[T, bool]:
    span = span_of(addresses)
    if span is None:
        return {}
    if len(bits) < span.count:
        raise ValueError(f"{len(bits)} bits where {span.count} were asked for")
    return {part: bool(bits[address - span.first]) for part, address in addresses.items()}
