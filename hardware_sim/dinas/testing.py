"""For tests: a Dinas in a process of its own, and a client that asks as a kiosk does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from joserfc import jwe
from joserfc.jwk import OctKey

from hardware_sim.dinas.sealing import LARGEST
from hardware_sim.dinas.world import WORLD_FILE

START_S = 60
STOP_S = 15
ANSWER_S = 20
AT = "2026-11-24T03:00:00Z"

Check = Callable[[str, str, requests.Response], None]


@dataclass(frozen=True)
class Prepared:
    """An applicant with a PIN and permits that are ready."""

    nik: str
    pin: str
    handle: str
    permit_ids: list[str]
    phone: str = ""  # another Dinas than the simulator need not tell it

    @property
    def permit_id(self) -> str:
        return self.permit_ids[0]


class RunningDinas:
    """The process; ``world`` is what its world file says."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self._log = directory / "log"
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "hardware_sim.dinas", "--dir", str(directory), *options]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self.world = self._wait()

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def stop(self) -> int:
        """End it cleanly; its exit status."""
        self.process.terminate()
        return self.process.wait(STOP_S)

    def kill(self) -> None:
        """The power goes. The world file stays behind, and is taken away so that nobody takes it for a new one."""
        self.process.kill()
        self.process.wait(STOP_S)
        (self.directory / WORLD_FILE).unlink(missing_ok=True)

    def _wait(self) -> dict[str, Any]:
        file, end = self.directory / WORLD_FILE, time.monotonic() + START_S
        while not file.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                self.process.kill()
                raise RuntimeError(f"the Dinas did not start:\n{self.log}")
            time.sleep(0.05)
        world: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return world


@contextmanager
def running(directory: Path, *options: str) -> Iterator[RunningDinas]:
    """A Dinas for as long as the block lasts."""
    dinas = RunningDinas(directory, *options)
    try:
        yield dinas
    finally:
        if dinas.process.poll() is None:
            dinas.stop()


class KioskClient:
    """Asks with the certificate of one kiosk. ``check`` sees method, path and each answer."""

    def __init__(self, world: dict[str, Any], kiosk_id: str, check: Check | None = None) -> None:
        self.kiosk_id = kiosk_id
        self.certificate = Path(world["kiosks"][kiosk_id]["certificate"])
        self.key = Path(world["kiosks"][kiosk_id]["key"])
        self.base: str = world["api"]
        self.root: str = world["roots"]["tls"]
        self.http = requests.Session()
        self.http.trust_env = False  # else REQUESTS_CA_BUNDLE goes before the Dinas' own root
        self.http.verify = self.root
        self.http.cert = (str(self.certificate), str(self.key))
        self._check = check

    def ask(self, label: str, token: str | None = None, body: Any = None, **more: Any) -> requests.Response:
        """``label`` is method and path. A body of None sends none."""
        method, path = label.split(" ")
        headers = {"ADM-Session": token} if token is not None else {}
        headers |= more.pop("headers", {})
        answer = self.http.request(method, self.base + path, json=body, headers=headers, timeout=ANSWER_S, **more)
        if self._check:
            self._check(method, path, answer)
        return answer

    def log_in(self, prepared: Prepared) -> str:
        """A session's token. RuntimeError if it is refused."""
        answer = self.ask("POST /v1/sessions", body={"nik": prepared.nik, "pin": prepared.pin})
        if answer.status_code != 201:
            raise RuntimeError(answer.text)
        token: str = answer.json()["session_token"]
        return token

    def claim(self, token: str, permit_id: str, attempt_id: str) -> requests.Response:
        return self.ask(f"PUT /v1/permits/{permit_id}/attempts/{attempt_id}", token)

    def tell(self, attempt_id: str, outcome: str, **more: str) -> requests.Response:
        return self.ask(f"PUT /v1/attempts/{attempt_id}/outcome", body={"outcome": outcome, "at": AT, **more})

    def relay(self, attempt_id: str, step: int, responses: list[str], **more: Any) -> requests.Response:
        body = {"step": step, "responses": responses, **more}
        return self.ask(f"POST /v1/attempts/{attempt_id}/personalization", body=body)

    def state(self, token: str, permit_id: str) -> str:
        """State of a permit, as the session shows it."""
        permits = self.ask("GET /v1/sessions/current", token).json()["permits"]
        return next(str(permit["state"]) for permit in permits if permit["permit_id"] == permit_id)


def open_bundle(sealed: bytes, content_key: dict[str, Any]) -> bytes:
    """What a bundle holds, with the key of the claim. joserfc takes 64 KiB unless it is told otherwise."""
    registry = jwe.JWERegistry(algorithms=["dir", "A256GCM"])
    registry.max_ciphertext_length = LARGEST
    content: bytes = (
        jwe.decrypt_compact(sealed, OctKey.import_key(dict(content_key)), registry=registry).plaintext or b""
    )
    return content
