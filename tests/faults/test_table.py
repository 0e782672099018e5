"""The table of the fault matrix is whole, and docs/faults.md is what is made of it."""

from __future__ import annotations

import fault_table
from fault_cells import CELLS


def test_every_fault_has_a_row_for_each_moment_at_which_it_can_strike() -> None:
    rows = set(fault_table.expected())

    assert sorted(set(CELLS) - rows) == [], "play it, judge it, and take it over: tests/faults/fault_table.py"
    assert sorted(rows - set(CELLS)) == [], "the vocabulary has no such fault"


def test_every_row_says_something_in_each_column_that_cannot_be_empty() -> None:
    always = ("sees", "medium", "counters", "ledger", "next_start")
    silent = [f"{name}: {c}" for name, row in fault_table.expected().items() for c in always if not row.get(c)]

    assert silent == []


def test_the_page_is_what_the_table_says() -> None:
    assert fault_table.PAGE.read_text(encoding="utf-8") == fault_table.page(), "renew it: make faults-doc"
