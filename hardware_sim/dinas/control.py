"""How tests and scenarios put a hand on the Dinas, in the manner of `hardware_sim.control` (its `Hand` fits)::

    hand = Hand(world["control"])
    hand.do("away", mode="refuse")
    prepared = hand.do("prepare", document="kk")["result"]

``GET`` answers the state, ``POST /<act>`` does one act: the public methods of `Acts`.
"""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, timedelta
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload
from starlette.responses import JSONResponse

from hardware_sim.dinas import bundles, people, pins, spoiling
from hardware_sim.dinas.api import Dinas
from hardware_sim.dinas.faults import Fault, Faults
from hardware_sim.dinas.issuing import DOCUMENTS, Issuer
from hardware_sim.dinas.model import (
    Applicant,
    Application,
    ApplicationState,
    Attempt,
    AuditEntry,
    Kiosk,
    Login,
    OutcomeKind,
    Permit,
)
from hardware_sim.dinas.people import Household, Person
from hardware_sim.dinas.seed import Asking, Wish, add_asking
from hardware_sim.dinas.settings import DinasSettings
from hardware_sim.dinas.wire import ApiServer

T = TypeVar("T")
CLERK = "petugas-uji"
OPERATOR = "operator-uji"
SIGNERS = ("document", "card")
_PREPARED = Household(1, date(2020, 1, 2), "35.23.16.1006", "JL. UJI NO. 1", "001/001", "62311")


