"""The Dinas of the simulator without its sockets, and the line to it, which loses, delays and doubles.

The rules are those of ``hardware_sim.dinas`` (permits, sessions, tries, audit), on a database in memory. ``ModelWire``
stands in for ``kiosk.dinas.wire.Wire``: the kiosk's own client with its repeats and deadlines is part of the run.
"""

from __future__ import annotations

import asyncio
import enum
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from hardware_sim.dinas import api, bodies, bundles, permits, pins
from hardware_sim.dinas.answers import json_response, problem_response
from hardware_sim.dinas.ca import Authority
from hardware_sim.dinas.issuing import DOCUMENTS
from hardware_sim.dinas.model import (
    Applicant,
    Application,
    ApplicationState,
    Attempt,
    Base,
    Bundle,
    Kiosk,
    Permit,
    PermitState,
    open_database,
)
from hardware_sim.dinas.problems import ProblemError, ProblemKind
from hardware_sim.dinas.sessions import Sessions
from hardware_sim.dinas.settings import DinasSettings
from kiosk.dinas.contract import DinasAwayError
from kiosk.dinas.wire import Fetched, problem_error

KIOSK = "adm-uji-1"
PIN = "402715"
TRAVEL_S = 0.2  # one way
CONNECT_S = 6.0
ANSWER_S = 12.0
CHIP_STEPS = (["00a40000023f00"], ["00d6000004"])  # what the relay lets the chip do


@dataclass(frozen=True)
class Person:
    """Somebody with permits: their document codes, in the order of their list."""

    nik: str
    documents: tuple[str, ...]

    def permit_id(self, number: int) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.nik}/{number}"))


PEOPLE = (
    Person("3523164503900001", ("kk", "ktp-el")),
    Person("3523161212850002", ("ktp-el", "akta-kelahiran", "kia")),
    Person("3523160108700003", ("kk", "biodata")),
)
PERMITS = {person.permit_id(n): code for person in PEOPLE for n, code in enumerate(person.documents)}


_SWEEP = permits.sweep


class LineFault(enum.StrEnum):
    """What happens to one exchange."""

    LOST = "lost"  # never arrives
    LATE = "late"  # arrives, and is done, after the kiosk has given up
    ANSWER_LOST = "answer_lost"  # done, and nobody hears of it
    DOUBLED = "doubled"  # arrives twice
    SLOW = "slow"  # the answer takes nearly as long as it may
    BUSY = "busy"


SWEEPS_EVERY = timedelta(seconds=60)  # the rules sweep before each request, which here cost more than all the rest


@cache
def _database() -> Engine:
    return open_database(Path(":memory:"))


