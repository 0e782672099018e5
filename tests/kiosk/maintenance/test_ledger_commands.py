"""``adm-kiosk ledger``: real ledgers, through the command line."""

from __future__ import annotations

import asyncio
import os
import pwd
import re
import sqlite3
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result

from drivers.printer import Counters
from kiosk.__main__ import main
from kiosk.dinas.contract import OutcomeKind
from kiosk.documents.receipt import WIB
from kiosk.issuance.evidence import Evidence
from kiosk.issuance.verdict import TABLE
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.blank_items import BlankState, SerialRange
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.maintenance.ledger import ledger_check, words
from kiosk.maintenance.ledger.writing_commands import SETTLEMENTS

PERMIT = "0f2f9a3c-7e7e-4d4a-9a1e-0123456789ab"
ROAD = [Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING]


async def in_doubt(ledger: Ledger, permit: str = PERMIT) -> Attempt:
    attempt = await ledger.reserve(
        permit_id=permit, document="ktp-el", medium="card", device="card-printer", actor="applicant"
    )
    for phase in ROAD:
        facts = Facts(sheets=1, job_id=17, before=Counters(120, 3)) if phase is Phase.SUBMITTED else Facts()
        await ledger.advance(attempt.attempt_id, phase, "system:issuance", facts)
    facts = Facts(reason="no-evidence", evidence={"printed_after": 121, "path_clear": False, "maker_code": 7})
    return await ledger.advance(attempt.attempt_id, Phase.UNKNOWN, "system:reconciliation", facts)


@pytest.fixture
def doubt(state: Path, done) -> Attempt:
    return done(state, in_doubt)


# -- show


def test_show_tells_an_attempt_from_its_beginning_to_the_dinas(doubt: Attempt, run) -> None:
    shown = run("show", doubt.attempt_id)

    assert shown.exit_code == 0
    said = " ".join(shown.output.split())
    for part in (
        f"Percobaan {doubt.attempt_id}",
        "ktp-el (card) di card-printer",
        "belum diketahui (unknown)",
        "tidak ada bukti sampai mana mesin bekerja (no-evidence)",
        "Tugas cetak 17",
        "pencacah cetak sebelum 120",
        "pencacah cetak sesudah 121",
        "jalur kosong tidak",
        "maker code 7",
        "dimulai (reserved), oleh pemohon",
        "oleh mesin (reconciliation)",
        "menunggu sambungan ke Dinas",
    ):
        assert part in said


def test_show_tells_whether_the_dinas_has_it(doubt: Attempt, state: Path, run, done) -> None:
    done(state, lambda ledger: ledger.outcome_sent(1))
    assert "diterima Dinas" in run("show", doubt.attempt_id).output


def test_show_finds_by_permit_and_by_day(doubt: Attempt, run) -> None:
    day = done_day(doubt)
    assert doubt.attempt_id in run("show", "--permit", PERMIT).output
    assert doubt.attempt_id in run("show", "--day", day).output
    assert "Tidak ada percobaan pada 2001-01-01" in run("show", "--day", "2001-01-01").output
    assert "Tidak ada percobaan atas izin x" in run("show", "--permit", "x").output


def done_day(attempt: Attempt) -> str:
    """The day of the attempt in WIB, of its id (UUIDv7)."""
    milliseconds = int(attempt.attempt_id.replace("-", "")[:12], 16)
    return datetime.fromtimestamp(milliseconds / 1000, WIB).date().isoformat()


