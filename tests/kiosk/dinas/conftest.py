"""A small Dinas over TLS (little_dinas.py), and a client of it whose repeats do not wait."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import stamina

sys.path.insert(0, str(Path(__file__).parent))

from little_dinas import LittleDinas, Papers

from kiosk.dinas import client as client_module
from kiosk.dinas import vault as vault_module
from kiosk.dinas.client import DinasClient


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def dinas(papers: Papers) -> Iterator[LittleDinas]:
    server = LittleDinas(papers)
    yield server
    server.close()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many repeats as in service, without the waiting between them; no probe of its own before a test asks."""
    monkeypatch.setattr(vault_module, "RESUME_PAUSE_S", 0.0)
    monkeypatch.setattr(client_module, "FIRST_PROBE_PAUSE_S", 0.05)
    monkeypatch.setattr(client_module, "LONGEST_PROBE_PAUSE_S", 0.1)
    with stamina.set_testing(True, attempts=client_module.TRIES):
        yield


@pytest.fixture
async def client(dinas: LittleDinas) -> AsyncIterator[DinasClient]:
    opened = DinasClient(dinas.settings())
    for line in (opened._people, opened._prefetch, opened._urgent):
        line.start()  # as start() does, without the probe, which would be among the requests that a test counts
    yield opened
    await opened.close()
