"""Takes the status webhooks of the Cloud API: authentic by HMAC over the raw body, recorded monotonically."""

from __future__ import annotations

import hashlib
import hmac
import logging

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from hardware_sim.dinas.whatsapp.records import MessageStatus, Records
from hardware_sim.dinas.whatsapp.settings import WhatsAppSettings

log = logging.getLogger(__name__)

PATH = "/whatsapp/webhook"
SIGNATURE_HEADER = "X-Hub-Signature-256"
MOST_BYTES = 3 * 1024 * 1024  # a webhook is at most 3 MB


class Fault(msgspec.Struct):
    code: int


class Status(msgspec.Struct):
    """One status of one message. ``status`` is open: what is not known here is passed over."""

    id: str
    status: str
    errors: list[Fault] = []
    biz_opaque_callback_data: str | None = None


class Value(msgspec.Struct):
    statuses: list[Status] = []


class Change(msgspec.Struct):
    field: str
    value: Value


class Entry(msgspec.Struct):
    changes: list[Change]


class Notice(msgspec.Struct):
    object: str
    entry: list[Entry]


_decoder = msgspec.json.Decoder(Notice)
_KNOWN = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "failed": MessageStatus.FAILED,
}


def signature_of(app_secret: str, body: bytes) -> str:
    """Value of X-Hub-Signature-256 for these very bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def make_router(settings: WhatsAppSettings, records: Records) -> APIRouter:
    """Routes of the webhook at `PATH`."""
    router = APIRouter()

    @router.get(PATH)
    def verify(request: Request) -> Response:
        """The account asks whether we are who it was told."""
        asked = request.query_params
        token = asked.get("hub.verify_token", "")
        known = hmac.compare_digest(token.encode(), settings.verify_token.encode())
        if asked.get("hub.mode") != "subscribe" or not known:
            return Response(status_code=403)
        return Response(asked.get("hub.challenge", ""), media_type="text/plain")

    @router.post(PATH)
    async def receive(request: Request) -> Response:
        body = await request.body()
        given = request.headers.get(SIGNATURE_HEADER, "")
        if len(body) > MOST_BYTES:
            return Response(status_code=413)
        if not hmac.compare_digest(given.encode(), signature_of(settings.app_secret, body).encode()):
            log.warning("a webhook with a wrong signature was refused")
            return Response(status_code=403)
        try:
            notice = understood(body)
        except msgspec.MsgspecError:
            # Signed and yet not understood: a new kind of notice. Refusing it would only have it sent again for days.
            log.warning("a webhook was not understood")
            return Response(status_code=200)
        for status in _statuses(notice):
            await run_in_threadpool(record, records, status)
        return Response(status_code=200)

    return router


def understood(body: bytes) -> Notice:
    """The notice in a body. Raises msgspec.MsgspecError."""
    try:
        return _decoder.decode(body)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError("no text, or nested too deep") from error


def _statuses(notice: Notice) -> list[Status]:
    changes = [change for entry in notice.entry for change in entry.changes if change.field == "messages"]
    return [status for change in changes for status in change.value.statuses]


def record(records: Records, status: Status) -> bool:
    """Move the message on; False when it told nothing new."""
    known = _KNOWN.get(status.status)
    if known is None:
        return False
    code = status.errors[0].code if status.errors else None
    own = status.biz_opaque_callback_data
    if own and records.move(own, known, wamid=status.id, error_code=code):
        return True
    return records.move_by_wamid(status.id, known, error_code=code)
