"""The slot of a virtual reader: a card in it is a connection to the port of the reader's driver (vpcd).

Each message of that wire is a length of two bytes, big-endian, and a body. A body of one byte is a control of the
reader, a longer one an APDU. The driver sends length and body in two writes without TCP_NODELAY: without TCP_QUICKACK
on our side each APDU takes 44 ms.
"""

from __future__ import annotations

import contextlib
import enum
import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from hardware_sim.faults.arming import Phase
from hardware_sim.smart_cards.chips import Chip

log = logging.getLogger(__name__)

RECONNECT_S = 0.05  # between tries while pcscd is away
# A reader that searches its field anew has no card for a moment: longer than pcscd's poll of 0.4 s, which otherwise
# takes what it finds afterwards for the card that it has under power.
SEARCH_S = 0.6
# PC/SC knows ATRs of at most 33 bytes. A longer one lets the power-up fail while the presence poll goes on: that is a
# mute card. (An empty one would make the driver drop the connection: the card would flap.)
MUTE_ATR = bytes(40)


class Control(enum.IntEnum):
    """Bodies of one byte."""

    POWER_OFF = 0
    POWER_ON = 1
    RESET = 2
    GET_ATR = 4


@dataclass
class Faults:
    """What is wrong with the card in the slot. All of it goes when the card is taken out."""

    mute: bool = False  # no ATR
    two_cards: bool = False  # two contactless cards in one field answer at once: no ATR, and no exchange with either
    hang: bool = False  # takes commands, never answers
    pull_after: int | None = None  # APDUs until the card is pulled out with its answer still owed
    delay_s: float = 0.0  # of each APDU; a real contactless chip needs 5 to 30 ms


class Slot:
    """One slot with at most one card, served by a thread of its own."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.faults = Faults()
        self.apdus = 0  # answered since the card was put in
        self.reached: Callable[[Phase], None] = lambda _: None  # told where the card is, before the slot goes on
        self._port = port
        self._chip: Chip | None = None
        self._changed = threading.Condition()
        self._wire: socket.socket | None = None
        self._closed = False
        self._searching = False
        self._thread = threading.Thread(target=self._run, name=f"slot {name}", daemon=True)
        self._thread.start()

    @property
    def chip(self) -> Chip | None:
        return self._chip

    def insert(self, chip: Chip) -> None:
        """Put a card in. Raises ValueError when there is one already."""
        with self._changed:
            if self._chip is not None:
                raise ValueError(f"{self.name}: card {self._chip.serial} is in the slot already")
            self._chip = chip
            self._changed.notify_all()

    def remove(self) -> Chip | None:
        """Take the card out, also in the middle of an exchange."""
        with self._changed:
            chip, self._chip = self._chip, None
            self.faults = Faults()
            self.apdus = 0
            self._hang_up()
            self._changed.notify_all()
        return chip

    def repair(self) -> None:
        """Nothing is wrong with the card any more."""
        with self._changed:
            if self.faults.two_cards:
                self._search()
            self.faults = Faults()
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._chip = None
            self._hang_up()
            self._changed.notify_all()
        self._thread.join(2)

    def _hang_up(self) -> None:
        if self._wire is not None:
            with contextlib.suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)

    def _search(self) -> None:
        self._searching = True
        self._hang_up()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._chip is not None or self._closed)
                if self._closed:
                    return
                chip = self._chip
            assert chip is not None  # noqa: S101  # for the type checker; the wait above saw to it
            with contextlib.suppress(OSError):
                self._serve(chip)
            time.sleep(SEARCH_S if self._searching else RECONNECT_S)
            self._searching = False

    def _serve(self, chip: Chip) -> None:
        """Be in the reader until the card is taken out or pcscd goes."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=2) as wire:
            wire.settimeout(None)
            with self._changed:
                if self._chip is not chip:
                    return
                self._wire = wire
            try:
                chip.reset()
                self.reached(Phase.BEFORE)
                while (body := _receive(wire)) is not None:
                    if not self._answer(wire, chip, body):
                        return
            finally:
                with self._changed:
                    self._wire = None

    def _answer(self, wire: socket.socket, chip: Chip, body: bytes) -> bool:
        """Answer one message; False when the card was pulled out instead."""
        if len(body) > 1:
            return self._exchange(wire, chip, body)
        if not body:
            return True  # nothing was asked
        if body[0] == Control.GET_ATR:
            _send(wire, MUTE_ATR if self.faults.mute or self.faults.two_cards else chip.atr)
        else:
            chip.reset()
        return True

    def _exchange(self, wire: socket.socket, chip: Chip, frame: bytes) -> bool:
        if self.apdus == 0:
            self.reached(Phase.TRANSFER)
        if self.faults.two_cards:
            return False  # the reader loses its card and finds none that it could power
        if self.faults.pull_after is not None:
            self.faults.pull_after -= 1
            if self.faults.pull_after < 0:
                self.remove()
                return False
        time.sleep(self.faults.delay_s)
        with self._changed:
            self._changed.wait_for(lambda: not self.faults.hang or self._chip is not chip)
            if self._chip is not chip:
                return False
        _send(wire, chip.transmit(frame))
        self.apdus += 1
        return True

    def set_faults(self, **changes: bool | float | None) -> None:
        """Change faults by name. Raises ValueError for a fault that there is not, or without a card."""
        with self._changed:
            if self._chip is None:
                raise ValueError(f"{self.name}: no card in the slot")
            for name, value in changes.items():
                if name not in Faults.__dataclass_fields__:
                    raise ValueError(f"no fault {name!r}; there are {sorted(Faults.__dataclass_fields__)}")
                if name == "two_cards" and value != self.faults.two_cards:
                    self._search()
                setattr(self.faults, name, value)
            self._changed.notify_all()


def _send(wire: socket.socket, body: bytes) -> None:
    wire.sendall(len(body).to_bytes(2, "big") + body)


def _receive(wire: socket.socket) -> bytes | None:
    """One message, or None at the end of the line."""
    head = _exactly(wire, 2)
    return _exactly(wire, int.from_bytes(head, "big")) if head else None


def _exactly(wire: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = wire.recv(count - len(data))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if not part:
            return None
        data += part
    return data
