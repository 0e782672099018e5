"""The fault matrix: each fault of the vocabulary, at each moment at which it can strike, against its row of the table.

All of it in make test-long; a choice of cells in make test. One device or cell: ``pytest tests/faults -k card.cover``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

import fault_books
import fault_table
import pytest
from _pytest.mark import ParameterSet
from fault_cells import CELLS
from fault_play import Play
from fault_stage import FaultStage

pytestmark = [pytest.mark.devices, pytest.mark.timeout(400)]

# One for each way in which a visit can end otherwise than well.
CHOICE = frozenset(
    {
        "paper.media_empty:before",  # surely nothing came out
        "paper.media_jam:printing",  # in doubt
        "card.cover_open:printing",  # a printed card that can be moved nowhere
        "receipt.paper_out:exit",
        "cards.unplugged:idle",  # closed before anybody chooses it
        "cards.pulled:transfer",  # a spoiled card
        "scanner.foreign_code:idle",
        "dinas.away:paper-printing",  # nothing of it is seen, and nothing is lost
        "dinas.claim_unanswered:idle",
        "machine.power_cut:card-printing",
    }
)


def _cells() -> list[ParameterSet]:
    rows = fault_table.expected()
    return [
        pytest.param(
            name,
            marks=[
                *([] if name in CHOICE else [pytest.mark.long]),
                *([pytest.mark.xfail(reason=rows[name]["wrong"])] if "wrong" in rows.get(name, {}) else []),
            ],
        )
        for name in CELLS
    ]


@pytest.mark.parametrize("name", _cells())
def test_cell(name: str, fault_stages: Callable[[bool], FaultStage]) -> None:
    stage = fault_stages(CELLS[name].dispenser)
    stage.make_whole()
    began = time.monotonic()
    play = Play(stage, CELLS[name])
    observed = asdict(play.play())
    wrong = fault_books.check(play)
    fault_table.keep(play.cell, {**observed, "wrong": wrong}, time.monotonic() - began)

    assert not wrong, "\n".join([name, *wrong])
    differences = fault_table.differences(fault_table.expected().get(name, {}), observed)
    assert not differences, "\n".join([name, *differences])
