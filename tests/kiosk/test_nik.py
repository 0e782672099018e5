"""What is refused in a NIK, and what is read back from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.nik import LENGTH, fault, hint, partial_fault
from kiosk.protocol import NikFault

GOOD = "3523161708790021"  # invented: Tuban, 17 August 79


@pytest.mark.parametrize(
    ("nik", "expected"),
    [
        (GOOD, None),
        ("3523165708790021", None),  # a woman: day and 40
        ("3174011708790021", None),  # another region is no fault: the NIK never changes
        ("3523162902000021", None),  # 29 February 2000
        ("3523160101260001", None),
        ("352316170879002", NikFault.LENGTH),
        (GOOD + "1", NikFault.LENGTH),
        ("", NikFault.LENGTH),
        ("352316170879002x", NikFault.LENGTH),
        ("٣" * 16, NikFault.LENGTH),  # digits, but not ours
        ("0523161708790021", NikFault.REGION),
        ("3500161708790021", NikFault.REGION),
        ("3523001708790021", NikFault.REGION),
        ("3523160008790021", NikFault.DATE),
        ("3523163208790021", NikFault.DATE),
        ("3523164008790021", NikFault.DATE),  # 40 is no day, 41 is the first of a woman's
        ("3523167208790021", NikFault.DATE),
        ("3523161713790021", NikFault.DATE),
        ("3523161700790021", NikFault.DATE),
        ("3523163002790021", NikFault.DATE),
        ("3523162902790021", NikFault.DATE),  # neither 1979 nor 2079 has it
        ("3523163104790021", NikFault.DATE),
        ("3523161708790000", NikFault.SERIAL),
    ],
)
def test_only_what_no_nik_can_be_is_refused(nik: str, expected: NikFault | None) -> None:
    assert fault(nik) is expected


def test_fault_is_known_as_soon_as_its_group_is_typed() -> None:
    assert partial_fault("05231") is None
    assert partial_fault("052316") is NikFault.REGION
    assert partial_fault("35231632087") is None
    assert partial_fault("352316320879") is NikFault.DATE
    assert partial_fault("352316170879000") is None
    assert partial_fault("3523161708790000") is NikFault.SERIAL


@given(st.text("0123456789", min_size=LENGTH, max_size=LENGTH))
def test_typing_tells_the_same_as_the_whole(nik: str) -> None:
    assert partial_fault(nik) is fault(nik)


@given(st.text("0123456789", max_size=LENGTH))
def test_hint_never_fails_and_names_only_dates_that_exist(digits: str) -> None:
    said = hint(digits)

    assert (said.region is None) == (len(digits) < 6)
    if said.day is not None:
        assert 1 <= said.day <= 31
        assert said.month is not None
        assert 1 <= said.month <= 12


def test_hint_reads_region_and_birth_date_back() -> None:
    man, woman = hint(GOOD), hint("3523165708790021")

    assert (man.region, man.day, man.month, man.year) == ("Kecamatan Tuban", 17, 8, 79)
    assert woman == man
    assert hint("35231").region is None
    assert hint("352316").day is None
    assert hint("352316991379").day is None
