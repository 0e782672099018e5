"""A whole office with its pages on one real port, and a real Chromium in front of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page, sync_playwright

from hardware_sim.dinas import pages, seed
from hardware_sim.dinas.ca import Authority
from hardware_sim.dinas.issuing import Issuer
from hardware_sim.dinas.model import open_database
from hardware_sim.dinas.office import Office
from hardware_sim.dinas.ports import utc_now
from hardware_sim.dinas.settings import DinasSettings
from hardware_sim.dinas.whatsapp import Graph, Records, Sender, WhatsAppSettings, make_router
from hardware_sim.dinas.whatsapp.sender import Patience

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


class Dinas:
    """Office, WhatsApp and pages, with the seeded applicants."""

    def __init__(self, directory: Path) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = DinasSettings()
        self.engine = open_database(directory / "dinas.db")
        seed.fill(self.engine, utc_now)
        whatsapp = WhatsAppSettings.invented(f"{self.url}/graph")
        self.records = Records(self.engine, utc_now)
        self.sender = Sender(whatsapp, self.records, Patience(first_wait_s=0.01, longest_wait_s=0.05))
        self.graph = Graph(whatsapp, f"{self.url}/whatsapp/webhook")
        issuer = Issuer(Authority(directory / "ca"), settings)
        self.office = Office(self.engine, issuer, self.sender, settings, utc_now, b"secret")
        app = FastAPI()
        app.include_router(make_router(whatsapp, self.records))
        app.mount("/graph", self.graph.app)
        pages.install(app, pages.Desk(self.engine, self.office, self.records, self.sender, self.graph))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        self.sender.register_templates()

    def application_of(self, applicant: str, document: str) -> str:
        """Id of an application, by who asked for what."""
        found = [a for a in self.office.applications() if (a.applicant, a.document) == (applicant, document)]
        return found[0].application_id

    def close(self) -> None:
        self.graph.close()
        self._server.should_exit = True
        self._thread.join(10)
        self.engine.dispose()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dinas]:
    """One office for the tests that only look."""
    running = Dinas(tmp_path_factory.mktemp("dinas"))
    yield running
    running.close()


@pytest.fixture
def dinas(tmp_path: Path) -> Iterator[Dinas]:
    running = Dinas(tmp_path)
    yield running
    running.close()


# Of a module and not of the session: while Playwright is open, no other loop can run in this thread.
@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One Chromium with a profile of its own for the tests of a module."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("chromium")),
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            viewport={"width": 1280, "height": 900},
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        yield context
        context.close()


@pytest.fixture
def page(browser: BrowserContext, dinas: Dinas) -> Iterator[Page]:
    """A tab. The test fails when the page wants something from outside, or its script breaks."""
    tab = browser.new_page()
    strange: list[str] = []
    tab.on("request", lambda request: strange.append(request.url) if not request.url.startswith(dinas.url) else None)
    tab.on("pageerror", lambda error: strange.append(str(error)))
    tab.goto(dinas.url)
    yield tab
    tab.close()
    assert strange == []
