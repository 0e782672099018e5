"""A serial line that can be pulled out: a pseudo-terminal behind a lasting name, as udev would give it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import sys
import termios
import threading
import tty
from pathlib import Path

# termios has codes for speeds
_SPEEDS = {getattr(termios, f"B{baud}"): baud for baud in (9600, 19200, 38400, 57600, 115200)}


class SerialLine:
    """The device's end of a line; the other end is found at ``link``."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._lock = threading.Lock()  # between the device's thread and the hand that pulls the plug
        self._master: int | None = None
        self._slave: int | None = None  # kept open, so that the line lives while no program has it open
        self._wake_out, self._wake_in = os.pipe()

    @property
    def port(self) -> str:
        """The settings' word for it."""
        return str(self.link)

    @property
    def plugged(self) -> bool:
        return self._master is not None

    @property
    def speed(self) -> int | None:
        """Bits per second at which the program at the other end has set the line; None without a line."""
        with self._lock, contextlib.suppress(OSError, termios.error):
            if self._master is not None:
                return _SPEEDS.get(termios.tcgetattr(self._master)[5])
        return None

    def plug(self) -> None:
        """Make the line, under its name. Does nothing when it is there."""
        with self._lock:
            if self._master is not None:
                return
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self.link.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.link.with_name(f".{self.link.name}.new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(os.ttyname(self._slave))
            fresh.replace(self.link)  # in one step: nobody finds the name missing or half made
        self._wake()

    def unplug(self) -> None:
        """Pull the cable: the program at the other end sees the line hang up, and the name goes."""
        with self._lock:
            self.link.unlink(missing_ok=True)
            for end in (self._master, self._slave):
                if end is not None:
                    os.close(end)
            self._master = self._slave = None
        self._wake()

    def close(self) -> None:
        self.unplug()

    def wait(self, seconds: float, *, reading: bool = True) -> bool:
        """Wait until something can be read, the plug is moved, or the time is over; True when there are bytes."""
        master = self._master if reading else None
        sources = [self._wake_out] + ([master] if master is not None else [])
        try:
            ready, _, _ = select.select(sources, [], [], seconds)
        except (OSError, ValueError):  # pulled out meanwhile
            return False
        if self._wake_out in ready:
            os.read(self._wake_out, 1024)
        return master in ready

    @property
    def waiting(self) -> int:
        """Bytes that were sent to us and not read yet."""
        with self._lock, contextlib.suppress(OSError):
            if self._master is not None:
                answer = fcntl.ioctl(self._master, termios.FIONREAD, b"\0" * 4)
                return int.from_bytes(answer, sys.byteorder)
        return 0

    def read(self, count: int) -> bytes:
        """At most ``count`` bytes that came; none when nothing did, or the line is not there."""
        with self._lock, contextlib.suppress(OSError):
            if self._master is not None:
                return os.read(self._master, count)
        return b""

    def write(self, data: bytes) -> None:
        """Send bytes; those that do not fit, since nobody reads, are lost, as on a real line."""
        with self._lock, contextlib.suppress(OSError):
            if self._master is not None:
                os.write(self._master, data)

    def _wake(self) -> None:
        os.write(self._wake_in, b".")
