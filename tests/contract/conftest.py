"""The contract, tested against a running implementation.

By default the Dinas simulator is started. Another implementation is tested by the same files when the environment
variable ``ADM_DINAS_WORLD`` names a JSON file that describes it while it runs::

    {"api": "https://localhost:1234", "roots": {"tls": "ca.pem"},
     "kiosk": "<id>", "kiosks": {"<id>": {"certificate": "...", "key": "..."}, "<another>": {...}},
     "control": "http://127.0.0.1:5678",
     "prepared": [{"document": "kk", "nik": "...", "pin": "...", "handle": "...", "permit_ids": ["..."]}, ...]}

``control`` may be left out: then permits come from ``prepared``, each used up by one test, and what needs a hand on the
Dinas is skipped. Tests here ask for nothing that the contract does not say.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import uuid_utils

from hardware_sim.control import Hand
from hardware_sim.dinas.testing import KioskClient, Prepared, running

CONTRACT = Path(__file__).parents[2] / "docs" / "contracts" / "dinas-api.yaml"
UNREGISTERED = "adm-unregistered"
BEYOND_THE_CONTRACT = (405, 416)  # of HTTP itself, for methods and parts that there are not


class DinasUnderTest:
    """A running implementation."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.world = world
        self.hand = Hand(world["control"]) if "control" in world else None
        self._prepared = list(world.get("prepared", []))

    def do(self, act: str, **arguments: Any) -> Any:
        """An act of the simulator's control, for what no kiosk can do."""
        if self.hand is None:
            pytest.skip("needs a hand on the Dinas, and this implementation has none")
        return self.hand.do(act, **arguments)["result"]

    def prepare(self, document: str = "kk", count: int = 1) -> Prepared:
        if self.hand is not None:
            return Prepared(**self.do("prepare", document=document, count=count))
        for found in self._prepared:
            if found["document"] == document and len(found["permit_ids"]) >= count:
                self._prepared.remove(found)
                return Prepared(**{name: found[name] for name in ("nik", "pin", "handle", "permit_ids")})
        pytest.skip(f"no permit for {document} was prepared")


def problem(answer: requests.Response, kind: str, status: int) -> dict[str, Any]:
    """The answer is this problem, in the right media type; its body."""
    body: dict[str, Any] = answer.json()
    assert (body["type"], answer.status_code) == (f"problems/{kind}", status), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert body["status"] == status
    if "retry_after_s" in body:
        assert answer.headers["Retry-After"] == str(body["retry_after_s"])
    return body


def new_attempt() -> str:
    return str(uuid_utils.uuid7())


def unknown_nik() -> str:
    """Well formed, and nobody's: the region is none of Tuban."""
    return f"710101{1 + uuid.uuid4().int % 28:02d}0190{1 + uuid.uuid4().int % 9999:04d}"


@pytest.fixture(scope="session", name="problem")
def _problem() -> Callable[..., dict[str, Any]]:
    return problem


@pytest.fixture(scope="session", name="new_attempt")
def _new_attempt() -> Callable[[], str]:
    return new_attempt


@pytest.fixture(scope="session", name="unknown_nik")
def _unknown_nik() -> Callable[[], str]:
    return unknown_nik


@pytest.fixture(scope="session")
def dinas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DinasUnderTest]:
    given = os.environ.get("ADM_DINAS_WORLD")
    if given:
        yield DinasUnderTest(json.loads(Path(given).read_text()))
        return
    with running(tmp_path_factory.mktemp("dinas")) as simulator:
        yield DinasUnderTest(simulator.world)


@pytest.fixture(scope="session")
def client(dinas: DinasUnderTest) -> Callable[[str], KioskClient]:
    """A client for a kiosk id; an answer that the contract does not have fails the test."""
    schema = schemathesis.openapi.from_path(CONTRACT)

    def check(method: str, path: str, answer: requests.Response) -> None:
        operation = schema.find_operation_by_path(method, path)
        if operation is not None and answer.status_code not in BEYOND_THE_CONTRACT:
            operation.validate_response(answer)

    return lambda kiosk_id: KioskClient(dinas.world, kiosk_id, check)


@pytest.fixture(scope="session")
def kiosk(dinas: DinasUnderTest, client: Callable[[str], KioskClient]) -> KioskClient:
    return client(dinas.world["kiosk"])


@pytest.fixture(scope="session")
def other_kiosk(dinas: DinasUnderTest, client: Callable[[str], KioskClient]) -> KioskClient:
    """Another registered kiosk."""
    others = [k for k in dinas.world["kiosks"] if k not in (dinas.world["kiosk"], UNREGISTERED)]
    if not others:
        pytest.skip("needs a second kiosk")
    return client(others[0])
