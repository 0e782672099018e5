"""The chain checked where it lies: by the stored texts, in short steps, by two processes."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.dinas.contract import AuditEntry
from kiosk.ledger import chain, chain_file, events
from kiosk.ledger.chain_file import BUSY_WITHIN_S, ChainFile, UnreadableError, check_folder
from kiosk.ledger.chain_rows import START, Broken, Checker, Row, Why, canonical
from kiosk.ledger.database import FILE
from kiosk.ledger.ledger import Ledger

TABLE = "CREATE TABLE audit (seq INTEGER PRIMARY KEY, at TEXT, event TEXT, data TEXT, prev TEXT, hash TEXT)"


def made(number: int) -> list[Row]:
    rows: list[Row] = []
    for n in range(number):
        tip = (rows[-1][0], rows[-1][5]) if rows else None
        entry = chain.next_entry(tip, f"2026-03-02T08:00:{n % 60:02}Z", "logged-out", {"actor": "applicant", "n": n})
        rows.append(chain.row_of(entry))
    return rows


def store(path: Path, rows: list[Row]) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(TABLE)
        db.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", rows)


def checked(rows: list[Row], heads: dict[int, str] | None = None) -> Broken | None:
    checker = Checker(START, heads)
    return checker.take(rows) or checker.end()


texts = st.text(max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine the making of inputs is
@given(st.lists(st.tuples(texts, texts, st.dictionaries(texts, values, max_size=3)), max_size=4))
def test_whatever_an_entry_holds_the_fast_way_and_the_contract_agree(contents: list[tuple[str, str, dict]]) -> None:
    rows: list[Row] = []
    for at, event, data in contents:
        tip = (rows[-1][0], rows[-1][5]) if rows else None
        rows.append(chain.row_of(chain.next_entry(tip, at, event, data)))
    assert checked(rows) is None


def test_entries_stored_in_python_s_own_form_hold_too() -> None:
    """As they were stored before the RFC 8785 form was."""
    rows = [(*row[:3], json.dumps(json.loads(row[3])), *row[4:]) for row in made(5)]
    assert rows[0][3] != canonical(json.loads(rows[0][3]))
    assert checked(rows) is None


def test_a_name_twice_is_no_entry_of_ours() -> None:
    """Python reads the last of two, SQLite the first: two readers would see two things."""
    row = made(1)[0]
    twice = row[3].replace("{", '{"actor":"operator:x",', 1)
    assert json.loads(twice) == json.loads(row[3])
    assert checked([(*row[:3], twice, *row[4:])]) == Broken(1, Why.FORM)


def test_texts_cut_otherwise_to_the_same_bytes_are_another_row() -> None:
    """What ends the time early would let a part of the data move into it."""
    entry = chain.next_entry(None, "2026-03-02T08:00:00Z", "x", {"a": "b", "data": {"c": 1}})
    (seq, at, event, data, prev, found) = chain.row_of(entry)
    assert data == '{"a":"b","data":{"c":1}}'
    moved = (seq, f'{at}","data":{{"a":"b', event, '{"c":1}}', prev, found)
    assert checked([chain.row_of(entry)]) is None
    assert checked([moved]) == Broken(1, Why.CHANGED)


@pytest.mark.parametrize("column", range(1, 6))
def test_bytes_or_numbers_in_place_of_text_are_no_entry_of_ours(column: int) -> None:
    row = list(made(1)[0])
    for other in (str(row[column]).encode(), 5, None):
        row[column] = other
        assert checked([tuple(row)]) is not None


def test_the_first_wrong_entry_is_named_and_the_tip_is_the_last_that_holds() -> None:
    rows = made(9)
    rows[5] = (*rows[5][:3], canonical({"actor": "operator:x"}), *rows[5][4:])
    checker = Checker()
    assert checker.take(rows) == Broken(6, Why.CHANGED)
    assert checker.tip == (5, rows[4][5])


@pytest.mark.parametrize("seq", [1, 4, 9])
def test_a_head_is_compared_wherever_it_lies(seq: int) -> None:
    rows = made(9)
    assert checked(rows, {seq: rows[seq - 1][5]}) is None
    assert checked(rows, {seq: "0" * 64}) == Broken(seq, Why.NOT_WITNESSED)
    assert checked(rows[:3], {9: rows[8][5]}) == Broken(9, Why.MISSING)


# -- files


@pytest.mark.parametrize("processes", [1, 2])
def test_two_processes_say_what_one_says(processes: int, tmp_path: Path) -> None:
    rows = made(1200)
    store(tmp_path / FILE, rows)
    assert check_folder(tmp_path, {1200: rows[-1][5]}, processes).broken is None
    assert check_folder(tmp_path, {1200: "0" * 64}, processes).broken == Broken(1200, Why.NOT_WITNESSED)
    assert check_folder(tmp_path, {1201: "0" * 64}, processes).broken == Broken(1201, Why.MISSING)
    for seq in (3, 600, 601):
        with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
            db.execute("UPDATE audit SET event = 'x' WHERE seq = ?", (seq,))
        assert check_folder(tmp_path, {}, processes).broken == Broken(seq, Why.CHANGED)
        with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
            db.execute("UPDATE audit SET event = 'logged-out' WHERE seq = ?", (seq,))


def test_a_middle_that_was_chained_anew_is_found_by_the_first_half(tmp_path: Path) -> None:
    rows = made(20)
    forged = chain.row_of(chain.next_entry((9, rows[8][5]), "later", "x", {}))
    rest = [forged]
    for row in rows[10:]:
        rest.append(chain.row_of(chain.next_entry((rest[-1][0], rest[-1][5]), row[1], row[2], json.loads(row[3]))))
    rest[0] = (*rest[0][:3], canonical({"n": 1}), *rest[0][4:])
    store(tmp_path / FILE, [*rows[:9], *rest])
    assert check_folder(tmp_path, {}, 2).broken == Broken(10, Why.CHANGED)


def test_a_middle_that_is_another_than_a_moment_ago_is_found(tmp_path: Path) -> None:
    store(tmp_path / FILE, made(20))
    verdict = chain_file._in_halves(tmp_path, (20, "f" * 64), 20, {})
    assert verdict.broken == Broken(20, Why.CHANGED)


def test_a_table_that_cannot_be_read_is_not_an_empty_one(tmp_path: Path) -> None:
    store(tmp_path / FILE, [])
    assert check_folder(tmp_path).broken is None
    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        db.execute("DROP TABLE audit")
    assert check_folder(tmp_path).broken == Broken(1, Why.UNREADABLE)


def test_a_page_that_cannot_be_read_names_the_entry(tmp_path: Path) -> None:
    rows = made(300)
    store(tmp_path / FILE, rows)
    content = bytearray((tmp_path / FILE).read_bytes())
    place = content.index(rows[149][5].encode()) // 4096 * 4096
    content[place : place + 4096] = random.Random(1).randbytes(4096)
    (tmp_path / FILE).write_bytes(content)
    broken = check_folder(tmp_path).broken
    assert broken is not None
    assert broken.why == Why.UNREADABLE
    assert 100 < broken.seq <= 150


def test_what_cannot_be_looked_at_is_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableError, match="unable to open"):
        check_folder(tmp_path)
    monkeypatch.setattr("kiosk.ledger.chain_file.BUSY_WITHIN_S", 0.05)
    store(tmp_path / FILE, made(3))
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UnreadableError, match="locked"):
            check_folder(tmp_path)
    assert BUSY_WITHIN_S > 1


async def test_a_reader_between_two_steps_keeps_nobody_from_committing(ledger: Ledger, tmp_path: Path) -> None:
    for _ in range(3):
        await ledger.record(events.LoggedOut(actor=events.APPLICANT))
    with ChainFile(tmp_path / "state") as files:
        assert len(files.rows(0, 2)) == 2
        with closing(sqlite3.connect(tmp_path / "state" / FILE, timeout=0, isolation_level=None)) as writer:
            writer.execute("BEGIN EXCLUSIVE")  # not to be had while anybody reads
            writer.execute("ROLLBACK")
        entry: AuditEntry = await ledger.record(events.LoggedOut(actor=events.APPLICANT))
        assert files.rows(3, 2) == [chain.row_of(entry)]


def test_a_number_that_was_left_out_is_a_gap_though_all_hashes_hold() -> None:
    rows = made(2)
    rows.append(chain.row_of(chain.next_entry((3, rows[1][5]), "later", "x", {})))
    assert checked(rows) == Broken(4, Why.GAP)
