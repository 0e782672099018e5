"""Who may ask the panel for what, and what it tells of each fault: asked over plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from PIL import Image

from hardware_sim.faults.injector import Injector
from hardware_sim.faults.vocabulary import FAULTS
from hardware_sim.panel.app import Panel
from hardware_sim.panel.output import Output
from hardware_sim.world import World, WorldOptions, fresh_folder

pytestmark = [pytest.mark.devices, pytest.mark.timeout(120)]

OWN = {"X-Panel": "1"}
# The others are over as soon as they have happened.
NO_FEEDER = ("card.media_empty", "card.media_low")  # the world here has a dispenser in its place
LASTING = [name for name, fault in FAULTS.items() if fault.mend and name not in NO_FEEDER]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One with a dispenser as well: all devices of the vocabulary."""
    with fresh_folder() as folder, World(WorldOptions(folder, dispenser=True)) as world:
        yield world


@pytest.fixture
def injector(world: World, panel: Panel) -> Iterator[Injector]:
    injector = Injector(world.where)
    yield injector
    told = requests.get(f"{panel.url}state", timeout=10).json()
    if told["active"] or told["waiting"]:  # mending everything takes a while
        injector.mend_all()
    world.hand("cards").do("remove", slot="encoder")


def active(panel: Panel) -> list[str]:
    names: list[str] = requests.get(f"{panel.url}state", timeout=10).json()["active"]
    return names


@pytest.mark.parametrize("name", LASTING)
def test_a_fault_is_told_while_it_lasts(name: str, world: World, panel: Panel, injector: Injector) -> None:
    if FAULTS[name].device == "cards" and FAULTS[name].strike.name == "fault":
        world.hand("cards").do("insert", slot="encoder", serial="B000001")
    assert name not in active(panel)

    injector.strike(name)
    assert name in active(panel)
    injector.mend(name)
    assert name not in active(panel)


IN_WAIT = [name for name, fault in FAULTS.items() if fault.strike.name in ("drop_after", "lose_reply")]
IN_WAIT += [name for name, fault in FAULTS.items() if fault.strike.device == "dinas" and not fault.mend]


@pytest.mark.parametrize("name", IN_WAIT)
def test_a_fault_that_lies_in_wait_on_a_wire_is_told(name: str, world: World, panel: Panel, injector: Injector) -> None:
    injector.strike(name)

    told = requests.get(f"{panel.url}state", timeout=10).json()["waiting"]
    assert told == [{"name": name, "at": None, "of": name.partition(".")[0], "left": 1}]


def test_no_other_name_for_this_host_is_served(panel: Panel) -> None:
    for path in ("", "state", "events"):
        answer = requests.get(panel.url + path, headers={"Host": "panel.example"}, timeout=10)
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 403), ({**OWN, "Origin": "https://contoh.example"}, 403), ({**OWN, "Origin": "null"}, 403), (OWN, 200)],
)
def test_only_the_own_page_may_do_something(headers: dict[str, str], status: int, world: World, panel: Panel) -> None:
    stock = world.hand("paper").state()["stock"]
    answer = requests.post(f"{panel.url}act/refill_paper", json={}, headers=headers, timeout=10)

    assert answer.status_code == status
    assert world.hand("paper").state()["stock"] == stock + (100 if status == 200 else 0)


@pytest.mark.parametrize(
    "path", ["out/card/card-9999-1.png", "out/rahasia/a.png", "out/card/..%2Fledger.jsonl", "static/app.py", "fonts/x"]
)
def test_nothing_but_pictures_and_the_page_s_own_files_is_served(path: str, panel: Panel) -> None:
    assert requests.get(panel.url + path, timeout=10).status_code == 404


def test_no_picture_from_beside_the_folder_is_drawn(world: World) -> None:
    aside = Path(world.where["card"]["folder"]) / "aside.png"
    Image.new("RGB", (4, 4)).save(aside)

    with pytest.raises(LookupError):
        Output(world.where).picture("card", "../aside.png", 480)
    with pytest.raises(LookupError):
        Output(world.where).picture("card", str(aside), 480)


def test_what_cannot_be_done_is_said_in_the_words_of_the_reader(panel: Panel) -> None:
    refused = requests.post(f"{panel.url}act/take_card", json={}, headers=OWN, timeout=10)
    unknown = requests.post(f"{panel.url}act/dance", json={}, headers=OWN, timeout=10)
    more = requests.post(f"{panel.url}act/take_card", json={"act": "repair"}, headers=OWN, timeout=10)

    assert (refused.status_code, refused.json()["error"]) == (409, "Tidak ada kartu di celah.")
    assert unknown.status_code == 404
    assert more.status_code == 409
