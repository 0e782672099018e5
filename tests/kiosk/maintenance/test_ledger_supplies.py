"""``adm-kiosk ledger supply|supplies``: paper, toner, ribbon and film, on real ledgers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.ledger.attempts import Facts
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.ledger.supplies import USES
from kiosk.maintenance.ledger import words

WHO = ("--operator", "ani")


async def three_sheets(ledger: Ledger) -> None:
    attempt = await ledger.reserve(
        permit_id="0f2f9a3c-7e7e-4d4a-9a1e-0123456789ab", document="kk", medium="a4", device="a4", actor="applicant"
    )
    for phase in (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING, Phase.PRESENTED, Phase.TAKEN):
        facts = Facts(sheets=3, job_id=17) if phase is Phase.SUBMITTED else Facts()
        await ledger.advance(attempt.attempt_id, phase, "system:issuance", facts)


def line(output: str, name: str) -> list[str]:
    """The cells of a supply's row."""
    (found,) = [row for row in output.splitlines() if f"({name})" in row]
    return [cell.strip() for cell in found.split("  ") if cell.strip()]


def test_what_was_put_in_and_used_and_what_is_left(state: Path, run, done) -> None:
    told = run("supply", "paper", "500", *WHO)
    assert told.output == "Tercatat: kertas diisi, sekarang untuk 500 lembar, oleh operator ani.\n"
    assert run("supply", "Toner", "0", *WHO).output.startswith("Tercatat: toner diisi, sekarang jumlahnya tidak dike")
    assert run("supply", "ribbon", "2", *WHO).exit_code == 0
    done(state, three_sheets)

    shown = run("supplies")

    assert shown.exit_code == 0
    assert line(shown.output, "paper")[2:] == ["500 lembar", "3 lembar", "497 lembar"]
    assert line(shown.output, "toner")[2:] == ["tidak diketahui", "3 lembar", "tidak diketahui"]
    assert line(shown.output, "ribbon")[2:] == ["2 kartu", "0 kartu", "2 kartu"]
    assert line(shown.output, "film")[1] == "belum pernah dicatat"
    assert "adm-kiosk ledger supply paper 500 --operator ID" in shown.output


def test_what_should_be_used_up_is_said(state: Path, run, done) -> None:
    run("supply", "paper", "3", *WHO)
    done(state, three_sheets)
    assert "habis; lihat mesinnya" in line(run("supplies").output, "paper")


@pytest.fixture(autouse=True)
def ledger(state: Path, done) -> None:
    done(state, lambda ledger: ledger.unfinished())


@pytest.mark.parametrize("asked", [("kopi", "1"), ("paper", "1000000001"), ("paper", "-1")], ids=lambda a: a[-1])
def test_what_is_no_supply_or_no_amount_is_refused_with_those_that_are(asked: tuple[str, ...], run) -> None:
    told = run("supply", *asked, *WHO)
    assert told.exit_code == 1
    assert "bahan yang dikenal: paper, toner, ribbon, film" in told.output


def test_every_supply_has_its_word() -> None:
    assert set(words.SUPPLIES) == set(USES)