class ModelDinas:
    """Answers requests as the contract wants. ``now`` is its own clock, which nobody turns."""

    def __init__(self, authority: Authority, now: Callable[[], datetime]) -> None:
        self._engine = _database()
        self._now = now
        settings = DinasSettings()
        sessions = Sessions(self._engine, settings, now, b"model")
        office = SimpleNamespace(resend_pin=lambda nik: None)
        self._dinas = api.Dinas(self._engine, authority, office, sessions, settings, now)  # type: ignore[arg-type]  # the desk is closed
        self._routes: Any = api._Routes(self._dinas)  # the operations themselves, without HTTP around them
        self._routes._kiosk = lambda session, who: _kiosk()  # which is looked up in each request, and never changes
        certificate = authority.kiosk_certificate(KIOSK)[0].read_bytes()
        self._who = api.Caller(KIOSK, _der(certificate))
        self.refused: list[str] = []  # outcomes and audit entries that the rules do not let pass
        self._info: Response | None = None
        self._swept: datetime | None = None
        self._permits: dict[str, str] | None = None  # as they are since the last request; None: not asked since
        self._attempts: dict[str, tuple[str | None, str | None]] | None = None
        self._fill()

    def sweep(self, session: Session, now: datetime) -> None:
        """In the place of ``permits.sweep``: the same, once a minute."""
        if self._swept is None or now - self._swept >= SWEEPS_EVERY:
            self._swept = now
            _SWEEP(session, now)

    def _fill(self) -> None:
        now = self._now()
        salt, hashed = pins.hash_pin(PIN)
        with Session(self._engine) as session, session.begin():
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(table.delete())
            session.add(_kiosk_row())
            for person in PEOPLE:
                applicant = Applicant(
                    nik=person.nik, name="ORANG UJI SPESIMEN", phone="62800000000", wilayah="35.23.16.2001",
                    handle=f"H{person.nik}", pin_salt=salt, pin_hash=hashed, pin_expires_at=now + timedelta(days=900),
                )  # fmt: skip
                session.add(applicant)
                for number, code in enumerate(person.documents):
                    bundles.put(session, self._permit(session, applicant, person.permit_id(number), code, now))

    def _permit(self, session: Session, applicant: Applicant, permit_id: str, code: str, now: datetime) -> Permit:
        kind, sealed = DOCUMENTS[code], jwe_of(permit_id)
        application = Application(
            application_id=permit_id, nik=applicant.nik, document=code, medium=kind.medium, title=kind.title,
            holder=applicant.name, content={}, state=ApplicationState.VERIFIED, submitted_at=now,
        )  # fmt: skip
        permit = Permit(
            permit_id=permit_id, application=application, applicant=applicant, document=code, medium=kind.medium,
            title=kind.title, holder="O***", pages=None, state=PermitState.READY, active=True, made_at=now,
            expires_at=now + timedelta(days=900), content_key=key_of(permit_id), bundle_size=len(sealed),
            bundle_sha256=hashlib.sha256(sealed).hexdigest(), bundle=Bundle(permit_id=permit_id, jwe=sealed),
        )  # fmt: skip
        session.add(permit)
        return permit

    # -- what the truth of the Dinas is

    def permits(self) -> dict[str, str]:
        """The state of each permit."""
        if self._permits is None:
            with Session(self._engine) as session:
                rows = session.execute(select(Permit.permit_id, Permit.state))
                self._permits = {row.permit_id: row.state.value for row in rows}
        return self._permits

    def attempts(self) -> dict[str, tuple[str | None, str | None]]:
        """Permit and outcome of each attempt that it has heard of."""
        if self._attempts is None:
            columns = select(Attempt.attempt_id, Attempt.permit_id, Attempt.outcome)
            with Session(self._engine) as session:
                self._attempts = {
                    row.attempt_id: (row.permit_id, row.outcome.value if row.outcome else None)
                    for row in session.execute(columns)
                }
        return self._attempts

    # -- requests

    def answer(
        self, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        self._permits = self._attempts = None
        try:
            response: Response = self._do(method, path, body, headers)
        except ProblemError as error:
            if path.endswith("/outcome") or path == "/v1/audit":
                self.refused.append(f"{method} {path}: {error.kind.name} {error.detail or ''}")
            response = problem_response(error)
        return response.status_code, bytes(response.body), dict(response.headers)

    def _do(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Response:  # noqa: C901  # a case each
        routes, who, token = self._routes, self._who, headers.get("ADM-Session", "")
        parts = path.partition("?")[0].strip("/").split("/")
        match (method, *parts):
            case ("GET", "v1", "kiosk"):  # the probe, every few seconds
                self._info = self._info or routes.kiosk(who)
                return self._info
            case ("POST", "v1", "sessions"):
                return routes.log_in(who, bodies.LoginBody(**body))
            case ("GET", "v1", "sessions", "current"):
                return routes.session(who, token)
            case ("DELETE", "v1", "sessions", "current"):
                return routes.log_out(who, token)
            case ("POST", "v1", "pin-requests"):
                return routes.send_pin(who, bodies.PinRequestBody(**body))
            case ("PUT", "v1", "permits", permit_id, "attempts", attempt_id):
                return routes.claim(who, permit_id, attempt_id, token)
            case ("PUT", "v1", "attempts", attempt_id, "outcome"):
                return routes.outcome(who, attempt_id, bodies.OutcomeBody(**body))
            case ("POST", "v1", "attempts", attempt_id, "personalization"):
                return self._personalize(attempt_id, bodies.RelayBody(**body))
            case ("GET", "v1", "bundles"):
                cursor = re.search(r"cursor=([^&]*)", path)
                return routes.bundle_changes(who, cursor[1] if cursor else None)
            case ("GET", "v1", "bundles", permit_id):
                return routes.bundle(who, permit_id, headers.get("Range"), headers.get("If-Range"))
            case ("GET", "v1", "revocations"):
                return json_response({"crls": []}, headers={"ETag": '"none"'})
            case ("POST", "v1", "audit"):
                return routes.audit(who, bodies.AuditBody(**body))
        raise AssertionError(f"a request that the contract does not have: {method} {path}")

    def _personalize(self, attempt_id: str, body: bodies.RelayBody) -> Response:
        """As hardware_sim.dinas.relay, but for a chip of two commands: which bytes it takes is no matter here."""
        with self._dinas.transaction() as session:
            attempt = session.get(Attempt, attempt_id)
            if attempt is None or attempt.permit is None:
                raise ProblemError(ProblemKind.UNKNOWN_ATTEMPT)
            if attempt.outcome is not None:
                raise ProblemError(ProblemKind.ATTEMPT_CLOSED)
            ok = all(answer == "9000" for answer in body.responses)
            if body.step < len(CHIP_STEPS) and ok:
                return json_response({"done": False, "commands": CHIP_STEPS[body.step]})
            attempt.chip_written = ok
            return json_response({"done": True, "ok": ok, "commands": []})


def jwe_of(permit_id: str) -> bytes:
    return f"sealed {permit_id}".encode()


def key_of(permit_id: str) -> bytes:
    return hashlib.sha256(permit_id.encode()).digest()


def _kiosk_row() -> Kiosk:
    return Kiosk(
        kiosk_id=KIOSK, name="Uji", address="Tuban", wilayah="35.23.16", documents=sorted(DOCUMENTS),
        daily_card_limit=100, enabled=True,
    )  # fmt: skip


_kiosk = cache(_kiosk_row)


@cache
def _der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


@dataclass
class Line:
    """Between kiosk and Dinas. ``faults`` wait for the next exchanges that matter."""

    loop: asyncio.AbstractEventLoop
    dinas: ModelDinas
    cut: bool = False
    faults: list[LineFault] = field(default_factory=list)
    late_s: float = 30.0
    in_flight: int = 0  # requests that are late and will still be done

    def fault_of(self, method: str, path: str) -> LineFault | None:
        """Faults are kept for what matters; the probe and what is fetched ahead would use them up."""
        matters = path.endswith("/outcome") or "/attempts/" in path or path == "/v1/audit" or method == "POST"
        return self.faults.pop(0) if self.faults and matters else None

    def deliver_late(self, request: Callable[[], object]) -> None:
        self.in_flight += 1

        def arrive() -> None:
            self.in_flight -= 1
            request()

        self.loop.call_later(self.late_s, arrive)


class ModelWire:
    """Stands in for ``kiosk.dinas.wire.Wire``; answers with awaitables, since its thread is a turn of the loop."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.alive = True

    def close(self) -> None: ...

    async def call(
        self, method: str, path: str, *, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        status, content, found = await self._exchange(method, path, _as_json(body), headers or {})
        if status >= 400:
            raise problem_error(status, content, {name.title(): value for name, value in found.items()})
        return status, content, {name.title(): value for name, value in found.items()}

    async def fetch(self, path: str, *, headers: Mapping[str, str], stop: object) -> Fetched:
        status, content, found = await self._exchange("GET", path, None, headers)
        if status >= 400:
            raise problem_error(status, content, found)
        return Fetched(status, {"ETag": found["etag"], "Content-Range": found.get("content-range", "")}, content, True)

    async def _exchange(
        self, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        line = self._line

        def request() -> tuple[int, bytes, dict[str, str]]:
            return line.dinas.answer(method, path, body, headers)

        if line.cut:
            await asyncio.sleep(CONNECT_S)
            raise DinasAwayError("ConnectTimeout")
        fault = line.fault_of(method, path)
        await asyncio.sleep(TRAVEL_S)
        if line.cut or fault is LineFault.LOST:
            await self._nothing_comes()
        if fault is LineFault.LATE:
            line.deliver_late(request)
            await self._nothing_comes()
        if fault is LineFault.BUSY:
            problem = problem_response(ProblemError(ProblemKind.BUSY, retry_after_s=2))
            return problem.status_code, bytes(problem.body), dict(problem.headers)
        answer = request()
        if fault is LineFault.DOUBLED:
            answer = request()
        await asyncio.sleep(ANSWER_S - 2 * TRAVEL_S if fault is LineFault.SLOW else TRAVEL_S)
        if line.cut or fault is LineFault.ANSWER_LOST:
            await self._nothing_comes()
        return answer

    async def _nothing_comes(self) -> None:
        await asyncio.sleep(ANSWER_S)
        raise DinasAwayError("ReadTimeout")


def _as_json(body: object) -> Any:
    return None if body is None else json.loads(msgspec.json.encode(body))
