"""The device's end of a raw TCP port, as printers have at 9100: one connection at a time, the next one waits."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import socket
import struct
import sys
import termios
import threading

HOST = "127.0.0.1"
RECEIVE_BUFFER = 4096  # bytes, as little as a printer's network card holds
WAITING_CONNECTIONS = 2
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets
BROKEN = select.POLLERR | select.POLLNVAL


class TcpLine:
    """What a SerialLine is to a device, behind a port of loopback; it is the same port after each unplugging."""

    def __init__(self, port: int = 0) -> None:
        self._number = port
        self._lock = threading.Lock()  # between the device's thread and the hand that pulls the plug
        self._listener: socket.socket | None = None
        self._connection: socket.socket | None = None
        self._in_the_way: list[socket.socket] = []  # connections of our own that fill the queue of the black hole
        self._wake_out, self._wake_in = os.pipe()

    @property
    def port(self) -> str:
        """The settings' word for it."""
        return f"tcp://{HOST}:{self._number}"

    @property
    def plugged(self) -> bool:
        return self._listener is not None

    @property
    def black(self) -> bool:
        return bool(self._in_the_way)

    def plug(self) -> None:
        """Listen. Does nothing when it listens already."""
        with self._lock:
            if self._listener is None:
                listener = socket.socket()
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
                listener.bind((HOST, self._number))
                listener.listen(WAITING_CONNECTIONS)
                listener.setblocking(False)
                self._number = listener.getsockname()[1]
                self._listener = listener
        self._wake()

    def unplug(self) -> None:
        """The printer is switched off: the port is closed, and the connection is reset."""
        self.black_hole(on=False)
        with self._lock:
            self._reset_connection()
            if self._listener is not None:
                self._listener.close()
            self._listener = None
        self._wake()

    def close(self) -> None:
        self.unplug()

    def black_hole(self, *, on: bool) -> None:
        """As behind a switch without power: no connection comes about, and on the one there is nothing moves.

        The kernel drops whoever asks for a connection while the queue of the listener is full. What is sent on a
        connection that was there is still acknowledged, by our kernel: a real black hole is noticed sooner.
        """
        with self._lock:
            if on and self._listener is not None and not self._in_the_way:
                self._listener.listen(0)
                for _ in range(WAITING_CONNECTIONS):
                    filler = socket.socket()
                    filler.setblocking(False)
                    filler.connect_ex((HOST, self._number))
                    self._in_the_way.append(filler)
            elif not on and self._in_the_way:
                for filler in self._in_the_way:
                    filler.close()
                self._in_the_way.clear()
                if self._listener is not None:
                    self._listener.listen(WAITING_CONNECTIONS)
        self._wake()

    def wait(self, seconds: float, *, reading: bool = True) -> bool:
        """Wait until something can be read, the plug is moved, or the time is over; True when there are bytes."""
        poller = select.poll()
        poller.register(self._wake_out, select.POLLIN)
        source = None
        with self._lock:
            if reading and not self.black:
                source = self._connection or self._listener
                if source is not None:
                    poller.register(source, select.POLLIN)
        with contextlib.suppress(OSError):  # pulled out meanwhile
            found = dict(poller.poll(seconds * 1000))
            if self._wake_out in found:
                os.read(self._wake_out, 1024)
            if source is not None and source.fileno() in found:
                return source is self._connection or self._accept()
        return False

    @property
    def waiting(self) -> int:
        """Bytes that were sent to us and not read yet."""
        with self._lock, contextlib.suppress(OSError):
            if self._connection is not None and self._is_broken(self._connection):
                self._reset_connection()
            if self._connection is not None:
                answer = fcntl.ioctl(self._connection, termios.FIONREAD, b"\0" * 4)
                return int.from_bytes(answer, sys.byteorder)
        return 0

    def read(self, count: int) -> bytes:
        """At most ``count`` bytes that came; none when nothing did, or the line is not there."""
        with self._lock:
            if self._connection is None or self.black:
                return b""
            try:
                if not self._is_broken(self._connection):
                    data = self._connection.recv(count)
                    if data:
                        return data
            except BlockingIOError:
                return b""
            except OSError:
                pass
            self._reset_connection()
        return b""

    def write(self, data: bytes) -> None:
        """Send bytes; those that do not fit, since nobody reads, are lost."""
        with self._lock, contextlib.suppress(OSError):
            if self._connection is not None and not self.black:
                self._connection.send(data)

    def _accept(self) -> bool:
        with self._lock, contextlib.suppress(OSError):
            if self._listener is not None and self._connection is None and not self.black:
                self._connection, _ = self._listener.accept()
                self._connection.setblocking(False)
                self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return False

    @staticmethod
    def _is_broken(connection: socket.socket) -> bool:
        """Whether the other end has reset it: then what it sent and we have not read is void."""
        poller = select.poll()
        poller.register(connection, 0)
        return any(events & BROKEN for _, events in poller.poll(0))

    def _reset_connection(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self._connection.close()
        self._connection = None

    def _wake(self) -> None:
        os.write(self._wake_in, b".")
