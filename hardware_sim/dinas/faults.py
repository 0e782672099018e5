"""Faults that a scenario switches on: the Dinas is busy, slow, broken, or its answer is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from hardware_sim.dinas.answers import problem_response
from hardware_sim.dinas.problems import ProblemError, ProblemKind
from hardware_sim.dinas.settings import DinasSettings
from hardware_sim.dinas.wire import PEER

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

KINDS = ("busy", "error", "slow", "lose", "cut")


@dataclass
class Fault:
    """``busy``: problems/busy. ``error``: 500, no problem. ``slow``: the answer comes after ``seconds``. ``lose``:
    what was asked is done, and the answer never comes. ``cut``: the answer breaks off after ``after_bytes`` of body.

    Strikes the next ``times`` requests with this method (any if empty) whose path contains ``path``.
    """

    kind: str
    method: str = ""
    path: str = ""
    times: int = 1
    seconds: float = 0.0
    after_bytes: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r}; expected one of {', '.join(KINDS)}")

    def strikes(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("", method) and self.path in path


class Faults:
    """ASGI middleware in front of the API."""

    def __init__(self, app: App, settings: DinasSettings) -> None:
        self._app = app
        self._settings = settings
        self.active: list[Fault] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = next((f for f in self.active if f.strikes(scope.get("method", ""), scope.get("path", ""))), None)
        if fault is None:
            await self._app(scope, receive, send)
            return
        fault.times -= 1
        self.active = [f for f in self.active if f.times > 0]
        if fault.kind == "busy":
            problem = ProblemError(ProblemKind.BUSY, retry_after_s=self._settings.busy_s)
            await problem_response(problem)(scope, receive, send)
        elif fault.kind == "error":
            await Response("Internal Server Error", 500, media_type="text/plain")(scope, receive, send)
        elif fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)
        else:
            await self._broken(fault, scope, receive, send)

    async def _broken(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Do what was asked, and break the connection instead of (all of) the answer."""
        left = fault.after_bytes if fault.kind == "cut" else 0

        async def cut_send(message: Message) -> None:
            nonlocal left
            if fault.kind == "lose":
                return
            if message["type"] == "http.response.body":
                part = message.get("body", b"")[:left]
                left -= len(part)
                message = {**message, "body": part, "more_body": True}
            await send(message)

        await self._app(scope, receive, cut_send)
        transport = scope["extensions"][PEER].transport
        if fault.kind == "cut":
            await asyncio.sleep(0.05)  # let the part that was meant to arrive leave the buffers
        transport.abort()
