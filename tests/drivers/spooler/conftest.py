"""Settings of the spooler's tests."""

from __future__ import annotations

import pytest

from drivers.spooler import printer


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a printer does after a cancel is here over in a second."""
    monkeypatch.setattr(printer, "SETTLE_S", 3.0)
