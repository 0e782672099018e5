"""A printer on the wire: HTTP for its IPP operations, with what can go wrong between two machines.

The traps of CUPS' client: keep-alive, chunked bodies, ``Expect: 100-continue`` answered at once (an unbuffered wfile;
a buffered one cost a second for each request) and no Nagle.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import struct
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from hardware_sim.faults.arming import Phase
from hardware_sim.printers import pictures
from hardware_sim.printers.attributes import ICON_SIZES
from hardware_sim.printers.ipp import IppSyntaxError, decode, encode
from hardware_sim.printers.machine import Machine
from hardware_sim.printers.operations import NAMES, Operations

log = logging.getLogger(__name__)

CHUNK = 65536
ICON = re.compile("/icon-(" + "|".join(map(str, ICON_SIZES)) + r")\.png$")  # printer-icons
DOCUMENT_OPERATIONS = frozenset({"print-job", "send-document"})


class CutError(Exception):
    """The connection is to be cut now."""


@dataclass
class WireFaults:
    """What is wrong between the printer and whoever asks it."""

    hang: threading.Event = field(default_factory=threading.Event)  # takes connections, never answers
    released: threading.Event = field(default_factory=threading.Event)
    reset: bool = False  # each connection is reset
    unavailable: bool = False  # HTTP 503
    drop_after: int | None = None  # bytes of a document request after which the connection is cut
    drops_left: int = 0
    lose_reply: str = ""  # the operation that is done, and whose answer is lost
    losses_left: int = 0

    def state(self) -> dict[str, object]:
        return {
            "hang": self.hang.is_set(),
            "reset": self.reset,
            "unavailable": self.unavailable,
            "cuts_left": self.drops_left,
            "lost_answers_left": self.losses_left,
            "loses_answer_to": self.lose_reply,
        }

    def clear(self) -> None:
        """Nothing is wrong any more; whoever hung is let go."""
        self.hang.clear()
        self.released.set()
        self.reset = self.unavailable = False
        self.drop_after, self.drops_left = None, 0
        self.lose_reply, self.losses_left = "", 0


class PrinterServer:
    """Serves one machine on a port of 127.0.0.1; can be switched off and on again on the same port."""

    def __init__(self, machine: Machine, port: int) -> None:
        self._machine = machine
        self.faults = WireFaults()
        self._http: _Server | None = None
        self._port = port
        self.start()
        self.uri = f"ipp://127.0.0.1:{self._port}/ipp/print"

    def start(self) -> None:
        """Listen; nothing happens when it listens already."""
        if self._http is not None:
            return
        self._http = _Server(("127.0.0.1", self._port), _Handler)
        self._port = self._http.server_address[1]
        self._http.operations = Operations(self._machine, f"ipp://127.0.0.1:{self._port}/ipp/print")
        self._http.machine = self._machine
        self._http.faults = self.faults
        threading.Thread(target=self._http.serve_forever, args=(0.05,), name="ipp", daemon=True).start()

    def stop(self) -> None:
        """As a printer that is switched off: no port, no connections."""
        if self._http is None:
            return
        self._http.shutdown()
        self._http.server_close()
        self._http.cut_connections()
        self._http = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 32
    operations: Operations
    machine: Machine
    faults: WireFaults

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if isinstance(error, OSError):
            log.debug("connection of %s ended", client_address)
        else:
            log.error("connection of %s", client_address, exc_info=error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 0
    server: _Server

    def handle(self) -> None:
        try:
            super().handle()
        except CutError:
            self.close_connection = True

    def do_GET(self) -> None:
        icon = ICON.search(self.path)
        if icon:
            self._respond(200, pictures.icon(int(icon[1])), "image/png")
        else:
            self._respond(200, b"a printer", "text/plain")

    def do_POST(self) -> None:
        faults = self.server.faults
        self._maybe_hang()
        if faults.reset:
            self._reset()
        body = self._body()
        if faults.unavailable:
            self._respond(503, b"", "text/plain")
            return
        try:
            request = decode(body)
        except IppSyntaxError:
            self._respond(400, b"", "text/plain")
            return
        answer = encode(self.server.operations.answer(request))
        self._maybe_hang()
        if faults.losses_left and NAMES.get(request.code) == faults.lose_reply:
            faults.losses_left -= 1
            raise CutError
        self._respond(200, answer, "application/ipp")

    def handle_expect_100(self) -> bool:
        if self.server.faults.hang.is_set():
            self._maybe_hang()
        return super().handle_expect_100()

    def _maybe_hang(self) -> None:
        faults = self.server.faults
        if faults.hang.is_set():
            faults.released.wait()
            raise CutError

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise CutError

    def _body(self) -> bytes:
        body = bytearray()
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            while size := int(self.rfile.readline().split(b";")[0].strip() or b"0", 16):
                self._read_into(body, size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
        else:
            self._read_into(body, int(self.headers.get("Content-Length") or 0))
        return bytes(body)

    def _read_into(self, body: bytearray, size: int) -> None:
        while size > 0:
            part = self.rfile.read(min(size, CHUNK))
            if not part:
                self._cut_off(body)
            if not body:
                self._transfer_begins(part)
            body += part
            size -= len(part)
            faults = self.server.faults
            reached = faults.drop_after is not None and len(body) > faults.drop_after
            if faults.drops_left and reached and _operation(body) in DOCUMENT_OPERATIONS:
                faults.drops_left -= 1
                self._cut_off(body)

    def _transfer_begins(self, first: bytes) -> None:
        if _operation(bytearray(first)) in DOCUMENT_OPERATIONS:
            self.server.machine.reached(Phase.TRANSFER)

    def _cut_off(self, body: bytearray) -> None:
        if _operation(body) == "send-document":
            with contextlib.suppress(IppSyntaxError):
                job = self.server.operations.job_of(decode(bytes(body)))
                if job is not None:
                    self.server.machine.document_cut_off(job)
        raise CutError

    def _respond(self, status: int, body: bytes, kind: str) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def _operation(body: bytearray) -> str:
    return NAMES.get(int.from_bytes(body[2:4]), "") if len(body) > 3 else ""
