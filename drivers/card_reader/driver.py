"""A card reader: what is in it, and exchanges with the chip.

Two threads of its own: one waits for PC/SC events, one owns the connection to the card. A card that hangs holds up only
the second; its calls end at their deadlines, and it is free again when the card is taken out.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from drivers.card_reader.errors import CardAbsentError, CardMuteError, ServiceAwayError
from drivers.card_reader.frames import Answer, Command
from drivers.card_reader.protocol import (
    CardLink,
    CardPresence,
    ReaderReading,
    ReaderWatch,
    read_photo,
    send_until_refused,
)
from drivers.device import NEVER_READ, DeviceState, DeviceStatus
from drivers.errors import DeviceTimeoutError
from drivers.owner import OwnerThread
from drivers.supervision import Presence, Supervision

T = TypeVar("T")

# pcscd polls a reader every 0.4 s and the watch wakes every second: an older reading means that pcscd hangs.
STALE_S = 5.0
EXCHANGE_WITHIN_S = 15.0  # a personalization step is about 90 APDUs of up to 0.1 s
CLOSE_WITHIN_S = 3.0  # the watch wakes within a second


class CardReader:
    """One PC/SC reader, found by the beginning of its name. Start and close it once, in the same event loop."""

    def __init__(self, name: str, reader: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._clock = clock
        self._watch = ReaderWatch(name, reader)
        self._watcher = OwnerThread(f"{name} watch")
        self._link = CardLink(name)
        self._worker = OwnerThread(f"{name} card")
        self._presence = Presence(name)
        self._supervision = Supervision(self._presence, clock)
        self._status = NEVER_READ
        self._reading = ReaderReading(None)
        self._generation = 0  # of the watch: pcscd counts events from zero again after a restart
        self._changed = asyncio.Event()
        self._ending = threading.Event()

    async def start(self) -> None:
        """Begin to watch the reader; returns at once, with or without pcscd and the reader there."""
        self._watcher.start()
        self._worker.start()
        self._supervision.start(self._run_watch, self._lost)

    async def close(self) -> None:
        """Leave the card and the reader, and end the threads."""
        self._ending.set()
        # SCardCancel waits for pcscd without a limit of its own: a frozen one would hold the event loop for ever.
        threading.Thread(target=self._watch.interrupt, name=f"{self.name} interrupt", daemon=True).start()
        await self._supervision.close()
        self._worker.submit(self._link.close)
        await asyncio.gather(self._watcher.close(within=CLOSE_WITHIN_S), self._worker.close(within=CLOSE_WITHIN_S))

    @property
    def status(self) -> DeviceStatus:
        """Online with or without a card; offline while a card hangs; unknown when the last reading is too old."""
        status = self._status
        if status.read_at is not None and self._clock() - status.read_at > STALE_S:
            return DeviceStatus(DeviceState.UNKNOWN, read_at=status.read_at)
        if status.state is DeviceState.ONLINE and self._worker.overdue:
            return DeviceStatus(DeviceState.OFFLINE, read_at=status.read_at)
        return status

    @property
    def card(self) -> CardPresence | None:
        """What is in the reader by the last reading; None when the reader cannot tell now."""
        return self._reading.presence if self.status.state in (DeviceState.ONLINE, DeviceState.OFFLINE) else None

    async def wait_for_card(self, within: float) -> None:
        """Wait until a card that answers to power is in the reader.

        Raises after ``within`` seconds what was in the way then: CardAbsentError, CardMuteError or ServiceAwayError.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.card is not CardPresence.PRESENT:
                    await self._changed.wait()
        self._insertion_now()

    async def atr(self) -> bytes:
        """The answer to reset of the card in the reader. Raises CardAbsentError, CardMuteError, ServiceAwayError."""
        reading, _ = self._insertion_now()
        return reading.atr

    async def transmit(self, commands: Sequence[bytes], within: float = EXCHANGE_WITHIN_S) -> list[bytes]:
        """Send APDUs one by one and return the answers, each with its status word.

        Stops after an answer other than 9000. Rights won on the chip last from one call to the next, as long as the
        card stays in. Raises CardLostError when the card went away, DeviceTimeoutError after ``within`` seconds: what
        the last command did is not known then.
        """
        send = self._sender(within)
        return await self._worker.call(lambda: send_until_refused(send, commands), within=within)

    async def read_photo(self, within: float) -> bytes:
        """The JPEG on the chip of a KTP-el. Raises NotKtpElError for another card or a blank."""
        send = self._sender(within)

        def exchange(command: Command) -> Answer:
            return Answer.from_bytes(send(command.to_bytes()))

        return await self._worker.call(lambda: read_photo(self.name, exchange), within=within)

    def _sender(self, within: float) -> Callable[[bytes], bytes]:
        """How the owner thread sends one APDU to the card that is in now, but none after the deadline."""
        reading, insertion = self._insertion_now()
        reader = reading.reader or ""
        until = self._clock() + within

        def send(command: bytes) -> bytes:
            if self._clock() > until:
                raise DeviceTimeoutError(self.name, f"not finished within {within:g} s")
            return self._link.exchange(reader, insertion, command)

        return send

    def _insertion_now(self) -> tuple[ReaderReading, tuple[int, int]]:
        """The last reading and a mark for the card in it, if there is one to talk to."""
        reading, presence = self._reading, self.card
        if presence is None:
            raise ServiceAwayError(self.name, f"the reader is not there ({self.status.state})")
        if presence is CardPresence.ABSENT:
            raise CardAbsentError(self.name, "no card in the reader")
        if presence is CardPresence.MUTE:
            raise CardMuteError(self.name, "the card does not answer to power")
        return reading, (self._generation, reading.events)

    async def _run_watch(self) -> None:
        loop = asyncio.get_running_loop()
        self._generation += 1

        def seen(reading: ReaderReading) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: this watch is about to end as well
                loop.call_soon_threadsafe(self._seen, reading)

        await asyncio.wrap_future(self._watcher.submit(lambda: self._watch.run(seen, self._ending.is_set)))

    def _seen(self, reading: ReaderReading) -> None:
        if reading.reader is None:
            self._presence.lost("no reader of that name")
            self._show(reading, DeviceState.NO_DEVICE)
        else:
            self._presence.back()
            self._show(reading, DeviceState.ONLINE)

    def _lost(self, status: DeviceStatus) -> None:
        self._show(ReaderReading(None), status.state)

    def _show(self, reading: ReaderReading, state: DeviceState) -> None:
        self._reading = reading
        self._status = DeviceStatus(state, read_at=self._clock())
        self._changed.set()
        self._changed = asyncio.Event()
