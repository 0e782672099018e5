"""The panel of a world: its buttons reach the devices."""

from collections.abc import Iterator

import pytest
import requests

from hardware_sim.panel.app import BUTTONS, Panel
from hardware_sim.world import World, WorldOptions, fresh_folder

pytestmark = [pytest.mark.devices, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with fresh_folder() as folder, World(WorldOptions(folder)) as world:
        yield world


@pytest.fixture
def panel(world: World) -> Iterator[Panel]:
    panel = Panel(world)
    panel.start()
    yield panel
    panel.close()


def press(panel: Panel, group: str, label: str) -> int:
    number = next(n for n, button in enumerate(BUTTONS[group]) if button.label == label)
    return requests.post(f"{panel.url}lakukan", data={"group": group, "number": number}, timeout=10).status_code


def test_a_button_reaches_its_device_and_the_page_tells(world: World, panel: Panel) -> None:
    assert press(panel, "Pencetak kertas", "Kertas habis") == 200
    assert "media_empty" in world.hand("paper").state()["conditions"]
    assert "media_empty" in requests.get(panel.url, timeout=10).text

    assert press(panel, "Pencetak kertas", "Isi 100 lembar") == 200
    assert "media_empty" not in world.hand("paper").state()["conditions"]


def test_a_hand_that_finds_no_card_is_told_so(panel: Panel) -> None:
    assert press(panel, "Tangan pemohon", "Ambil kartu dari celah") == 409


def test_there_is_no_picture_before_anything_came_out(panel: Panel) -> None:
    assert requests.get(f"{panel.url}gambar/kartu.png", timeout=10).status_code == 404
    assert requests.get(f"{panel.url}gambar/rahasia.png", timeout=10).status_code == 404


def test_the_line_to_the_dinas_is_cut_and_mended(world: World, panel: Panel) -> None:
    press(panel, "Dinas", "Putuskan sambungan")
    assert world.hand("dinas").state()["away"]
    press(panel, "Dinas", "Sambungkan lagi")
    assert not world.hand("dinas").state()["away"]
