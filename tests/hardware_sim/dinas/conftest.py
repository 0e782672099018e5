"""A running Dinas for the tests of the API (`test_api_*.py`)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from hardware_sim.control import Hand
from hardware_sim.dinas.testing import KioskClient, Prepared, RunningDinas, running


@dataclass(frozen=True)
class Api:
    """The process, a hand on it and its home kiosk."""

    dinas: RunningDinas
    hand: Hand
    kiosk: KioskClient

    def do(self, act: str, **arguments: Any) -> Any:
        return self.hand.do(act, **arguments)["result"]

    def prepare(self, document: str = "kk", count: int = 1) -> Prepared:
        return Prepared(**self.do("prepare", document=document, count=count))

    def claimed(self, document: str = "kk") -> tuple[Prepared, str, dict[str, Any]]:
        """A prepared permit with an open attempt, and the claim."""
        prepared, attempt_id = self.prepare(document), str(uuid.uuid4())
        claim = self.kiosk.claim(self.kiosk.log_in(prepared), prepared.permit_id, attempt_id)
        assert claim.status_code == 200
        return prepared, attempt_id, claim.json()


def api_of(dinas: RunningDinas) -> Api:
    return Api(dinas, Hand(dinas.world["control"]), KioskClient(dinas.world, dinas.world["kiosk"]))


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running(tmp_path_factory.mktemp("dinas")) as dinas:
        yield api_of(dinas)


@pytest.fixture(scope="session", name="api_of")
def _api_of() -> Callable[[RunningDinas], Api]:
    return api_of
