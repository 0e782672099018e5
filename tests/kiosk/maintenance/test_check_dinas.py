"""The doctor on the line to the Dinas, against a real TLS server that asks for the kiosk's certificate."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kiosk.maintenance import check_dinas
from kiosk.maintenance.findings import Level


class FakeDinas:
    """Answers GET /v1/kiosk as a test wants it, only to those who show a certificate of its CA."""

    def __init__(self, site) -> None:
        self.kiosk_id = "adm-coba-1"
        self.ahead = timedelta()
        self.status = 200
        self.body: bytes | None = None
        dinas = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = self.path == "/adm/v1/kiosk"
                self.send_response(dinas.status if known else 404)
                self.end_headers()
                self.wfile.write(dinas.answer() if known else b"")

            def log_message(self, *args: object) -> None:
                pass

        certificate, key = site.authority.issue(site.folder, "server", "localhost")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(site.folder / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # refused handshakes are what some tests want
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server.server_port}/adm"

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        time = datetime.now(UTC) + self.ahead
        return json.dumps({"kiosk_id": self.kiosk_id, "site": {}, "time": time.isoformat(), "new": 1}).encode()


@pytest.fixture
def dinas(site) -> Iterator[FakeDinas]:
    fake = FakeDinas(site)
    yield fake
    fake.server.shutdown()
    fake.server.server_close()


def look(site, dinas: FakeDinas):
    return list(check_dinas.dinas(site.settings(dinas={"url": dinas.url})))


def test_a_dinas_that_knows_this_kiosk_is_ok(site, dinas, about) -> None:
    findings = look(site, dinas)

    assert about(findings, "Dinas").level is Level.OK
    assert "adm-coba-1" in about(findings, "Dinas").what
    assert about(findings, "Jam").level is Level.OK


@pytest.mark.parametrize(("apart", "level"), [(90, Level.ATTENTION), (-90, Level.ATTENTION), (86400, Level.BROKEN)])
def test_clocks_that_differ_are_found(site, dinas, about, apart: int, level: Level) -> None:
    dinas.ahead = timedelta(seconds=apart)

    found = about(look(site, dinas), "Jam")

    assert found.level is level
    assert f"selisih {abs(apart)} detik" in found.what


def test_a_certificate_of_another_kiosk_is_found(site, dinas, about) -> None:
    dinas.kiosk_id = "adm-lain-7"

    assert about(look(site, dinas), "Dinas").level is Level.ATTENTION


@pytest.mark.parametrize("status", [401, 403])
def test_a_dinas_that_refuses_the_kiosk_is_told(site, dinas, about, status: int) -> None:
    dinas.status = status

    found = about(look(site, dinas), "Dinas")

    assert found.level is Level.BROKEN
    assert "menolak" in found.what


@pytest.mark.parametrize("body", [b"", b"<html>masuk ke jaringan hotel</html>", b'{"kiosk_id": 7}', b"\xff\xfe"])
def test_an_answer_of_somebody_else_is_not_taken_for_the_dinas(site, dinas, about, body: bytes) -> None:
    dinas.body = body

    assert "tidak dikenal" in about(look(site, dinas), "Dinas").what


def test_a_server_under_a_foreign_ca_is_refused(site, dinas, about, authority) -> None:
    foreign = type(authority)("Akar Lain")
    (site.folder / "ca.pem").write_bytes(foreign.certificate)

    found = about(look(site, dinas), "Dinas")

    assert found.level is Level.BROKEN
    assert "sambungan aman ditolak" in found.what


def test_a_server_that_refuses_our_certificate_is_told(site, dinas, about, authority) -> None:
    type(authority)("Akar Lain").issue(site.folder, "kiosk", "adm-coba-1")

    assert about(look(site, dinas), "Dinas").level is Level.BROKEN


def test_nobody_there_is_told(site, about) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"https://localhost:{unused.getsockname()[1]}/adm"

        found = about(check_dinas.dinas(site.settings(dinas={"url": address})), "Dinas")

    assert found.level is Level.BROKEN
    assert "refused" in found.what
    assert "object at" not in found.what


def test_silence_ends_at_the_deadline(site, about) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        line = {"url": f"https://localhost:{silent.getsockname()[1]}/adm", "connect_s": 0.2, "answer_s": 0.2}

        found = about(check_dinas.dinas(site.settings(dinas=line)), "Dinas")

    assert "tidak menjawab pada waktunya" in found.what


def test_missing_files_are_not_blamed_on_the_network(site, dinas, about) -> None:
    (site.folder / "kiosk.key").unlink()

    assert "tidak ditanya" in about(look(site, dinas), "Dinas").what
