"""A ledger of any older version becomes one of this version with all that was in it (dumps/make_dump.py wrote them)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger.database import FILE, Database, Migration, migrations
from kiosk.ledger.errors import LedgerUnusableError
from kiosk.ledger.invariants import violations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

DUMPS = Path(__file__).parent / "dumps"
OLD = range(1, len(migrations()))
NOW = datetime(2026, 3, 3, tzinfo=UTC)

Rows = dict[str, list[dict[str, Any]]]


def load(version: int, folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.executescript((DUMPS / f"v{version}.sql").read_text(encoding="utf-8"))


def contents(folder: Path) -> Rows:
    """All rows of all tables, but for the list of migrations."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.row_factory = sqlite3.Row
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            table: [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
            for table in tables
            if table != "migrations"
        }


def schema(folder: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(folder / FILE)) as db:
        return set(db.execute("SELECT name, sql FROM sqlite_schema WHERE sql NOT NULL"))


def test_no_migration_comes_without_a_dump_of_the_version_before() -> None:
    missing = [f"v{version}.sql" for version in OLD if not (DUMPS / f"v{version}.sql").is_file()]

    assert missing == [], "run dumps/make_dump.py of the version before"


@pytest.mark.parametrize("version", OLD)
def test_a_dump_is_of_its_version_and_holds_every_phase(tmp_path: Path, version: int) -> None:
    load(version, tmp_path)

    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == version
        assert db.execute("SELECT count(*) FROM migrations").fetchone()[0] == version
        assert {row[0] for row in db.execute("SELECT DISTINCT phase FROM attempts")} == set(Phase)
        assert {row[0] for row in db.execute("SELECT DISTINCT outcome FROM attempts")} == {None, *OutcomeKind}


@pytest.mark.parametrize("version", OLD)
def test_every_row_is_there_after_the_migration(tmp_path: Path, version: int) -> None:
    load(version, tmp_path)
    before = contents(tmp_path)

    Database(tmp_path, NOW).close()

    after = contents(tmp_path)
    for table, rows in before.items():
        kept = [{column: row[column] for column in old} for row, old in zip(after[table], rows, strict=True)]
        assert kept == rows, table
    assert violations(tmp_path) == []


@pytest.mark.parametrize("version", OLD)
def test_a_migrated_ledger_has_the_tables_and_guards_of_a_new_one(tmp_path: Path, version: int) -> None:
    (tmp_path / "old").mkdir()
    load(version, tmp_path / "old")
    Database(tmp_path / "old", NOW).close()
    Database(tmp_path / "new", NOW).close()

    assert schema(tmp_path / "old") == schema(tmp_path / "new")


@pytest.mark.parametrize("version", OLD)
def test_opened_twice_it_is_migrated_once(tmp_path: Path, version: int) -> None:
    load(version, tmp_path)
    Database(tmp_path, NOW).close()
    once = (tmp_path / FILE).read_bytes()

    Database(tmp_path, NOW).close()

    assert (tmp_path / FILE).read_bytes() == once


@pytest.mark.parametrize("version", OLD)
async def test_a_migrated_ledger_goes_on(tmp_path: Path, version: int) -> None:
    load(version, tmp_path)

    ledger = await Ledger.open(tmp_path)
    for attempt in await ledger.unfinished():
        if attempt.phase in (Phase.RESERVED, Phase.CLAIMED):
            await ledger.advance(attempt.attempt_id, Phase.FAILED, "system:reconciliation")
    [doubt] = await ledger.doubts()
    await ledger.settle(doubt.attempt_id, Phase.TAKEN, "op-8")
    assert await ledger.verify_audit() is None
    assert ledger.login_failures == 2
    await ledger.close()

    assert violations(tmp_path) == []


@pytest.mark.parametrize("version", OLD)
def test_a_migration_that_is_cut_off_leaves_the_old_ledger(tmp_path: Path, version: int) -> None:
    """After each statement of what follows: the file is the old one to the row, and opens afterwards."""
    load(version, tmp_path)
    before = contents(tmp_path)
    follows = migrations()[version]
    lines = follows.sql.splitlines(keepends=True)
    prefixes = ["".join(lines[:end]) for end in range(1, len(lines)) if lines[end - 1].rstrip().endswith(";")]
    whole = [prefix for prefix in prefixes if sqlite3.complete_statement(prefix)]
    assert len(whole) > 3
    for prefix in whole:
        broken = Migration(follows.number, follows.name, prefix + "SELECT * FROM nowhere;\n")
        with pytest.raises(LedgerUnusableError, match="nowhere"):
            Database(tmp_path, NOW, (*migrations()[:version], broken))
        assert contents(tmp_path) == before
    Database(tmp_path, NOW).close()
