"""Files that are whole or not there, also after a power cut."""

from __future__ import annotations

import os
import threading
from pathlib import Path

PART = ".part"  # how a file ends that is being written


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file's content in one step; durable when this returns. Raises OSError, and leaves nothing behind."""
    # Two threads may write the same file; each replaces it with a whole one.
    fresh = path.with_name(f"{path.name}.{threading.get_ident()}{PART}")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)  # on a full disk it would take the room that is needed
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def clear_parts(folder: Path) -> None:
    """Take away what a power cut left half written."""
    for part in folder.glob(f"*{PART}"):
        part.unlink(missing_ok=True)
