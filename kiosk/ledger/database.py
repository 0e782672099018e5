"""The file: one writer process, one connection, and nothing acknowledged that a power cut can take back.

TRUNCATE with synchronous=FULL lost nothing in any crash state of the measurements, is not touched by the WAL-reset bug
of the SQLite that Debian 12 ships (3.40.1), and costs nothing at ten commits a visit. All calls come from one thread.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from kiosk.ledger import disk
from kiosk.ledger.errors import LedgerFailedError, LedgerUnusableError
from kiosk.ledger.wholeness import check_at_start

FILE = "ledger.sqlite3"
LOCK = "ledger.lock"
APPLICATION_ID = 0x41444D4C  # "ADML" in the file's header: never mistake another database for ours
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str


def migrations() -> tuple[Migration, ...]:
    """The numbered .sql files, in order and without gaps."""
    files = sorted(
        (f for f in (resources.files("kiosk.ledger") / "migrations").iterdir() if f.name.endswith(".sql")),
        key=lambda f: f.name,
    )
    found = tuple(Migration(int(f.name[:4]), f.name, f.read_text(encoding="utf-8")) for f in files)
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise LedgerUnusableError(f"the numbers of the migrations have a gap: {[m.name for m in found]}")
    return found


class Database:
    """An open ledger file. Make, use and close it in one thread."""

    def __init__(self, folder: Path, now: datetime, known: tuple[Migration, ...] | None = None) -> None:
        """Lock, open, check and bring up to date. Raises LedgerUnusableError with a sentence for a technician."""
        self.path = folder / FILE
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise LedgerUnusableError(f"SQLite {sqlite3.sqlite_version} is too old; 3.37 or newer is needed")
        try:
            _make(folder)
            self._lock = _lock(folder / LOCK)
        except OSError as error:
            raise LedgerUnusableError(disk.sentence(folder / FILE, error)) from error
        try:
            self.connection = self._open()
            try:
                self._check_whole()
                self._migrate(known if known is not None else migrations(), now)
            except BaseException:
                self.connection.close()
                raise
        except sqlite3.Error as error:
            os.close(self._lock)
            raise LedgerUnusableError(disk.sentence(self.path, error)) from error
        except LedgerFailedError as error:  # while migrating
            os.close(self._lock)
            raise LedgerUnusableError(str(error)) from error
        except BaseException:
            os.close(self._lock)
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it durable at the end, or nothing of it. Raises LedgerFailedError when the disk refuses."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
        except sqlite3.IntegrityError:
            raise  # the caller's to explain
        except sqlite3.Error as error:
            raise LedgerFailedError(disk.sentence(self.path, error)) from error

    def close(self) -> None:
        self.connection.close()
        os.close(self._lock)

    def _open(self) -> sqlite3.Connection:
        # Autocommit mode: transactions begin and end where we say so.
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=5.0)
        connection.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode=TRUNCATE",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "mmap_size=0",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _check_whole(self) -> None:
        if found := check_at_start(self.connection):
            raise LedgerUnusableError(f"{self.path}: is damaged ({'; '.join(found)}); keep the file for the Dinas")
        application = self.connection.execute("PRAGMA application_id").fetchone()[0]
        tables = self.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and application != APPLICATION_ID:
            raise LedgerUnusableError(f"{self.path}: is the database of another program")

    def _migrate(self, known: tuple[Migration, ...], now: datetime) -> None:
        done = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if done > len(known):
            raise LedgerUnusableError(
                f"{self.path}: was written by a newer version of this program (schema {done}; this one knows up to "
                f"{len(known)}); install that version again, the ledger was not touched"
            )
        for migration in known[done:]:
            with self.transaction() as connection:
                for statement in _statements(migration.sql):
                    connection.execute(statement)
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS migrations"
                    " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT"
                )
                connection.execute(
                    "INSERT INTO migrations VALUES (?, ?, ?)", (migration.number, migration.name, now.isoformat())
                )
                connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version={migration.number}")


def _statements(script: str) -> Iterator[str]:
    """Split a script; sqlite3.executescript would commit before it begins."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if any(line.strip() and not line.strip().startswith("--") for line in statement.splitlines()):
        raise LedgerUnusableError(f"a migration ends in the middle of a statement: {statement.strip()[:60]}")


def _make(folder: Path) -> None:
    # Each folder that is made has its name made durable: a lost one takes the whole ledger with it.
    for missing in reversed([each for each in (folder, *folder.parents) if not each.is_dir()]):
        missing.mkdir(mode=0o700)
        _sync(missing.parent)
    # Made by ourselves, so that nobody else can read it, and its name is durable before the first row is.
    os.close(os.open(folder / FILE, os.O_CREAT | os.O_RDWR, 0o600))
    _sync(folder)


def _lock(path: Path) -> int:
    """The lock of the one writer; the kernel gives it back however the process ends."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise LedgerUnusableError(f"{path}: another process writes this ledger; only one may") from None
    return descriptor


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
