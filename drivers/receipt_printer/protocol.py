"""Exchanges with the receipt printer over its line, blocking: all of it belongs to one thread.

The line is ours (``lines``): python-escpos opens a serial port neither exclusively nor with a time-out for writing,
waits a full time-out for each status, and takes silence for "paper adequate".
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import NoReturn

from drivers.device import WORKING_STATES
from drivers.errors import DeviceAwayError
from drivers.receipt_printer.errors import ReceiptUnknownError
from drivers.receipt_printer.frames import ASK_WHEN_DONE, CLEAR, Flags, Query, is_done, is_status
from drivers.receipt_printer.lines import LINE_ERRORS, Line, LineStalledError, open_line

ANSWER_S = 0.3  # DLE EOT is answered at once; one byte at 9600 baud takes 1 ms
STALL_S = 5.0  # no byte taken for so long: the printer has stopped reading
LONGEST_SETTLING_S = 2.0  # of waiting for late answers to end
CHUNK = 1024  # bytes of one write

_UNKNOWN = "it is not known whether the receipt came out"


class ReceiptLine:
    """The line to one printer."""

    def __init__(self, device: str, port: str, baud: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._device = device
        self._path = port
        self._baud = baud
        self._clock = clock
        self._port: Line | None = None
        self._late = False  # an answer may still come to a question that was given up
        self._done = False  # an answer to GS r has come

    def open(self) -> None:
        """Open the line, and have the printer forget what an earlier run may have left in it half sent."""
        self.close()
        try:
            self._port = open_line(self._path, self._baud, answer_s=ANSWER_S, stall_s=STALL_S)
            self._port.write(CLEAR)
        except LINE_ERRORS as error:
            self.close()
            raise DeviceAwayError(self._device, f"{self._path} cannot be opened ({error})") from error

    def close(self) -> None:
        """Close the line; what was not sent yet never will be."""
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(*LINE_ERRORS):
                port.close()

    def ask(self) -> Flags | None:
        """Ask all four questions; None when one is not answered. Raises DeviceAwayError when the line is gone."""
        try:
            self._opened.drop_input()
            self._settle()
            return self._ask()
        except LINE_ERRORS as error:
            raise DeviceAwayError(self._device, f"{self._path} is gone ({error})") from error

    def print(self, receipt: bytes, within: float) -> None:
        """Send a receipt and wait until the printer says that everything before was processed.

        Raises ReceiptUnknownError after ``within`` seconds, or earlier when the printer stops: then the rest is
        taken back as far as possible, so that it does not come out for the next person.
        """
        until = self._clock() + within
        self._done = False
        try:
            self._opened.drop_input()
            data = receipt + ASK_WHEN_DONE
            for at in range(0, len(data), CHUNK):
                self._opened.write(data[at : at + CHUNK])
                if self._clock() > until:
                    self._give_up("the line is too slow")
            self._wait_until_done(until)
        except LineStalledError:
            self._give_up("the printer stopped reading")
        except LINE_ERRORS as error:
            raise ReceiptUnknownError(self._device, f"{self._path} went away ({error}); {_UNKNOWN}") from error

    @property
    def _opened(self) -> Line:
        if self._port is None:
            raise DeviceAwayError(self._device, f"{self._path} is not open")
        return self._port

    def _ask(self) -> Flags | None:
        answers: dict[Query, int] = {}
        for query in Query:
            self._opened.write(query.frame)
            answer = self._next_status()
            if answer is None:
                self._late = True
                return None
            answers[query] = answer
        return Flags.from_answers(answers)

    def _settle(self) -> None:
        """Let answers pass that are late by a slow network: they would be taken for those to the next questions."""
        until = self._clock() + LONGEST_SETTLING_S
        while self._late and self._clock() < until:
            self._late = bool(self._opened.read())

    def _next_status(self) -> int | None:
        """The next answer to DLE EOT. Notes an answer to GS r on the way; drops what is neither."""
        until = self._clock() + ANSWER_S
        while self._clock() < until:
            byte = self._opened.read()
            if not byte:
                return None
            if is_status(byte[0]):
                return byte[0]
            self._done = self._done or is_done(byte[0])
        return None

    def _wait_until_done(self, until: float) -> None:
        while True:
            byte = self._opened.read()
            if byte and is_done(byte[0]):
                return
            if byte:
                continue  # an answer to a question that the picture itself happened to contain
            if self._clock() > until:
                self._give_up("it does not say that it is done")
            flags = self._ask()
            if self._said_done():
                return
            if flags is not None and flags.conditions and flags.state not in WORKING_STATES:
                self._give_up("it stopped: " + ", ".join(sorted(flags.conditions)))

    def _said_done(self) -> bool:
        return self._done

    def _give_up(self, why: str) -> NoReturn:
        with contextlib.suppress(*LINE_ERRORS):
            self._opened.drop_output()
            self._opened.write(CLEAR)
        raise ReceiptUnknownError(self._device, f"{why}; {_UNKNOWN}")
