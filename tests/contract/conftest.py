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
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import uuid_utils

from hardware_sim.control import Hand

CONTRACT = Path(__file__).parents[2] / "docs" / "contracts" / "dinas-api.yaml"
START_S = 30
AT = "2026-11-24T03:00:00Z"


@dataclass(frozen=True)
class Prepared:
    """An applicant with a PIN and permits that are ready."""

    nik: str
    pin: str
    handle: str
    permit_ids: list[str]

    @property
    def permit_id(self) -> str:
        return self.permit_ids[0]


class Kiosk:
    """A client with the certificate of one kiosk. Each answer is checked against the contract's schemas."""

    def __init__(self, world: dict[str, Any], kiosk_id: str, schema: Any) -> None:
        self.kiosk_id = kiosk_id
        self.certificate = Path(world["kiosks"][kiosk_id]["certificate"])
        self.key = Path(world["kiosks"][kiosk_id]["key"])
        self.base = world["api"]
        self.http = requests.Session()
        self.http.trust_env = False  # else REQUESTS_CA_BUNDLE goes before the Dinas' own root
        self.http.verify = world["roots"]["tls"]
        self.http.cert = (str(self.certificate), str(self.key))
        self._schema = schema

    def ask(self, label: str, token: str | None = None, body: Any = None, **more: Any) -> requests.Response:
        """``label`` is method and path; an answer that the contract does not have fails the test."""
        method, path = label.split(" ")
        headers = {"ADM-Session": token} if token is not None else {}
        headers |= more.pop("headers", {})
        answer = self.http.request(method, self.base + path, json=body, headers=headers, timeout=20, **more)
        operation = self._schema.find_operation_by_path(method, path)
        if operation is not None and answer.status_code not in (404, 405, 416):
            operation.validate_response(answer)
        return answer

    def log_in(self, prepared: Prepared) -> str:
        answer = self.ask("POST /v1/sessions", body={"nik": prepared.nik, "pin": prepared.pin})
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["session_token"]
        return token

    def claim(self, token: str, permit_id: str, attempt_id: str) -> requests.Response:
        return self.ask(f"PUT /v1/permits/{permit_id}/attempts/{attempt_id}", token)

    def tell(self, attempt_id: str, outcome: str, **more: str) -> requests.Response:
        return self.ask(f"PUT /v1/attempts/{attempt_id}/outcome", body={"outcome": outcome, "at": AT, **more})

    def state(self, token: str, permit_id: str) -> str:
        answer = self.ask("GET /v1/sessions/current", token)
        assert answer.status_code == 200
        (state,) = (p["state"] for p in answer.json()["permits"] if p["permit_id"] == permit_id)
        return str(state)


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
    assert (f"problems/{kind}", status) == (body["type"], answer.status_code), answer.text
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
    directory = tmp_path_factory.mktemp("dinas")
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hardware_sim.dinas", "--dir", str(directory)], stdout=log, stderr=log
        )
    try:
        yield DinasUnderTest(wait_for(directory / "dinas.json", process, directory / "log"))
    finally:
        process.terminate()
        process.wait(10)


def wait_for(file: Path, process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    end = time.monotonic() + START_S
    while not file.exists():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)
    world: dict[str, Any] = json.loads(file.read_text())
    return world


@pytest.fixture(scope="session")
def contract() -> Any:
    return schemathesis.openapi.from_path(CONTRACT)


@pytest.fixture(scope="session")
def kiosk(dinas: DinasUnderTest, contract: Any) -> Kiosk:
    return Kiosk(dinas.world, dinas.world["kiosk"], contract)


@pytest.fixture(scope="session")
def other_kiosk(dinas: DinasUnderTest, contract: Any) -> Kiosk:
    """Another registered kiosk."""
    others = [k for k in dinas.world["kiosks"] if k not in (dinas.world["kiosk"], "adm-unregistered")]
    if not others:
        pytest.skip("needs a second kiosk")
    return Kiosk(dinas.world, others[0], contract)
