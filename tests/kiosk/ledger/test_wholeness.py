"""Whether the ledger's file is whole: told at start where it matters, and everywhere by the look that follows."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from set_time import FakeTime

from kiosk.ledger import wholeness
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.blanks import SerialRange
from kiosk.ledger.chain import next_entry, row_of
from kiosk.ledger.database import FILE, Database
from kiosk.ledger.errors import LedgerUnusableError
from kiosk.ledger.events import LoggedOut
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.ledger.wholeness import BITE, GROWING, NEWEST, DamageError, Look, keep_looking

Begin = Callable[..., Awaitable[Attempt]]
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ENTRIES = 4 * BITE
# One row, or a few that a person makes: checked whole at every start.
SMALL = {"sqlite_sequence", "migrations", "audit_handover", "login_budget", "blank_book", "blank_counts"}


@pytest.fixture(autouse=True)
def every_ledger_counts_as_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wholeness, "WHOLE_UP_TO", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger with a chain of several bites."""
    database = Database(tmp_path, NOW)
    last = None
    with database.transaction() as db:
        for _ in range(ENTRIES):
            entry = next_entry(last, NOW.isoformat(), "logged-out", {"actor": "applicant"})
            db.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", row_of(entry))
            last = (entry.seq, entry.hash)
    database.close()
    return tmp_path


