"""A card printer without a feeder, and the dispenser before its mouth: together they are one card printer.

What moves is moved once. Before a blank leaves the stacker, the attempt's own claim to one is made durable next to the
claim of the fence: after a crash nobody feeds a second blank for the same attempt, as nobody prints it a second time.
An attempt that has such a claim never ends as "surely nothing": sensors and bin say where its blank is, or a person.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from pathlib import Path

from drivers.claims import Claim, Claims
from drivers.device import CONDITIONS, Condition, DeviceState, DeviceStatus, MendedBy
from drivers.dispenser import (
    BlankPosition,
    CardDispenser,
    DispenserCounters,
    MotionFailedError,
    OutcomeUnknownError,
)
from drivers.errors import DeviceError, DeviceRefusedError
from drivers.printer import CardPosition, CardPrinter, Counters, JobEnd, JobReport, Json, SpoolJob

log = logging.getLogger(__name__)

HAND_OVER_S = 15.0  # from the gate into the printer's mouth
HAND_OVER_EVERY_S = 0.1
# The printer has no hopper: the stacker speaks of blanks.
HOPPER = frozenset({Condition.MEDIA_EMPTY, Condition.MEDIA_LOW})
# The worse of two states, from the worst on.
WORST = (
    DeviceState.NO_DEVICE,
    DeviceState.POWER_OFF,
    DeviceState.UNKNOWN,
    DeviceState.HARDWARE_ERROR,
    DeviceState.OFFLINE,
    DeviceState.USER_ERROR,
    DeviceState.STARTING,
    DeviceState.BUSY,
    DeviceState.ONLINE,
)


class FedPrinter:
    """Implements ``drivers.printer.CardPrinter``; starts and closes both of its parts."""

    def __init__(
        self,
        printer: CardPrinter,
        dispenser: CardDispenser,
        claims: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the two parts. ``claims``: the folder of claims, the same as the printer's."""
        self.name = printer.name
        self.printer = printer
        self.dispenser = dispenser
        self._claims = Claims(claims)
        self._clock = clock
        self._feeding = False
        self._blank_is_over = False  # the last blank was seen in the printer, and none was fed since
        self._fed_for = ""  # the attempt for which a blank surely left the stacker

    async def start(self) -> None:
        """Begin to supervise both; returns at once, with or without them there."""
        await self.dispenser.start()
        await self.printer.start()

    async def close(self) -> None:
        """Give both back."""
        await asyncio.gather(self.printer.close(), self.dispenser.close())

    @property
    def status(self) -> DeviceStatus:
        """Both last readings in one: the worse state, all conditions, the older time."""
        return joined(self.printer.status, self.dispenser.status, feeding=self._feeding)

    async def refresh(self) -> DeviceStatus:
        """Ask both now."""
        await asyncio.gather(self.printer.refresh(), self.dispenser.refresh())
        return self.status

    async def counters(self) -> Counters:
        """The printer's prints, and the cards in both bins; None where one of them does not tell."""
        own, blanks = await asyncio.gather(self.printer.counters(), self.dispenser.counters())
        both_tell = own.rejected is not None and blanks.captured is not None
        return replace(own, rejected=(own.rejected or 0) + (blanks.captured or 0) if both_tell else None)

    async def create(self, attempt_id: str) -> SpoolJob:
        """As the printer; refused too when a blank was fed for this attempt before. Nothing moves."""
        if await asyncio.to_thread(self._claims.read, _blank_of(attempt_id)) is not Claim.NONE:
            raise DeviceRefusedError(self.name, "a blank was fed for this attempt already")
        return await self.printer.create(attempt_id)

    async def send(self, job: SpoolJob, document: bytes) -> None:
        """Feed a blank over to the printer, then hand over the pages. Each attempt has one blank, whatever happens."""
        if await asyncio.to_thread(self._claims.read, job.attempt_id) is not Claim.NONE:
            raise DeviceRefusedError(self.name, "this attempt's claim is taken already, or cannot be read")
        try:
            may_feed = await asyncio.to_thread(self._claims.take, _blank_of(job.attempt_id), "card-dispenser")
        except OSError as error:
            raise DeviceRefusedError(self.name, f"no durable claim to a blank can be made ({error})") from error
        if not may_feed:
            raise DeviceRefusedError(self.name, "a blank was fed for this attempt already")
        self._feeding = True
        try:
            await self._hand_over(job.attempt_id)
        finally:
            self._feeding = False
        await self.printer.send(job, document)

    async def follow(self, job: SpoolJob, before: Counters, sheets: int) -> AsyncIterator[JobReport]:
        """As the printer; the last report says where the blank was seen too."""
        async for report in self.printer.follow(job, before, sheets):
            yield await self._with_blank(report, job.attempt_id, before)

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        """As the printer. From here on no blank is fed for this attempt."""
        await asyncio.to_thread(self._claims.revoke, _blank_of(attempt_id))
        return await self._with_blank(await self.printer.find(attempt_id, before, sheets), attempt_id, before)

    async def abandon(self, job: SpoolJob) -> None:
        """As the printer. From here on no blank is fed for this attempt; one that was fed stays where it is."""
        await asyncio.to_thread(self._claims.revoke, _blank_of(job.attempt_id))
        await self.printer.abandon(job)

    async def position(self) -> CardPosition:
        """Where the one card is: in the printer, or, as INSIDE, a blank between stacker and printer."""
        where = await self.printer.position()
        if where is not CardPosition.NONE:
            return where
        match await self.dispenser.position():
            case BlankPosition.NONE:
                return CardPosition.NONE
            case BlankPosition.UNKNOWN:
                # A dispenser that falls silent after it was seen empty does not make a taken card doubtful.
                return CardPosition.NONE if self._blank_is_over else CardPosition.UNKNOWN
        return CardPosition.INSIDE

    async def present(self) -> None:
        """As the printer: a printed card leaves by the printer's own slot."""
        await self.printer.present()

    async def reject(self) -> None:
        """Move the card to a bin: a blank in the dispenser to that one's, a card in the printer to the printer's."""
        blank = await self.dispenser.position() in (BlankPosition.HELD, BlankPosition.GATE)
        if blank:
            await self.dispenser.capture()
        if not blank or await self.printer.position() is not CardPosition.NONE:
            await self.printer.reject()

    async def open_queue(self) -> None:
        """Open the printer's stopped queue again, where it has one (see SpooledPrinter)."""
        opens = getattr(self.printer, "open_queue", None)
        if opens is None:
            raise DeviceRefusedError(self.name, "this printer has no queue")
        await opens()

    async def _hand_over(self, attempt_id: str) -> None:
        """One blank from the stacker into the printer's mouth, seen there.

        Raises DeviceRefusedError when a part says no, OutcomeUnknownError when the blank did not arrive.
        """
        before = await self._feed(attempt_id)
        self._fed_for = attempt_id
        await self.dispenser.present()
        until = self._clock() + HAND_OVER_S
        while True:
            where, blank, binned = await self._look(before)
            if where is CardPosition.INSIDE and blank is BlankPosition.NONE:
                self._blank_is_over = True
                return
            if binned:
                raise DeviceRefusedError(self.name, "the dispenser took the blank back")
            if self._clock() >= until:
                raise OutcomeUnknownError(
                    self.name, f"the blank did not arrive: dispenser {blank}, printer {where} after {HAND_OVER_S:g} s"
                )
            await asyncio.sleep(HAND_OVER_EVERY_S)

    async def _feed(self, attempt_id: str) -> DispenserCounters:
        """One blank out of the stacker; answers the bin counter before. The claim says for good if surely none came."""
        try:
            if await self.printer.position() is not CardPosition.NONE:
                raise DeviceRefusedError(self.name, "a card is in the printer")
            before = await self.dispenser.counters()
            self._blank_is_over = False
            await self.dispenser.feed()
        except (OutcomeUnknownError, MotionFailedError):
            raise
        except DeviceError:
            with contextlib.suppress(OSError):  # the attempt is then unknown, which is the safe side
                await asyncio.to_thread(self._claims.withdraw, _blank_of(attempt_id))
            raise
        return before

    async def _look(self, before: DispenserCounters) -> tuple[CardPosition, BlankPosition, bool]:
        """Where the card is by either machine, and whether the dispenser surely has it in its bin."""
        try:
            where = await self.printer.position()
        except DeviceError:
            where = CardPosition.UNKNOWN
        blank = await self.dispenser.position()
        try:
            binned = blank is BlankPosition.NONE and await self.dispenser.counters() != before
        except DeviceError:
            binned = False
        return where, blank, binned

    async def _with_blank(self, report: JobReport, attempt_id: str, before: Counters) -> JobReport:
        """A report of the printer as one of both; the last one also tells of the blank."""
        report = replace(report, status=self.status)
        if report.end is None:
            return report
        claim = await asyncio.to_thread(self._claims.read, _blank_of(attempt_id))
        where = await self.dispenser.position()
        evidence: dict[str, Json] = {**report.evidence, "blank_claim": claim.value, "blank_in_dispenser": where.value}
        report = replace(report, evidence=evidence)
        if report.end is not JobEnd.NOTHING or claim in (Claim.NONE, Claim.REVOKED):
            return report
        # A blank was fed, or may have been: the printer's "nothing" is not that of the two.
        reason = await self._whereabouts(where, attempt_id, before)
        return replace(report, end=JobEnd.UNKNOWN, reason=reason or report.reason)

    async def _whereabouts(self, where: BlankPosition, attempt_id: str, before: Counters) -> str:
        """The code of what became of a blank that was or may have been fed; empty when the printer or a bin has it."""
        if where in (BlankPosition.HELD, BlankPosition.GATE):
            return "blank-not-handed-over"
        try:
            path = await self.position()
            if path not in (CardPosition.NONE, CardPosition.UNKNOWN):
                return ""
            rejected = (await self.counters()).rejected
        except DeviceError:
            return "blank-in-doubt"
        counted = None not in (rejected, before.rejected)
        if counted and rejected != before.rejected:
            return ""
        if not counted or path is CardPosition.UNKNOWN or attempt_id != self._fed_for:
            return "blank-in-doubt"
        log.error("%s: the blank of attempt %s was fed, and is nowhere", self.name, attempt_id)
        return "blank-missing"


