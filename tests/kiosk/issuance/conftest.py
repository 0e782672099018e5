"""A real ledger and fakes of everything else (fake_kiosk.py)."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_kiosk import World

from kiosk.issuance import chip
from kiosk.ledger.ledger import Ledger


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    opened = await Ledger.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def paper(ledger: Ledger, tmp_path: Path) -> World:
    return World(ledger, tmp_path, "a4")


@pytest.fixture
def card(ledger: Ledger, tmp_path: Path) -> World:
    return World(ledger, tmp_path, "card")


@pytest.fixture(autouse=True)
def quick_look_at_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fake reader tells at once what pcscd tells within two seconds."""
    monkeypatch.setattr(chip, "LOOK_AT_READER_S", 0.05)
