"""Requests of IPP over HTTP as a recording keeps them: the same question gives the same symbols.

What differs from one asking to the next, and says nothing, is left out: HTTP's headers, IPP's request-id, and the
addresses of printer and job. The document behind the IPP message is content.
"""

from __future__ import annotations

import hashlib

from hardware_sim.printers.ipp import Group, IppSyntaxError, Message, decode, encode
from hardware_sim.tap.recording import Hidden, Symbol

LEFT_OUT = frozenset({"printer-uri", "requesting-user-name", "document-name"})


class IppRequests:
    """Cuts a connection into requests, each of which becomes its line, its IPP message, and its document hidden."""

    def __init__(self, *, content: bool = False) -> None:
        self._content = content
        self._stream = b""

    def feed(self, data: bytes) -> list[Symbol]:
        self._stream += data
        found: list[Symbol] = []
        while (request := self._whole()) is not None:
            found += self._symbols(*request)
        return found

    def flush(self) -> list[Symbol]:
        rest, self._stream = self._stream, b""
        return [_hidden(rest)] if rest else []

    def _whole(self) -> tuple[bytes, bytes] | None:
        """The first line and the body of a request that is all there; None before that."""
        head, end, rest = self._stream.partition(b"\r\n\r\n")
        if not end:
            return None
        lines = head.split(b"\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])
        }
        if b"chunked" in headers.get(b"transfer-encoding", b"").lower():
            found = _unchunked(rest)
        else:
            given = headers.get(b"content-length", b"0")
            length = int(given) if given.isdigit() else 0
            found = (rest[:length], rest[length:]) if len(rest) >= length else None
        if found is None:
            return None
        body, self._stream = found
        return lines[0], body

    def _symbols(self, line: bytes, body: bytes) -> list[Symbol]:
        found: list[Symbol] = list(line + b"\r\n\r\n")
        if not body:
            return found
        try:
            message = decode(body)
        except IppSyntaxError:
            return [*found, _hidden(body)]
        same = Message(message.code, 0, [(tag, _same(group)) for tag, group in message.groups], message.version)
        found += encode(same)
        if self._content:
            return [*found, *message.document]
        return [*found, _hidden(message.document)] if message.document else found


def _unchunked(stream: bytes) -> tuple[bytes, bytes] | None:
    """The body of chunks (RFC 9112 7.1) and what follows it; None while some is missing."""
    body = bytearray()
    while True:
        size_line, end, rest = stream.partition(b"\r\n")
        if not end:
            return None
        try:
            size = int(size_line.split(b";")[0], 16)
        except ValueError:
            return bytes(body), b""  # no chunks: the rest is nothing that can be understood
        if size <= 0:
            return (bytes(body), rest.partition(b"\r\n")[2]) if b"\r\n" in rest else None
        if len(rest) < size + 2:
            return None
        body += rest[:size]
        stream = rest[size + 2 :]


def _same(group: Group) -> Group:
    return {name: attribute for name, attribute in group.items() if name not in LEFT_OUT}


def _hidden(data: bytes) -> Hidden:
    return Hidden(len(data), hashlib.sha256(data).hexdigest())