def test_a_day_shows_all_its_attempts_however_many_looks_they_take(
    state: Path, run, monkeypatch: pytest.MonkeyPatch, done
) -> None:
    monkeypatch.setattr("kiosk.maintenance.ledger.books.PAGE", 2)

    async def five(ledger: Ledger) -> list[Attempt]:
        return [
            await ledger.reserve(
                permit_id=f"{PERMIT[:-1]}{n}", document="kk", medium="a4", device=f"p{n}", actor="applicant"
            )
            for n in range(5)
        ]

    made = done(state, five)
    shown = run("show", "--day", done_day(made[0])).output
    assert [line.split()[0] for line in shown.splitlines()[1:]] == [attempt.attempt_id for attempt in made]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "Sebut satu"),
        (["abc", "--permit", "x"], "Sebut satu"),
        (["01900000-0000-7000-8000-000000000000"], "tidak ada percobaan bernomor ini. Cari dengan --day"),
        (["--day", "kemarin"], "'kemarin': bukan tanggal"),
    ],
    ids=["nothing", "two", "unknown", "no-date"],
)
def test_a_question_that_cannot_be_answered_says_the_way_out(asked: list[str], said: str, doubt: Attempt, run) -> None:
    shown = run("show", *asked)
    assert shown.exit_code == 1
    assert said in shown.output


def test_a_folder_without_a_ledger_is_named(state: Path, run) -> None:
    shown = run("doubts")
    assert shown.exit_code == 1
    assert f"{state}/ledger.sqlite3: unable to open database file" in shown.output
    assert not (state / "ledger.sqlite3").exists()


# -- doubts and settling


def test_doubts_tell_what_a_person_should_look_at(doubt: Attempt, run) -> None:
    shown = run("doubts")
    assert shown.exit_code == 1
    assert "Buka mesin" in shown.output
    assert f"ledger settle {doubt.attempt_id} --as" in " ".join(shown.output.split())


def test_without_doubts_there_is_nothing_to_do(state: Path, run, done) -> None:
    done(state, lambda ledger: ledger.unfinished())
    assert (run("doubts").exit_code, run("doubts").output) == (0, "Tidak ada keraguan.\n")


@pytest.mark.parametrize("phase", SETTLEMENTS)
def test_settling_tells_what_follows_asks_and_writes(phase: str, doubt: Attempt, state: Path, run, done) -> None:
    shown = run("settle", doubt.attempt_id, "--as", phase, "--operator", "ani", "--blank", "A0012301", typed="y\n")

    assert shown.exit_code == 0
    follows = shown.output.index("tidak dapat dicabut")
    assert follows < shown.output.index("putuskan begitu?") < shown.output.index("Tercatat")
    after = done(state, lambda ledger: ledger.attempt(doubt.attempt_id))
    # Where nothing came out, no blank was used either.
    assert (after.phase, after.blank) == (phase, None if phase == "failed" else "A0012301")
    history = done(state, lambda ledger: ledger.history(doubt.attempt_id))
    assert history[-1].actor == "operator:ani"
    assert run("doubts").exit_code == 0


def test_who_does_not_confirm_has_written_nothing(doubt: Attempt, state: Path, run) -> None:
    before = (state / "ledger.sqlite3").read_bytes()
    shown = run("settle", doubt.attempt_id, "--as", "taken", "--operator", "ani", typed="n\n")
    assert shown.exit_code == 1
    assert "Tidak ada yang ditulis." in shown.output
    assert (state / "ledger.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (["--operator", "Bu Ani!"], "tanda pengenal operator"),
        (["--operator", "ani", "--reason", "Pak Budi bilang ada"], "sebab ditulis sebagai kode"),
    ],
    ids=["operator", "reason"],
)
def test_names_do_not_get_into_the_log(extra: list[str], said: str, doubt: Attempt, run) -> None:
    shown = run("settle", doubt.attempt_id, "--as", "taken", "--yes", *extra)
    assert shown.exit_code == 1
    assert said in shown.output


def test_only_a_doubt_can_be_settled(doubt: Attempt, run) -> None:
    asked = ("settle", doubt.attempt_id, "--as", "taken", "--operator", "ani", "--yes")
    assert run(*asked).exit_code == 0
    again = run(*asked)
    assert again.exit_code == 1
    assert "bukan keraguan" in again.output
    unknown = run("settle", "0", "--as", "taken", "--operator", "ani", "--yes")
    assert "0: tidak ada percobaan ini" in unknown.output


