"""Status questions and answers of ESC/POS (Epson's command reference), bytes <-> values. No I/O.

Three sentences of the reference rule here. DLE EOT is answered at once, past the receive buffer, also when offline.
GS r is answered when everything before it was processed: that is how we know that a receipt is out. DLE EOT inside
graphics data is answered as well: such answers come unasked, and are told from those of GS r by bit 4.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from drivers.device import Condition, DeviceState

DLE, EOT, DC4, GS = 0x10, 0x04, 0x14, 0x1D

# GS r 1: paper sensor status, after all that was sent before.
ASK_WHEN_DONE = bytes((GS, ord("r"), 1))
# DLE DC4 8 with its seven fixed parameters: forget what is received and not yet printed, also amid graphics.
CLEAR = bytes((DLE, DC4, 8, 1, 3, 20, 1, 6, 2, 8))
CLEARED = bytes((0x37, 0x25, 0x00))  # the answer to it

_FIXED_MASK, _FIXED = 0x93, 0x12  # bits 0, 1, 4, 7 of an answer to DLE EOT
_DONE_MASK = 0x90  # bits 4 and 7 of an answer to GS r are 0


class Query(enum.IntEnum):
    """The n of DLE EOT n."""

    PRINTER = 1
    OFFLINE = 2
    ERROR = 3
    PAPER = 4

    @property
    def frame(self) -> bytes:
        return bytes((DLE, EOT, self))


def is_status(byte: int) -> bool:
    """Whether a byte has the fixed bits of an answer to DLE EOT."""
    return byte & _FIXED_MASK == _FIXED


def is_done(byte: int) -> bool:
    """Whether a byte has the fixed bits of an answer to GS r."""
    return byte & _DONE_MASK == 0


@dataclass(frozen=True)
class Flags:
    """What the four answers say together."""

    offline: bool = False
    cover_open: bool = False
    stopped_without_paper: bool = False
    error: bool = False
    cutter_error: bool = False
    unrecoverable_error: bool = False
    passing_error: bool = False  # the head is too hot, or the voltage is wrong: it goes by itself
    paper_near_end: bool = False
    paper_out: bool = False

    @classmethod
    def from_answers(cls, answers: Mapping[Query, int]) -> Flags:
        """Read the bits of all four answers."""
        return cls(
            offline=bool(answers[Query.PRINTER] & 0x08),
            cover_open=bool(answers[Query.OFFLINE] & 0x04),
            stopped_without_paper=bool(answers[Query.OFFLINE] & 0x20),
            error=bool(answers[Query.OFFLINE] & 0x40),
            cutter_error=bool(answers[Query.ERROR] & 0x08),
            unrecoverable_error=bool(answers[Query.ERROR] & 0x20),
            passing_error=bool(answers[Query.ERROR] & 0x40),
            paper_near_end=bool(answers[Query.PAPER] & 0x0C),
            paper_out=bool(answers[Query.PAPER] & 0x60),
        )

    def answer(self, query: Query) -> int:
        """The answer to one question: the other direction, for the simulator."""
        bits = {
            Query.PRINTER: self.offline * 0x08,
            Query.OFFLINE: self.cover_open * 0x04 | self.stopped_without_paper * 0x20 | self.error * 0x40,
            Query.ERROR: self.cutter_error * 0x08 | self.unrecoverable_error * 0x20 | self.passing_error * 0x40,
            Query.PAPER: self.paper_near_end * 0x0C | self.paper_out * 0x60,
        }
        return _FIXED | bits[query]

    @property
    def conditions(self) -> frozenset[Condition]:
        """The same in the words of the devices."""
        named = {
            Condition.COVER_OPEN: self.cover_open,
            Condition.MEDIA_EMPTY: self.paper_out or self.stopped_without_paper,
            Condition.MEDIA_LOW: self.paper_near_end and not self.paper_out,
            Condition.CUTTER_FAULT: self.cutter_error,
            Condition.COOLING: self.passing_error,
        }
        return frozenset(condition for condition, is_so in named.items() if is_so)

    @property
    def state(self) -> DeviceState:
        if self.unrecoverable_error:
            return DeviceState.HARDWARE_ERROR
        if self.cover_open or self.paper_out or self.stopped_without_paper or self.cutter_error:
            return DeviceState.USER_ERROR
        if self.offline or self.error or self.passing_error:
            return DeviceState.OFFLINE
        return DeviceState.ONLINE