class Acts:
    """Each public method is an act. Those that are coroutines run on the loop of the servers."""

    def __init__(self, dinas: Dinas, issuer: Issuer, server: ApiServer, faults: Faults) -> None:
        self._dinas = dinas
        self._issuer = issuer
        self._server = server
        self._faults = faults

    def state(self) -> dict[str, Any]:
        """How things stand, without personal data: kiosks, permits with their attempts, audit lengths."""
        with self._session() as session:
            kiosks = {k.kiosk_id: {"enabled": k.enabled, "audit": 0} for k in session.scalars(select(Kiosk))}
            lengths = select(AuditEntry.kiosk_id, func.max(AuditEntry.seq)).group_by(AuditEntry.kiosk_id)
            for kiosk_id, length in session.execute(lengths):
                kiosks[kiosk_id]["audit"] = length
            permits = {
                p.permit_id: _permit(p) for p in session.scalars(select(Permit).options(selectinload(Permit.attempts)))
            }
        waiting = [asdict(fault) for fault in self._faults.active if fault.times > 0]
        away, faults = self._server.away, len(self._faults.active)
        return {"away": away, "faults": faults, "waiting": waiting, "kiosks": kiosks, "permits": permits}

    # -- the line

    async def away(self, mode: str = "refuse") -> None:
        """The Dinas cannot be reached: ``refuse`` connections, or ``hang``."""
        await self._server.leave(mode)

    async def back(self) -> None:
        """The Dinas can be reached again."""
        await self._server.come_back()

    async def fault(self, kind: str, **how: Any) -> None:
        """Switch on a fault; see `hardware_sim.dinas.faults.Fault`."""
        self._faults.active.append(Fault(kind, **how))

    async def clear_faults(self) -> None:
        self._faults.active.clear()

    async def repair(self) -> None:
        """The Dinas answers, and answers well."""
        self._faults.active.clear()
        if self._server.away:
            await self._server.come_back()

    # -- what the Dinas has chosen

    def settings(self, **changes: int) -> dict[str, int]:
        """Change some of `DinasSettings`; answers what they were."""
        before = asdict(self._dinas.settings)
        unknown = set(changes) - {field.name for field in fields(DinasSettings)}
        if unknown:
            raise ValueError(f"no setting {', '.join(sorted(unknown))}; there are {', '.join(before)}")
        for name, value in changes.items():
            setattr(self._dinas.settings, name, value)
        return {name: before[name] for name in changes}

    def kiosk(self, kiosk_id: str, **changes: Any) -> None:
        """Change a kiosk: enabled, ready, documents, daily_card_limit."""
        with self._session() as session:
            kiosk = _row(session, Kiosk, kiosk_id)
            for name, value in changes.items():
                if name not in ("enabled", "ready", "documents", "daily_card_limit"):
                    raise ValueError(f"a kiosk has no {name!r}")
                setattr(kiosk, name, value)

    def revoke(self, signer: str) -> None:
        """Put the ``document`` or ``card`` signer on the revocation list."""
        self._dinas.authority.revoke(self._signer(signer))

    def unrevoke(self, signer: str) -> None:
        self._dinas.authority.unrevoke(self._signer(signer))

    # -- people and PINs

    def prepare(self, document: str = "kk", count: int = 1, also: Sequence[str] = ()) -> dict[str, Any]:
        """A new applicant with a PIN, so many permits for this document, and one for each of ``also``.

        Nothing is sent over WhatsApp. Answers nik, pin, handle, phone (number) and permit_ids.
        """
        with self._session() as session:
            applicant = self._applicant(session, (document,) * count + tuple(also))
            pin = self._set_pin(applicant)
            permits = [self._permit(session, application) for application in applicant.applications]
            ids = [permit.permit_id for permit in permits]
            who = {"nik": applicant.nik, "handle": applicant.handle, "phone": applicant.phone}
            return {**who, "pin": pin, "permit_ids": ids}

    def verify_all(self) -> int:
        """Verify every application that waits; PINs go out. Answers how many."""
        waiting = self._dinas.office.applications(ApplicationState.TO_VERIFY)
        for application in waiting:
            self._dinas.office.verify(application.application_id, CLERK)
        return len(waiting)

    def expire_pin(self, nik: str) -> None:
        with self._session() as session:
            _row(session, Applicant, nik).pin_expires_at = self._dinas.clock() - timedelta(seconds=1)

    def reissue_pin(self, nik: str) -> bool:
        return self._dinas.office.reissue_pin(nik, CLERK)

    def unlock(self, nik: str) -> None:
        self._dinas.office.unlock(nik, CLERK)

    def end_sessions(self) -> None:
        """All sessions are over."""
        with self._session() as session:
            session.execute(delete(Login))

    # -- permits

    def supersede(self, permit_id: str) -> None:
        self._dinas.office.supersede(permit_id, CLERK)

    def expire_permit(self, permit_id: str) -> None:
        with self._session() as session:
            _row(session, Permit, permit_id).expires_at = self._dinas.clock() - timedelta(seconds=1)

    def prioritise(self, permit_id: str, priority: str) -> None:
        """The clerk marks the permit as ``urgent``, or as that of a ``first`` card."""
        if priority not in ("urgent", "first"):
            raise ValueError(f"no priority {priority!r}; there are urgent, first")
        with self._session() as session:
            _row(session, Permit, permit_id).priority = priority

    def overdue(self, attempt_id: str) -> None:
        """report_by of this attempt has passed."""
        with self._session() as session:
            _row(session, Attempt, attempt_id).report_by = self._dinas.clock() - timedelta(seconds=1)

    def spoil(self, permit_id: str, way: str) -> None:
        """Put a bad bundle in the place of a good one; the ways stand in `hardware_sim.dinas.spoiling`."""
        with self._session() as session:
            spoiling.spoil(session, self._issuer, _row(session, Permit, permit_id), way)

    def settle(self, permit_id: str, verdict: str) -> None:
        """An operator has looked: ``printed`` or ``not_printed``."""
        self._dinas.office.settle_suspect(permit_id, OutcomeKind(verdict), OPERATOR)

    def account(self, permit_id: str) -> None:
        """An operator has accounted for the spoiled blank."""
        self._dinas.office.account_spoiled(permit_id, OPERATOR)

    def compact(self) -> None:
        """Cursors of bundle changes from before are too old from now on."""
        with self._session() as session:
            bundles.compact(session)

    # -- inside

    def _session(self) -> Any:
        return self._dinas.transaction()

    def _signer(self, name: str) -> Any:
        if name not in SIGNERS:
            raise ValueError(f"signer {name!r}; expected one of {', '.join(SIGNERS)}")
        authority = self._dinas.authority
        return authority.document_signer if name == "document" else authority.card_signer

    def _applicant(self, session: Session, documents: Sequence[str]) -> Applicant:
        for document in documents:
            if document not in DOCUMENTS:
                raise ValueError(f"document {document!r}; expected one of {', '.join(DOCUMENTS)}")
        number = (session.scalar(select(func.count()).select_from(Applicant)) or 0) + 1
        born = date(1970, 1, 1) + timedelta(days=number // 9000)
        person = Person(f"PEMOHON UJI {_letters(number)}", "P", born, 1000 + number % 9000)
        home = Household(
            number % 10000, _PREPARED.registered, _PREPARED.wilayah, "JL. UJI NO. 1", "001/001", "62311", (person,)
        )
        wishes = tuple(Wish(document, person, _content(document, home, person)) for document in documents)
        applications = add_asking(session, Asking(person, home, f"6281299{number:06d}", wishes), self._dinas.clock())
        session.flush()
        return applications[0].applicant

    def _set_pin(self, applicant: Applicant) -> str:
        pin = pins.new_pin()
        applicant.pin_salt, applicant.pin_hash = pins.hash_pin(pin)
        applicant.pin_expires_at = self._dinas.clock() + timedelta(days=self._dinas.settings.pin_days)
        return pin

    def _permit(self, session: Session, application: Application) -> Permit:
        permit_id, now = str(uuid.uuid4()), self._dinas.clock()
        issued = self._issuer.issue(permit_id, application.document, application.content)
        application.state, application.decided_at, application.decided_by = ApplicationState.VERIFIED, now, CLERK
        permit = self._issuer.permit(permit_id, application, issued, now)
        session.add(permit)
        session.flush()
        bundles.put(session, permit)
        return permit


def control_router(acts: Acts) -> APIRouter:
    """``/control`` and ``/control/<act>``."""
    router = APIRouter(prefix="/control")
    names = sorted(name for name, _ in inspect.getmembers(acts, inspect.ismethod) if not name.startswith("_"))

    @router.get("")
    async def state() -> JSONResponse:
        return JSONResponse(await run_in_threadpool(acts.state))

    @router.post("/{act}")
    async def do(act: str, request: Request) -> JSONResponse:
        if act not in names:
            return JSONResponse({"error": f"no act {act!r}; there are {names}"}, 404)
        method = getattr(acts, act)
        try:
            arguments = await request.json()
            if inspect.iscoroutinefunction(method):
                result = await method(**arguments)
            else:
                result = await run_in_threadpool(method, **arguments)
        except (TypeError, ValueError, KeyError, OSError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({**await run_in_threadpool(acts.state), "result": result})

    return router


def _content(document: str, home: Household, person: Person) -> dict[str, Any]:
    day = date(2026, 1, 2)
    if document == "akta-kelahiran":
        return people.akta_kelahiran(person, "3523-LU-02012026-0001", "KESATU")
    if document == "akta-kematian":
        return people.akta_kematian(person, "3523-KM-02012026-0001", "TUBAN", day)
    if document == "skpwni":
        return people.skpwni(home, "SKPWNI/3523/02012026/0001", "PEKERJAAN", "JL. LAIN NO. 2, BOJONEGORO")
    makers = {"kk": lambda: people.kk(home), "biodata": lambda: people.biodata(home, person)}
    makers |= {"ktp-el": lambda: people.ktp_el(home, person), "kia": lambda: people.kia(home, person)}
    if document not in makers:
        raise ValueError(f"no prepared content for {document!r}")
    return makers[document]()


def _letters(number: int) -> str:
    """A name has no digits."""
    text = ""
    while number:
        number, rest = divmod(number, 26)
        text = chr(ord("A") + rest) + text
    return text


def _permit(permit: Permit) -> dict[str, Any]:
    attempts = [
        {"attempt_id": a.attempt_id, "kiosk_id": a.kiosk_id, "outcome": a.outcome, "reason": a.reason, "blank": a.blank}
        for a in permit.attempts
    ]
    return {"document": permit.document, "state": permit.state, "active": permit.active, "attempts": attempts}


def _row(session: Session, table: type[T], key: str) -> T:
    row = session.get(table, key)
    if row is None:
        raise KeyError(f"no such {table.__name__.lower()}")
    return row
