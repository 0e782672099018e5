"""``adm-kiosk ledger unaccounted|account|spoil|destroy``: what nobody may use any more, until it is burnt."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.blank_items import BlankState, SerialRange
from kiosk.ledger.invariants import violations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

PERMIT = "0f2f9a3c-7e7e-4d4a-9a1e-0123456789ab"
WHO = ("--operator", "ani")
NOWHERE = "01900000-0000-7000-8000-000000000000"
ROAD = (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING)
ENDS = {
    "spoiled": (Phase.SPOILED,),
    "retracted": (Phase.PRESENTED, Phase.RETRACTED, Phase.RETRACTED),
    "taken": (Phase.PRESENTED, Phase.TAKEN),
    "unknown": (Phase.UNKNOWN,),
}


async def printed(ledger: Ledger, end: str, medium: str = "card") -> Attempt:
    """An attempt with that end."""
    document, device = ("ktp-el", "card-printer") if medium == "card" else ("kk", "a4-printer")
    attempt = await ledger.reserve(permit_id=PERMIT, document=document, medium=medium, device=device, actor="applicant")
    for phase in (*ROAD, *ENDS[end]):
        facts = Facts(sheets=1, job_id=17) if phase is Phase.SUBMITTED else Facts()
        if phase not in ROAD:
            facts = Facts(reason="card-kept-back", evidence={"binned": True})
        attempt = await ledger.advance(attempt.attempt_id, phase, "system:issuance", facts)
    return attempt


async def stocked(ledger: Ledger) -> None:
    await ledger.blanks.deliver(SerialRange.parse("A0012301-A0012320"), "ani")
    await ledger.blanks.load(SerialRange.parse("A0012301-A0012310"), "ani")


@pytest.fixture
def with_stock(state: Path, done) -> Path:
    done(state, stocked)
    return state


def state_of(state: Path, done, serial: str) -> tuple[BlankState, bool]:
    blank = done(state, lambda ledger: ledger.blanks.blank(serial))
    return blank.state, blank.in_bin


def flat(text: str) -> str:
    return " ".join(text.split())


# -- unaccounted and account


@pytest.mark.parametrize("end", ["spoiled", "retracted"])
def test_what_nobody_has_in_hand_is_listed_with_what_to_do(end: str, with_stock: Path, run, done) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, end))

    told = run("unaccounted")

    assert told.exit_code == 1
    said = flat(told.output)
    for part in (attempt.attempt_id, PERMIT, "ktp-el (card) di card-printer", "kartu tertahan di mesin", "A0012301"):
        assert part in said
    assert "ambil kartu ini dari bak tolak" in said
    assert f"adm-kiosk ledger account {attempt.attempt_id} --operator ID" in said
    assert "Tidak ditemukan: jangan dicatat" in said


def test_of_paper_the_sheets_are_asked_for_and_no_number(state: Path, run, done) -> None:
    attempt = done(state, lambda ledger: printed(ledger, "spoiled", "a4"))
    said = flat(run("unaccounted").output)
    assert "Ambil lembar-lembarnya" in said
    assert "--blank" not in said
    refused = run("account", attempt.attempt_id, "--blank", "A1", "--yes", *WHO)
    assert refused.exit_code == 1
    assert "tidak bernomor blanko; jalankan tanpa --blank" in refused.output
    assert run("account", attempt.attempt_id, "--yes", *WHO).exit_code == 0
    assert run("unaccounted").exit_code == 0


def test_when_all_is_accounted_for_there_is_nothing_to_do(state: Path, run, done) -> None:
    done(state, lambda ledger: ledger.unfinished())
    told = run("unaccounted")
    assert (told.exit_code, told.output) == (
        0, "Semua bahan yang rusak atau ditarik kembali sudah dipertanggungjawabkan.\n",
    )  # fmt: skip


def test_accounting_tells_what_follows_asks_and_makes_the_permit_ready_again(with_stock: Path, run, done) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, "spoiled"))
    assert state_of(with_stock, done, "A0012301") == (BlankState.SPOILED, True)

    told = run("account", attempt.attempt_id, *WHO, typed="y\n")

    assert told.exit_code == 0, told.output
    follows = told.output.index("tidak dapat dicabut")
    assert follows < told.output.index("catat begitu?") < told.output.index("Tercatat")
    assert "pemohon dapat mencetak lagi" in told.output
    assert "bernomor A0012301 menurut buku" in told.output
    assert state_of(with_stock, done, "A0012301") == (BlankState.SPOILED, False)
    waiting = done(with_stock, lambda ledger: ledger.pending_outcomes(9))
    assert [each.outcome.settled_by for each in waiting] == [None, "ani"]  # at the Dinas the second opens the permit
    assert run("unaccounted").exit_code == 0
    assert violations(with_stock) == []


def test_who_does_not_confirm_has_not_accounted(with_stock: Path, run, done) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, "spoiled"))
    before = (with_stock / "ledger.sqlite3").read_bytes()
    told = run("account", attempt.attempt_id, *WHO, typed="n\n")
    assert told.exit_code == 1
    assert "Tidak ada yang ditulis." in told.output
    assert (with_stock / "ledger.sqlite3").read_bytes() == before


def test_another_number_on_the_card_changes_places_in_the_books(with_stock: Path, run, done) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, "spoiled"))
    told = run("account", attempt.attempt_id, "--blank", "a0012302", "--yes", *WHO)
    assert told.exit_code == 0, told.output
    assert "Nomor di buku A0012301, yang Anda baca A0012302" in told.output
    assert "selisih terbuka karena" not in told.output
    assert state_of(with_stock, done, "A0012302") == (BlankState.SPOILED, False)
    assert state_of(with_stock, done, "A0012301") == (BlankState.IN_FEEDER, False)
    assert violations(with_stock) == []


def test_a_number_that_the_books_cannot_follow_opens_a_difference_and_says_so(with_stock: Path, run, done) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, "spoiled"))
    told = run("account", attempt.attempt_id, "--blank", "B77", "--yes", *WHO)
    assert told.exit_code == 0, told.output
    assert "1 selisih terbuka karena nomornya: adm-kiosk ledger differences" in told.output
    assert violations(with_stock) == []


def test_a_card_that_no_record_had_loaded_gets_its_number(with_stock: Path, run, done) -> None:
    done(with_stock, lambda ledger: ledger.blanks.unload(SerialRange.parse("A0012301-A0012310"), "ani"))
    attempt = done(with_stock, lambda ledger: printed(ledger, "spoiled"))
    assert "tidak tercatat; baca dari kartu dan sebut dengan --blank" in flat(run("unaccounted").output)
    asked = run("account", attempt.attempt_id, *WHO, typed="n\n")
    assert "tanpa --blank kartu ini kelak tidak dapat dicatat dimusnahkan" in asked.output
    told = run("account", attempt.attempt_id, "--blank", "C5", "--yes", *WHO)
    assert "Kartu ini dicatat bernomor C5." in told.output
    assert state_of(with_stock, done, "C5") == (BlankState.SPOILED, False)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("taken", "tidak ada bahan rusak yang harus dipertanggungjawabkan"),
        ("unknown", "putuskan dahulu apa yang terjadi: adm-kiosk ledger settle"),
    ],
)
def test_only_what_is_spoiled_is_accounted_for(end: str, said: str, state: Path, run, done) -> None:
    attempt = done(state, lambda ledger: printed(ledger, end))
    told = run("account", attempt.attempt_id, "--yes", *WHO)
    assert told.exit_code == 1
    assert said in told.output


def test_it_is_accounted_for_once(with_stock: Path, run, done) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, "spoiled"))
    assert run("account", attempt.attempt_id, "--yes", *WHO).exit_code == 0
    again = run("account", attempt.attempt_id, "--yes", "--operator", "budi")
    assert again.exit_code == 1
    assert "sudah dipertanggungjawabkan oleh operator ani" in again.output
    assert "adm-kiosk ledger unaccounted" in run("account", NOWHERE, "--yes", *WHO).output


@pytest.mark.parametrize("command", ["account", "settle"])
@pytest.mark.parametrize(
    ("blank", "said"),
    [("Pak Budi", "nomor blanko terdiri atas"), ("A1-A2", "sebut satu nomor")],
    ids=["a-name", "two"],
)
def test_a_number_read_from_a_card_is_one_number(
    command: str, blank: str, said: str, with_stock: Path, run, done
) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, "unknown" if command == "settle" else "spoiled"))
    extra = ("--as", "spoiled") if command == "settle" else ()
    told = run(command, attempt.attempt_id, *extra, "--blank", blank, "--yes", *WHO)
    assert told.exit_code == 1
    assert said in told.output


def test_settling_takes_the_number_as_it_is_printed_on_cards(with_stock: Path, run, done) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, "unknown"))
    assert run("settle", attempt.attempt_id, "--as", "spoiled", "--blank", "a0012301", "--yes", *WHO).exit_code == 0
    assert done(with_stock, lambda ledger: ledger.attempt(attempt.attempt_id)).blank == "A0012301"


# -- spoil and destroy


def test_a_bent_blank_is_spoiled_and_burnt_with_its_record(with_stock: Path, run, done) -> None:
    spoiled = run("spoil", "A0012309-A0012310", "A0012315", "--reason", "bent", *WHO, typed="y\n")
    assert spoiled.exit_code == 0, spoiled.output
    assert "3 blanko (A0012309, A0012310, A0012315)" in spoiled.output
    follows = spoiled.output.index("tidak dapat dicabut")
    assert follows < spoiled.output.index("catat rusak?") < spoiled.output.index("Tercatat: 3 blanko rusak")
    assert state_of(with_stock, done, "A0012310") == (BlankState.SPOILED, False)

    burnt = run("destroy", "A0012309-A0012310", "--record", "470/12/BA/2026", *WHO, typed="y\n")
    assert burnt.exit_code == 0, burnt.output
    follows = burnt.output.index("tidak dapat dicabut")
    assert follows < burnt.output.index("catat begitu?") < burnt.output.index("Tercatat: 2 blanko dimusnahkan")
    assert state_of(with_stock, done, "A0012310") == (BlankState.DESTROYED, False)
    assert state_of(with_stock, done, "A0012315") == (BlankState.SPOILED, False)
    entries = done(with_stock, lambda ledger: ledger.audit_entries(0, 99))
    assert [(each.data["blank"], each.data["reason"]) for each in entries if each.data.get("state") == "destroyed"] == [
        ("A0012309", "470/12/ba/2026"),
        ("A0012310", "470/12/ba/2026"),
    ]
    assert violations(with_stock) == []


@pytest.mark.parametrize(
    "asked", [("spoil", "A0012309", "--reason", "bent"), ("destroy", "A0012320", "--record", "1")], ids=lambda a: a[0]
)
def test_who_does_not_confirm_has_changed_no_blank(asked: tuple[str, ...], with_stock: Path, run, done) -> None:
    done(with_stock, lambda ledger: ledger.blanks.spoil(["A0012320"], "ani", "bent"))
    before = (with_stock / "ledger.sqlite3").read_bytes()
    told = run(*asked, *WHO, typed="n\n")
    assert told.exit_code == 1
    assert "Tidak ada yang ditulis." in told.output
    assert (with_stock / "ledger.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("spoil", "A0012301", "--reason", "bent"), "A0012301: hanya blanko di lemari atau di wadah mesin"),
        (("spoil", "A0012301", "--reason", "bent"), "sekarang rusak."),
        (("spoil", "B1", "--reason", "bent"), "catat dahulu penyerahannya: adm-kiosk ledger deliver"),
        (("spoil", "A0012305", "A0012305", "--reason", "bent"), "satu nomor disebut dua kali"),
        (("spoil", "kartu", "--reason", "bent"), "nomor blanko terdiri atas"),
        (("spoil", "A0012305", "--reason", "Bengkok oleh Budi"), "sebab ditulis sebagai kode"),
        (("destroy", "A0012301", "--record", "1"), "pertanggungjawabkan dahulu: adm-kiosk ledger account"),
        (("destroy", "A0012305", "--record", "1"), "yang lain catat dahulu: adm-kiosk ledger spoil"),
        (("destroy", "A0012305", "--record", "1"), "sekarang di wadah mesin."),
        (("destroy", "A0012301", "--record", "nomor #7"), "nomor berita acara terdiri atas"),
        (("destroy", "A0012301", "--record", "3523010203040005"), "nomor berita acara terdiri atas"),
        (("load", "A0012302"), "A0012302: blanko ini tidak ada di lemari operator menurut buku; sekarang di wadah"),
        (("unload", "A0012319"), "A0012319: blanko ini tidak ada di wadah mesin menurut buku; sekarang di lemari"),
    ],
    ids=["used", "used-where", "unknown", "twice", "form", "reason", "in-bin", "unused", "unused-where", "record",
         "record-like-a-nik", "load-loaded", "unload-stored"],
)  # fmt: skip
def test_what_the_books_do_not_allow_is_refused_with_a_way_out(
    asked: tuple[str, ...], said: str, with_stock: Path, run, done
) -> None:
    done(with_stock, lambda ledger: printed(ledger, "spoiled"))
    before = done(with_stock, lambda ledger: ledger.audit_entries(0, 99))
    told = run(*asked, *(("--yes",) if asked[0] in ("spoil", "destroy") else ()), *WHO)
    assert told.exit_code == 1
    assert said in told.output
    assert done(with_stock, lambda ledger: ledger.audit_entries(0, 99)) == before


def test_a_card_of_an_attempt_is_burnt_once_it_was_accounted_for(with_stock: Path, run, done) -> None:
    attempt = done(with_stock, lambda ledger: printed(ledger, "retracted"))
    burn = ("destroy", "A0012301", "--record", "470/12/BA/2026", "--yes", *WHO)
    assert run(*burn).exit_code == 1
    assert run("account", attempt.attempt_id, "--yes", *WHO).exit_code == 0
    assert run(*burn).exit_code == 0
    assert state_of(with_stock, done, "A0012301") == (BlankState.DESTROYED, False)
    lost = run("explain", "1", "--reason", "x", "--missing", "A0012301", *WHO)
    assert "A0012301: blanko ini tidak dapat dicatat hilang lagi; sekarang dimusnahkan." in lost.output
    assert violations(with_stock) == []


@pytest.mark.parametrize(
    "asked",
    [
        ("spoil", "A0012305", "--reason", "bent", "--yes"),
        ("destroy", "A0012305", "--record", "1", "--yes"),
        ("supply", "paper", "500"),
    ],
    ids=lambda a: a[0],
)
def test_beside_the_engine_nothing_is_written_and_the_way_is_said(
    asked: tuple[str, ...], with_stock: Path, run, done
) -> None:
    async def meanwhile(_ledger: Ledger) -> object:
        return await asyncio.to_thread(run, *asked, *WHO)

    told = done(with_stock, meanwhile)
    assert told.exit_code == 1
    assert "systemctl stop adm-kiosk-engine" in told.output
