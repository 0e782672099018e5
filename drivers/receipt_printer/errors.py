"""What can go wrong with a receipt, beside what can go wrong with any device."""

from __future__ import annotations

from drivers.errors import DeviceTimeoutError


class ReceiptUnknownError(DeviceTimeoutError):
    """The printer was sent a receipt and did not say that it is out: all, some or nothing of it may be on the paper."""
