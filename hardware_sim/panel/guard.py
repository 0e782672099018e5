"""Who may ask the panel: its own page in a browser of this machine, and nobody by another name."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN_HEADER = "x-panel"  # the page of another site cannot send it without asking first, and is never told yes


class Guard:
    """ASGI middleware. ``hosts`` are the panel's own, with their port; ``frames`` the origin of what it frames."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], frames: str) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = {f"http://{host}" for host in hosts}
        self._policy = "; ".join(
            [
                "default-src 'self'",
                "connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
                "img-src 'self' data:",
                f"frame-src {frames}" if frames else "frame-src 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if refusal := self._refusal(scope["method"], Headers(scope=scope)):
            await JSONResponse({"error": refusal}, 403)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._policy
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> str:
        if headers.get("host") not in self._hosts:
            return "unknown host"  # another name that was made to lead here (DNS rebinding)
        if method in ("GET", "HEAD"):
            return ""
        origin = headers.get("origin")
        if OWN_HEADER not in headers or (origin is not None and origin not in self._origins):
            return "only the panel's own page may do this"
        return ""
