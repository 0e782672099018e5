"""The contract (docs/contracts/dinas-api.yaml) as routes. Rules live in the modules that the routes call."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from cryptography import x509
from cryptography.x509.oid import NameOID
from fastapi import Depends, FastAPI, Header, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import AfterValidator
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hardware_sim.dinas import audit, bundles, permits
from hardware_sim.dinas.answers import (
    bundle_response,
    json_response,
    permit_view,
    problem_response,
    session_view,
    utc,
)
from hardware_sim.dinas.bodies import (
    UUID_PATTERN,
    AuditBody,
    DeliveryBody,
    LoginBody,
    OutcomeBody,
    PinRequestBody,
    RelayBody,
    parse_time,
)
from hardware_sim.dinas.ca import REVOCATION_LISTS, Authority
from hardware_sim.dinas.model import Attempt, Bundle, BundleChange, Kiosk, Permit, PermitState
from hardware_sim.dinas.office import Office
from hardware_sim.dinas.ports import Clock
from hardware_sim.dinas.problems import ProblemError, ProblemKind
from hardware_sim.dinas.relay import Posted, relay
from hardware_sim.dinas.sessions import Credentials, Sessions
from hardware_sim.dinas.settings import DinasSettings
from hardware_sim.dinas.wire import PEER, Peer

log = logging.getLogger(__name__)

Id = Annotated[str, Path(pattern=UUID_PATTERN), AfterValidator(str.lower)]
Token = Annotated[str, Header(alias="ADM-Session")]


@dataclass(frozen=True)
class Dinas:
    """All that the routes work with."""

    engine: Engine
    authority: Authority
    office: Office
    sessions: Sessions
    settings: DinasSettings
    clock: Clock

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with Session(self.engine) as session, session.begin():
            permits.sweep(session, self.clock())
            yield session


@dataclass(frozen=True)
class Caller:
    """The kiosk that asks, by its client certificate."""

    kiosk_id: str
    certificate: bytes


def api(dinas: Dinas) -> FastAPI:
    """The application that answers kiosks."""
    app = FastAPI(title="Dinas API for ADM kiosks", openapi_url=None, redirect_slashes=False)
    routes = _Routes(dinas)
    app.add_api_route("/v1/kiosk", routes.kiosk, methods=["GET"])
    app.add_api_route("/v1/sessions", routes.log_in, methods=["POST"])
    app.add_api_route("/v1/sessions/current", routes.session, methods=["GET"])
    app.add_api_route("/v1/sessions/current", routes.log_out, methods=["DELETE"])
    app.add_api_route("/v1/pin-requests", routes.send_pin, methods=["POST"])
    app.add_api_route("/v1/bundles", routes.bundle_changes, methods=["GET"])
    app.add_api_route("/v1/bundles/{permit_id}", routes.bundle, methods=["GET"])
    app.add_api_route("/v1/permits/{permit_id}/attempts/{attempt_id}", routes.claim, methods=["PUT"])
    app.add_api_route("/v1/permits/{permit_id}/delivery", routes.deliver, methods=["PUT"])
    app.add_api_route("/v1/attempts/{attempt_id}/outcome", routes.outcome, methods=["PUT"])
    app.add_api_route("/v1/attempts/{attempt_id}/personalization", routes.personalize, methods=["POST"])
    app.add_api_route("/v1/revocations", routes.revocations, methods=["GET"])
    app.add_api_route("/v1/audit", routes.audit, methods=["POST"])
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    return app


def _caller(request: Request) -> Caller:
    """Who asks. A connection without a certificate (plain HTTP, in the simulator's own tests) is nobody."""
    peer: Peer | None = request.scope.get("extensions", {}).get(PEER)
    if peer is None or peer.certificate is None:
        raise ProblemError(ProblemKind.KIOSK_DISABLED)
    subject = x509.load_der_x509_certificate(peer.certificate).subject
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Caller(str(names[0].value) if names else "", peer.certificate)


Who = Annotated[Caller, Depends(_caller)]


class _Routes:
    """One method for each operation of the contract."""

    def __init__(self, dinas: Dinas) -> None:
        self._dinas = dinas

    def _kiosk(self, session: Session, who: Caller) -> Kiosk:
        kiosk = session.get(Kiosk, who.kiosk_id)
        if kiosk is None or not kiosk.enabled:
            raise ProblemError(ProblemKind.KIOSK_DISABLED)
        return kiosk

    def kiosk(self, who: Who) -> Response:
        with self._dinas.transaction() as session:
            kiosk = self._kiosk(session, who)
            return json_response(
                {
                    "kiosk_id": kiosk.kiosk_id,
                    "site": {"name": kiosk.name, "address": kiosk.address, "wilayah": kiosk.wilayah},
                    "time": utc(self._dinas.clock()),
                    "documents": kiosk.documents,
                    "daily_card_limit": kiosk.daily_card_limit,
                }
            )

    def log_in(self, who: Who, body: LoginBody) -> Response:
        with self._dinas.transaction() as session:
            self._kiosk(session, who)
        credentials = Credentials(body.nik, body.handle, body.pin, body.assisted_by)
        token = self._dinas.sessions.log_in(who.kiosk_id, credentials)
        return self._session(who, token, 201)

    def session(self, who: Who, token: Token) -> Response:
        return self._session(who, token, 200)

    def _session(self, who: Caller, token: str, status: int) -> Response:
        with self._dinas.transaction() as session:
            self._kiosk(session, who)
            login = self._dinas.sessions.login(session, who.kiosk_id, token)
            today = self._dinas.clock().astimezone(permits.WIB).date()
            return json_response(session_view(session, login, token, who.kiosk_id, today), status)

    def log_out(self, who: Who, token: Token) -> Response:
        with self._dinas.transaction() as session:
            self._kiosk(session, who)
            session.delete(self._dinas.sessions.login(session, who.kiosk_id, token))
        return Response(status_code=204)

    def send_pin(self, who: Who, body: PinRequestBody) -> Response:
        with self._dinas.transaction() as session:
            self._kiosk(session, who)
        # Known or not, the answer is out before anything is looked up.
        return Response(status_code=202, background=BackgroundTask(self._dinas.office.resend_pin, body.nik))

    def bundle_changes(self, who: Who, cursor: Annotated[str | None, Query()] = None) -> Response:
        with self._dinas.transaction() as session:
            kiosk = self._kiosk(session, who)
            try:
                page = bundles.changes(session, cursor, kiosk.documents)
            except bundles.CursorError:
                raise ProblemError(ProblemKind.CURSOR) from None
            return json_response({"changes": [_change(change) for change in page.changes], "next": page.next})

    def bundle(
        self,
        who: Who,
        permit_id: Id,
        wanted: Annotated[str | None, Header(alias="Range")] = None,
        if_range: Annotated[str | None, Header(alias="If-Range")] = None,
    ) -> Response:
        with self._dinas.transaction() as session:
            kiosk = self._kiosk(session, who)
            permit, bundle = session.get(Permit, permit_id), session.get(Bundle, permit_id)
            if permit is None or bundle is None or not permit.held or permit.document not in kiosk.documents:
                raise ProblemError(ProblemKind.UNKNOWN_PERMIT)
            jwe = bundle.jwe
        return bundle_response(jwe, f'"{hashlib.sha256(jwe).hexdigest()}"', wanted, if_range)

    def claim(self, who: Who, permit_id: Id, attempt_id: Id, token: Token) -> Response:
        with self._dinas.transaction() as session:
            kiosk = self._kiosk(session, who)
            login = self._dinas.sessions.login(session, who.kiosk_id, token)
            permit = permits.of_session(session, login, permit_id)
            now = self._dinas.clock()
            claimed = permits.claim(session, kiosk, permit, attempt_id, self._dinas.settings.report_s, now)
            if isinstance(claimed, Attempt):
                return json_response(_claim_view(claimed, permit))
        raise ProblemError(claimed)

    def outcome(self, who: Who, attempt_id: Id, body: OutcomeBody) -> Response:
        told = permits.Told(body.kind, parse_time(body.at), body.reason, body.blank, body.settled_by)
        with self._dinas.transaction() as session:
            permits.tell(session, self._kiosk(session, who), attempt_id, told, self._dinas.clock())
        return json_response({})

    def personalize(self, who: Who, attempt_id: Id, body: RelayBody) -> Response:
        with self._dinas.transaction() as session:
            posted = Posted(body.step, body.atr, body.responses)
            return json_response(relay(session, self._kiosk(session, who), attempt_id, posted))

    def deliver(self, who: Who, permit_id: Id, token: Token, body: DeliveryBody) -> Response:
        with self._dinas.transaction() as session:
            self._kiosk(session, who)
            login = self._dinas.sessions.login(session, who.kiosk_id, token)
            permit = permits.of_session(session, login, permit_id)
            now = self._dinas.clock()
            permits.deliver(session, permit, PermitState(body.route), now)
            return json_response(permit_view(session, permit, who.kiosk_id, now.astimezone(permits.WIB).date()))

    def revocations(
        self, who: Who, if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None
    ) -> Response:
        with self._dinas.transaction() as session:
            self._kiosk(session, who)
        lists = [self._dinas.authority.revocation_list(kind) for kind in REVOCATION_LISTS]
        etag = f'"{hashlib.sha256(b"".join(lists)).hexdigest()}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
        if etag in known or known == ["*"]:
            return Response(status_code=304, headers=headers)
        return json_response({"crls": [base64.b64encode(der).decode() for der in lists]}, headers=headers)

    def audit(self, who: Who, body: AuditBody) -> Response:
        entries = [audit.Entry(**entry.model_dump()) for entry in body.entries]
        with self._dinas.transaction() as session:
            self._kiosk(session, who)
            witness = self._dinas.authority.witness
            taken = audit.take(session, who.kiosk_id, entries, body.head, who.certificate, witness)
        return json_response({"up_to": taken.up_to, "witness": taken.witness})


def _change(change: BundleChange) -> dict[str, object]:
    view: dict[str, object] = {"permit_id": change.permit_id, "op": change.op}
    return view | ({"size": change.size, "sha256": change.sha256} if change.op == "put" else {})


def _claim_view(attempt: Attempt, permit: Permit) -> dict[str, object]:
    key = base64.urlsafe_b64encode(permit.content_key).rstrip(b"=").decode()
    return {
        "attempt_id": attempt.attempt_id,
        "permit_id": permit.permit_id,
        "content_key": {"kty": "oct", "k": key},
        "report_by": utc(attempt.report_by or attempt.claimed_at),
        "personalization": attempt.needs_chip,
    }


def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 - what it was registered for
    return problem_response(error)


def _on_invalid(_request: Request, error: Exception) -> Response:
    """Where the fault lies, and never what was sent: it may be a PIN."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it was registered for
    places = sorted({".".join(str(part) for part in fault["loc"]) for fault in error.errors()})
    return problem_response(ProblemError(ProblemKind.INVALID, f"not as the contract asks: {', '.join(places)[:200]}"))


def _on_http(request: Request, error: Exception) -> Response:
    """Unknown paths and methods, and bodies that cannot be read at all."""
    assert isinstance(error, HTTPException)  # noqa: S101 - what it was registered for
    problem = ProblemError(ProblemKind.INVALID)
    if error.status_code == 400:
        return problem_response(problem)
    headers = {"Allow": ", ".join(_allowed(request))} if error.status_code == 405 else {}
    return problem_response(problem, error.status_code, headers)


def _allowed(request: Request) -> list[str]:
    """All methods of a path; Starlette names those of the first of its routes alone."""
    routes = [route for route in request.app.routes if isinstance(route, APIRoute)]
    return sorted(
        {name for route in routes if route.path_regex.match(request.url.path) for name in route.methods or ()}
    )
