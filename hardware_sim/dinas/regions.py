"""Names of the regions of Kabupaten Tuban, read from the repository's one copy of the list (its notice lies beside it).

The simulator imports nothing of the kiosk, so the file is found by path: ``find_spec`` of a top-level package looks
for it and runs none of its code. A second copy of 350 rows would only be there to differ one day.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Village:
    """A desa or kelurahan with what lies above it."""

    code: str  # 35.23.16.1004
    name: str
    level: str  # desa | kelurahan
    kecamatan: str
    kabupaten: str
    provinsi: str


@cache
def _rows() -> dict[str, tuple[str, str]]:
    spec = find_spec("kiosk")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package kiosk, whose list of regions the Dinas simulator reads, is not installed")
    folder = Path(next(iter(spec.submodule_search_locations)))
    text = (folder / "data" / "tuban_wilayah.csv").read_text(encoding="utf-8")
    return {row["code"]: (row["name"], row["level"]) for row in csv.DictReader(text.splitlines())}


def village(code: str) -> Village:
    """The desa or kelurahan of a Kemendagri code; KeyError if there is none."""
    name, level = _rows()[code]
    if level not in ("desa", "kelurahan"):
        raise KeyError(f"{code} is a {level}")
    return Village(code, name, level, _rows()[code[:8]][0], _rows()[code[:5]][0], _rows()[code[:2]][0])


def kecamatan(code: str) -> str:
    """Name of the kecamatan in which a code lies."""
    return _rows()[code[:8]][0]
