"""Times, dates and reasons as a person says them."""

from __future__ import annotations

import datetime as dt

import pytest
from views_shown import AKTA, KK, KTP, KTP_TROUBLE, SKPWNI

from kiosk.screen import words
from kiosk.screen.nik_words import birth_year, sentence

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 detik"), (45, "45 detik"), (60, "1 menit"), (70, "1 menit 10 detik"), (78, "1 menit 10 detik")],
)
def test_remaining_time(seconds: int, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(4, "sekitar 10 detik"), (25, "sekitar 30 detik"), (31, "sekitar 1 menit"), (120, "sekitar 2 menit")],
)
def test_rough_time(seconds: int, said: str) -> None:
    assert words.about(seconds) == said


def test_date_of_the_courier_has_a_weekday() -> None:
    assert words.day("2026-11-26") == "Kamis 26 November"
    assert words.day("segera") == "segera"


def test_document_says_whose_it_is_on_what_and_how_long() -> None:
    assert words.more_of(KTP) == "S*** A**** · kartu · 2 menit"
    assert words.more_of(KK) == "Keluarga S*** A**** · kertas · 1 menit"


def test_document_that_cannot_be_printed_says_why_and_what_to_do() -> None:
    assert words.more_of(AKTA) == "Diantar kurir Kamis 26 November ke Kecamatan Semanding."
    assert words.more_of(SKPWNI) == "Ambil di Kantor Dinas Dukcapil Tuban. Bawa surat pengantar dari desa."
    trouble = words.more_of(KTP_TROUBLE)
    assert trouble.startswith("Kartu kosong habis. Hak cetak Anda tetap ada.")
    assert "Kantor Kecamatan Semanding" in trouble
    assert "Kamis 26 November" in trouble


@pytest.mark.parametrize(
    ("two_digits", "year"),
    [
        (79, 1979),
        (10, 2010),  # sixteen; the other would be a hundred and sixteen
        (9, 2009),  # seventeen this year
        (26, 1926),  # a hundred, rather than a child of this year
        (27, 1927),
        (0, 2000),
    ],
)
def test_century_is_that_of_an_adult_if_one_can_be(two_digits: int, year: int) -> None:
    assert birth_year(two_digits, 17, 8, TODAY) == year


def test_leap_day_is_put_into_a_year_that_has_it() -> None:
    assert birth_year(0, 29, 2, TODAY) == 2000
    assert birth_year(4, 29, 2, TODAY) == 2004


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("", "Mulai dari angka paling kiri."),
        ("352", "Sudah 3 dari 16 angka."),
        ("352316", "Kecamatan Tuban. Teruskan."),
        ("317401", "Luar Kabupaten Tuban. Teruskan."),
        ("352316570879", "Kecamatan Tuban, lahir 17 Agustus 1979."),
        ("3523165708790021", "Kecamatan Tuban, lahir 17 Agustus 1979. Sudah benar?"),
    ],
)
def test_hint_grows_with_the_digits(digits: str, said: str) -> None:
    assert sentence(digits, TODAY) == said
