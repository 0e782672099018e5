"""A visit: who is here, on which page, and what was done so far. Lives in memory only and ends with the person."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kiosk.dinas.contract import Permit, Session
from kiosk.protocol import (
    Action,
    Became,
    Ended,
    EndState,
    Medium,
    NikFault,
    NoticeKind,
    Part,
    ReceiptState,
    ScanFault,
    Step,
    Trouble,
    Way,
)


class Page(enum.StrEnum):
    """Where a visit stands; one page of the screen each."""

    HOME = "home"
    HOW_TO = "how_to"
    HELP = "help"
    SCAN = "scan"
    NIK = "nik"
    PIN = "pin"
    CHECKING = "checking"  # the PIN was sent, the Dinas is being asked
    DOCUMENTS = "documents"
    CONFIRM = "confirm"
    PRINTING = "printing"
    TAKE = "take"
    NOTICE = "notice"
    THANKS = "thanks"


PERSONAL = frozenset({Page.NIK, Page.PIN, Page.CHECKING, Page.DOCUMENTS, Page.CONFIRM})
"""Pages that show or take personal data: patience is shorter there."""

AT_WORK = frozenset({Page.CHECKING, Page.PRINTING, Page.TAKE})
"""Pages on which the machine works or waits for a hand; they end by themselves and never by idleness."""


@dataclass(frozen=True)
class Notice:
    """One thing that went otherwise than hoped, and the ways on."""

    kind: NoticeKind
    actions: tuple[Action, ...]
    title: str | None = None
    seconds: int | None = None
    trouble: Trouble | None = None
    medium: Medium | None = None


@dataclass(frozen=True)
class Before:
    """What became of the last attempt at a permit at this kiosk, and when (ISO, local)."""

    became: Became
    at: str


@dataclass(frozen=True)
class Progress:
    """How far the document now being made has come."""

    step: Step = Step.CLAIM
    done: float = 0.0  # 0 to 1
    seconds_left: int = 0
    trouble: Trouble | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Presented:
    """A document that waits for a hand."""

    part: Part
    seconds_left: int
    seconds_total: int
    sensed: bool


@dataclass(frozen=True)
class Visit:
    """Everything about the visit. ``repr`` shows no personal data."""

    page: Page = Page.HOME
    before_help: Page = Page.HOME
    way: Way = Way.NIK
    nik: str | None = field(default=None, repr=False)
    handle: str | None = field(default=None, repr=False)
    nik_fault: NikFault | None = None
    scan_fault: ScanFault | None = None
    wrong_pin: bool = False
    attempts_left: int | None = None
    session: Session | None = field(default=None, repr=False)
    before: Mapping[str, Before] = field(default_factory=dict, repr=False)  # by permit id
    chosen: tuple[str, ...] = ()  # permit ids still to print, the current one first
    total: int = 0
    progress: Progress = Progress()
    presented: Presented | None = None
    leaving: bool = False  # the person asked to finish while a document was being made
    notice: Notice | None = None
    ended: tuple[Ended, ...] = ()
    receipt: ReceiptState = ReceiptState.PRINTING

    @property
    def permits(self) -> tuple[Permit, ...]:
        return self.session.permits if self.session else ()

    def permit(self, permit_id: str) -> Permit | None:
        return next((p for p in self.permits if p.permit_id == permit_id), None)

    @property
    def current(self) -> Permit | None:
        """The permit that is being printed, or was last."""
        return self.permit(self.chosen[0]) if self.chosen else None

    @property
    def anything_out(self) -> bool:
        """Whether a receipt has something to say."""
        return any(e.state is not EndState.NOT_PRINTED for e in self.ended)

    def to(self, page: Page, **changes: object) -> Visit:
        """The visit on another page."""
        return replace(self, page=page, **changes)  # type: ignore[arg-type]  # fields by name, checked at the call in tests


NOBODY = Visit()
"""Between two visits: nothing of anybody is kept."""
