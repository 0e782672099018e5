"""Taps in a line: what passes is handed on unchanged, and written down."""

from __future__ import annotations

import contextlib
import socket
import termios
import threading
from collections.abc import Callable
from pathlib import Path

import serial

from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.tap.recording import Recorder, Side, Symbol
from hardware_sim.tap.veils import Veil, veil

CHUNK = 4096
LOOK_EVERY_S = 0.2  # whether the tap is to end
CONNECT_WITHIN_S = 5.0
LINE_ERRORS = (OSError, termios.error)  # an adapter that is pulled out raises either


class Ear:
    """Writes down one direction of one conversation."""

    def __init__(self, recorder: Recorder, side: Side, line: int = 1) -> None:
        self._recorder = recorder
        self._side = side
        self._line = line
        self._veil: Veil = veil(recorder.header.speaks, side, content=recorder.header.content)

    def hear(self, data: bytes) -> None:
        self._note(self._veil.feed(data))

    def end(self, *, closed: bool) -> None:
        """The conversation is over; ``closed``: this side ended it."""
        self._note(self._veil.flush(), closed=closed)

    def _note(self, symbols: list[Symbol], *, closed: bool = False) -> None:
        self._recorder.note(self._side, symbols, line=self._line, closed=closed)


class SerialTap:
    """Between a driver, which opens ``link`` in place of the device's port, and the device itself."""

    def __init__(self, port: str, baud: int, parity: str, link: Path, recorder: Recorder) -> None:
        # The device's end is a real port, and its own: what two programs read, each reads in part.
        self._device = serial.Serial(port, baud, parity=parity, timeout=LOOK_EVERY_S, exclusive=True)
        self._line = SerialLine(link)
        self._ears = {side: Ear(recorder, side) for side in Side}
        self.ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._forward, args=(move,), name=f"tap {move.__name__}", daemon=True)
            for move in (self._from_driver, self._from_device)
        ]

    def start(self) -> None:
        self._line.plug()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self.ended.set()
        for thread in self._threads:
            thread.join(2)
        for ear in self._ears.values():
            ear.end(closed=False)
        self._line.close()
        with contextlib.suppress(*LINE_ERRORS):
            self._device.close()

    def _forward(self, move: Callable[[], None]) -> None:
        """Until the tap ends, or the device goes: then the driver sees its line hang up, as without a tap."""
        with contextlib.suppress(*LINE_ERRORS):
            while not self.ended.is_set():
                move()
        self.ended.set()
        self._line.unplug()

    def _from_driver(self) -> None:
        if self._line.wait(LOOK_EVERY_S) and (data := self._line.read(CHUNK)):
            self._ears[Side.DRIVER].hear(data)
            self._device.write(data)

    def _from_device(self) -> None:
        data = self._device.read(max(1, self._device.in_waiting))
        if data:
            self._ears[Side.DEVICE].hear(data)
            self._line.write(data)


class TcpTap:
    """Listens on 127.0.0.1, and connects to the device for each connection that comes."""

    def __init__(self, host: str, port: int, recorder: Recorder, listen: int = 0) -> None:
        self._device = (host, port)
        self._recorder = recorder
        self._server = socket.create_server(("127.0.0.1", listen))
        self._server.settimeout(LOOK_EVERY_S)
        self.port: int = self._server.getsockname()[1]
        self.ended = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._spawn(self._accept)

    def close(self) -> None:
        self.ended.set()
        for each in list(self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(2)
        self._server.close()

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name="tap", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        line = 0
        while not self.ended.is_set():
            try:
                driver, _ = self._server.accept()
            except TimeoutError:
                continue
            line += 1
            try:
                device = socket.create_connection(self._device, CONNECT_WITHIN_S)
            except OSError:
                driver.close()  # the driver sees a connection that ends at once
                continue
            for each in (driver, device):
                each.settimeout(None)
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sockets.add(each)
            self._spawn(self._serve, driver, device, line)

    def _serve(self, driver: socket.socket, device: socket.socket, line: int) -> None:
        """One connection, to its end in both directions."""
        with driver, device:
            heard = Ear(self._recorder, Side.DEVICE, line)
            answers = threading.Thread(target=self._forward, args=(device, driver, heard), name="tap", daemon=True)
            answers.start()
            self._forward(driver, device, Ear(self._recorder, Side.DRIVER, line))
            answers.join()
            self._sockets -= {driver, device}

    def _forward(self, source: socket.socket, target: socket.socket, ear: Ear) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                ear.hear(data)
                target.sendall(data)
        ear.end(closed=not self.ended.is_set())
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
