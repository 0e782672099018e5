"""Names of the regions of Kabupaten Tuban by Kemendagri code, from ``data/tuban_wilayah.csv`` (notice beside it)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

REGENCY = "3523"
OUTSIDE = "luar Kabupaten Tuban"


@cache
def _names() -> dict[str, str]:
    text = (Path(__file__).parent / "data" / "tuban_wilayah.csv").read_text(encoding="utf-8")
    return {row["code"].replace(".", ""): row["name"] for row in csv.DictReader(text.splitlines())}


def name_of(code: str) -> str:
    """Name for the six digits at the head of a NIK: a kecamatan of Tuban, or that it is another kabupaten.

    A code of Tuban that is not on the list (an old one, or a typing error) is named by the kabupaten alone.
    """
    if not code.startswith(REGENCY):
        return OUTSIDE
    kecamatan = _names().get(code)
    return f"Kecamatan {kecamatan}" if kecamatan else "Kabupaten Tuban"
