"""What a printer is to the kiosk: the port that the paper and card printers implement.

The order of the calls is the order of the ledger's phases: ``counters`` and ``create`` before anything moves, then
``send`` (from here on the machine may move), then ``follow`` to the end. Nothing here ever sends a job twice.
"""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from drivers.device import Device, DeviceStatus

Json = str | int | float | bool | None


@dataclass(frozen=True)
class Counters:
    """The machine's own counts since it was made; None where it has no such counter or does not answer."""

    printed: int | None  # sheets of an A4 printer, cards of a card printer
    rejected: int | None = None  # cards in the reject bin


@dataclass(frozen=True)
class SpoolJob:
    """A job that the spooler knows and that holds no data yet."""

    job_id: int
    job_uuid: str
    attempt_id: str  # also the job's title, and nothing else is


class JobEnd(enum.StrEnum):
    """How a job ended, by all the evidence there is."""

    PRINTED = "printed"  # the device itself says so: its job with all sheets, or its counter
    NOTHING = "nothing"  # surely nothing came out
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class JobReport:
    """How a job stands now. ``end`` is None until it has ended; the last report of ``follow`` has one."""

    status: DeviceStatus
    sheets_out: int | None = None
    end: JobEnd | None = None
    reason: str = ""  # a stable code such as "media-jam", for the outcome
    evidence: Mapping[str, Json] = field(default_factory=dict)  # kept with the attempt


@runtime_checkable
class Printer(Device, Protocol):
    """A printer that is sent one document at a time. Errors of the stack are DeviceError (drivers.errors)."""

    async def refresh(self) -> DeviceStatus:
        """Ask the device itself now (IPP) and return what it says."""

    async def counters(self) -> Counters:
        """The machine's counters now."""

    async def create(self, attempt_id: str) -> SpoolJob:
        """Make a job of that title at the spooler, without data. Nothing moves."""

    async def send(self, job: SpoolJob, document: bytes) -> None:
        """Hand over the pages (a PDF of pictures only). From the first byte on the machine may move."""

    def follow(self, job: SpoolJob, before: Counters, sheets: int) -> AsyncIterator[JobReport]:
        """Watch the job until it has ended, yielding a report at each change; the last one says how it ended."""

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        """After a restart: what spooler, fence and device say of that attempt now, with an end."""

    async def abandon(self, job: SpoolJob) -> None:
        """Cancel the job and empty the queue, so that nothing comes out later for the next person to find."""


class CardPosition(enum.StrEnum):
    """Where a card is in the path (XFS: media position)."""

    NONE = "none"  # no card in the path
    INSIDE = "inside"  # being printed
    STATION = "station"  # printed, held at the chip station
    EXIT = "exit"  # in the slot, for a hand to take
    UNKNOWN = "unknown"


@runtime_checkable
class CardPrinter(Printer, Protocol):
    """A card printer holds a printed card at its chip station until it is told where it goes."""

    async def position(self) -> CardPosition:
        """Where the card is now, by the machine's sensors."""

    async def present(self) -> None:
        """Move the held card to the slot. Sent once; afterwards ask for the position."""

    async def reject(self) -> None:
        """Move the card in the path (also one in the slot) to the reject bin. Sent once."""
