"""A panel before a world, a real Chromium before the panel, and documents that come out of the printers."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page, sync_playwright

from hardware_sim.panel.app import Panel
from hardware_sim.world import World, WorldOptions, fresh_folder

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITHIN_MS = 15_000  # a look takes a third of a second; a loaded machine more
MOVE_CARD = """{{ OPERATION 0x4001
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR naturalLanguage attributes-natural-language en
ATTR uri printer-uri $uri
ATTR keyword adm-card-destination {destination}
STATUS successful-ok }}
"""


@dataclass(frozen=True)
class Press:
    """Lets a document come out of a printer, without a kiosk."""

    world: World
    folder: Path

    def print(self, device: str) -> None:
        """One sheet or card; a card is brought to the slot."""
        picture = Image.new("RGB", (540, 860), "white")
        ImageDraw.Draw(picture).text((200, 400), "SPESIMEN", "black")
        picture.save(self.folder / "page.jpg")
        before = self.state(device)["printed"]
        self._ipptool(device, "-d", "filetype=image/jpeg", "-f", str(self.folder / "page.jpg"), "print-job.test")
        wait_until(lambda: self.state(device)["printed"] == before + 1)
        if device == "card":
            (self.folder / "move.test").write_text(MOVE_CARD.format(destination="exit"))
            self._ipptool(device, str(self.folder / "move.test"))
            wait_until(lambda: self.state(device)["position"] == "exit")

    def state(self, device: str) -> dict[str, object]:
        return self.world.hand(device).state()

    def _ipptool(self, device: str, *arguments: str) -> None:
        *options, test = arguments
        subprocess.run(["ipptool", "-q", *options, self.world.where[device]["uri"], test], timeout=20, check=True)


def wait_until(true: Callable[[], bool], within: float = 15.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with fresh_folder() as folder, World(WorldOptions(folder, sheet_s=0.1, card_s=0.2)) as world:
        yield world


@pytest.fixture(scope="module")
def press(world: World, tmp_path_factory: pytest.TempPathFactory) -> Press:
    return Press(world, tmp_path_factory.mktemp("press"))


@pytest.fixture(scope="module")
def panel(world: World) -> Iterator[Panel]:
    panel = Panel(world.where)
    panel.start()
    yield panel
    panel.close()


# Of a module and not of the session: while Playwright is open, no other loop can run in this thread.
@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("chromium")),
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            viewport={"width": 1366, "height": 768},
        )
        context.set_default_timeout(WITHIN_MS)
        yield context
        context.close()


@pytest.fixture
def page(browser: BrowserContext, panel: Panel) -> Iterator[Page]:
    """A tab that watches. The test fails when it asks outside, is loaded again, or its script breaks."""
    tab = browser.new_page()
    wrong: list[str] = []
    loads: list[str] = []
    tab.on("request", lambda r: None if r.url.startswith("http://127.0.0.1:") else wrong.append(r.url))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("load", lambda _: loads.append("load"))
    tab.goto(panel.url)
    tab.locator("body[data-line=live]").wait_for()
    yield tab
    tab.close()
    assert (wrong, loads) == ([], ["load"])
