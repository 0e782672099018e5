"""A Dinas of a few lines, over real TLS with client certificates, that answers whatever a test wants, however badly."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.settings import Dinas, LocalPath

HANG_S = 20.0  # at most: the end of the test sets everything free


@dataclass(frozen=True)
class Asked:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client: str  # common name of the client's certificate
    connection: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered. ``cut``: so many bytes of the body, then a reset. ``trickle``: seconds between bytes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    trickle: float | None = None
    raw: bytes | None = None  # in place of all that
    hang: bool = False
    close: bool = False


def ok(value: object, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


def problem(kind: str, status: int, headers: dict[str, str] | None = None, **more: Any) -> Reply:
    body = {"type": kind, "title": "Masalah", "status": status, **more}
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/problem+json", **(headers or {})})


RESET = Reply(raw=b"")
Answering = Callable[[Asked], Reply]


class Papers:
    """A CA with a server and a client under it, in files."""

    def __init__(self, folder: Path, kiosk_id: str = "kiosk-uji-1") -> None:
        self.kiosk_id = kiosk_id
        key, self._authority = ec.generate_private_key(ec.SECP256R1()), None
        self._key = key
        self._authority = self._signed("CA Uji", key.public_key(), authority=True)
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(self._authority.public_bytes(serialization.Encoding.PEM))
        self.server = self._files(folder, "server", "localhost")
        self.client = self._files(folder, "client", kiosk_id)

    def _files(self, folder: Path, stem: str, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate, key_file = folder / f"{stem}.pem", folder / f"{stem}.key"
        certificate.write_bytes(self._signed(name, key.public_key()).public_bytes(serialization.Encoding.PEM))
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, key_file

    def _signed(self, name: str, key: ec.EllipticCurvePublicKey, *, authority: bool = False) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = [False] * 9
        usage[5 if authority else 0] = True  # keyCertSign, or digitalSignature
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._authority.subject if self._authority else subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(*usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(issuer_key, critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self._key, hashes.SHA256())
        )


class LittleDinas:
    """The server. ``answer`` is called for each request, in the thread of its connection."""

    def __init__(self, papers: Papers, port: int = 0) -> None:
        self.papers = papers
        self.answer: Answering = lambda _: Reply(500)
        self.asked: list[Asked] = []
        self.connections = 0
        self._free = threading.Event()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*papers.server)
        self._context.load_verify_locations(papers.ca)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._socket = socket.create_server(("127.0.0.1", port), reuse_port=False)
        self.port: int = self._socket.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def settings(self, *, connect_s: float = 2.0, answer_s: float = 2.0, ca: Path | None = None) -> Dinas:
        certificate, key = self.papers.client
        return Dinas(
            url=f"https://localhost:{self.port}/adm",
            ca=LocalPath(ca or self.papers.ca),
            certificate=LocalPath(certificate),
            key=LocalPath(key),
            connect_s=connect_s,
            answer_s=answer_s,
        )

    def paths(self) -> list[str]:
        """Method and path of each request so far, without those that only ask whether the Dinas is there."""
        return [f"{one.method} {one.path}" for one in self.asked if one.path != "/adm/v1/kiosk"]

    def close(self) -> None:
        self._free.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._accepting.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, plain: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError, ValueError):
            plain.settimeout(HANG_S)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._context.wrap_socket(plain, server_side=True) as line, line.makefile("rb") as file:
                subject = dict(pair[0] for pair in line.getpeercert()["subject"])
                while (asked := _request(file, subject["commonName"], number)) is not None:
                    self.asked.append(asked)
                    if not self._send(line, self.answer(asked)):
                        return

    def _send(self, line: ssl.SSLSocket, reply: Reply) -> bool:
        """Whether the connection goes on."""
        if reply.hang:
            self._free.wait(HANG_S)
            return False
        if reply.raw is not None:
            line.sendall(reply.raw)
            return _reset(line)
        headers = {"Content-Length": str(len(reply.body)), **reply.headers}
        if reply.close:
            headers["Connection"] = "close"
        lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        head = "\r\n".join(lines).encode("latin-1")
        if reply.cut is not None:
            line.sendall(head + reply.body[: reply.cut])
            self._free.wait(0.05)  # let what was sent arrive before the reset overtakes it
            return _reset(line)
        if reply.trickle is not None:
            line.sendall(head)
            for number in range(len(reply.body)):
                if self._free.wait(reply.trickle):
                    return False
                line.sendall(reply.body[number : number + 1])
            return True
        line.sendall(head + reply.body)
        return not reply.close


def _request(file: Any, client: str, number: int) -> Asked | None:
    first = file.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers = {}
    while (line := file.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = file.read(int(headers.get("content-length", 0)))
    return Asked(first[0], first[1], headers, body, client, number)


def _reset(line: ssl.SSLSocket) -> bool:
    """End the connection with an RST."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
    return False
