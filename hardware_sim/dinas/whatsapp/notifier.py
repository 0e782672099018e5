"""Posts status webhooks to the business, signed, from one thread; again when they are not taken."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from typing import Any

import requests

from hardware_sim.dinas.whatsapp.phones import PhoneMessage
from hardware_sim.dinas.whatsapp.settings import WhatsAppSettings
from hardware_sim.dinas.whatsapp.webhook import SIGNATURE_HEADER, signature_of

log = logging.getLogger(__name__)

# The real one goes on for days, ever more seldom; a simulated world lives for hours.
REPEATS_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_TITLES = {131026: "Message undeliverable"}


class Notifier:
    """A queue of webhooks in order. ``close`` ends its thread; what was not taken by then is lost."""

    def __init__(self, settings: WhatsAppSettings, url: str) -> None:
        self._settings = settings
        self._url = url
        self._queue: queue.Queue[bytes | None] = queue.Queue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="whatsapp-webhooks", daemon=True)
        self._thread.start()

    def status(self, message: PhoneMessage, status: str, *, error: int | None = None) -> None:
        """Tell of one status of one message."""
        told: dict[str, Any] = {
            "id": message.wamid,
            "status": status,
            "timestamp": str(int(time.time())),
            "recipient_id": message.phone,
        }
        if status != "failed":
            told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": message.category.lower()}
        if message.callback_data:
            told["biz_opaque_callback_data"] = message.callback_data
        if error is not None:
            title = _TITLES.get(error, "Error")
            told["errors"] = [{"code": error, "title": title, "message": title}]
        self._queue.put(self._envelope(told))

    def close(self) -> None:
        self._closing.set()
        self._queue.put(None)
        self._thread.join(10)

    def _envelope(self, status: dict[str, Any]) -> bytes:
        settings = self._settings
        value = {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": settings.display_phone_number,
                "phone_number_id": settings.phone_number_id,
            },
            "statuses": [status],
        }
        change = {"field": "messages", "value": value}
        notice = {"object": "whatsapp_business_account", "entry": [{"id": settings.account_id, "changes": [change]}]}
        return json.dumps(notice).encode()

    def _run(self) -> None:
        with requests.Session() as session:
            while (body := self._queue.get()) is not None and not self._closing.is_set():
                self._post(session, body)

    def _post(self, session: requests.Session, body: bytes) -> None:
        headers = {
            "Content-Type": "application/json",
            SIGNATURE_HEADER: signature_of(self._settings.app_secret, body),
        }
        for pause in (*REPEATS_S, None):
            try:
                if session.post(self._url, data=body, headers=headers, timeout=(3, 5)).ok:
                    return
            except requests.RequestException as error:
                log.debug("webhook not taken: %s", type(error).__name__)
            if pause is None or self._closing.wait(pause):
                break
        log.warning("a webhook was given up")
