"""What of a conversation is content, for each protocol: hidden in a recording unless it is asked for.

A veil turns the bytes of one direction into symbols: bytes as they are, or ``Hidden`` for a run of content. It gives
the same symbols in whatever pieces the bytes come, so that a replay can compare what it hears with what was recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol

from hardware_sim.serial_devices.escpos import Operation, Parser, Raster, Setting, Text, Unknown
from hardware_sim.serial_devices.realtime import RealTime
from hardware_sim.tap.http import IppRequests
from hardware_sim.tap.recording import Hidden, Side, Symbol

LONGEST_SETTING = 10  # bytes of a command that only sets or asks something


class Veil(Protocol):
    """One direction of one conversation."""

    def feed(self, data: bytes) -> list[Symbol]:
        """The symbols that are whole now."""

    def flush(self) -> list[Symbol]:
        """What is still held back, at the end of the conversation."""


def hidden(data: bytes) -> Hidden:
    return Hidden(len(data), hashlib.sha256(data).hexdigest())


class Plain:
    """Nothing is content: questions and answers about the machine."""

    def feed(self, data: bytes) -> list[Symbol]:
        return list(data)

    def flush(self) -> list[Symbol]:
        return []


class Lines:
    """Every line is content, but for its end: what a scanner reads."""

    def __init__(self) -> None:
        self._line = b""

    def feed(self, data: bytes) -> list[Symbol]:
        found: list[Symbol] = []
        for byte in data:
            if byte in b"\r\n":
                found += [*self.flush(), byte]
            else:
                self._line += bytes((byte,))
        return found

    def flush(self) -> list[Symbol]:
        line, self._line = self._line, b""
        return [hidden(line)] if line else []


class EscPos:
    """What is drawn is content: texts, pictures, codes. Questions, settings, feeds and cuts are not."""

    def __init__(self) -> None:
        self._parser = Parser()
        self._realtime = RealTime()
        self._content = b""
        self._unparsed = b""

    def feed(self, data: bytes) -> list[Symbol]:
        found: list[Symbol] = []
        for piece in self._realtime.feed(data):
            self._unparsed += piece.data
            for operation, frame in self._parser.frames(piece.data):
                self._unparsed = self._unparsed[len(frame) :]
                if is_drawn(operation, frame):
                    self._content += frame
                else:
                    found += [*self._hidden(), *frame]
            if piece.clear and self._unparsed:  # amid graphics: the printer forgets what came of them
                found += self.flush()
        return found

    def flush(self) -> list[Symbol]:
        self._content += self._unparsed
        self._unparsed = b""
        self._parser.clear()
        return self._hidden()

    def _hidden(self) -> list[Symbol]:
        content, self._content = self._content, b""
        return [hidden(content)] if content else []


def is_drawn(operation: Operation | None, frame: bytes) -> bool:
    """Whether a command brings something onto the paper, or something that is not known."""
    if isinstance(operation, Text | Raster | Unknown):
        return True
    return (operation is None or isinstance(operation, Setting)) and len(frame) > LONGEST_SETTING


VEILS: dict[str, dict[Side, Callable[[], Veil]]] = {
    "escpos": {Side.DRIVER: EscPos, Side.DEVICE: Plain},
    "ipp": {Side.DRIVER: IppRequests, Side.DEVICE: Plain},
    "modbus": {Side.DRIVER: Plain, Side.DEVICE: Plain},
    "nut": {Side.DRIVER: Plain, Side.DEVICE: Plain},
    "crt591": {Side.DRIVER: Plain, Side.DEVICE: Plain},
    "scanner": {Side.DRIVER: Plain, Side.DEVICE: Lines},
}
# By what stands in the name of a port (systemd/udev) or at its end.
GUESSES = {
    "receipt": "escpos",
    "cabinet": "modbus",
    "scanner": "scanner",
    "dispenser": "crt591",
    ":3493": "nut",
    ":631": "ipp",
    ":9100": "escpos",
}


def guess(device: str) -> str | None:
    """What a device of that name speaks; None when its name does not tell."""
    return next((speech for word, speech in GUESSES.items() if word in device), None)


def veil(speaks: str, side: Side, *, content: bool) -> Veil:
    """The veil of one direction; with content, only what a replay must not compare byte by byte stays apart."""
    if content:
        return IppRequests(content=True) if speaks == "ipp" and side is Side.DRIVER else Plain()
    return VEILS[speaks][side]()
