"""``/telepon``: the phones of the applicants, with their messages as WhatsApp shows them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from hardware_sim.dinas.pages.base import HEADERS, Desk, Pages
from hardware_sim.dinas.pages.words import PHONE
from hardware_sim.dinas.whatsapp.phones import PhoneState
from hardware_sim.dinas.whatsapp.templates import QR_PREFIX, QR_TEMPLATE

SEE_OTHER = 303


class PhonePages:
    """Every page of the phones."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages

    def phones(self) -> Response:
        """All phones: those of applicants, and any other that got a message."""
        owners = self._owners()
        graph = self._desk.graph
        numbers = [*owners, *(number for number in graph.phones.numbers() if number not in owners)]
        rows = []
        for number in numbers:
            arrived = graph.phones.arrived(number)
            unread = sum(message.read_at is None for message in arrived)
            rows.append((number, owners.get(number, ""), graph.phones.state(number), len(arrived), unread))
        rows.sort(key=lambda row: (-row[4], -row[3], row[0]))
        return self._pages.show("telepon.html", rows=rows)

    def phone(self, phone: str) -> Response:
        """One phone. Looking at it is reading: the sender gets "read"."""
        graph, owners = self._desk.graph, self._owners()
        if phone not in owners and phone not in graph.phones.numbers():
            raise HTTPException(404)
        graph.read(phone)
        return self._pages.show(
            "satu_telepon.html",
            phone=phone,
            owner=owners.get(phone, ""),
            state=graph.phones.state(phone),
            states=list(PHONE.items()),
            messages=graph.phones.arrived(phone),
        )

    def codes(self) -> list[dict[str, str]]:
        """The QR that each phone can hold before a scanner: owner, phone, and the text in the newest one (as JSON)."""
        owners = self._owners()
        found = {}
        for message in self._desk.records.messages():
            arrived = any(m.media_id for m in self._desk.graph.phones.arrived(message.phone))
            if arrived and message.template == QR_TEMPLATE and message.phone not in found:
                owner, text = owners.get(message.phone, ""), QR_PREFIX + message.handle
                found[message.phone] = {"owner": owner, "phone": message.phone, "text": text}
        return list(found.values())

    def switch(self, phone: str, state: Annotated[PhoneState, Form()]) -> Response:
        self._desk.graph.set_phone(phone, state)
        return RedirectResponse(f"/telepon/{phone}", SEE_OTHER, headers=HEADERS)

    def picture(self, media_id: str) -> Response:
        """A picture at the head of a message, as it was uploaded."""
        data = self._desk.graph.phones.media(media_id)
        if data is None:
            raise HTTPException(404)
        media_type = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
        return Response(data, media_type=media_type, headers=HEADERS)

    def _owners(self) -> dict[str, str]:
        return {a.phone: a.applicant for a in self._desk.office.applications()}


def make_router(desk: Desk, pages: Pages) -> APIRouter:
    """Routes below ``/telepon``."""
    router = APIRouter(prefix="/telepon")
    shown = PhonePages(desk, pages)
    router.add_api_route("", shown.phones, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/kode", shown.codes, methods=["GET"])
    router.add_api_route("/gambar/{media_id}.png", shown.picture, methods=["GET"])
    router.add_api_route("/{phone}", shown.phone, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/{phone}/keadaan", shown.switch, methods=["POST"], response_class=HTMLResponse)
    return router
