"""The kiosk's own screen in the panel: its pixels, and a finger on them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import BrowserContext, Page, expect

from hardware_sim.panel.app import Panel
from hardware_sim.panel.live_screen import LiveScreen
from hardware_sim.stage import Stage
from hardware_sim.visits import HOME, NIK
from hardware_sim.world import WorldOptions, fresh_folder

pytestmark = [pytest.mark.devices, pytest.mark.timeout(180)]

LISTENING = "0A"  # of /proc/net/tcp
DIFFERENCE = 12  # of 255, on average: the browser scales


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with fresh_folder() as folder, Stage(WorldOptions(folder)) as stage:
        stage.person.see(HOME, within=60)
        yield stage


@pytest.fixture(scope="module")
def screen(stage: Stage) -> LiveScreen:
    return LiveScreen(stage.display.name)


@pytest.fixture(scope="module")
def panel(stage: Stage, screen: LiveScreen) -> Iterator[Panel]:
    panel = Panel(stage.world.where, screen)
    panel.start()
    yield panel
    panel.close()


@pytest.fixture
def page(browser: BrowserContext, panel: Panel) -> Iterator[Page]:
    tab = browser.new_page()
    tab.goto(panel.url)
    tab.locator("#screen[data-live]").wait_for()
    yield tab
    tab.close()


def listening_sockets() -> set[str]:
    """The inodes of all listening TCP sockets."""
    lines = [line.split() for file in ("tcp", "tcp6") for line in Path(f"/proc/net/{file}").read_text().splitlines()]
    return {line[9] for line in lines if line[3] == LISTENING}


def sockets_of(process: int) -> set[str]:
    links = [str(fd.readlink()) for fd in Path(f"/proc/{process}/fd").iterdir() if fd.is_symlink()]
    return {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")}


def test_the_page_shows_the_pixels_of_the_kiosk_and_a_click_on_them_is_a_touch(stage: Stage, page: Page) -> None:
    canvas = page.locator("#screen canvas")
    page.wait_for_timeout(1000)  # the first whole picture
    seen = Image.open(io.BytesIO(canvas.screenshot())).convert("RGB")
    shown = stage.display.picture().resize(seen.size)
    assert sum(ImageStat.Stat(ImageChops.difference(seen, shown)).mean) / 3 < DIFFERENCE
    assert len(seen.getcolors(1_000_000) or []) > 100, "it is no empty picture"

    tree = stage.person.see(HOME)
    x, y, width, height = next(i["bounds"] for i in tree["items"] if i["label"].startswith("Ketik NIK"))
    box = canvas.bounding_box()
    assert box is not None
    scale = box["width"] / stage.options.screen[0]
    page.mouse.move(box["x"] + (x + width / 2) * scale, box["y"] + (y + height / 2) * scale)
    page.mouse.down()
    page.wait_for_timeout(60)  # how long a finger rests
    page.mouse.up()

    stage.person.see(NIK)


def test_nobody_else_reaches_the_screen(panel: Panel, screen: LiveScreen, page: Page) -> None:
    """x11vnc asks for no password: it listens on no port, and the bridge hears only the panel's own page."""
    assert screen.view is not None
    assert not sockets_of(screen.view.pid) & listening_sockets()
    port = requests.post(f"{panel.url}screen", headers={"X-Panel": "1"}, timeout=30).json()["port"]
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Origin": "https://contoh.example",
    }
    assert requests.get(f"http://127.0.0.1:{port}/", headers=upgrade, timeout=10).status_code == 403


def test_the_screen_comes_back_when_its_viewer_died(screen: LiveScreen, page: Page) -> None:
    assert screen.view is not None
    screen.view.kill()

    expect(page.locator("#screen[data-live]")).to_have_count(0)
    expect(page.locator("#screen[data-live]")).to_have_count(1)


@pytest.mark.parametrize(
    ("display", "sentence"), [(None, "tanpa kios"), ("lain.example:0", "layar komputer lain"), (":1", None)]
)
def test_what_is_missing_is_said_in_a_sentence(display: str | None, sentence: str | None) -> None:
    missing = LiveScreen(display).missing()
    assert missing is None if sentence is None else sentence in (missing or "")


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "paket x11vnc, websockify belum terpasang" in (LiveScreen(":1").missing() or "")
