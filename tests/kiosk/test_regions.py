"""Names of regions by the head of a NIK."""

from __future__ import annotations

import pytest

from kiosk.regions import OUTSIDE, name_of


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("352316", "Kecamatan Tuban"),
        ("352301", "Kecamatan Kenduruan"),
        ("352320", "Kecamatan Grabagan"),
        ("352399", "Kabupaten Tuban"),  # an old code, or a typing error: never a refusal
        ("317401", OUTSIDE),
        ("352216", OUTSIDE),  # Bojonegoro, next door
    ],
)
def test_region_is_named(code: str, name: str) -> None:
    assert name_of(code) == name


def test_all_twenty_kecamatan_are_known() -> None:
    names = {name_of(f"3523{number:02d}") for number in range(1, 21)}

    assert len(names) == 20
    assert all(name.startswith("Kecamatan ") for name in names)
