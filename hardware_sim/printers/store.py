"""What outlives a printer's process: its counters and what lies in it, and the ledger of what came out."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Memory:
    """The printer's own counters and the physical state of its path and trays."""

    printed: int = 0  # sheets or cards since it was made
    rejected: int = 0
    reject_bin: int = 0
    output: int = 0  # sheets in the output tray
    stock: int = 0
    next_serial: int = 1
    next_job: int = 1
    position: str = "none"
    serial: str = ""  # the blank in the path


@dataclass(frozen=True)
class Folder:
    """A printer's folder: memory, ledger, and what it printed."""

    path: Path

    def load(self, stock: int) -> Memory:
        """The memory of the last run, or that of a new printer with this stock."""
        file = self.path / "memory.json"
        if not file.exists():
            return Memory(stock=stock)
        return Memory(**json.loads(file.read_text()))

    def save(self, memory: Memory) -> None:
        partial = self.path / "memory.partial"
        with partial.open("w") as file:
            json.dump(asdict(memory), file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.path / "memory.json")


class Ledger:
    """One fsynced JSON line for each job start and each sheet or card: the tests' oracle of what came out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def write(self, event: str, **facts: object) -> None:
        line = json.dumps({"event": event, "time": time.time(), **facts})
        with self._lock, self._path.open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def read_ledger(path: Path) -> list[dict[str, object]]:
    """The lines of a ledger; none when there is no such file yet."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
