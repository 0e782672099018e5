"""Whether anything personal stayed behind: in the kiosk's files, its print system's, or in any log."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

KIOSK_FOLDERS = ("state", "run", "cups")
KIOSK_LOGS = ("engine", "screen")


def left_behind(folder: Path, logs: Path, words: Iterable[str], pins: Iterable[str] = ()) -> list[str]:
    """The files that hold one of the words, in any usual writing, or one of the PINs as a number of its own."""
    needles = {needle for word in words for needle in _writings(word)}
    numbers = [re.compile(rb"(?<![0-9a-fA-F.])%s(?![0-9a-fA-F])" % pin.encode()) for pin in pins]
    log_files = set(_logs(folder, logs))
    found = []
    for file in sorted({*_files(folder), *log_files}):
        content = _read(file)
        # A PIN is looked for in logs alone: six digits are somewhere in every database.
        if any(needle in content for needle in needles) or (
            file in log_files and any(number.search(content) for number in numbers)
        ):
            found.append(str(file))
    return found


def _writings(word: str) -> Iterator[bytes]:
    yield from (word.encode(code) for code in ("utf-8", "utf-16-le"))
    yield word.encode().hex().encode()
    for shift in range(3):  # whatever stands before it: three bytes make four letters
        before = bytes(shift) + word.encode()
        yield base64.b64encode(before)[-(-shift * 8 // 6) : len(before) * 8 // 6]


def _files(folder: Path) -> Iterator[Path]:
    for part in KIOSK_FOLDERS:
        yield from (file for file in (folder / part).rglob("*") if file.is_file())


def _logs(folder: Path, logs: Path) -> Iterator[Path]:
    yield from (file for part in KIOSK_LOGS for end in ("log", "out") if (file := logs / f"{part}.{end}").exists())
    yield from (file for file in (folder / "cups" / "log").glob("*") if file.is_file())


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""  # gone meanwhile: a spooled file whose job ended
