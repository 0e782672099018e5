"""What the dispenser is made of: stacker, path, gate, bin, and the hands and motors that move cards in it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import requests

from drivers.card_dispenser.frames import Bin, CardAt, Stacker, Status
from hardware_sim.control import Hand
from hardware_sim.faults.arming import Phase

log = logging.getLogger(__name__)

STACKER_HOLDS = 100
FEW = 10
BIN_HOLDS = 50
COUNTER_ENDS = 999
MOTION_S = 0.3
TAKE_BACK_S = 60.0  # the machine's own timer for a card that nobody takes


class MachineError(Exception):
    """The machine refuses, with this code of the paper (2.2)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DispenserMachine:
    """Whole and full, and not initialised yet, as after power-on."""

    def __init__(self, printer: str | None = None) -> None:
        """``printer``: control address of the card printer before whose mouth the gate is."""
        self.lock = threading.RLock()
        self.stacker = STACKER_HOLDS
        self.card = CardAt.NONE
        self.serial = ""
        self.bin = 0
        self.bin_holds = BIN_HOLDS
        self.counter = 0
        self.fed = self.taken = self.captured = self.handed_over = 0
        self.full_bin = Bin.FULL  # how this variant says it
        self.entry = False
        self.motion_s = MOTION_S
        self.take_back_s = TAKE_BACK_S
        self.reached: Callable[[Phase], None] = lambda _: None
        self._printer = Hand(printer) if printer else None
        self._next_serial = 1
        self._jammed = False
        self._jam_seen = True
        self._moved_by_hand = False
        self._motor_error = ""
        self._in_gate_since = 0.0
        self.ending = threading.Event()

    def status(self) -> Status:
        with self.lock:
            left = Stacker.ENOUGH if self.stacker >= FEW else Stacker.FEW if self.stacker else Stacker.EMPTY
            return Status(self.card, left, self.full_bin if self.bin >= self.bin_holds else Bin.FREE)

    def sensors(self) -> bytes:
        """S1 at the gate, S2 to S5 in the path, S7 below the stacker; three reserved ones."""
        with self.lock:
            on = [self.card is CardAt.GATE, self.card is not CardAt.NONE, self._jammed and self.card is not CardAt.NONE]
            on += [self.card is CardAt.INSIDE, False, False, self.stacker > 0]
        return "".join("1" if card else "0" for card in on).encode() + b"000"

    def state(self) -> dict[str, Any]:
        with self.lock:
            return {
                "stacker": self.stacker,
                "card": self.card.name.lower(),
                "serial": self.serial,
                "bin": self.bin,
                "counter": self.counter,
                "fed": self.fed,
                "taken": self.taken,
                "captured": self.captured,
                "handed_over": self.handed_over,
                "entry": self.entry,
                "jammed": self._jammed,
                "jam_seen": self._jam_seen,
                "motor_error": self._motor_error,
                "take_back_s": self.take_back_s,
            }

    # -- what a hand does

    def refill(self, n: int) -> None:
        with self.lock:
            if not 0 < n <= STACKER_HOLDS - self.stacker:
                raise ValueError(f"{n} do not fit; the stacker holds {STACKER_HOLDS} and has {self.stacker}")
            self.stacker += n

    def set_stacker(self, n: int) -> None:
        """Have so many blanks in the stacker."""
        with self.lock:
            self.stacker = n

    def take_card(self) -> str:
        """Take the card out of the gate; answers its serial number."""
        with self.lock:
            if self.card is not CardAt.GATE:
                raise ValueError("no card is in the gate")
            self.taken += 1
            return self._leave()

    def insert_card(self) -> None:
        """Push a card in through the gate; the machine carries it to its reading position."""
        with self.lock:
            if not self.entry or self.card is not CardAt.NONE:
                raise ValueError("the gate takes no card")
            self.card, self.serial = CardAt.INSIDE, "X000001"

    def empty_bin(self) -> int:
        """Empty the bin; its counter is electronic and stays."""
        with self.lock:
            n, self.bin = self.bin, 0
            return n

    def fill_bin(self) -> None:
        with self.lock:
            self.bin = self.bin_holds

    def set_counter(self, n: int) -> None:
        with self.lock:
            self.counter = n

    def moved_by_hand(self) -> str:
        """Pull the card out of the path, against the rollers; answers its serial number."""
        with self.lock:
            if self.card is CardAt.NONE:
                raise ValueError("no card is in the path")
            self._moved_by_hand = True
            return self._leave()

    def jam(self, on: bool = True, seen: bool = True) -> None:
        """The next motion sticks, where a sensor sees the card or not; ``on`` false: a hand sets all right."""
        with self.lock:
            if not on and self._jammed:
                self._leave()
            self._jammed, self._jam_seen = on, seen

    def motor_error(self, code: str = "51") -> None:
        """Each motion is refused with this code, until the power was off; "" for none."""
        self._motor_error = code

    def power_cycle(self) -> None:
        with self.lock:
            self.entry = False
            self._motor_error = ""

    def whole(self) -> None:
        """Everything as it should be: stacker full, path and bin empty."""
        with self.lock:
            self._leave()
            self.stacker, self.bin, self.counter = STACKER_HOLDS, 0, 0
            self._jammed = self._moved_by_hand = self.entry = False
            self._motor_error = ""
            self.motion_s, self.take_back_s, self.bin_holds = MOTION_S, TAKE_BACK_S, BIN_HOLDS

    # -- what the machine does

    def initialise(self, go: str) -> None:
        """Clear errors; ``go``: where a card goes that is in the path ("gate", "bin", "stay")."""
        with self.lock:
            if self._jammed and self.card is not CardAt.NONE:
                raise MachineError("10")
            self._moved_by_hand = self.entry = False
            inside = self.card is CardAt.INSIDE
        if go == "gate" and inside:
            self.to_gate()
        elif go == "bin" and self.card is not CardAt.NONE:
            self.to_bin()

    def feed(self, to: CardAt) -> None:
        """A blank from the stacker, if none is in the path; a card in the path goes to that position."""
        self._ready()
        with self.lock:
            fresh = self.card is CardAt.NONE
            if fresh and not self.stacker:
                raise MachineError("A0")
        self.reached(Phase.PRINTING)
        with self.lock:
            if fresh:
                self.stacker -= 1
                self.fed += 1
                self.serial = f"D{self._next_serial:06d}"
                self._next_serial += 1
        self._travel()
        self._arrive(to)

    def to_gate(self) -> None:
        self._ready(with_card=True)
        self.reached(Phase.PRINTING)
        self._travel()
        self._arrive(CardAt.GATE)

    def to_bin(self) -> None:
        self._ready(with_card=True)
        with self.lock:
            if self.bin >= self.bin_holds:
                raise MachineError("A1")
            if self.counter >= COUNTER_ENDS:
                raise MachineError("50")
        self.reached(Phase.PRINTING)
        self._travel()
        with self.lock:
            self.bin += 1
            self.counter += 1
            self.captured += 1
            self._leave()

    def look_at_the_gate(self) -> None:
        """Take a card back that waits there for too long."""
        with self.lock:
            waited = time.monotonic() - self._in_gate_since
            late = self.card is CardAt.GATE and self.take_back_s and waited > self.take_back_s
        if late:
            try:
                self.to_bin()
            except MachineError as error:
                log.warning("not taken back: %s", error.code)

    def _ready(self, *, with_card: bool = False) -> None:
        with self.lock:
            if self._motor_error:
                raise MachineError(self._motor_error)
            if self._moved_by_hand:
                raise MachineError("45")
            if with_card and self.card is CardAt.NONE:
                raise MachineError("02")

    def _travel(self) -> None:
        self.ending.wait(self.motion_s)
        with self.lock:
            if self._jammed:
                self.card = CardAt.INSIDE if self._jam_seen else CardAt.NONE
                raise MachineError("10")

    def _arrive(self, to: CardAt) -> None:
        if to is CardAt.GATE:
            self.reached(Phase.EXIT)
        with self.lock:
            self.card = to
            self._in_gate_since = time.monotonic()
        if to is CardAt.GATE:
            self._hand_over()

    def _hand_over(self) -> None:
        """The printer's rollers take the card, if it is there and its mouth is free."""
        if self._printer is None:
            return
        try:
            self._printer.do("hand_over", serial=self.serial)
        except (requests.RequestException, ValueError) as error:
            log.warning("the printer did not take the card: %s", error)
            return
        with self.lock:
            self.handed_over += 1
            self._leave()

    def _leave(self) -> str:
        serial = self.serial
        self.card, self.serial = CardAt.NONE, ""
        return serial