def joined(printer: DeviceStatus, dispenser: DeviceStatus, *, feeding: bool) -> DeviceStatus:
    """One status of both. ``feeding``: a blank is on its way on purpose, so that one in the gate is no obstacle."""
    blanks = dispenser.conditions - {Condition.MEDIA_PRESENTED}
    if Condition.MEDIA_PRESENTED in dispenser.conditions and not feeding:
        blanks |= {Condition.MEDIA_JAM}  # between the two machines, where no applicant's hand comes
    prints = printer.conditions - HOPPER
    states = {_without_hopper(printer, prints), dispenser.state}
    if Condition.MEDIA_JAM in blanks:
        states.add(DeviceState.USER_ERROR)
    times = (printer.read_at, dispenser.read_at)
    read_at = None if None in times else min(time for time in times if time is not None)
    return DeviceStatus(min(states, key=WORST.index), frozenset(prints | blanks), read_at)


def _without_hopper(printer: DeviceStatus, prints: Iterable[Condition]) -> DeviceState:
    """The printer's state, if it is a user error because of the hopper alone: then there is none."""
    hands = (MendedBy.OPERATOR, MendedBy.APPLICANT)
    waits = any(
        CONDITIONS[c].blocks and CONDITIONS[c].mended_by in hands and c is not Condition.MEDIA_PRESENTED for c in prints
    )
    hopper = bool(printer.conditions & HOPPER)
    return DeviceState.ONLINE if printer.state is DeviceState.USER_ERROR and hopper and not waits else printer.state


def _blank_of(attempt_id: str) -> str:
    """The name of the attempt's claim to a blank; begins as drivers.registry asks of files that are a driver's own."""
    return f".card-dispenser-{attempt_id}"
