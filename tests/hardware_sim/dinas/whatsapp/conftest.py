"""The Dinas' end and the simulated Cloud API, talking over real HTTP on one port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from hardware_sim.dinas.model import open_database
from hardware_sim.dinas.whatsapp import Graph, Records, Sender, WhatsAppSettings, make_router
from hardware_sim.dinas.whatsapp.sender import Patience

PHONE = "6281200000001"
PIN = "481620"
HANDLE = "K7QM2ZT9XW4B"


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def epoch(self) -> float:
        return time.time() + self.ahead

    def utc(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)


class Line:
    """One HTTP server for all tests (uvicorn takes a fifth of a second to stop); each test puts its own app on it."""

    def __init__(self) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.app: FastAPI = FastAPI()
        self._server = uvicorn.Server(
            uvicorn.Config(self._serve, interface="asgi3", log_level="warning", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


class Post:
    """Both ends of the line."""

    def __init__(self, line: Line, directory: Path, *, unruly: bool) -> None:
        self.clock = Clock()
        self.url = line.url
        self.settings = WhatsAppSettings.invented(f"{self.url}/graph")
        self.engine = open_database(directory / "dinas.sqlite")
        self.records = Records(self.engine, self.clock.utc)
        self.store = directory / "phones.json"
        webhook_url = f"{self.url}/whatsapp/webhook"
        self.graph = Graph(self.settings, webhook_url, self.store, self.clock.epoch, unruly=unruly)
        self.sender = Sender(self.settings, self.records, Patience(first_wait_s=0.01, longest_wait_s=0.05))
        app = FastAPI()
        app.include_router(make_router(self.settings, self.records))
        app.mount("/graph", self.graph.app)
        line.app = app
        self.sender.register_templates()

    def send(self) -> str:
        return self.sender.send_pin(PHONE, PIN, HANDLE)

    def statuses(self) -> dict[str, str]:
        """Status of the newest message of each template."""
        return {m.template: m.status.value for m in reversed(self.records.messages())}

    def close(self) -> None:
        self.graph.close()
        self.engine.dispose()


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for what another thread does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


@pytest.fixture
def wait() -> Callable[[Callable[[], bool]], None]:
    return eventually


@pytest.fixture(scope="session")
def line() -> Iterator[Line]:
    served = Line()
    yield served
    served.close()


@pytest.fixture
def post(line: Line, tmp_path: Path) -> Iterator[Post]:
    both = Post(line, tmp_path, unruly=False)
    yield both
    both.close()


@pytest.fixture
def unruly_post(line: Line, tmp_path: Path) -> Iterator[Post]:
    """Webhooks come twice and in the wrong order."""
    both = Post(line, tmp_path, unruly=True)
    yield both
    both.close()
