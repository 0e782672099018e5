"""Some years of a ledger, as the benchmark of age makes them: everything holds, and all is looked over."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kiosk.ledger.database import FILE
from kiosk.ledger.invariants import violations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.wholeness import BITE, WHOLE_UP_TO

RECORDS = 10_000
BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "ledger_age.py"


@pytest.fixture(scope="module")
def ledger_age() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ledger_age", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and annotations look there
    spec.loader.exec_module(module)
    return module


async def test_what_ten_years_are_made_of_holds_and_the_look_goes_through_all_of_it(
    ledger_age: ModuleType, tmp_path: Path
) -> None:
    ledger_age.age(tmp_path, RECORDS, 5)
    assert (tmp_path / FILE).stat().st_size > WHOLE_UP_TO, "it counts as young"
    assert violations(tmp_path) == []

    ledger = await Ledger.open(tmp_path)
    bites = 1
    while await ledger.look_over():
        bites += 1
    entries = await ledger.audit_entries(RECORDS - 10, 100)
    await ledger.close()

    assert bites > RECORDS / BITE
    assert "ledger-damaged" not in {entry.event for entry in entries}
