"""The other Dinas' server: one applicant with a KK and a KTP-el, over TLS with client certificates.

``python server.py DIR`` writes DIR/dinas.json (address, certificates, NIK and PIN) and serves until SIGTERM; the state
of its permits is in DIR/permits.json after each change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
import ssl
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import papers

NIK, PIN, KIOSK = "3523034101900002", "904417", "ADM-LAIN-1"
FIELDS = {
    "provinsi": "JAWA TIMUR", "kabupaten": "TUBAN", "nik": NIK, "nama": "SITI SPESIMEN", "tempat_lahir": "TUBAN",
    "tanggal_lahir": "01-01-1990", "jenis_kelamin": "PEREMPUAN", "gol_darah": "O", "alamat": "JL. CONTOH 1",
    "rt_rw": "001/002", "kel_desa": "BANGILAN", "kecamatan": "BANGILAN", "agama": "ISLAM",
    "status_perkawinan": "KAWIN", "pekerjaan": "PETANI", "kewarganegaraan": "WNI", "berlaku_hingga": "SEUMUR HIDUP",
    "kota_terbit": "TUBAN", "tanggal_terbit": "24-11-2026",
}  # fmt: skip


class Refusal(Exception):  # noqa: N818  # the contract's word is problem; this is how one is raised
    def __init__(self, status: int, kind: str, **more: object) -> None:
        super().__init__(kind)
        self.status = status
        self.body = {"type": f"problems/{kind}", "title": kind, "status": status, "note": "unknown member", **more}


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")  # +00:00, where others write Z


class Office:
    """The rules of the contract over a few dictionaries. One lock: requests come from several connections."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.RLock()
        self.tries = 0
        self.tokens: set[str] = set()
        self.attempts: dict[str, dict[str, Any]] = {}
        self.audit: list[dict[str, Any]] = []
        self.permits: dict[str, dict[str, Any]] = {}
        self.bundles: dict[str, bytes] = {}
        self.keys: dict[str, bytes] = {}
        self._make_pki()
        self._make_permit("kk", "a4", "Kartu Keluarga", "application/pdf")
        self._make_permit("ktp-el", "card", "KTP elektronik", "application/adm-card+jws")
        self._save()

    def _make_pki(self) -> None:
        self.tls_root, self.document_root, self.card_root = (
            papers.make_root(f"Lain {n} (SPESIMEN)") for n in ("TLS", "TTE", "Kartu")
        )
        self.server = papers.issue("localhost", self.tls_root, host="localhost", purpose="server")
        self.kiosk = papers.issue(KIOSK, self.tls_root, purpose="client")
        self.document_signer = papers.issue("Kepala Dinas Lain", self.document_root)
        self.card_signer = papers.issue("Kartu Dinas Lain", self.card_root)
        for name in ("tls_root", "document_root", "card_root", "server", "kiosk"):
            getattr(self, name).write(self.folder, name)

    def _make_permit(self, document: str, medium: str, title: str, content_type: str) -> None:
        permit_id, key = str(uuid.uuid4()), secrets.token_bytes(32)
        if medium == "a4":
            content = papers.signed_pdf(self.document_signer, self.document_root)
        else:
            content = papers.card_jws(permit_id, FIELDS, papers.portrait(), self.card_signer)
        sealed = papers.seal(permit_id, content_type, content, key)
        self.bundles[permit_id], self.keys[permit_id] = sealed, key
        self.permits[permit_id] = {
            "permit_id": permit_id, "document": document, "medium": medium, "title": title, "holder": "SITI S.",
            "state": "ready", "bundle": {"size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest(), "x": 1},
        }  # fmt: skip

    def _save(self) -> None:
        (self.folder / "permits.json").write_text(
            json.dumps({"permits": list(self.permits.values()), "audit": len(self.audit)})
        )

    # -- operations of the contract

    def log_in(self, body: dict[str, Any]) -> dict[str, Any]:
        if not re.fullmatch(r"\d{6}", str(body.get("pin"))) or not (body.get("nik") or body.get("handle")):
            raise Refusal(422, "invalid")
        self.tries += 1
        if self.tries > 5:
            raise Refusal(423, "locked", retry_after_s=60)
        if body.get("nik") != NIK or body["pin"] != PIN:
            raise Refusal(401, "credentials", attempts_left=5 - self.tries)
        self.tries = 0
        token = secrets.token_urlsafe(20)
        self.tokens.add(token)
        return self.session(token)

    def session(self, token: str | None) -> dict[str, Any]:
        if token not in self.tokens:
            raise Refusal(401, "session-expired")
        until = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
        return {
            "session_token": token, "expires_at": until.isoformat(), "applicant": {"name": "SITI S."},
            "permits": list(self.permits.values()), "greeting": "unknown member",
        }  # fmt: skip

    def claim(self, token: str | None, permit_id: str, attempt_id: str) -> dict[str, Any]:
        self.session(token)
        permit = self.permits.get(permit_id)
        if permit is None:
            raise Refusal(404, "unknown-permit")
        attempt = self.attempts.get(attempt_id)
        if attempt and attempt["outcome"]:
            raise Refusal(409, "attempt-closed")
        if attempt is None:
            if permit["state"] == "printed":
                raise Refusal(409, "spent")
            if permit["state"] != "ready":
                raise Refusal(409, "not-ready")
            attempt = self.attempts[attempt_id] = {"permit_id": permit_id, "outcome": None}
            permit["state"] = "claimed"
            self._save()
        until = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)
        return {
            "attempt_id": attempt_id, "permit_id": permit_id, "report_by": until.isoformat(),
            "content_key": {"kty": "oct", "k": papers.b64(self.keys[permit_id])},
        }  # fmt: skip

    def outcome(self, attempt_id: str, body: dict[str, Any]) -> dict[str, Any]:
        said, attempt = body["outcome"], self.attempts.get(attempt_id)
        if attempt is None:
            if said != "not_printed":
                raise Refusal(404, "unknown-attempt")
            self.attempts[attempt_id] = {"permit_id": None, "outcome": said}
            return {}
        settled = attempt["outcome"] not in (None, "unknown")
        if settled and attempt["outcome"] != said:
            raise Refusal(409, "outcome-conflict")
        attempt["outcome"] = said
        states = {"printed": "printed", "not_printed": "ready", "unknown": "suspect"}
        done = "ready" if body.get("settled_by") else "suspect"
        self.permits[attempt["permit_id"]]["state"] = states.get(said, done)
        self._save()
        return {}

    def take_audit(self, body: dict[str, Any]) -> dict[str, Any]:
        for entry in body["entries"]:
            if entry["seq"] <= len(self.audit):
                if self.audit[entry["seq"] - 1] != entry:
                    raise Refusal(409, "audit-conflict")
            elif entry["seq"] > len(self.audit) + 1:
                raise Refusal(409, "audit-gap", up_to=len(self.audit))
            else:
                self.audit.append(entry)
        self._save()
        return {"up_to": len(self.audit)}


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.0: each answer ends the connection."""

    office: Office

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_PUT(self) -> None:
        self._answer(self._put)

    def do_DELETE(self) -> None:
        self._answer(self._delete)

    def log_message(self, *args: object) -> None:
        pass

    def _get(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        office = self.office
        match path.split("/"):
            case ["v1", "kiosk"]:
                return 200, {"kiosk_id": KIOSK, "site": {}, "time": now(), "motto": "unknown member"}
            case ["v1", "sessions", "current"]:
                return 200, office.session(self.headers.get("ADM-Session"))
            case ["v1", "bundles"]:
                first = "cursor" not in self.path
                changes = [{"permit_id": i, "op": "put"} for i in office.bundles] if first else []
                return 200, {"changes": changes, "next": "seite-2"}
            case ["v1", "bundles", permit_id] if permit_id in office.bundles:
                return 200, office.bundles[permit_id]  # whole, also where a range was asked for (RFC 9110, 14.2)
            case ["v1", "bundles", _]:
                raise Refusal(404, "unknown-permit")
            case ["v1", "revocations"]:
                roots = (office.document_root, office.card_root)
                return 200, {"crls": [papers.empty_crl(root) for root in roots]}
        raise Refusal(404, "nowhere")

    def _post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        match path:
            case "v1/sessions":
                return 201, self.office.log_in(body)
            case "v1/pin-requests":
                return 202, None
            case "v1/audit":
                return 200, self.office.take_audit(body)
        raise Refusal(404, "nowhere")

    def _put(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        match path.split("/"):
            case ["v1", "permits", permit_id, "attempts", attempt_id]:
                return 200, self.office.claim(self.headers.get("ADM-Session"), permit_id, attempt_id)
            case ["v1", "attempts", attempt_id, "outcome"]:
                return 200, self.office.outcome(attempt_id, body)
        raise Refusal(404, "nowhere")

    def _delete(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.office.tokens.discard(self.headers.get("ADM-Session") or "")
        return 204, None

    def _answer(self, operation) -> None:  # type: ignore[no-untyped-def]  # one of the four above
        try:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            with self.office.lock:
                status, value = operation(self.path.split("?")[0].removeprefix("/lain/"), body)
        except Refusal as refusal:
            status, value = refusal.status, refusal.body
        content = value if isinstance(value, bytes) else b"" if value is None else json.dumps(value).encode()
        kind = "application/jose" if isinstance(value, bytes) else "application/json"
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json" if status >= 400 else kind)
        if status >= 400 and isinstance(value, dict) and "retry_after_s" in value:
            self.send_header("Retry-After", str(value["retry_after_s"]))
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main(folder: Path) -> None:
    office = Office(folder)
    Handler.office = office
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.load_verify_locations(folder / "tls_root.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    address = f"https://localhost:{server.server_address[1]}/lain"
    found = {"url": address, "nik": NIK, "pin": PIN, "kiosk": KIOSK}
    partial = folder / "dinas.json.part"
    partial.write_text(json.dumps(found))
    partial.rename(folder / "dinas.json")
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
