"""One stage for many cells."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

# Modules that tests of this folder share stand beside them; importlib mode does not look there by itself.
sys.path.insert(0, str(Path(__file__).parent))

from fault_stage import FaultStage

from hardware_sim.world import World, WorldOptions, fresh_folder

Stages = Callable[[bool], FaultStage]


@pytest.fixture(scope="module")
def fault_stages() -> Iterator[Stages]:
    """Stages with printers that work fast and people who do not wait long; by whether they have a dispenser."""
    with ExitStack() as stack:
        up: dict[bool, FaultStage] = {}

        def stage(dispenser: bool) -> FaultStage:
            if dispenser not in up:
                up[dispenser] = _bring_up(stack, dispenser=dispenser)
            return up[dispenser]

        yield stage


def _bring_up(stack: ExitStack, *, dispenser: bool) -> FaultStage:
    options = WorldOptions(
        stack.enter_context(fresh_folder()),
        sheet_s=0.1,
        card_s=0.3,
        take_card_s=6.0,
        take_paper_s=8.0,
        thanks_s=30.0,
        **({"dispenser": True} if dispenser else {}),
    )
    stage = FaultStage(stack.enter_context(World(options)))
    stack.callback(stage.stop)
    stack.callback(stage.injector.mend_all)
    stage.start()
    return stage
