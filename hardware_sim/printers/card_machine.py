"""The machine of a card printer: one blank at a time, held at its chip station until it is told where to go.

The chip of the blank at the station is the business of the smart-card simulator; when its address is known, it is told
when a blank arrives at the encoder and when it leaves.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

import requests

from hardware_sim.control import Hand
from hardware_sim.faults.arming import Phase
from hardware_sim.printers.config import PrinterConfig
from hardware_sim.printers.machine import ABORTED, PROCESSING, Job, Machine
from hardware_sim.printers.store import Folder, Ledger

log = logging.getLogger(__name__)

NONE, INSIDE, STATION, EXIT = "none", "inside", "station", "exit"
MOVE_SHARE = 0.2  # moving a card to slot or bin takes this part of a card's time


class Encoder:
    """Tells the smart-card simulator about the blanks, in order, in a thread; it may be away."""

    def __init__(self, url: str | None) -> None:
        self._hand = Hand(url) if url else None
        self._acts: queue.SimpleQueue[tuple[str, dict[str, str]]] = queue.SimpleQueue()
        if self._hand is not None:
            threading.Thread(target=self._tell, name="encoder", daemon=True).start()

    def insert(self, serial: str) -> None:
        self._acts.put(("insert", {"slot": "encoder", "serial": serial}))

    def remove(self) -> None:
        self._acts.put(("remove", {"slot": "encoder"}))

    def _tell(self) -> None:
        while self._hand is not None:
            act, arguments = self._acts.get()
            try:
                self._hand.do(act, **arguments)
            except (requests.RequestException, ValueError) as error:
                log.warning("encoder: %s not told: %s", act, error)


class CardMachine(Machine):
    """A printer of cards."""

    def __init__(self, config: PrinterConfig, folder: Folder, ledger: Ledger, encoder: Encoder) -> None:
        super().__init__(config, folder, ledger)
        self._encoder = encoder
        self._move_to: str | None = None
        self._blank_waits = False  # handed over, and no job has it yet
        if self.memory.position == STATION:
            encoder.insert(self.memory.serial)

    def reasons(self) -> list[str]:
        with self.changed:
            found = [reason for reason in super().reasons() if reason != "none"]
            if self.memory.position == EXIT:
                found.append("adm-card-in-slot-report")
            return found or ["none"]

    def conditions(self) -> set[str]:
        found = super().conditions()
        if not self.config.feeder:
            found -= {"media_empty", "media_low"}  # it has no hopper that could be
        if self.memory.reject_bin >= self.config.reject_bin_holds:
            found.add("reject_bin_full")
        return found

    def move_card(self, destination: str) -> bool:
        """Ask for a motion of the card in the path; False when it cannot be done."""
        with self.changed:
            movable = {EXIT: {STATION}, "reject": {INSIDE, STATION, EXIT}}.get(destination, set())
            printing = (
                any(job.state == PROCESSING and job.wanted for job in self.jobs.values())
                and self.memory.position == INSIDE
            )
            stuck = self.faults & {"media_jam", "cover_open"}
            if self.memory.position not in movable or printing or stuck or self._move_to is not None:
                return False
            if destination == "reject" and "reject_bin_full" in self.conditions():
                return False
            self._move_to = destination
            self.changed.notify_all()
            return True

    def hand_over(self, serial: str) -> None:
        """The dispenser before its mouth pushes a blank in, and the rollers take it. ValueError when they do not."""
        with self.changed:
            if self.config.feeder:
                raise ValueError("this printer feeds its blanks itself")
            if not self.power or self._path_taken_by_a_card() or self.faults & {"media_jam", "cover_open"}:
                raise ValueError("the mouth takes no card now")
            self.memory.position, self.memory.serial = INSIDE, serial
            self._blank_waits = True
            self.folder.save(self.memory)
            self.changed.notify_all()

    def take_card(self) -> str:
        """A hand takes the card from the slot; answers its serial number."""
        with self.changed:
            if self.memory.position != EXIT:
                raise ValueError("no card is in the slot")
            serial = self.memory.serial
            self._leave_path()
            self.ledger.write("taken", printer=self.config.name, serial=serial)
            return serial

    def clear_path(self) -> str:
        """An operator takes whatever card is in the path out through the cover; answers its serial number."""
        with self.changed:
            serial = self.memory.serial
            if self.memory.position == NONE:
                return ""
            if self.memory.position == STATION:
                self._encoder.remove()
            self._leave_path()
            self.ledger.write("cleared", printer=self.config.name, serial=serial)
            return serial

    def empty_reject_bin(self) -> int:
        """An operator empties the bin; answers how many cards were in it."""
        with self.changed:
            n = self.memory.reject_bin
            self.memory.reject_bin = 0
            self.faults.discard("reject_bin_full")
            self.folder.save(self.memory)
            self.ledger.write("emptied", printer=self.config.name, count=n)
            self.changed.notify_all()
            return n

    def _leave_path(self) -> None:
        self._move_to = None
        self._blank_waits = False
        self.memory.position, self.memory.serial = NONE, ""
        self.folder.save(self.memory)
        self.changed.notify_all()

    def _next_work(self) -> Callable[[], None] | None:
        if self.power and self._move_to is not None:
            return self._do_move
        return super()._next_work()

    def _do_move(self) -> None:
        with self.changed:
            destination, cycle = self._move_to, self._power_cycles
        if destination == EXIT:
            self.reached(Phase.EXIT)
        with self.changed:
            self._check_power(cycle)
            end = time.monotonic() + self.page_s * MOVE_SHARE
            while (left := end - time.monotonic()) > 0 and self._move_to is not None:
                self.changed.wait(left)
                self._check_power(cycle)
            if self._move_to is None:
                return  # a hand took the card out meanwhile
            self._move_to = None
            serial = self.memory.serial
            if "media_jam" in self.faults:
                self.ledger.write("jam", printer=self.config.name)
                return
            if self.memory.position == STATION:
                self._encoder.remove()
            if destination == EXIT:
                self.memory.position = EXIT
                self.folder.save(self.memory)
            else:
                self.memory.rejected += 1
                self.memory.reject_bin += 1
                self._leave_path()
            self.ledger.write("moved", printer=self.config.name, serial=serial, to=destination)
            self.changed.notify_all()
        if destination == EXIT:
            self.reached(Phase.AFTER)

    def _gets_through_the_exit(self) -> bool:
        return True  # a printed card is held at its station: it comes to the exit when it is moved

    def _before_the_job_ends(self) -> None:
        pass

    def power_off(self) -> None:
        with self.changed:
            if self.memory.position == STATION:
                self._encoder.remove()  # the encoder has no power either
            self._move_to = None
            self._blank_waits = False  # a card in the path after power-on is one that has to go
            super().power_off()

    def power_on(self) -> None:
        with self.changed:
            super().power_on()
            if self.memory.position == STATION:
                self._encoder.insert(self.memory.serial)

    def _path_taken(self) -> bool:
        if self._blank_waits:
            return self._move_to is not None
        return not self.config.feeder or self._path_taken_by_a_card()

    def _path_taken_by_a_card(self) -> bool:
        return self.memory.position != NONE or self._move_to is not None

    def _wait_until_free(self, job: Job, cycle: int) -> bool:
        # A move may be asked for while a job waits for the path, and this thread is the one that moves.
        while True:
            with self.changed:
                self._check_power(cycle)
                moving = self._move_to is not None
                if not moving:
                    if not job.wanted:
                        return False
                    if not self.blocked() and not self._path_taken():
                        return True
                    self.changed.wait(0.5)
            if moving:
                self._do_move()

    def _feed_and_print(self, cycle: int) -> bool:
        with self.changed:
            if self.config.feeder:
                self.memory.serial = f"{self.config.serial_prefix}{self.memory.next_serial:06d}"
                self.memory.next_serial += 1
                self.memory.stock -= 1
                self.memory.position = INSIDE
            self._blank_waits = False
            self.folder.save(self.memory)
            self.ledger.write("fed", printer=self.config.name, serial=self.memory.serial)
        if super()._feed_and_print(cycle):
            return True
        with self.changed:  # a jammed card is spoiled, and the machine gives the job up
            for job in [j for j in self.jobs.values() if j.state == PROCESSING and j.complete]:
                job.wanted = False
                job.end(ABORTED, "aborted-by-system", self.up_time())
        return False

    def _came_out(self) -> None:
        """The card is held at the chip station; the blank was counted when it was fed."""
        self.memory.position = STATION
        self._encoder.insert(self.memory.serial)
