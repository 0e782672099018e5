"""The three ways to a receipt printer as one: a serial line, the kernel's USB printer device, a TCP port.

Blocking, each call with its deadline; a line belongs to one thread. pyserial is the serial line. Its ``socket://`` is
not the TCP one: closing waits 0.3 s, what is unsent cannot be taken back and comes out for the next person, and a cut
cable shows after hours.
"""

from __future__ import annotations

import errno
import os
import re
import select
import socket
import struct
import termios
import time
from typing import Protocol

import serial

TCP_PORT = re.compile(r"tcp://(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/:@\[\]]+):(?P<port>\d{1,5})")
USB_PREFIX = "usb:"

CONNECT_S = 3.0  # a printer in the same cabinet answers in milliseconds
# Linux gives a connection up whose bytes nobody acknowledges after a quarter of an hour, and never asks on a quiet one.
UNACKNOWLEDGED_MS = 8000
KEEPALIVE = {socket.TCP_KEEPIDLE: 5, socket.TCP_KEEPINTVL: 2, socket.TCP_KEEPCNT: 3}  # seconds, seconds, times
SEND_BUFFER = 8192  # bytes: so that a printer that stops reading is noticed before a whole receipt is on its way
NO_BYTES_PAUSE_S = 0.01

GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL

# Closing and opening a line that was unplugged raises termios.error, which is no OSError.
LINE_ERRORS = (OSError, termios.error)


class LineStalledError(TimeoutError):
    """Nothing more is taken at the other end."""


class Line(Protocol):
    """An open line. Each method raises one of LINE_ERRORS when it is gone."""

    def read(self) -> bytes:
        """One byte; none when nothing came in the time of an answer."""

    def write(self, data: bytes) -> None:
        """Hand all of it over. LineStalledError when no byte was taken in the time of a stall."""

    def drop_input(self) -> None:
        """Forget what came and was not read."""

    def drop_output(self) -> None:
        """Take back what was written and is not at the printer yet, as far as the line can."""

    def close(self) -> None:
        """Close the line; what was not sent yet never will be."""


def open_line(port: str, baud: int, *, answer_s: float, stall_s: float) -> Line:
    """Open ``port``: a device path, ``tcp://host:port``, or ``usb:/dev/usb/lp0``.

    Waits ``answer_s`` for a byte and ``stall_s`` for one to be taken; ``baud`` is for a serial line alone. Raises
    ValueError for another kind of port, one of LINE_ERRORS when it cannot be opened.
    """
    if port.startswith("tcp:"):
        return TcpLine(port, answer_s, stall_s)
    if port.startswith(USB_PREFIX):
        return UsbLine(port.removeprefix(USB_PREFIX), answer_s, stall_s)
    return SerialLine(port, baud, answer_s, stall_s)


class SerialLine:
    """A tty, by pyserial: opened exclusively, with a time-out for writing too."""

    def __init__(self, path: str, baud: int, answer_s: float, stall_s: float) -> None:
        self._port = serial.Serial(path, baud, timeout=answer_s, write_timeout=stall_s, exclusive=True)

    def read(self) -> bytes:
        byte: bytes = self._port.read(1)
        return byte

    def write(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise LineStalledError(str(error)) from error

    def drop_input(self) -> None:
        self._port.reset_input_buffer()

    def drop_output(self) -> None:
        self._port.reset_output_buffer()

    def close(self) -> None:
        try:
            self._port.reset_output_buffer()
        finally:
            self._port.close()


class _Descriptor:
    """Reading and writing on a file descriptor that never blocks."""

    _fd: int

    def __init__(self, answer_s: float, stall_s: float) -> None:
        self._answer_s = answer_s
        self._stall_s = stall_s

    def read(self) -> bytes:
        until = time.monotonic() + self._answer_s
        while (left := until - time.monotonic()) > 0 and self._ready(select.POLLIN, left):
            data = self._read(1)
            if data:
                return data
            time.sleep(NO_BYTES_PAUSE_S)
        return b""

    def write(self, data: bytes) -> None:
        until = time.monotonic() + self._stall_s
        left = memoryview(data)
        while left:
            if not self._ready(select.POLLOUT, until - time.monotonic()):
                raise LineStalledError(errno.ETIMEDOUT, f"nothing was taken for {self._stall_s:g} s")
            try:
                taken = os.write(self._fd, left)
            except BlockingIOError:  # usblp says so while its last write is on the bus
                time.sleep(NO_BYTES_PAUSE_S)
                continue
            left = left[taken:]
            until = time.monotonic() + self._stall_s

    def drop_input(self) -> None:
        while self._read(4096):
            pass

    def _read(self, count: int) -> bytes:
        """What is there now; none when there is nothing."""
        try:
            return os.read(self._fd, count)
        except BlockingIOError:
            return b""

    def _ready(self, event: int, seconds: float) -> bool:
        if self._fd < 0:
            raise OSError(errno.EBADF, "closed")
        poller = select.poll()
        poller.register(self._fd, event)
        found = poller.poll(max(0.0, seconds) * 1000)
        if any(events & GONE for _, events in found):
            raise self._gone()
        return bool(found)

    def _gone(self) -> OSError:
        return OSError(errno.ENODEV, os.strerror(errno.ENODEV))


class UsbLine(_Descriptor):
    """The character device of the kernel's usblp, which lets one program in at a time.

    A read of nothing is no end there: the printer sent an empty packet.
    """

    def __init__(self, path: str, answer_s: float, stall_s: float) -> None:
        super().__init__(answer_s, stall_s)
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)

    def drop_output(self) -> None:
        """Nothing is queued: each write is one transfer on the bus, and closing cancels the one that hangs."""

    def close(self) -> None:
        fd, self._fd = self._fd, -1  # the number may be another file's from now on
        os.close(fd)


class TcpLine(_Descriptor):
    """A raw port, as printers and print servers have at 9100."""

    def __init__(self, port: str, answer_s: float, stall_s: float) -> None:
        super().__init__(answer_s, stall_s)
        found = TCP_PORT.fullmatch(port)
        if found is None:
            raise ValueError(f"{port!r}; expected tcp://host:port")
        self._address = (found["host"].strip("[]"), int(found["port"]))
        self._connect()

    def drop_output(self) -> None:
        """Reset the connection, which forgets what is unsent, and make a new one."""
        self.close()
        self._connect()

    def close(self) -> None:
        self._fd = -1
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def _connect(self) -> None:
        family, kind, protocol, _, address = socket.getaddrinfo(*self._address, type=socket.SOCK_STREAM)[0]
        self._socket = socket.socket(family, kind, protocol)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in KEEPALIVE.items():
                self._socket.setsockopt(socket.IPPROTO_TCP, option, value)
            self._socket.settimeout(CONNECT_S)
            self._socket.connect(address)
            self._socket.setblocking(False)
        except BaseException:
            self._socket.close()
            raise
        self._fd = self._socket.fileno()

    def _read(self, count: int) -> bytes:
        try:
            data = self._socket.recv(count)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, "the printer closed the connection")
        return data

    def _gone(self) -> OSError:
        number = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or errno.ECONNRESET
        return OSError(number, os.strerror(number))
