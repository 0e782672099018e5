"""Every word of the vocabulary does something in a world that runs, and what a hand mends is well again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from hardware_sim.faults.command import fault as fault_command
from hardware_sim.faults.injector import Injector
from hardware_sim.faults.vocabulary import DEVICES, FAULTS
from hardware_sim.world import WORLD_FILE, World, WorldOptions, fresh_folder

pytestmark = [pytest.mark.devices, pytest.mark.timeout(180)]


NEEDS_A_CARD_IN_THE_PATH = "dispenser.moved_by_hand"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with fresh_folder() as folder, World(WorldOptions(folder)) as world:
        yield world


@pytest.fixture(scope="module")
def fed_world() -> Iterator[World]:
    """One whose card printer gets its blanks from a dispenser."""
    with fresh_folder() as folder, World(WorldOptions(folder, dispenser=True)) as world:
        yield world


@pytest.fixture
def injector(world: World) -> Iterator[Injector]:
    yield from mended_after(world)


@pytest.fixture
def fed_injector(fed_world: World) -> Iterator[Injector]:
    yield from mended_after(fed_world)


def mended_after(world: World) -> Iterator[Injector]:
    injector = Injector(world.where)
    yield injector
    if injector.frozen or world.hand("paper").state()["armed"]:  # only after a test that failed
        injector.mend_all()


def states(world: World, injector: Injector) -> dict[str, Any]:
    """What each device says of itself, without what changes by itself."""
    said = {}
    for device in injector.devices:
        state = world.hand(device).state() if device not in injector.frozen else {}
        if "pcscd_pid" in state:
            state["pcscd_pid"] = state["pcscd_pid"] is not None
        said[device] = {k: v for k, v in state.items() if k not in ("requests", "kiosks", "watchdog_bites")}
    return said


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.device != "dispenser"])
def test_a_fault_changes_the_machine_and_its_mending_changes_it_back(
    name: str, world: World, injector: Injector
) -> None:
    if FAULTS[name].device == "cards" and FAULTS[name].strike.name == "fault":
        world.hand("cards").do("insert", slot="encoder", serial="B000001")
    strike_and_mend(name, world, injector)
    world.hand("cards").do("remove", slot="encoder")


@pytest.mark.parametrize(
    "name",
    [name for name, f in FAULTS.items() if f.device == "dispenser" and name != NEEDS_A_CARD_IN_THE_PATH],
)
def test_a_fault_of_the_dispenser_does_the_same(name: str, fed_world: World, fed_injector: Injector) -> None:
    strike_and_mend(name, fed_world, fed_injector)


def test_a_card_that_is_not_there_cannot_be_moved_by_hand(fed_injector: Injector) -> None:
    with pytest.raises(ValueError, match="no card"):
        fed_injector.strike(NEEDS_A_CARD_IN_THE_PATH)


def strike_and_mend(name: str, world: World, injector: Injector) -> None:
    before = states(world, injector)
    injector.strike(name)
    struck = states(world, injector)
    if not FAULTS[name].mend:
        injector.mend_all()
        return
    assert struck != before
    injector.mend(name)
    mended = states(world, injector)
    for said in (before, mended):  # refilled: there is more in it than before
        for device, supply in (("paper", "stock"), ("card", "stock"), ("dispenser", "stacker")):
            said.get(device, {}).pop(supply, None)
    assert mended == before


def test_a_fault_waits_for_the_phase_of_its_device(world: World, injector: Injector) -> None:
    injector.strike("paper.media_jam", at="printing", times=2)
    assert [a["left"] for a in world.hand("paper").state()["armed"]] == [2]
    assert "media_jam" not in world.hand("paper").state()["conditions"]

    injector.mend("paper.media_jam")
    assert world.hand("paper").state()["armed"] == []


def test_a_fault_waits_for_the_phase_of_another_device(world: World, injector: Injector) -> None:
    injector.strike("ups.on_battery", at="before", of="cards")
    assert world.hand("ups").state()["variables"]["ups.status"] == "OL"

    world.hand("cards").do("insert", slot="encoder", serial="B000002")
    deadline = 100
    while world.hand("ups").state()["variables"]["ups.status"] == "OL" and deadline:
        deadline -= 1
    assert world.hand("ups").state()["variables"]["ups.status"] == "OB DISCHRG"
    world.hand("cards").do("remove", slot="encoder")


@pytest.mark.parametrize(
    ("name", "how", "complaint"),
    [
        ("paper.on_fire", {}, "no fault 'paper.on_fire'"),
        ("paper.media_jam", {"at": "lunch"}, "no phase 'lunch'"),
        ("ups.on_battery", {"at": "printing"}, "ups.on_battery has no phase 'printing'"),
        ("ups.on_battery", {"at": "printing", "of": "toaster"}, "no 'toaster'"),
        ("paper.media_jam", {"at": "printing", "times": 0}, "times is 0"),
    ],
)
def test_what_there_is_not_is_told(name: str, how: dict[str, Any], complaint: str, injector: Injector) -> None:
    with pytest.raises(ValueError, match=complaint):
        injector.strike(name, **how)


def test_the_command_line_breaks_and_mends(world: World, injector: Injector) -> None:
    file = str(world.folder / WORLD_FILE)
    assert CliRunner().invoke(fault_command, ["strike", "paper.media_empty", "--world", file]).exit_code == 0
    assert "media_empty" in world.hand("paper").state()["conditions"]
    assert CliRunner().invoke(fault_command, ["mend", "--world", file]).exit_code == 0
    assert "media_empty" not in world.hand("paper").state()["conditions"]

    wrong = CliRunner().invoke(fault_command, ["strike", "paper.on_fire", "--world", file])
    assert wrong.exit_code == 1
    assert "no fault" in wrong.output


def test_the_command_line_lists_every_fault_with_its_sentence() -> None:
    listed = CliRunner().invoke(fault_command, ["list"]).output
    assert all(name in listed and fault.sentence in listed for name, fault in FAULTS.items())


def test_every_device_of_the_vocabulary_is_one_of_the_world_and_every_fault_is_json(world: World) -> None:
    assert {fault.device for fault in FAULTS.values()} <= set(DEVICES)
    for fault in FAULTS.values():
        json.dumps([dict(act.arguments) for act in (fault.strike, *fault.mend)])
