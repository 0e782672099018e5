"""The file itself: settings that survive power loss, one writer, migrations, damage."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.ledger.database import FILE, Database, Migration, migrations
from kiosk.ledger.errors import LedgerFailedError, LedgerUnusableError

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_settings_are_those_that_lose_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path, NOW)
    found = {
        name: database.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check", "mmap_size")
    }
    database.close()
    assert found == {
        "journal_mode": "truncate",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
    }


def test_file_and_folder_are_for_the_engine_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    Database(folder, NOW).close()
    assert (folder.stat().st_mode & 0o777, (folder / FILE).stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_names_of_new_files_are_made_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite itself syncs the folder for a journal, not for a database that it makes."""
    synced: list[tuple[Path, bool]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append((Path(f"/proc/self/fd/{descriptor}").readlink(), (tmp_path / "state" / FILE).exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    Database(tmp_path / "state", NOW).close()
    assert (tmp_path, False) in synced  # the folder's own name
    assert (tmp_path / "state", True) in synced  # the file's name


def test_a_second_writer_process_is_refused(tmp_path: Path) -> None:
    database = Database(tmp_path, NOW)
    script = f"""
from datetime import datetime, UTC; from pathlib import Path
from kiosk.ledger.database import Database
Database(Path({str(tmp_path)!r}), datetime.now(UTC))
"""
    second = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    database.close()
    assert second.returncode != 0
    assert "another process writes this ledger" in second.stderr
    Database(tmp_path, NOW).close()  # and free again afterwards


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    Database(tmp_path, NOW).close()
    newer = sqlite3.connect(tmp_path / FILE)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(LedgerUnusableError, match=r"newer version .*schema 99; this one knows up to"):
        Database(tmp_path, NOW)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    database = Database(tmp_path, NOW)
    with database.transaction() as db:
        for number in range(400):
            db.execute(
                "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", (number + 1, "x" * 50, "y", "{}", "0" * 64, "1" * 64)
            )
    database.close()
    raw = bytearray((tmp_path / FILE).read_bytes())
    raw[-8192:-4096] = b"\xff" * 4096
    (tmp_path / FILE).write_bytes(raw)
    with pytest.raises(LedgerUnusableError, match=r"damaged|malformed"):
        Database(tmp_path, NOW)


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(LedgerUnusableError, match="another program"):
        Database(tmp_path, NOW)


def test_each_migration_is_recorded_once(tmp_path: Path) -> None:
    for _ in range(2):
        database = Database(tmp_path, NOW)
        rows = [tuple(row) for row in database.connection.execute("SELECT number, name FROM migrations")]
        version = database.connection.execute("PRAGMA user_version").fetchone()[0]
        database.close()
        assert rows == [(m.number, m.name) for m in migrations()]
        assert version == len(rows)


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    good = migrations()
    Database(tmp_path, NOW, good).close()
    bad = Migration(len(good) + 1, "bad.sql", "CREATE TABLE half (x) STRICT;\nCREATE TABLE whole (x TEXT) STRICT;\n")
    with pytest.raises((LedgerUnusableError, LedgerFailedError)):
        Database(tmp_path, NOW, (*good, bad))
    broken = Migration(
        len(good) + 1, "bad.sql", "CREATE TABLE first (x TEXT) STRICT;\nINSERT INTO nowhere VALUES (1);\n"
    )
    with pytest.raises((LedgerUnusableError, LedgerFailedError)):
        Database(tmp_path, NOW, (*good, broken))
    database = Database(tmp_path, NOW, good)
    names = {row[0] for row in database.connection.execute("SELECT name FROM sqlite_schema")}
    database.close()
    assert not names & {"half", "whole", "first"}


@pytest.mark.parametrize("statement", ["UPDATE audit SET data = '{}'", "DELETE FROM audit"])
def test_the_file_itself_refuses_to_change_the_audit_log(tmp_path: Path, statement: str) -> None:
    database = Database(tmp_path, NOW)
    with database.transaction() as db:
        db.execute("INSERT INTO audit VALUES (1, '', '', '{}', ?, ?)", ("0" * 64, "1" * 64))
    with pytest.raises(sqlite3.IntegrityError, match="only added to"), database.transaction() as db:
        db.execute(statement)
    database.close()


def test_a_transaction_that_raises_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path, NOW)
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as db:
        db.executemany("UPDATE login_budget SET failures = ?", [(7,), (-1,)])
    assert database.connection.execute("SELECT failures FROM login_budget").fetchone()[0] == 0
    database.close()


def test_a_full_disk_is_told_and_leaves_the_file_whole(tmp_path: Path) -> None:
    database = Database(tmp_path, NOW)
    pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
    database.connection.execute(f"PRAGMA max_page_count = {pages}")
    rows = [(number + 1, "z" * 500, "0" * 64, "1" * 64) for number in range(1000)]
    with pytest.raises(LedgerFailedError, match="full"), database.transaction() as db:
        db.executemany("INSERT INTO audit VALUES (?, '', '', ?, ?, ?)", rows)
    database.close()
    database = Database(tmp_path, NOW)
    assert database.connection.execute("SELECT count(*) FROM audit").fetchone()[0] == 0
    database.close()
