"""What the kiosk can show; a page of the screen belongs to each View."""

from __future__ import annotations

import msgspec

from kiosk.protocol.words import (
    Action,
    Document,
    Ended,
    Medium,
    MediumState,
    NikFault,
    NoticeKind,
    OutReason,
    Part,
    ReceiptState,
    ScanFault,
    StaffTask,
    Step,
    Trouble,
    Way,
)


class HomeView(msgspec.Struct, frozen=True, tag="home"):
    """Nobody is here. What can be printed now, and the ways in."""

    media: tuple[MediumState, ...]
    ways: tuple[Way, ...]
    staff: tuple[StaffTask, ...] = ()


class HowToView(msgspec.Struct, frozen=True, tag="how_to"):
    """How it works, in steps."""


class HelpView(msgspec.Struct, frozen=True, tag="help"):
    """Where the operator is found; the words are the site's own (settings: site.help)."""

    where: str


class ScanView(msgspec.Struct, frozen=True, tag="scan"):
    """Hold the QR of the WhatsApp message before the scanner."""

    fault: ScanFault | None = None


class NikView(msgspec.Struct, frozen=True, tag="nik"):
    """Type the NIK. The digits stay in the screen until they are sent."""

    fault: NikFault | None = None


class PinView(msgspec.Struct, frozen=True, tag="pin"):
    """Type the PIN. ``wrong`` also stands for an unknown NIK: the two cannot be told apart, on purpose."""

    way: Way
    nik_tail: str | None = None  # last four digits of the NIK, when it was typed
    checking: bool = False  # the Dinas is being asked
    wrong: bool = False
    attempts_left: int | None = None


class DocumentsView(msgspec.Struct, frozen=True, tag="documents"):
    """Choose what to print."""

    applicant: str  # masked
    documents: tuple[Document, ...]


class ConfirmView(msgspec.Struct, frozen=True, tag="confirm"):
    """One last look at what will be printed."""

    documents: tuple[Document, ...]
    seconds: int


class PrintingView(msgspec.Struct, frozen=True, tag="printing"):
    """A document is being made."""

    document: Document
    index: int  # from 1
    total: int
    steps: tuple[Step, ...]  # of this document, in order
    current: Step
    seconds_left: int
    progress: float  # 0 to 1, of this document
    trouble: Trouble | None = None  # the machine waits for a hand


class TakeView(msgspec.Struct, frozen=True, tag="take"):
    """The document waits for a hand."""

    document: Document
    part: Part
    seconds_left: int
    seconds_total: int
    sensed: bool  # True: the machine feels when it is taken. False: the person says so (Intent Taken)
    next_title: str | None = None


class ThanksView(msgspec.Struct, frozen=True, tag="thanks"):
    """What came of the visit. Names no person."""

    ended: tuple[Ended, ...]
    receipt: ReceiptState


class NoticeView(msgspec.Struct, frozen=True, tag="notice"):
    """One clear sentence and the ways on; the first action is the main one."""

    kind: NoticeKind
    actions: tuple[Action, ...]
    title: str | None = None  # of the document it is about
    seconds: int | None = None  # with LOCKED and WAIT: how long
    trouble: Trouble | None = None  # with PRINTER_TROUBLE
    medium: Medium | None = None  # with PRINTER_TROUBLE: whose trouble it is, since cards and paper are worded apart


class OutOfServiceView(msgspec.Struct, frozen=True, tag="out_of_service"):
    """The kiosk serves nobody now."""

    reason: OutReason
    media: tuple[MediumState, ...] = ()
    help: str = ""
    staff: tuple[StaffTask, ...] = ()


View = (
    HomeView
    | HowToView
    | HelpView
    | ScanView
    | NikView
    | PinView
    | DocumentsView
    | ConfirmView
    | PrintingView
    | TakeView
    | ThanksView
    | NoticeView
    | OutOfServiceView
)


class Show(msgspec.Struct, frozen=True):
    """What is to be seen now.

    ``page`` grows when the page is another one than before; a countdown or a step keeps it. An Intent names the page
    that it answers, so that a second tap, or one that crosses a change, does nothing.
    """

    page: int
    site: str
    view: View
    still_there_s: int | None = None  # the person is asked "still there?"; the visit ends after these seconds
