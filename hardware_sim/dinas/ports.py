"""What the office needs of others: somebody who draws and signs, and somebody who tells the applicant the PIN."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from hardware_sim.dinas.ca import Signer

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class DrawAndSign(Protocol):
    """``hardware_sim.dinas.samples.draw_and_sign``: the content of a document as a PDF with one PAdES signature."""

    def __call__(self, document_code: str, content: dict[str, Any], signer: Signer) -> bytes: ...


class Photo(Protocol):
    """``hardware_sim.dinas.samples.photo``: the JPEG portrait of nobody."""

    def __call__(self, seed: str, background: str) -> bytes: ...


class PinSender(Protocol):
    """``hardware_sim.dinas.whatsapp.Sender``: tells the applicant the PIN. Raises if it surely was not sent."""

    def send_pin(self, phone: str, pin: str, handle: str) -> object: ...
