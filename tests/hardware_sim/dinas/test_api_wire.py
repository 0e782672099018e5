"""The socket of the API."""

from __future__ import annotations

import asyncio
import socket

from hardware_sim.dinas.wire import bound_socket


async def test_answers_do_not_wait_for_acknowledgements() -> None:
    """TCP_NODELAY is on for accepted connections: an answer of head and body takes no 40 ms of delayed ACK."""
    accepted: asyncio.Queue[asyncio.BaseTransport] = asyncio.Queue()

    class Noted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.put_nowait(transport)

    bound = bound_socket(0)
    server = await asyncio.get_running_loop().create_server(Noted, sock=bound.dup())
    try:
        with socket.create_connection(bound.getsockname(), 5):
            transport = await asyncio.wait_for(accepted.get(), 5)
            nodelay = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            transport.abort()  # type: ignore[attr-defined]  # every transport of a stream has it
    finally:
        server.close()
        bound.close()

    assert nodelay


def test_a_port_that_stopped_listening_stays_ours() -> None:
    bound = bound_socket(0)
    port = bound.getsockname()[1]
    bound.listen()
    bound.shutdown(socket.SHUT_RDWR)

    bound.listen()

    assert bound.getsockname()[1] == port
    with socket.create_connection(("127.0.0.1", port), 5):
        bound.close()