def test_while_the_engine_has_the_ledger_reading_works_and_writing_says_how(
    doubt: Attempt, state: Path, run, done
) -> None:
    async def meanwhile(_ledger: Ledger) -> list[Result]:
        settle = ("settle", doubt.attempt_id, "--as", "taken", "--operator", "ani", "--yes")
        asked = [("show", doubt.attempt_id), ("doubts",), ("balance",), ("check",), settle]
        return [await asyncio.to_thread(run, *each) for each in asked]

    *reading, writing = done(state, meanwhile)

    assert [each.exit_code for each in reading] == [0, 1, 0, 0]
    assert writing.exit_code == 1
    assert "systemctl stop adm-kiosk-engine" in writing.output
    assert "systemctl start adm-kiosk-engine" in writing.output


@pytest.mark.skipif(os.geteuid() != 0, reason="gives the ledger to another user")
def test_somebody_else_is_sent_to_be_the_engine_s_user(doubt: Attempt, state: Path, run) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(state / "ledger.sqlite3", nobody.pw_uid, -1)
    shown = run("settle", doubt.attempt_id, "--as", "taken", "--operator", "ani", "--yes")
    assert shown.exit_code == 1
    assert "sudo -u nobody adm-kiosk" in shown.output


# -- blanks


def test_blanks_from_delivery_to_a_difference_and_its_end(state: Path, run, done) -> None:
    done(state, lambda ledger: ledger.unfinished())
    assert "belum dicatat" in run("balance").output
    who = ("--operator", "ani")
    assert "20 blanko diterima" in run("deliver", "A0012301-A0012320", *who).output
    assert "10 blanko masuk wadah" in run("load", "A0012301-A0012310", *who).output
    assert "2 blanko kembali" in run("unload", "A0012309-A0012310", *who).output
    assert "di wadah mesin" in run("balance").output
    assert run("stocktake", "--feeder", "8", "--bin", "0", *who).exit_code == 0

    short = run("stocktake", "--feeder", "7", *who)
    assert short.exit_code == 1
    assert "1 selisih terbuka" in short.output
    told = run("differences")
    assert told.exit_code == 1
    assert "Selisih 1: hitungan wadah -1" in told.output
    assert "dihitung: 7" in told.output
    assert "menurut buku: 8" in told.output

    explained = run("explain", "1", "--reason", "robek", "--missing", "A0012308", *who)
    assert explained.exit_code == 0
    assert run("differences").output == "Tidak ada selisih terbuka.\n"
    blank = done(state, lambda ledger: ledger.blanks.blank("A0012308"))
    assert blank is not None
    assert blank.state is BlankState.MISSING


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["deliver", "A1-B9"], "kedua ujung rentang"),
        (["deliver", "kartu"], "nomor blanko terdiri atas"),
        (["load", "A0012301"], "catat dahulu penyerahannya"),
        (["stocktake"], "Sebut yang dihitung"),
        (["stocktake", "--feeder", "-1"], "tidak boleh kurang dari 0"),
        (["explain", "9", "--reason", "x"], "selisih ini tidak terbuka"),
    ],
    ids=["ends", "form", "not-delivered", "nothing", "negative", "no-difference"],
)
def test_what_the_books_of_blanks_do_not_allow_says_why(asked: list[str], said: str, state: Path, run, done) -> None:
    done(state, lambda ledger: ledger.unfinished())
    shown = run(*asked, "--operator", "ani")
    assert shown.exit_code == 1
    assert said in shown.output


def test_a_day_without_a_balance_is_said(state: Path, run, done) -> None:
    done(state, lambda ledger: ledger.blanks.deliver(SerialRange.parse("A1"), "ani"))
    shown = run("balance", "--day", "2026-03-02")
    assert shown.exit_code == 1
    assert "tidak ada neraca hari itu" in shown.output


# -- check


def test_check_finds_a_promise_broken_by_hand(doubt: Attempt, state: Path, run) -> None:
    whole = run("check")
    assert whole.exit_code == 0
    assert "6 ok" in whole.output
    with sqlite3.connect(state / "ledger.sqlite3") as db:
        db.execute("DELETE FROM outbox")
    hurt = run("check")
    assert hurt.exit_code == 2
    assert f"attempt {doubt.attempt_id}: the outbox has []" in " ".join(hurt.output.split())


