"""Sends PINs through the Cloud API."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
import stamina

from hardware_sim.dinas.whatsapp import templates
from hardware_sim.dinas.whatsapp.errors import Remedy, remedy_of
from hardware_sim.dinas.whatsapp.records import MessageStatus, Records
from hardware_sim.dinas.whatsapp.settings import WhatsAppSettings

log = logging.getLogger(__name__)

CONNECT_S, ANSWER_S = 3.0, 8.0  # deadlines of one request


class WhatsAppError(Exception):
    """The message was surely not sent. Its text names no person and holds no PIN."""

    def __init__(self, code: int, remedy: Remedy) -> None:
        super().__init__(f"code {code}, {remedy}")
        self.code = code
        self.remedy = remedy


class AnswerLostError(Exception):
    """Handed over, and nobody can tell whether it will be sent."""


class _PassingError(WhatsAppError):
    """Of the retry class."""


@dataclass(frozen=True)
class Patience:
    """How often and how long one message is tried; the clerk's page waits for it."""

    attempts: int = 4
    total_s: float = 15.0
    first_wait_s: float = 0.4
    longest_wait_s: float = 5.0


class Sender:
    """Sends for one business account. May be called from any thread: each request has a connection of its own."""

    def __init__(self, settings: WhatsAppSettings, records: Records, patience: Patience | None = None) -> None:
        self._settings = settings
        self._records = records
        self._patience = patience or Patience()
        self._alarm: int | None = None

    @property
    def alarm(self) -> int | None:
        """The code of the stop class that stopped all sending, until `resume`; None while all is well."""
        return self._alarm

    def resume(self) -> None:
        """An administrator has mended what was wrong: send again."""
        self._alarm = None

    def register_templates(self) -> None:
        """Make the two templates at the account, unless they are there. Raises WhatsAppError or AnswerLostError."""
        for definition in (templates.PIN_DEFINITION, templates.QR_DEFINITION):
            path = f"{self._settings.account_id}/message_templates"
            found = self._call(partial(self._get, path, {"name": definition["name"]}))
            if not any(known.get("name") == definition["name"] for known in found.get("data", [])):
                self._call(partial(self._post, path, json=definition))

    def send_pin(self, phone: str, pin: str, handle: str) -> str:
        """Send the PIN, then the QR. Answers our id of the PIN's message.

        WhatsAppError when the PIN was surely not sent. A QR that fails is only recorded: the NIK can be typed. A lost
        answer is no error either; the record says unknown until a webhook tells.
        """
        phone = templates.international(phone)
        message_id = self._records.begin(templates.PIN_TEMPLATE, phone, handle)
        self._send(message_id, lambda: templates.pin_message(phone, pin, message_id))
        qr_id = self._records.begin(templates.QR_TEMPLATE, phone, handle)
        try:
            self._send(qr_id, lambda: templates.qr_message(phone, self._upload(handle), qr_id))
        except WhatsAppError as error:
            log.warning("QR message %s not sent: %s", qr_id, error)
        return message_id

    def _send(self, message_id: str, make: Callable[[], dict[str, Any]]) -> None:
        try:
            self._must_not_be_stopped()
            message = make()
            answer = self._call(partial(self._post, f"{self._settings.phone_number_id}/messages", json=message))
            wamid = str(answer["messages"][0]["id"])
        except WhatsAppError as error:
            self._records.move(message_id, MessageStatus.FAILED, error_code=error.code)
            raise
        except (AnswerLostError, KeyError, IndexError, TypeError):
            log.warning("message %s: the answer was lost or not understood", message_id)
            self._records.move(message_id, MessageStatus.UNKNOWN)
            return
        self._records.move(message_id, MessageStatus.ACCEPTED, wamid=wamid)
        log.info("message %s accepted", message_id)

    def _must_not_be_stopped(self) -> None:
        if self._alarm is not None:
            raise WhatsAppError(self._alarm, Remedy.STOP)

    def _upload(self, handle: str) -> str:
        """Put the picture of the QR at the account; answers its media id."""
        picture = templates.qr_picture(handle)
        path = f"{self._settings.phone_number_id}/media"
        form = {"messaging_product": "whatsapp", "type": "image/png"}
        answer = self._call(partial(self._post, path, data=form, files={"file": ("qr.png", picture, "image/png")}))
        return str(answer["id"])

    def _call(self, request: Callable[[], requests.Response]) -> dict[str, Any]:
        """Do a request, again with back-off while a repeat is harmless."""
        patience = self._patience
        try:
            for attempt in stamina.retry_context(
                on=_PassingError,
                attempts=patience.attempts,
                timeout=patience.total_s,
                wait_initial=patience.first_wait_s,
                wait_max=patience.longest_wait_s,
            ):
                with attempt:
                    return _understood(request)
        except WhatsAppError as error:
            if error.remedy is Remedy.STOP:
                self._alarm = error.code
                log.critical("WhatsApp stopped: %s", error)
            raise
        raise AssertionError("unreachable: stamina leaves its loop by an answer or an error")

    def _post(self, path: str, **arguments: Any) -> requests.Response:
        return requests.post(self._url(path), headers=self._bearer, timeout=(CONNECT_S, ANSWER_S), **arguments)

    def _get(self, path: str, params: dict[str, str]) -> requests.Response:
        return requests.get(self._url(path), headers=self._bearer, params=params, timeout=(CONNECT_S, ANSWER_S))

    def _url(self, path: str) -> str:
        return f"{self._settings.graph_url}/{self._settings.version}/{path}"

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._settings.access_token}"}


def _understood(request: Callable[[], requests.Response]) -> dict[str, Any]:
    """The answer as an object, or what its error means. Nothing of it is logged: answers may quote what was sent."""
    try:
        answer = request()
    except requests.ConnectTimeout:
        raise _PassingError(0, Remedy.RETRY) from None
    except requests.ConnectionError as error:
        if "NewConnectionError" in repr(error):  # refused or unroutable: nothing left this machine
            raise _PassingError(0, Remedy.RETRY) from None
        raise AnswerLostError from None
    except requests.RequestException:
        raise AnswerLostError from None
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.ok and isinstance(body, dict):
        return body
    if answer.ok:
        raise AnswerLostError
    error_object = body.get("error") if isinstance(body, dict) else None
    code = int(error_object.get("code", 0)) if isinstance(error_object, dict) else 0
    if not code and answer.status_code >= 500:
        raise _PassingError(131016, Remedy.RETRY)
    remedy = remedy_of(code)
    raise (_PassingError if remedy is Remedy.RETRY else WhatsAppError)(code, remedy)
