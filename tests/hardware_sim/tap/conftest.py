"""The folder of the sessions on the path, and drivers that ask sooner."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from drivers.receipt_printer import driver as receipt_driver
from drivers.ups import driver as ups_driver


@pytest.fixture(autouse=True)
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt_driver, "STATUS_EVERY_S", 0.1)
    monkeypatch.setattr(ups_driver, "READ_EVERY_S", 0.1)
