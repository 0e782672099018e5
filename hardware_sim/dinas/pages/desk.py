"""``/meja``: the desk of a clerk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from hardware_sim.dinas.model import ApplicationState, OutcomeKind, PermitState
from hardware_sim.dinas.office import ApplicationView, OfficeError, PermitView
from hardware_sim.dinas.pages import lists, preview
from hardware_sim.dinas.pages.base import HEADERS, Desk, Pages
from hardware_sim.dinas.whatsapp.records import MessageStatus

CLERK = "petugas-meja"
SEE_OTHER = 303
CONFLICT = 409


def count_waiting(desk: Desk) -> int:
    """Applications that wait for a clerk."""
    return len(desk.office.applications(ApplicationState.TO_VERIFY))


def is_spoiled(permit: PermitView) -> bool:
    """A blank or sheet of it was used up and nobody has accounted for it."""
    return permit.outcome is OutcomeKind.SPOILED and not permit.settled_by


class DeskPages:
    """Every page of the desk. Each act answers with a redirect, so that loading the page again does nothing twice."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages

    # -- pages

    def applications(self) -> Response:
        found = self._desk.office.applications()
        waiting = [a for a in found if a.state is ApplicationState.TO_VERIFY]
        decided = [a for a in found if a.state is not ApplicationState.TO_VERIFY]
        decided.sort(key=lambda a: a.decided_at or a.submitted_at, reverse=True)
        return self._show("permohonan.html", "permohonan", waiting=waiting, decided=decided)

    def application(self, application_id: str, pin: str = "") -> Response:
        found = self._find(application_id)
        content: dict[str, Any] = found.content.get("fields") or found.content
        plain = {key: text for key, text in content.items() if isinstance(text, str)}
        return self._show(
            "satu_permohonan.html",
            "permohonan",
            application=found,
            fields=plain,
            members=content.get("anggota") or [],
            has_photo=bool(found.content.get("photo")),
            messages=self._desk.records.messages(found.phone),
            pin_kept=pin == "tetap",
        )

    def sheet(self, application_id: str) -> Response:
        found = self._find(application_id)
        return _picture(preview.sheet(found.document, found.content), "image/png")

    def portrait(self, application_id: str) -> Response:
        found = self._find(application_id)
        return _picture(preview.portrait(found.content), "image/jpeg")

    def permits(self) -> Response:
        return self._show("izin.html", "izin", permits=list(reversed(self._desk.office.permits())))

    def checks(self) -> Response:
        suspects = self._desk.office.permits(PermitState.SUSPECT)
        spoiled = [permit for permit in suspects if is_spoiled(permit)]
        unclear = [permit for permit in suspects if not is_spoiled(permit)]
        return self._show("periksa.html", "periksa", spoiled=spoiled, unclear=unclear)

    def messages(self) -> Response:
        applicants = {a.phone: a.applicant for a in self._desk.office.applications()}
        return self._show("pesan.html", "pesan", messages=self._desk.records.messages(), applicants=applicants)

    def logs(self) -> Response:
        engine = self._desk.engine
        return self._show("catatan.html", "catatan", chains=lists.chains(engine), deeds=lists.deeds(engine))

    # -- acts

    def approve(self, application_id: str) -> Response:
        def act() -> str:
            verified = self._desk.office.verify(application_id, CLERK)
            return "" if verified.pin_sent else "?pin=tetap"

        return self._do(act, f"/meja/permohonan/{application_id}")

    def reject(self, application_id: str, reason: Annotated[str, Form(min_length=1, max_length=300)]) -> Response:
        return self._do(
            lambda: self._desk.office.reject(application_id, CLERK, reason), f"/meja/permohonan/{application_id}"
        )

    def send_pin(self, application_id: str) -> Response:
        def act() -> None:
            nik = self._desk.office.application(application_id).nik
            self._desk.office.reissue_pin(nik, CLERK)

        return self._do(act, f"/meja/permohonan/{application_id}")

    def account(self, permit_id: str) -> Response:
        return self._do(lambda: self._desk.office.account_spoiled(permit_id, CLERK), "/meja/periksa")

    def settle(self, permit_id: str, verdict: Annotated[OutcomeKind, Form()]) -> Response:
        return self._do(lambda: self._desk.office.settle_suspect(permit_id, verdict, CLERK), "/meja/periksa")

    def supersede(self, permit_id: str) -> Response:
        return self._do(lambda: self._desk.office.supersede(permit_id, CLERK), "/meja/izin")

    def resume(self) -> Response:
        return self._do(self._desk.sender.resume, "/meja/pesan")

    # -- inside

    def _find(self, application_id: str) -> ApplicationView:
        try:
            return self._desk.office.application(application_id)
        except OfficeError as error:
            raise HTTPException(404, str(error)) from None

    def _do(self, act: Callable[[], str | None], then: str) -> Response:
        try:
            added = act() or ""
        except OfficeError as error:
            return self._show("galat.html", "", CONFLICT, sentence=str(error), back=then)
        return RedirectResponse(then + added, SEE_OTHER, headers=HEADERS)

    def _show(self, template: str, here: str, status: int = 200, **values: Any) -> HTMLResponse:
        counts = {
            "permohonan": count_waiting(self._desk),
            "periksa": len(self._desk.office.permits(PermitState.SUSPECT)),
            "pesan": sum(m.overdue or m.status is MessageStatus.FAILED for m in self._desk.records.messages()),
        }
        return self._pages.show(
            template, status, here=here, counts=counts, alarm=self._desk.sender.alarm, clerk=CLERK, **values
        )


def make_router(desk: Desk, pages: Pages) -> APIRouter:
    """Routes below ``/meja``."""
    router = APIRouter(prefix="/meja")
    shown = DeskPages(desk, pages)
    one, permit = "/permohonan/{application_id}", "/izin/{permit_id}"
    for path, page in (
        ("", shown.applications),
        (one, shown.application),
        (f"{one}/lembar.png", shown.sheet),
        (f"{one}/foto.jpg", shown.portrait),
        ("/izin", shown.permits),
        ("/periksa", shown.checks),
        ("/pesan", shown.messages),
        ("/catatan", shown.logs),
    ):
        router.add_api_route(path, page, methods=["GET"], response_class=HTMLResponse)
    for path, act in (
        (f"{one}/setujui", shown.approve),
        (f"{one}/tolak", shown.reject),
        (f"{one}/pin", shown.send_pin),
        (f"{permit}/pertanggungjawabkan", shown.account),
        (f"{permit}/putuskan", shown.settle),
        (f"{permit}/ganti", shown.supersede),
        ("/pesan/lanjutkan", shown.resume),
    ):
        router.add_api_route(path, act, methods=["POST"], response_class=HTMLResponse)
    return router


def _picture(data: bytes | None, media_type: str) -> Response:
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type=media_type, headers=HEADERS)
