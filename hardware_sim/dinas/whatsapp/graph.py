"""The simulated Cloud API: an ASGI app that takes what the real one takes, and answers as it does.

``POST /{version}/{phone-number-id}/messages`` and ``/media``, ``GET`` and ``POST
/{version}/{account-id}/message_templates``. Templates are approved at once (a real
review takes minutes to a day). Behind it are `phones`.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, File, Form, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from hardware_sim.dinas.whatsapp import graph_form
from hardware_sim.dinas.whatsapp.graph_form import GraphError, ImageParameter, MessageForm, TemplateForm
from hardware_sim.dinas.whatsapp.notifier import Notifier
from hardware_sim.dinas.whatsapp.phones import PhoneMessage, Phones, PhoneState
from hardware_sim.dinas.whatsapp.settings import WhatsAppSettings

UNDELIVERABLE = 131026
LARGEST_PICTURE = 5 * 1024 * 1024
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
# What the platform says in a chat of its language, whatever a business would like to say.
PIN_TEXT = "{code} adalah kode verifikasi Anda."
SECURITY_TEXT = " Demi keamanan, jangan bagikan kode ini."


class Graph:
    """One business account. ``app`` is mounted or served; ``close`` ends the thread of its webhooks."""

    def __init__(
        self,
        settings: WhatsAppSettings,
        webhook_url: str,
        store: Path | None = None,
        clock: Callable[[], float] = time.time,
        *,
        unruly: bool = False,
    ) -> None:
        """``unruly`` webhooks come twice and in the wrong order, as the real ones may."""
        self.phones = Phones(store)
        self._settings = settings
        self._clock = clock
        self._unruly = unruly
        self._templates: dict[tuple[str, str], TemplateForm] = {}
        self._faults: deque[GraphError] = deque()
        self._lock = threading.Lock()
        self._notifier = Notifier(settings, webhook_url)
        self.app = self._build()

    def close(self) -> None:
        self._notifier.close()

    # -- hands of tests, scenarios and the page of the phone

    def fail_next(self, *codes: int, status: int = 400) -> None:
        """Answer the next messages with these error codes."""
        self._faults.extend(GraphError(status, code, "Simulated") for code in codes)

    def set_phone(self, phone: str, state: PhoneState) -> None:
        """Switch a phone; what waits for one that is on arrives."""
        self.phones.set_state(phone, state)
        if state is PhoneState.ON:
            self._deliver(phone)

    def read(self, phone: str) -> None:
        """The person looks at the chat."""
        for message in self.phones.read(phone, self._clock()):
            self._tell(message, "read")

    # -- the API

    def _build(self) -> FastAPI:
        app = FastAPI(title="Cloud API (simulasi)", docs_url=None, redoc_url=None, openapi_url=None)

        @app.exception_handler(GraphError)
        async def refused(_request: Request, error: GraphError) -> JSONResponse:
            return JSONResponse(error.body(), status_code=error.status)

        @app.exception_handler(RequestValidationError)
        async def malformed(_request: Request, _error: RequestValidationError) -> JSONResponse:
            return JSONResponse(GraphError(400, 100, "Invalid parameter").body(), status_code=400)

        @app.post("/{version}/{node}/messages")
        async def messages(version: str, node: str, request: Request) -> dict[str, Any]:
            self._admit(request, version, node, self._settings.phone_number_id)
            return self._take(graph_form.parse_message(await request.body()))

        @app.post("/{version}/{node}/media")
        async def media(
            version: str,
            node: str,
            request: Request,
            file: Annotated[UploadFile, File()],
            messaging_product: Annotated[str, Form()],
            media_type: Annotated[str, Form(alias="type")],
        ) -> dict[str, Any]:
            self._admit(request, version, node, self._settings.phone_number_id)
            return self._take_media(messaging_product, media_type, await file.read())

        @app.post("/{version}/{node}/message_templates")
        async def make_template(version: str, node: str, request: Request) -> dict[str, Any]:
            self._admit(request, version, node, self._settings.account_id)
            return self._take_template(graph_form.parse_template(await request.body()))

        @app.get("/{version}/{node}/message_templates")
        async def list_templates(version: str, node: str, request: Request, name: str = "") -> dict[str, Any]:
            self._admit(request, version, node, self._settings.account_id)
            known = [form for form in self._templates.values() if name in form.name]
            return {"data": [{"name": f.name, "language": f.language, "status": "APPROVED"} for f in known]}

        return app

    def _admit(self, request: Request, version: str, node: str, expected: str) -> None:
        given = request.headers.get("Authorization", "")
        if not secrets.compare_digest(given.encode(), f"Bearer {self._settings.access_token}".encode()):
            raise GraphError(401, 190, "Invalid OAuth access token")
        if not re.fullmatch(r"v[0-9]+\.[0-9]+", version):
            raise GraphError(400, 2500, "Unknown path components")
        if node != expected:
            raise GraphError(400, 100, "Unsupported post request", "the object does not exist")

    def _take_template(self, form: TemplateForm) -> dict[str, Any]:
        with self._lock:
            if (form.name, form.language) in self._templates:
                raise GraphError(400, 100, "Invalid parameter", "there is a template of this name and language")
            self._templates[form.name, form.language] = form
        return {"id": _number(), "status": "APPROVED", "category": form.category.upper()}

    def _take_media(self, messaging_product: str, media_type: str, data: bytes) -> dict[str, Any]:
        if messaging_product != "whatsapp":
            raise GraphError(400, 100, "Invalid parameter", "messaging_product must be whatsapp")
        beginning = PICTURES.get(media_type)
        if beginning is None or not data.startswith(beginning) or len(data) > LARGEST_PICTURE:
            raise GraphError(400, 131053, "Media upload error", "a PNG or JPEG of at most 5 MB is expected")
        media_id = _number()
        self.phones.add_media(media_id, data)
        return {"id": media_id}

    def _take(self, form: MessageForm) -> dict[str, Any]:
        if self._faults:
            raise self._faults.popleft()
        template = self._templates.get((form.template.name, form.template.language.code))
        if template is None:
            raise GraphError(404, 132001, "Template name does not exist in the translation")
        graph_form.check_use(form, template)
        message = self._written(form, template)
        if message.media_id and self.phones.media(message.media_id) is None:
            raise GraphError(400, 131009, "Parameter value is not valid", "there is no such media id")
        self._travel(message)
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": form.to, "wa_id": form.to}],
            "messages": [{"id": message.wamid, "message_status": "accepted"}],
        }

    def _written(self, form: MessageForm, template: TemplateForm) -> PhoneMessage:
        """The message as a person reads it."""
        now = self._clock()
        code = button = ""
        text = str(template.component("BODY").get("text", ""))
        if template.authentication:
            body = next(c for c in form.template.components if isinstance(c, graph_form.Body))
            code = body.parameters[0].text
            text = PIN_TEXT.format(code=code)
            if template.component("BODY").get("add_security_recommendation"):
                text += SECURITY_TEXT
            button = template.component("BUTTONS")["buttons"][0].get("text") or "Salin kode"
        headers = [c for c in form.template.components if isinstance(c, graph_form.Header)]
        pictures = [p.image.id for h in headers for p in h.parameters if isinstance(p, ImageParameter)]
        return PhoneMessage(
            wamid=f"wamid.{secrets.token_urlsafe(24)}",
            phone=form.to,
            text=text,
            footer=str(template.component("FOOTER").get("text", "")),
            code=code,
            button=button,
            media_id=pictures[0] if pictures else "",
            callback_data=form.biz_opaque_callback_data,
            category=template.category,
            sent_at=now,
            expires_at=now + template.time_to_live_s,
        )

    # -- on the way

    def _travel(self, message: PhoneMessage) -> None:
        state = self.phones.state(message.phone)
        if state is PhoneState.UNREACHABLE:
            self._notifier.status(message, "failed", error=UNDELIVERABLE)
            return
        self.phones.add(message)
        if state is PhoneState.ON:
            self._deliver(message.phone)
            return
        self._tell(message, "sent")

    def _deliver(self, phone: str) -> None:
        for message in self.phones.deliver(phone, self._clock()):
            if self._unruly:
                self._tell(message, "delivered")
                self._tell(message, "sent")
            else:
                self._tell(message, "sent")
                self._tell(message, "delivered")

    def _tell(self, message: PhoneMessage, status: str) -> None:
        for _ in range(2 if self._unruly else 1):
            self._notifier.status(message, status)


def _number() -> str:
    """An id as the platform gives them: some fifteen digits."""
    return str(10**14 + secrets.randbelow(9 * 10**14))