@pytest.fixture
def planting(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        yield db


def damage_page_of(folder: Path, seq: int) -> None:
    """Overwrite the page on which the audit entry lies."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        (sought,) = db.execute("SELECT hash FROM audit WHERE seq = ?", (seq,)).fetchone()
    raw = bytearray((folder / FILE).read_bytes())
    page = raw.index(sought.encode()) // 4096
    raw[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    (folder / FILE).write_bytes(raw)


def look_over(folder: Path) -> list[str]:
    """What one look finds, as the tables."""
    found, look = [], Look()
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.row_factory = sqlite3.Row
        while not look.through:
            try:
                look.bite(db)
            except DamageError as damage:
                found.append(damage.table)
    return found


def test_each_table_is_known_as_growing_or_small(tmp_path: Path) -> None:
    with closing(Database(tmp_path, NOW).connection) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}

    assert tables == {*GROWING, *SMALL}


def test_a_whole_ledger_has_nothing_to_tell(folder: Path) -> None:
    Database(folder, NOW).close()

    assert look_over(folder) == []


def test_damage_where_the_last_power_cut_can_have_been_is_told_at_start(folder: Path) -> None:
    damage_page_of(folder, ENTRIES - NEWEST // 2)

    with pytest.raises(LedgerUnusableError, match=r"damaged|malformed"):
        Database(folder, NOW)


def test_a_newest_entry_that_does_not_go_on_from_the_others_is_told_at_start(
    folder: Path, planting: sqlite3.Connection
) -> None:
    planting.execute("UPDATE audit SET at = at || '0' WHERE seq = ?", (ENTRIES - 3,))

    with pytest.raises(LedgerUnusableError, match=f"table audit: entry {ENTRIES - 3} was changed"):
        Database(folder, NOW)


def test_a_damaged_small_table_is_told_at_start(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db:
        root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'blank_counts'").fetchone()[0]
    raw = bytearray((folder / FILE).read_bytes())
    raw[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    (folder / FILE).write_bytes(raw)

    with pytest.raises(LedgerUnusableError, match=r"damaged|malformed"):
        Database(folder, NOW)


def test_older_damage_does_not_stop_the_start_and_the_look_finds_it(folder: Path) -> None:
    damage_page_of(folder, BITE // 2)

    Database(folder, NOW).close()

    assert look_over(folder) == ["audit"]


def test_an_older_entry_that_was_changed_is_found_by_the_look(folder: Path, planting: sqlite3.Connection) -> None:
    planting.execute("UPDATE audit SET at = at || '0' WHERE seq = ?", (BITE + 1,))

    assert look_over(folder) == ["audit"]


async def test_an_attempt_that_its_permit_does_not_find_is_found_by_the_look(
    folder: Path, planting: sqlite3.Connection
) -> None:
    ledger = await Ledger.open(folder)
    await ledger.reserve(
        permit_id="0198f1de-0000-4000-8000-000000000001", document="kk", medium="a4", device="paper", actor="applicant"
    )
    await ledger.close()
    [(index,)] = planting.execute("SELECT sql FROM sqlite_schema WHERE name = 'one_attempt_at_a_permit'")
    planting.execute("DROP INDEX one_attempt_at_a_permit")
    planting.execute("PRAGMA writable_schema=ON")
    planting.execute(index.replace("WHERE ", "WHERE outcome = 'none' AND (") + ")")  # without the row
    planting.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'one_attempt_at_a_permit'", (index,))

    assert look_over(folder) == ["attempts"]


async def test_damage_is_recorded_and_told_and_the_kiosk_goes_on(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damage_page_of(folder, BITE // 2)
    ledger = await Ledger.open(folder)
    with caplog.at_level(logging.CRITICAL):
        while await ledger.look_over():
            pass
    [entry] = await ledger.audit_entries(ENTRIES, 10)
    await ledger.record(LoggedOut(actor="applicant"))
    await ledger.close()

    assert (entry.event, entry.data["table"]) == ("ledger-damaged", "audit")
    assert "keep the file for the Dinas" in caplog.text


async def test_it_is_looked_over_after_the_start_and_then_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wholeness, "FIRST_LOOK_AFTER_S", 0)
    monkeypatch.setattr(wholeness, "BETWEEN_BITES_S", 0)
    monkeypatch.setattr(wholeness, "BETWEEN_LOOKS_S", 0.01)
    bites: list[bool] = []

    async def bite() -> bool:
        bites.append(len(bites) % 3 != 2)
        return bites[-1]

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await keep_looking(bite)

    assert bites[:6] == [True, True, False, True, True, False]


async def live(ledger: Ledger, begin: Begin, time_: FakeTime) -> None:
    """Every question and every write of the ledger once."""
    await ledger.blanks.deliver(SerialRange("B1", "B9"), "op-7")
    await ledger.blanks.load(SerialRange("B1", "B9"), "op-7")
    taken = await begin(Phase.PRESENTED)
    await ledger.advance(taken.attempt_id, Phase.TAKEN, "applicant")
    unknown = await begin(Phase.PRINTING)
    await ledger.advance(unknown.attempt_id, Phase.UNKNOWN, "system:issuance")
    await ledger.doubts()
    await ledger.doubts("card_printer")
    await ledger.settle(unknown.attempt_id, Phase.SPOILED, "op-7")
    await ledger.unfinished()
    await ledger.unaccounted()
    await ledger.recent("card_printer", 5)
    await ledger.last_at([taken.permit_id, "another"])
    await ledger.sent_since("card_printer", time_.now() - timedelta(days=1))
    await ledger.history(taken.attempt_id)
    for waiting in await ledger.pending_outcomes(10):
        await ledger.outcome_sent(waiting.number)
    await ledger.refused_outcomes()
    await ledger.audit_handover()
    await ledger.audit_entries(0, 10)
    await ledger.charge_login()
    await ledger.refund_login()
    await ledger.blanks.stocktake("op-7", feeder=3)
    await ledger.blanks.balance()
    await ledger.blanks.supplies()
    await ledger.blanks.change_supply("paper", 500, "op-7")
    await ledger.blanks.open_differences()


# What may walk along a table or an index: from the end and not far, or along an index that holds the few it asks for.
SHORT = {
    "SCAN audit": "ORDER BY seq DESC LIMIT 1",
    "SCAN blank_moves": "max(number)",
    "SCAN stocktakes": "ORDER BY number DESC LIMIT 1",
    "SCAN stocktakes USING INDEX stocktakes_with_counters": "ORDER BY number DESC LIMIT 1",
    "SCAN attempts USING INDEX one_attempt_on_a_device": "",
    "SCAN attempts USING INDEX attempts_unaccounted": "",
    "SCAN outbox USING INDEX outbox_waiting": "",
    "SCAN outbox USING INDEX outbox_refused": "",
    "SCAN blanks USING INDEX blanks_in_feeder": "LIMIT 1",
    "SCAN blanks USING INDEX blanks_in_bin": "",
    "SCAN blanks USING INDEX blanks_in_path": "",
    "SCAN differences USING INDEX differences_open": "",
}


async def test_no_question_looks_through_a_table_that_grows(
    ledger: Ledger, begin: Begin, time_: FakeTime, tmp_path: Path
) -> None:
    """By SQLite's own plans, which without statistics are the same for any size."""
    said: set[str] = set()
    await ledger._writer.read(lambda db: db.set_trace_callback(said.add))
    await live(ledger, begin, time_)
    await ledger._writer.read(lambda db: db.set_trace_callback(None))

    long = []
    with closing(sqlite3.connect(tmp_path / "state" / FILE)) as db:
        for statement in (s for s in said if s.split(" ", 1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")):
            for *_, step in db.execute(f"EXPLAIN QUERY PLAN {statement}"):
                walks = step.startswith("SCAN") and step.split()[1] in GROWING
                if walks and (step not in SHORT or SHORT[step] not in statement):
                    long.append((step, statement))

    assert long == []
    assert len(said) > 40, "nothing was asked"
