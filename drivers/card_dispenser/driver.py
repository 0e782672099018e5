"""The dispenser: looked at once a second, asked for one motion at a time, held for a person when a motion went wrong.

One thread of its own owns the serial line. A fault that the machine named stays until its sensors agree that it is
mended; the machine's own word that a motion is done is checked against them too.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from drivers.card_dispenser.errors import CONDITIONS, HARDWARE, MOVED_BY_HAND, DispenserRefusedError, ErrorCode
from drivers.card_dispenser.frames import CardAt, Stacker, Status
from drivers.card_dispenser.protocol import DispenserLine, Identity, NotAcknowledgedError, Reading
from drivers.card_dispenser.verdict import Motion, Outcome, judge
from drivers.device import CONDITIONS as FACTS
from drivers.device import NEVER_READ, Condition, DeviceState, DeviceStatus
from drivers.dispenser import BlankPosition, DispenserCounters, OutcomeUnknownError
from drivers.errors import DeviceAwayError, DeviceError, DeviceRefusedError, DeviceTimeoutError
from drivers.owner import OwnerThread
from drivers.supervision import Presence, Supervision

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
FIND_OUT_EVERY_S = 0.3
SILENT_LOOKS = 5  # then the line is opened anew, and its speed looked for
# Each has shorter time-outs of its own (protocol.Within); these end a wait for a thread that hangs.
OPEN_WITHIN_S = 60.0
LOOK_WITHIN_S = 12.0
MOTION_WITHIN_S = 30.0
FIND_OUT_S = 15.0  # a motion whose answer was lost has ended by then
COUNTER_ENDS = 999

POSITIONS = {
    CardAt.NONE: BlankPosition.NONE,
    CardAt.INSIDE: BlankPosition.HELD,
    CardAt.GATE: BlankPosition.GATE,
}


class Crt591:
    """Implements ``drivers.dispenser.CardDispenser``. Start and close it once, in the same event loop."""

    def __init__(
        self,
        name: str,
        port: str,
        baud: int | None = None,
        address: int = 0,
        variant: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the wiring; nothing is opened before ``start``.

        Args:
            name: how logs and errors call it.
            port: the serial line, such as /dev/adm-dispenser.
            baud: bits per second; None finds it by trying.
            address: as its four DIP switches say, 0 to 15.
            variant: m001, r02 or h001 (``variants``); None takes what the machine says of itself.
            clock: monotonic seconds.
        """
        self.name = name
        self._clock = clock
        self._line = DispenserLine(name, port, baud, address, variant)
        self._owner = OwnerThread(name)
        self._presence = Presence(name)
        self._supervision = Supervision(self._presence, clock)
        self._status = NEVER_READ
        self._turn = asyncio.Lock()  # one motion at a time, and no look behind it in the thread
        self._fault: ErrorCode | None = None
        self._fault_since = 0  # initialisations when it came
        self._fault_seen = False  # whether a sensor saw the card that stuck
        # Those that see cards while the path is empty (the stacker's); None until the path was seen empty.
        self._clear_sensors: frozenset[int] | None = None
        self.identity: Identity | None = None

    async def start(self) -> None:
        """Begin to watch the dispenser; returns at once, with or without it there. Nothing moves."""
        self._owner.start()
        self._supervision.start(self._watch, self._lost)

    async def close(self) -> None:
        """Give the line back and end the thread."""
        await self._supervision.close()
        self._owner.submit(self._line.close)
        await self._owner.close()

    @property
    def status(self) -> DeviceStatus:
        """The last reading. A dispenser that is silent is unknown."""
        return self._status

    async def refresh(self) -> DeviceStatus:
        """Ask now; a device that does not answer is a status too."""
        with contextlib.suppress(DeviceError):
            async with self._turn:
                await self._look()
        return self._status

    async def position(self) -> BlankPosition:
        """Where the blank is now, by the sensors; unknown when the machine does not say."""
        try:
            async with self._turn:
                return POSITIONS[(await self._look()).status.card]
        except DeviceError:
            return BlankPosition.UNKNOWN

    async def counters(self) -> DispenserCounters:
        """The bin counter now; raises DeviceError when the machine does not answer."""
        async with self._turn:
            return DispenserCounters((await self._look()).captured)

    async def reset_counter(self) -> None:
        """Set the bin counter to 0, after a person has emptied the bin: at 999 the machine captures nothing more."""
        async with self._turn:
            await self._owner.call(lambda: self._line.set_captured(0), within=LOOK_WITHIN_S)
            await self._look()

    async def feed(self) -> None:
        """See CardDispenser. Refused while a card is in the path, or a fault waits for a person."""
        async with self._turn:
            now = await self._look()
            if now.status.card is not CardAt.NONE:
                raise DeviceRefusedError(self.name, "a card is in the path")
            if self._fault is not None:
                raise DeviceRefusedError(self.name, f"held after error {self._fault} ({self._fault.name.lower()})")
            await self._move(Motion.FEED, self._line.feed, now)

    async def present(self) -> None:
        """See CardDispenser. Done already when the card is in the gate."""
        async with self._turn:
            now = await self._look()
            if now.status.card is CardAt.NONE:
                raise DeviceRefusedError(self.name, "no card is in the path")
            if now.status.card is not CardAt.GATE:
                await self._move(Motion.PRESENT, self._line.present, now)

    async def capture(self) -> None:
        """See CardDispenser."""
        async with self._turn:
            now = await self._look()
            if now.status.card is CardAt.NONE:
                raise DeviceRefusedError(self.name, "no card is in the path")
            await self._move(Motion.CAPTURE, self._line.capture, now)

    # Motions

    async def _move(self, motion: Motion, ask: Callable[[], Status], before: Reading) -> None:
        self._status = replace(self._status, state=DeviceState.BUSY)
        lost: DeviceError | None = None
        try:
            await self._owner.call(ask, within=MOTION_WITHIN_S)
        except NotAcknowledgedError:
            raise  # surely not begun
        except DispenserRefusedError as error:
            self._hold(error.code)
            with contextlib.suppress(DeviceError):
                await self._look()
            raise
        except DeviceTimeoutError as error:  # the outcome is unknown, or the thread hangs
            lost = error
        await self._find_out(motion, before, lost)

    async def _find_out(self, motion: Motion, before: Reading, lost: DeviceError | None) -> None:
        """What the sensors say of a motion: asked until they answer, the motor never."""
        until = self._clock() + FIND_OUT_S
        outcome = Outcome.UNKNOWN
        where = "not told"
        while True:
            try:
                now = await self._look()
            except DeviceAwayError as error:
                self._presence.lost(error.reason)
                await self._open_again()
            except DeviceError:
                pass  # asked again
            else:
                where = now.status.card.name.lower()
                outcome = judge(motion, now.status.card, before.captured, now.captured)
                # Without its answer the motion may still be going on.
                if outcome is not Outcome.UNKNOWN or lost is None:
                    break
            if self._clock() >= until:
                break
            await asyncio.sleep(FIND_OUT_EVERY_S)
        if lost is not None:
            log.warning("%s: answer to %s lost (%s); the card is %s", self.name, motion, lost.reason, where)
        if outcome is Outcome.BINNED:
            raise DeviceRefusedError(self.name, "the card went to the error bin instead of the gate")
        if outcome is Outcome.UNKNOWN:
            raise OutcomeUnknownError(self.name, f"{motion}: the card is {where}") from lost

    async def _open_again(self) -> None:
        """The watch would open a lost line again, but it waits for the motion; initialising moves nothing."""
        with contextlib.suppress(DeviceError):
            self.identity = await self._owner.call(self._line.open, within=OPEN_WITHIN_S)

    # Watching

    async def _watch(self) -> None:
        try:
            await self._meet()
            silent = 0
            while True:
                try:
                    async with self._turn:
                        await self._look()
                    silent = 0
                except (DeviceTimeoutError, DeviceRefusedError) as error:
                    silent += 1
                    self._presence.lost(error.reason)
                    if silent >= SILENT_LOOKS:
                        raise DeviceAwayError(self.name, f"silent: {error.reason}") from error
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            self._owner.submit(self._line.close)

    async def _meet(self) -> None:
        """Open the line and initialise. A machine that refuses, with a jammed card in it, is there all the same."""
        while True:
            try:
                async with self._turn:
                    self.identity = await self._owner.call(self._line.open, within=OPEN_WITHIN_S)
            except DispenserRefusedError as error:
                self._hold(error.code)
                self._status = self._status_of(None)
                await asyncio.sleep(LOOK_EVERY_S)
            else:
                log.info("%s: %s at %d baud", self.name, self.identity.firmware, self.identity.baud)
                return

    async def _look(self) -> Reading:
        """Read the machine into the status. Raises DeviceError; the status then says that nothing is known."""
        try:
            reading = await self._owner.call(self._line.look, within=LOOK_WITHIN_S)
            await self._let_go(reading)
        except DispenserRefusedError as error:
            self._hold(error.code)
            self._status = self._status_of(None)
            raise
        except DeviceTimeoutError:
            self._status = DeviceStatus(DeviceState.UNKNOWN, read_at=self._clock())
            raise
        except DeviceAwayError:
            self._status = DeviceStatus(DeviceState.NO_DEVICE, read_at=self._clock())
            raise
        self._status = self._status_of(reading.status)
        self._presence.back()
        return reading

    def _status_of(self, status: Status | None) -> DeviceStatus:
        found = {CONDITIONS[self._fault]} if self._fault in CONDITIONS else set()
        if status is not None:
            found |= conditions(status)
        operator = any(FACTS[c].blocks and c is not Condition.MEDIA_PRESENTED for c in found)
        state = DeviceState.USER_ERROR if operator else DeviceState.ONLINE
        if self._fault in HARDWARE:
            state = DeviceState.HARDWARE_ERROR
        elif status is None and not found:
            state = DeviceState.UNKNOWN
        return DeviceStatus(state, frozenset(found), self._clock())

    def _lost(self, status: DeviceStatus) -> None:
        self._status = status

    # Faults that wait for a person

    def _hold(self, code: ErrorCode | None) -> None:
        if code in CONDITIONS or code in HARDWARE:
            if self._fault is not code:
                log.warning("%s: held after error %s (%s)", self.name, code, code.name.lower())
            self._fault, self._fault_since, self._fault_seen = code, self._line.initialised, False

    async def _let_go(self, now: Reading) -> None:
        """End a fault when the sensors agree that it is mended."""
        seen = frozenset(number for number, card in enumerate(now.sensors) if card)
        empty = now.status.card is CardAt.NONE
        fault = self._fault
        if fault is None:
            if empty:
                self._clear_sensors = seen
            return
        if fault in HARDWARE:
            mended = now.initialised > self._fault_since
        elif fault is ErrorCode.STACKER_EMPTY:
            mended = now.status.stacker is not Stacker.EMPTY
        elif fault is ErrorCode.BIN_FULL:
            mended = not now.status.bin_full
        elif fault is ErrorCode.COUNTER_OVERFLOW:
            mended = now.captured is not None and now.captured < COUNTER_ENDS
        else:  # a card that stuck: none is seen where none was before
            clear = empty and (self._clear_sensors is None or seen <= self._clear_sensors)
            self._fault_seen |= not clear
            # A card that no sensor ever saw may be there still: then the machine has to be switched off and on.
            mended = clear and (self._fault_seen or fault in MOVED_BY_HAND or now.initialised > self._fault_since)
            if mended and now.initialised <= self._fault_since:
                # The machine keeps its error until then; with an empty path nothing moves.
                await self._owner.call(self._line.init, within=OPEN_WITHIN_S)
        if mended:
            log.warning("%s: mended, error %s is over", self.name, fault)
            self._fault = None


def conditions(status: Status) -> frozenset[Condition]:
    """What the three bytes of the status mean for people."""
    found = {
        Condition.MEDIA_EMPTY: status.stacker is Stacker.EMPTY,
        Condition.MEDIA_LOW: status.stacker is Stacker.FEW,
        Condition.REJECT_BIN_FULL: status.bin_full,
        Condition.MEDIA_PRESENTED: status.card is CardAt.GATE,
    }
    return frozenset(condition for condition, there in found.items() if there)
