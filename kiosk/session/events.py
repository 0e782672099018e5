"""What can happen to a visit besides what the person does (kiosk.protocol.Intent), and what a visit asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.dinas.contract import Permit, Session
from kiosk.protocol import Ended, Intent, NikFault, ReceiptState, ScanFault
from kiosk.session.visit import Before, Notice, Presented, Progress


@dataclass(frozen=True)
class Scanned:
    """The scanner read a code: a handle of the Dinas, or why it is none."""

    handle: str | None = field(repr=False)
    fault: ScanFault | None = None


@dataclass(frozen=True)
class LoggedIn:
    session: Session = field(repr=False)
    before: Mapping[str, Before] = field(default_factory=dict, repr=False)  # by permit id, what was tried here


@dataclass(frozen=True)
class WrongPin:
    """Or an unknown NIK: the two cannot be told apart, on purpose."""

    attempts_left: int | None


@dataclass(frozen=True)
class Refused:
    """The way in, or sending the PIN again, ended with a notice."""

    notice: Notice


@dataclass(frozen=True)
class Progressed:
    progress: Progress


@dataclass(frozen=True)
class HandedOut:
    presented: Presented


@dataclass(frozen=True)
class DocumentEnded:
    """One attempt has ended; with a notice if it went otherwise than hoped."""

    ended: Ended
    notice: Notice | None = None


@dataclass(frozen=True)
class ReceiptEnded:
    state: ReceiptState


@dataclass(frozen=True)
class TimedOut:
    """Nobody touched the screen, or the visit lasted too long, or the last page has been seen."""


Event = (
    Intent | Scanned | LoggedIn | WrongPin | Refused | Progressed | HandedOut | DocumentEnded | ReceiptEnded | TimedOut
)


@dataclass(frozen=True)
class NikRefused:
    """Write down that what was typed can be no NIK."""

    fault: NikFault


@dataclass(frozen=True)
class LogIn:
    """Ask the Dinas with what the person gave. Held by nobody after the call."""

    nik: str | None = field(repr=False)
    handle: str | None = field(repr=False)
    pin: str = field(repr=False)


@dataclass(frozen=True)
class ResendPin:
    nik: str = field(repr=False)


@dataclass(frozen=True)
class Print:
    """Make one attempt at a permit."""

    permit: Permit = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True)
class SaysTaken:
    """The person says that they hold the document."""


@dataclass(frozen=True)
class PrintReceipt:
    ended: tuple[Ended, ...]


@dataclass(frozen=True)
class LogOut:
    token: str = field(repr=False)


Effect = NikRefused | LogIn | ResendPin | Print | SaysTaken | PrintReceipt | LogOut
