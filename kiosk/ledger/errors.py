"""What can go wrong with the ledger, split by who can act."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger did not do what it was asked; nothing of it was done unless the text says otherwise."""


class LedgerUnusableError(LedgerError):
    """The ledger cannot be opened: in use, newer than this program, damaged, or on a disk that refuses.

    The text is a sentence for a technician.
    """


class LedgerFailedError(LedgerError):
    """A write did not become durable (full disk, read-only disk, hanging disk): the kiosk goes out of service."""


class IllegalTransitionError(LedgerError):
    """The programmer's mistake: phases do not follow each other so."""


class PermitHeldError(LedgerError):
    """Another attempt at this permit is alive, in doubt, or has succeeded; ``phase`` is where it stands."""

    def __init__(self, permit_id: str, phase: str) -> None:
        super().__init__(f"permit {permit_id}: an attempt at it is {phase}")
        self.phase = phase


class DeviceHeldError(LedgerError):
    """An attempt on this device has not ended, or is unknown until a person has settled it."""

    def __init__(self, device: str, phase: str) -> None:
        super().__init__(f"{device}: an attempt on it is {phase}")
        self.device = device
        self.phase = phase


class BlankError(LedgerError):
    """The books of the blanks do not allow this. ``reason`` is a code; the text names the serial, and what it is."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
