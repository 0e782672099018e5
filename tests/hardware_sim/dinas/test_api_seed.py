"""The invented people: well-formed numbers, real villages, documents of each kind; and that the drawing takes them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hardware_sim.dinas import regions, seed
from hardware_sim.dinas.issuing import DOCUMENTS, mask
from hardware_sim.dinas.people import Person
from hardware_sim.dinas.samples import draw

ASKINGS = seed.askings()
PEOPLE = sorted({p for asking in ASKINGS for p in asking.household.members}, key=lambda p: p.nik)


def test_there_are_at_least_twelve_and_the_demo_person_has_kk_and_ktp_el() -> None:
    demo = next(a for a in ASKINGS if a.person.nik == seed.DEMO_NIK)

    assert len(ASKINGS) >= 12
    assert {"kk", "ktp-el"} <= {wish.document for wish in demo.wishes}


def test_every_kind_of_document_is_wished_for() -> None:
    wished = {wish.document for asking in ASKINGS for wish in asking.wishes}

    assert wished == set(DOCUMENTS) - {"akta-perkawinan", "akta-perceraian"}
    sizes = {len(w.content["anggota"]) for a in ASKINGS for w in a.wishes if w.document == "kk"}
    assert {1, 10} <= sizes
    photos = {bool(w.content["photo"]) for a in ASKINGS for w in a.wishes if w.document == "kia"}
    assert photos == {True, False}


def test_who_applies_for_a_kia_is_not_the_child() -> None:
    for asking in ASKINGS:
        for wish in asking.wishes:
            if wish.document == "kia":
                assert wish.holder.nik != asking.person.nik


def test_names_take_up_the_whole_room_and_the_least() -> None:
    lengths = {len(person.name) for person in PEOPLE}

    assert max(lengths) == 60
    assert any(" " not in person.name for person in PEOPLE)
    assert all(re.fullmatch(r"[A-Z]+( [A-Z]+)*", person.name) for person in PEOPLE)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.nik)
def test_a_nik_says_what_the_record_says(person: Person) -> None:
    day = int(person.nik[6:8]) - (40 if person.sex == "P" else 0)

    assert re.fullmatch(r"[0-9]{16}", person.nik)
    assert (day, person.nik[8:10], person.nik[10:12]) == (
        person.born.day, f"{person.born:%m}", f"{person.born:%y}",
    )  # fmt: skip
    assert person.nik[12:] != "0000"


def test_numbers_are_nobody_elses() -> None:
    assert len({p.nik for p in PEOPLE}) == len(PEOPLE)
    assert len({a.household.number for a in ASKINGS}) == len(ASKINGS)
    assert len({a.phone for a in ASKINGS}) == len(ASKINGS)
    assert all(re.fullmatch(r"62[0-9]{9,13}", a.phone) for a in ASKINGS)


def test_addresses_exist() -> None:
    for asking in ASKINGS:
        place = regions.village(asking.household.wilayah)
        address = asking.household.address()
        assert (address["kel_desa"], address["kecamatan"]) == (place.name.upper(), place.kecamatan.upper())
        assert asking.household.number[:6] == place.code[:8].replace(".", "")


def test_reading_the_regions_runs_no_code_of_the_kiosk() -> None:
    code = (
        "import sys; from hardware_sim.dinas import regions; regions.village('35.23.16.1006'); "
        "assert 'kiosk' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


@pytest.mark.parametrize(
    ("document", "content"),
    [(w.document, w.content) for a in ASKINGS for w in a.wishes if DOCUMENTS[w.document].medium == "a4"],
)
def test_every_seeded_paper_can_be_drawn(document: str, content: dict[str, object]) -> None:
    assert draw(document, content).startswith(b"%PDF-")


def test_names_are_masked_for_the_screen() -> None:
    assert mask("SITI ARUMSARI") == "S*** A*******"
    assert mask("SUTINAH") == "S******"
