"""What a look at the machine finds, and how looks are kept apart: one that hangs or fails spoils no other."""

from __future__ import annotations

import enum
import shutil
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kiosk.settings import Settings

NARROWEST = 60  # columns
TERMINAL = (100, 24)


class Level(enum.IntEnum):
    """How bad it is; also the exit code of the doctor. The words are those of the table."""

    OK = 0
    ATTENTION = 1
    BROKEN = 2

    @property
    def word(self) -> str:
        return {Level.OK: "ok", Level.ATTENTION: "perhatian", Level.BROKEN: "rusak"}[self]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. Texts are Indonesian, for technicians, and never about an applicant."""

    subject: str
    level: Level
    what: str
    remedy: str = ""  # what to do about it; a finding that is not ok always has one


def ok(subject: str, what: str) -> Finding:
    return Finding(subject, Level.OK, what)


def attention(subject: str, what: str, remedy: str) -> Finding:
    return Finding(subject, Level.ATTENTION, what, remedy)


def broken(subject: str, what: str, remedy: str) -> Finding:
    return Finding(subject, Level.BROKEN, what, remedy)


@dataclass(frozen=True)
class Check:
    """A look at one part of the machine. ``within`` is in seconds."""

    subject: str
    look: Callable[[Settings], Iterator[Finding]]
    within: float = 10.0


def examine(checks: Sequence[Check], settings: Settings) -> list[Finding]:
    """Do all checks side by side; the findings come in the order of the checks.

    Libraries for devices can hang for ever, and no call ends a thread: one that outlives its deadline is left behind
    and does not keep the process alive.
    """
    began = time.monotonic()
    running = [_Running(check, settings) for check in checks]
    return [finding for each in running for finding in each.findings(began)]


class _Running:
    def __init__(self, check: Check, settings: Settings) -> None:
        self._check = check
        self._found: list[Finding] = []
        self._thread = threading.Thread(target=self._run, args=(settings,), name=f"doctor {check.subject}", daemon=True)
        self._thread.start()

    def _run(self, settings: Settings) -> None:
        try:
            for finding in self._check.look(settings):
                self._found.append(finding)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other checks go on and this one is reported
            what = f"pemeriksaan ini gagal ({type(error).__name__}: {error})"
            self._found.append(broken(self._check.subject, what, "Kirim tulisan ini kepada pembuat program."))

    def findings(self, began: float) -> list[Finding]:
        within = self._check.within
        self._thread.join(max(0.0, began + within - time.monotonic()))
        found = list(self._found)
        if self._thread.is_alive():
            what = f"tidak selesai diperiksa dalam {within:g} detik"
            remedy = "Bagian ini macet. Matikan dan hidupkan perangkatnya, lalu periksa lagi."
            found.append(broken(self._check.subject, what, remedy))
        return found


def width() -> int:
    """Columns of the terminal."""
    return max(NARROWEST, shutil.get_terminal_size(TERMINAL).columns)


def table(findings: Sequence[Finding], width: int) -> str:
    """One line for each finding, and one below it with the way out where there is one."""
    subject_width = max(len(finding.subject) for finding in findings)
    indent = " " * (12 + subject_width + 2)
    lines: list[str] = []
    for finding in findings:
        head = f"{finding.level.word:<10}  {finding.subject:<{subject_width}}  "
        lines += wrapped(head, finding.what, indent, width)
        if finding.remedy:
            lines += wrapped(f"{indent}-> ", finding.remedy, f"{indent}   ", width)
    counts = [f"{sum(f.level is level for f in findings)} {level.word}" for level in reversed(Level)]
    return "\n".join([*lines, "", f"Kesimpulan: {', '.join(counts)}.", ""])


def wrapped(head: str, text: str, indent: str, width: int) -> list[str]:
    """The lines of a text behind a head, all others indented."""
    # Paths and options are copied from the table, so they are never broken.
    return textwrap.wrap(
        text, width, initial_indent=head, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
