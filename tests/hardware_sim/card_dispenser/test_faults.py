"""Each word of the vocabulary does something to the dispenser, and what a hand mends is well again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from drivers.card_dispenser.frames import CardAt
from hardware_sim.card_dispenser.world import DispenserWorld
from hardware_sim.control import Hand
from hardware_sim.faults.of_dispenser import DISPENSER

pytestmark = pytest.mark.devices
HERE = [fault for fault in DISPENSER if fault.strike.device == "dispenser"]  # to freeze is the world's business


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DispenserWorld]:
    world = DispenserWorld(tmp_path_factory.mktemp("dispenser"))
    world.start()
    yield world
    world.close()


@pytest.mark.parametrize("fault", HERE, ids=[fault.name for fault in HERE])
def test_a_fault_changes_the_machine_and_its_mending_changes_it_back(world: DispenserWorld, fault: Any) -> None:
    assert world._control is not None
    hand = Hand(world._control.url)
    hand.do("repair")
    world.dispenser.machine.card = CardAt.INSIDE if fault.name == "moved_by_hand" else CardAt.NONE
    world.dispenser._reset = fault.name == "restarted"
    before = hand.state()
    hand.do(fault.strike.name, **fault.strike.arguments)
    assert hand.state() != before

    for act in fault.mend:
        hand.do(act.name, **act.arguments)
    assert not fault.mend or hand.state() == before


@pytest.mark.parametrize("fault", HERE, ids=[fault.name for fault in HERE])
def test_a_fault_can_wait_for_each_of_its_phases(world: DispenserWorld, fault: Any) -> None:
    for phase in fault.phases:
        world.arming.arm(phase, fault.strike.name, dict(fault.strike.arguments))
    assert len(world.arming.state()) == len(fault.phases)
    world.arming.disarm()
