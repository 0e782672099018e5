"""The QR scanner: says what it reads, one line for each code, and much else when it is broken."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from hardware_sim.serial_devices.line import SerialLine

LINE_END = b"\r\n"


class SimulatedQrScanner:
    """One scanner on one line."""

    def __init__(self, link: Path) -> None:
        self.line = SerialLine(link)
        self.scans = 0

    def start(self) -> None:
        self.line.plug()

    def close(self) -> None:
        self.line.close()

    def state(self) -> dict[str, Any]:
        return {"port": str(self.line.link), "plugged": self.line.plugged, "scans": self.scans}

    def scan(self, text: str, end: str = "\r\n") -> None:
        """Hold a code before it. Real ones end their lines with CR, LF or both."""
        self.line.write(text.encode() + end.encode())
        self.scans += 1

    def partial(self, text: str) -> None:
        """Send the beginning of a line, and no end."""
        self.line.write(text.encode())

    def garbage(self, count: int = 64, seed: int = 0) -> None:
        """Send random bytes, line ends among them, as a wrong baud rate does."""
        self.line.write(random.Random(seed).randbytes(count) + LINE_END)

    def flood(self, count: int = 100_000) -> None:
        """Send that many bytes without a line end, as fast as they are taken."""
        sent = 0
        while sent < count and self.line.plugged:
            self.line.write(b"X" * min(1024, count - sent))
            sent += 1024
