"""How tests, scenarios and the panel put a hand on a simulated device: JSON over loopback HTTP.

``GET /`` answers the state; ``POST /ACT`` with a JSON object does one act ("empty", "take_card", ...) with those
arguments and answers the state after it. An unknown act is 404, wrong arguments are 400 with a sentence.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

State = dict[str, Any]


class ControlServer:
    """Serves the acts of one simulated device (or of several in one process) in a thread of its own."""

    def __init__(self, acts: Mapping[str, Callable[..., object]], state: Callable[[], State], port: int = 0) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, state())

            def do_POST(self) -> None:
                act = acts.get(self.path.strip("/"))
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                if act is None:
                    self._answer(404, {"error": f"no act {self.path!r}; there are {sorted(acts)}"})
                    return
                try:
                    result = act(**json.loads(body or b"{}"))
                except (TypeError, ValueError, KeyError) as error:
                    self._answer(400, {"error": str(error)})
                    return
                self._answer(200, {**state(), "result": result})

            def _answer(self, status: int, value: State) -> None:
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):  # whoever asked is gone
                    self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="control", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)


class Hand:
    """The other end: a hand that does acts on a simulated device."""

    def __init__(self, url: str) -> None:
        self.url = url

    def state(self, within_s: float = 5.0) -> State:
        answer = requests.get(self.url, timeout=within_s)
        answer.raise_for_status()
        state: State = answer.json()
        return state

    def do(self, act: str, /, **arguments: object) -> State:
        answer = requests.post(f"{self.url}/{act}", json=arguments, timeout=10)
        if answer.status_code >= 400:
            raise ValueError(answer.json().get("error", answer.text))
        state: State = answer.json()
        return state
