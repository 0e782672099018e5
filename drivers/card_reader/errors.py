"""What can go wrong between a card and its reader, beside what can go wrong with any device."""

from __future__ import annotations

from drivers.errors import DeviceAwayError, DeviceError, DeviceRefusedError


class CardAbsentError(DeviceError):
    """There is no card in the reader."""


class CardMuteError(DeviceError):
    """There is a card, and it does not answer to power: upside down, broken, or no chip."""


class CardLostError(DeviceError):
    """The card was pulled out, reset or failed in mid-exchange; what the last command did on it is not known."""


class NotKtpElError(DeviceRefusedError):
    """The card answers, and it is no KTP-el, or a KTP-el without a readable photo."""


class NoPhotoError(NotKtpElError):
    """A KTP-el whose photo file is empty: a blank that nobody has personalised."""


class ServiceAwayError(DeviceAwayError):
    """pcscd does not answer, or the reader is not there."""
