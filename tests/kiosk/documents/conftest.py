"""A root, a signer under it, and a stranger whom nobody told the kiosk to trust."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from small_dinas import Party, party


@pytest.fixture(scope="session")
def root() -> Party:
    return party("Akar Uji (SPESIMEN)")


@pytest.fixture(scope="session")
def signer(root: Party) -> Party:
    return party("Kepala Dinas Uji", root)


@pytest.fixture(scope="session")
def stranger() -> Party:
    return party("Orang Lain", party("Akar Asing"))
