"""The audit chain checked where it lies, while the engine goes on writing.

A reader's shared lock keeps the one writer from committing (rollback journal). So rows are read in short steps, each a
read transaction of a few milliseconds; entries are only ever added, so the steps make one whole.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sqlite3
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from kiosk.ledger.chain_rows import COLUMNS, START, Broken, Checker, Row, Tip, Why
from kiosk.ledger.database import FILE

STEP = 500  # rows: 3 ms of a shared lock
WORTH_TWO = 100_000  # entries from which on a second process has earned its start
BUSY_WITHIN_S = 10.0  # the writer's longest commit on a slow disk

_FOLLOWING = f"SELECT {COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608  # a constant

# Not the file's fault: somebody else has it, or we may not read it.
_NOT_NOW = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}
)


class UnreadableError(Exception):
    """The chain could not be looked at now, which says nothing about it. ``path`` is the file."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path = path
        self.cause = cause


class DamagedError(UnreadableError):
    """A part of the file that SQLite refuses."""


@dataclass(frozen=True)
class Verdict:
    """What a check found. ``tip`` is the last entry that holds."""

    tip: Tip
    broken: Broken | None = None


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, not even by mistake. Raises UnreadableError for a file that cannot be opened."""
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_WITHIN_S)
    except sqlite3.Error as error:
        raise UnreadableError(path, str(error)) from error


class ChainFile:
    """The file of one kiosk's chain. Between two calls no lock is held."""

    def __init__(self, folder: Path) -> None:
        """Raises UnreadableError when there is no ledger."""
        self._path = folder / FILE
        self._connection = read_only(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def length(self) -> int:
        """Seq of the last entry; where that cannot be read, more than any."""
        try:
            last = ask(self._path, self._connection, "SELECT max(seq) FROM audit")[0][0]
        except DamagedError:
            return sys.maxsize
        return last if isinstance(last, int) else 0

    def check(self, after: Tip, up_to: int, heads: Mapping[int, str]) -> Verdict:
        """Check the entries that follow ``after``, up to and with ``up_to``. Raises UnreadableError."""
        was_on = gc.isenabled()
        gc.disable()  # a million short-lived rows, none in a cycle: looking for cycles costs a tenth
        try:
            return self._check(after, up_to, heads)
        finally:
            if was_on:
                gc.enable()

    def _check(self, after: Tip, up_to: int, heads: Mapping[int, str]) -> Verdict:
        checker, step = Checker(after, heads), STEP
        while checker.tip[0] < up_to:
            try:
                rows = self.rows(checker.tip[0], min(step, up_to - checker.tip[0]))
            except DamagedError:
                if step == 1:
                    return Verdict(checker.tip, Broken(checker.tip[0] + 1, Why.UNREADABLE))
                step = 1  # as far as it can be read, so that the verdict names the entry
                continue
            if not rows:  # counted and not there
                return Verdict(checker.tip, Broken(checker.tip[0] + 1, Why.GAP))
            if broken := checker.take(rows):
                return Verdict(checker.tip, broken)
        return Verdict(checker.tip)

    def tip(self, seq: int) -> Tip | None:
        """This entry's seq and hash; None where it cannot be read."""
        try:
            rows = self.rows(seq - 1, 1)
        except DamagedError:
            return None
        return (seq, rows[0][5]) if rows and rows[0][0] == seq and isinstance(rows[0][5], str) else None

    def rows(self, after: int, limit: int) -> list[Row]:
        """What follows an entry."""
        return self._ask(_FOLLOWING, after, limit)

    def _ask(self, statement: str, *values: int) -> list[Row]:
        return ask(self._path, self._connection, statement, *values)


def ask(path: Path, connection: sqlite3.Connection, statement: str, *values: int) -> list[Any]:
    """All rows at once, so that no lock outlives this. Raises UnreadableError and DamagedError."""
    try:
        return connection.execute(statement, values).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the second: a damaged name in SQLite's own message
        code = getattr(error, "sqlite_errorcode", None)  # the extended one; the plain one is its lowest byte
        if code is not None and code & 0xFF in _NOT_NOW:
            raise UnreadableError(path, str(error)) from error
        raise DamagedError(path, str(error)) from error


def check_folder(folder: Path, heads: Mapping[int, str] | None = None, processes: int | None = None) -> Verdict:
    """Check the whole chain of a ledger's folder, against heads (hash by seq) that somebody else keeps.

    A long one by two processes, each a half, unless ``processes`` says otherwise. Raises UnreadableError.
    """
    known = heads or {}
    with ChainFile(folder) as file:
        length = file.length()
        if processes is None:
            processes = 2 if length >= WORTH_TWO and len(os.sched_getaffinity(0)) > 1 else 1
        middle = file.tip(length // 2) if processes > 1 and length > 1 else None
        verdict = _in_halves(folder, middle, length, known) if middle else file.check(START, length, known)
    return verdict if verdict.broken else Verdict(verdict.tip, Checker(verdict.tip, known).end())


def _in_halves(folder: Path, middle: Tip, length: int, heads: Mapping[int, str]) -> Verdict:
    """The second half from what the middle entry says its hash is; the first half tells whether that is so."""
    # Not forked: a caller may have threads.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        second = pool.submit(check_part, folder, middle, length, dict(heads))
        first = check_part(folder, START, middle[0], heads)
        if first.broken:
            return first
        if first.tip != middle:  # another file than a moment ago
            return Verdict(first.tip, Broken(middle[0], Why.CHANGED))
        return second.result()


def check_part(folder: Path, after: Tip, up_to: int, heads: Mapping[int, str]) -> Verdict:
    """One half, in a process of its own."""
    with ChainFile(folder) as file:
        return file.check(after, up_to, heads)
