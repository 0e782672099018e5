"""The receipt printer: a thread that reads its line, answers, and draws; with everything that goes wrong with one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.receipt_printer.frames import CLEARED, Flags
from hardware_sim.faults.arming import Phase
from hardware_sim.serial_devices.escpos import Cut, DotFeed, LineFeed, Operation, Parser, Raster, ReportPaper, Unknown
from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.serial_devices.paper import LINE_DOTS, Paper, Receipts
from hardware_sim.serial_devices.realtime import RealTime
from hardware_sim.serial_devices.tcp_line import TcpLine

BUFFER = 4096  # bytes received and not printed: full, and the printer says busy
SPARE = 256  # bytes that it still takes when busy; real-time commands find their way through these
LEVELS = ("ok", "near_end", "out")
BITS_PER_BYTE = 10
LONGEST_WAIT_S = 0.5


class SimulatedReceiptPrinter:
    """One printer on one line, with ``width`` dots; receipts become pictures in ``folder``."""

    def __init__(self, line: SerialLine | TcpLine, folder: Path, width: int) -> None:
        self.line = line
        self.receipts = Receipts(folder)
        self.paper_level = "ok"
        self.cover_open = False
        self.cutter_jammed = False
        self.silent = False
        self.reading = True
        self.baud: int | None = None
        self.rows_until_out: int | None = None
        self.unknown: list[str] = []
        self.reached: Callable[[Phase], None] = lambda _: None  # told where a receipt is, before the machine goes on
        self._passed: set[Phase] = set()  # by this receipt
        self._paper = Paper(width)
        self._parser = Parser()
        self._realtime = RealTime()
        self._waiting: deque[tuple[Operation, int]] = deque()  # received, with their sizes in bytes
        self._size = 0
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="receipt printer", daemon=True)

    def start(self) -> None:
        self.line.plug()
        self._thread.start()

    def close(self) -> None:
        self._ended = True
        self.line.close()
        self._thread.join(2)

    def state(self) -> dict[str, Any]:
        return {
            "port": self.line.port,
            "plugged": self.line.plugged,
            "paper": self.paper_level,
            "cover_open": self.cover_open,
            "cutter_jammed": self.cutter_jammed,
            "silent": self.silent,
            "reading": self.reading,
            "baud": self.baud,
            "receipts": [str(path) for path in self.receipts.paths],
            "rows_uncut": self._paper.rows,
            "bytes_waiting": self._size + self._parser.pending,
            "unknown_commands": self.unknown,
        }

    @property
    def flags(self) -> Flags:
        out = self.paper_level == "out"
        return Flags(
            offline=not self._can_print,
            cover_open=self.cover_open,
            stopped_without_paper=out,
            error=self.cutter_jammed,
            cutter_error=self.cutter_jammed,
            paper_near_end=self.paper_level != "ok",
            paper_out=out,
        )

    @property
    def _can_print(self) -> bool:
        return self.paper_level != "out" and not self.cover_open and not self.cutter_jammed

    # -- what a hand does

    def paper(self, level: str) -> None:
        """Set the roll: ok (a new one), near_end, or out."""
        if level not in LEVELS:
            raise ValueError(f"no level {level!r}; there are {LEVELS}")
        self.paper_level = level

    def paper_out_after(self, rows: int) -> None:
        """Let the paper run out after so many rows more."""
        self.rows_until_out = rows

    def cover(self, open: bool) -> None:  # noqa: A002  # the word for it, in the act's arguments
        self.cover_open = open

    def cutter(self, jammed: bool) -> None:
        self.cutter_jammed = jammed

    def silence(self, on: bool) -> None:
        """Print, but answer nothing."""
        self.silent = on

    def stop_reading(self, on: bool) -> None:
        """Leave everything unread on the line."""
        self.reading = not on

    def pace(self, baud: int | None) -> None:
        """Read no faster than a line of that speed; None: as fast as it comes (a pseudo-terminal has no speed)."""
        if baud is not None and baud <= 0:
            raise ValueError("a baud rate is above 0")
        self.baud = baud

    def repair(self) -> None:
        """A new roll in a printer without faults."""
        self.paper_level, self.rows_until_out = "ok", None
        self.cover_open = self.cutter_jammed = self.silent = False
        self.reading, self.baud = True, None

    # -- the machine

    def _run(self) -> None:
        while not self._ended:
            # Graphics are printed as they come in, and fill the buffer only while nothing can be printed.
            full = self._size + (0 if self._can_print else self._parser.pending) >= BUFFER
            # Busy, it leaves on the line what a handshake would hold back, and takes only what fits the spare bytes.
            taking = self.reading and self.line.plugged and not (full and self.line.waiting > SPARE)
            if not taking:
                time.sleep(0.02)
            elif self.line.wait(LONGEST_WAIT_S if not self._waiting else 0.02):
                self._receive(self.line.read(self._at_once))
            self._print()

    @property
    def _at_once(self) -> int:
        """Bytes to take now: at a pace, no more than a twentieth of a second's, but one."""
        return min(SPARE, max(1, self.baud // BITS_PER_BYTE // 20)) if self.baud else SPARE

    def _receive(self, data: bytes) -> None:
        if self.baud:
            time.sleep(len(data) * BITS_PER_BYTE / self.baud)
        for piece in self._realtime.feed(data):
            for operation, size in self._parser.feed(piece.data):
                if isinstance(operation, Unknown):
                    self.unknown.append(operation.frame.hex())
                self._pass(Phase.BEFORE)
                if isinstance(operation, Raster):
                    self._pass(Phase.TRANSFER)
                self._waiting.append((operation, size))
                self._size += size
            if piece.query is not None and not self.silent:
                self.line.write(bytes((self.flags.answer(piece.query),)))
            if piece.clear:
                self._forget()

    def _forget(self) -> None:
        """DLE DC4 8: what is not on the paper yet never will be."""
        self._parser.clear()
        self._waiting.clear()
        self._size = 0
        self._passed.clear()  # the next receipt comes to each phase anew
        if not self.silent:
            self.line.write(CLEARED)

    def _print(self) -> None:
        while self._waiting and self._can_print:
            operation, size = self._waiting[0]
            if isinstance(operation, Raster):
                self._pass(Phase.PRINTING)
            elif isinstance(operation, Cut):
                self._pass(Phase.EXIT)
            if not self._waiting or not self._can_print:
                return  # what waited for that phase has changed the machine
            if self._runs_out_in(operation):
                return
            self._waiting.popleft()
            self._size -= size
            if isinstance(operation, Cut):
                self._paper.apply(DotFeed(operation.feed_dots))
                if self._paper.used:
                    self.receipts.keep(self._paper.cut())
                self._pass(Phase.AFTER)
                self._passed.clear()
            elif isinstance(operation, ReportPaper):
                if not self.silent:
                    self.line.write(bytes((0x03 if self.paper_level == "near_end" else 0x00,)))
            else:
                self._paper.apply(operation)

    def _pass(self, phase: Phase) -> None:
        if phase not in self._passed:
            self._passed.add(phase)
            self.reached(phase)

    def _runs_out_in(self, operation: Operation) -> bool:
        """Count down to the end of the paper; True when the operation would need more."""
        if self.rows_until_out is None:
            return False
        if isinstance(operation, Raster):
            needed = operation.height
        elif isinstance(operation, LineFeed):
            needed = operation.lines * LINE_DOTS
        elif isinstance(operation, DotFeed):
            needed = operation.dots
        else:
            return False
        if needed <= self.rows_until_out:
            self.rows_until_out -= needed
            return False
        self.rows_until_out = None
        self.paper_level = "out"
        return True