FAULTS = {
    "I1": ("DROP INDEX one_attempt_at_a_permit", f"UPDATE attempts SET permit_id = '{PERMIT}'"),
    "I2": ("DELETE FROM outbox",),
    "I3": ("UPDATE blank_counts SET n = n + 1 WHERE state = 'in_store'",),
    "I4": ("UPDATE attempts SET reason = NULL",),
    "I5": ("DROP TRIGGER audit_is_not_changed", "UPDATE audit SET at = replace(at, '2', '3') WHERE seq = 4"),
    "I6": ("UPDATE outbox SET attempt_id = 'nowhere'",),
}
WAYS_OUT = {
    "I1": "ledger show --permit ID",
    "I2": "dibandingkan dengan kabar di sana",
    "I3": "Hitung wadah, bak tolak, dan lemari dengan tangan",
    "I4": "Lihat adm-kiosk ledger doubts",
    "I5": "adm-kiosk audit verify --head BERKAS",
    "I6": "ganti media simpannya",
}


@pytest.fixture
def two_attempts(doubt: Attempt, state: Path, done) -> Path:
    async def more(ledger: Ledger) -> None:
        await ledger.settle(doubt.attempt_id, Phase.TAKEN, "ani")
        await ledger.blanks.deliver(SerialRange.parse("A0012301-A0012310"), "ani")
        await in_doubt(ledger, f"{PERMIT[:-1]}c")

    done(state, more)
    return state


@pytest.mark.parametrize("name", FAULTS)
def test_check_says_what_is_broken_and_what_to_do_before_it_speaks_to_the_technician(
    name: str, two_attempts: Path, run
) -> None:
    assert run("check").exit_code == 0
    with sqlite3.connect(two_attempts / "ledger.sqlite3") as db:
        for statement in FAULTS[name]:
            db.execute(statement)

    told = run("check")

    assert told.exit_code == 2
    row = of_promise(name, told.output)
    assert row.startswith(f"rusak {name} {ledger_check.BROKEN[name]}. (Untuk teknisi: ")
    assert row.index("(Untuk teknisi") < row.index("-> Hentikan anjungan") < row.index(WAYS_OUT[name])


def of_promise(name: str, output: str) -> str:
    """What the table says of one promise, in one line."""
    (row,) = [each for each in re.split(r"(?m)^(?=rusak|ok|Kesimpulan)", output) if f"  {name}  " in each]
    return " ".join(row.split())


def test_check_does_not_call_broken_what_it_cannot_read(two_attempts: Path, run) -> None:
    with sqlite3.connect(two_attempts / "ledger.sqlite3") as db:
        db.execute("DROP TRIGGER audit_is_not_changed")
        db.execute("UPDATE audit SET data = '{' WHERE seq = 4")
    row = of_promise("I4", run("check").output)
    assert row.startswith(f"rusak I4 {ledger_check.UNJUDGED}. (Untuk teknisi: cannot be judged: ")
    assert "Salin seluruh folder buku" in row


# -- words


def test_every_code_that_an_operator_meets_has_its_words() -> None:
    assert set(words.PHASES) == set(Phase)
    assert set(words.OUTCOMES) == set(OutcomeKind)
    assert set(words.EVIDENCE) == {one.name for one in fields(Evidence)} - {"others"}
    assert {rule.reason for rule in TABLE} <= set(words.REASONS)
    assert set(words.STATES) == set(BlankState) - {BlankState.VOID}


@pytest.mark.parametrize("group", ["audit", "ledger"])
def test_every_command_and_option_is_on_the_page_and_has_its_help(group: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "ledger-commands.md").read_text(encoding="utf-8")
    commands = main.commands[group].commands  # type: ignore[attr-defined]  # a group, as its name says
    for name, command in commands.items():
        assert f"`{group} {name}" in page
        assert command.help
        for option in command.params:
            assert not option.name or option.param_type_name == "argument" or option.opts[0] in page, option.opts
