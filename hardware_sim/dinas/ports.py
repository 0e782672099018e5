"""What the office needs of others: the time, and somebody who tells the applicant the PIN."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class PinSender(Protocol):
    """``hardware_sim.dinas.whatsapp.Sender``: tells the applicant the PIN. Raises if it surely was not sent."""

    def send_pin(self, phone: str, pin: str, handle: str) -> object: ...
