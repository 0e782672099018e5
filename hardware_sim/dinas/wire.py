"""The wire of the API: TLS with client certificates, and an office that can be away.

uvicorn has no TLS extension of ASGI, so the protocol class below takes the peer's certificate from the transport and
puts it, with the transport, into each scope.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

KEEP_ALIVE_S = 300  # kiosks keep one warm connection: a new one costs three round trips of 800 ms
SHUTDOWN_S = 2
BACKLOG = 64
PEER = "adm.peer"  # key in the scope's extensions


@dataclass(frozen=True)
class Peer:
    """Who is at the other end of a connection. ``certificate`` is DER, None over plain HTTP."""

    certificate: bytes | None
    transport: asyncio.Transport


class PeerProtocol(H11Protocol):
    """HTTP/1.1 that tells the application who asks. asyncio itself sets TCP_NODELAY (see `bound_socket`)."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        peer = Peer(tls.getpeercert(binary_form=True) if tls else None, transport)
        inner = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                scope.setdefault("extensions", {})[PEER] = peer
            await inner(scope, receive, send)

        self.app = app

    @property
    def idle(self) -> bool:
        """No request is being answered."""
        return not self.cycle or self.cycle.response_complete


class QuietServer(uvicorn.Server):
    """A server that leaves signals to the program: two of them run in one loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class ApiServer(QuietServer):
    """The API on a socket that stays bound while the office is away."""

    def __init__(self, app: Any, bound: socket.socket, certificate: tuple[Path, Path], client_root: Path) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=PeerProtocol,
                ssl_certfile=str(certificate[0]),
                ssl_keyfile=str(certificate[1]),
                ssl_ca_certs=str(client_root),
                ssl_cert_reqs=ssl.CERT_REQUIRED,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=SHUTDOWN_S,
                backlog=BACKLOG,
                access_log=False,
                log_config=None,
                server_header=False,
                lifespan="off",
            )
        )
        self._bound = bound
        self.away: str | None = None  # None | refuse | hang

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets or [self._bound.dup()])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn, but idle connections are cut: their TLS good-bye would wait for kiosks that say nothing."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, PeerProtocol) and connection.idle:
                connection.transport.abort()
        await super().shutdown(sockets)

    async def leave(self, mode: str) -> None:
        """``refuse``: connections are refused. ``hang``: they are made, and nothing ever comes. Open ones break off."""
        if mode not in ("refuse", "hang"):
            raise ValueError(f"mode {mode!r}; expected refuse or hang")
        for server in self.servers:
            server.close()
        if mode == "refuse":
            # Takes the socket out of listening and leaves it bound (Linux), so that nobody else gets the port. Somebody
            # with SO_REUSEADDR would get it while ours has that option too and does not listen.
            self._bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            with contextlib.suppress(OSError):
                self._bound.shutdown(socket.SHUT_RDWR)
        else:
            self._reopen()  # the kernel makes the connections, and nobody takes them
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        self.away = mode

    async def come_back(self) -> None:
        """Be there again, on the same port."""
        if self.away is None:
            return

        def protocol() -> asyncio.Protocol:
            return PeerProtocol(self.config, self.server_state, self.lifespan.state)

        self._reopen()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(protocol, sock=self._bound.dup(), ssl=self.config.ssl, backlog=BACKLOG)
        self.servers = [server]
        self.away = None

    def _reopen(self) -> None:
        """Listen again, beside what is left of old connections (TIME_WAIT)."""
        self._bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._bound.listen(BACKLOG)


def bound_socket(port: int) -> socket.socket:
    """A loopback socket with this port (0: a free one), not yet listening.

    A free port is found with one socket and then asked for by number with another: a number that was asked for stays
    with the socket when it stops listening, one that the kernel chose is given back (inet_csk_listen_stop).
    """
    if port == 0:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as finder:
            finder.bind(("127.0.0.1", 0))
            port = finder.getsockname()[1]
    # Named as TCP: asyncio sets TCP_NODELAY only on sockets that say so, and without it each answer of head and body
    # waits 40 ms for a delayed acknowledgement.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
