"""A View for each page and each state of it that looks different: what golden pictures and layout tests draw.

Names are invented. A case is a name, a Show (None: the engine is lost), and what is done on the page afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from kiosk.protocol import (
    Action,
    Became,
    ConfirmView,
    Document,
    DocumentState,
    DocumentsView,
    Ended,
    EndState,
    HelpView,
    HomeView,
    HowToView,
    Medium,
    MediumState,
    NikFault,
    NikView,
    NoticeKind,
    NoticeView,
    OutOfServiceView,
    OutReason,
    Part,
    PinView,
    PrintingView,
    ReceiptState,
    ScanFault,
    ScanView,
    Show,
    StaffTask,
    Step,
    TakeView,
    ThanksView,
    Trouble,
    View,
    Way,
)

SITE = "Mall Pelayanan Publik Tuban"
HELP = "Petugas ada di loket 1, sebelah kiri pintu masuk."
CARD = MediumState(Medium.CARD, True, 120)
A4 = MediumState(Medium.A4, True, 60)
FEW_CARDS = MediumState(Medium.CARD, True, 120, Trouble.RESERVED)
NO_CARDS = MediumState(Medium.CARD, False, 120, Trouble.MEDIA_EMPTY)
PAPER_IN_DOUBT = MediumState(Medium.A4, False, 60, Trouble.IN_DOUBT)
NO_PAPER = MediumState(Medium.A4, False, 60, Trouble.MEDIA_JAM)
NIK = "3523165708790021"  # invented

KTP = Document("p1", "ktp-el", "KTP-el", "S*** A****", Medium.CARD, DocumentState.READY, 120)
KK = Document("p2", "kk", "Kartu Keluarga", "Keluarga S*** A****", Medium.A4, DocumentState.READY, 60, pages=1)
KIA = Document("p3", "kia", "KIA", "R*** P******", Medium.CARD, DocumentState.READY, 120)
AKTA = Document(
    "p4", "akta-kelahiran", "Akta Kelahiran", "R*** P******", Medium.A4, DocumentState.COURIER, 60,
    courier_to="Kecamatan Semanding", courier_on="2026-11-26",
)  # fmt: skip
LONG_NAME = "M******* A*** R***** S***** H******** W***** P****** N***** L*"  # sixty characters and two
LONG_TITLE = "Kutipan Kedua Akta Pengesahan Anak karena Penetapan Pengadilan Negeri"
SKPWNI = Document(
    "p5", "skpwni", "Surat Keterangan Pindah WNI", "S*** A****", Medium.A4, DocumentState.OFFICE, 60,
    office_at="Kantor Dinas Dukcapil Tuban", office_needs="surat pengantar dari desa",
)  # fmt: skip
BIODATA = Document("p6", "biodata", "Biodata Penduduk", "S*** A****", Medium.A4, DocumentState.PRINTED, 60)
KTP_TROUBLE = Document(
    "p7", "ktp-el", "KTP-el", "S*** A****", Medium.CARD, DocumentState.TROUBLE, 120, trouble=Trouble.MEDIA_EMPTY,
    other_kiosk="Kantor Kecamatan Semanding", courier_on="2026-11-26", courier_to="Kecamatan Tuban",
)  # fmt: skip
STATES = tuple(
    Document(f"s{i}", "kk", "Kartu Keluarga", "S*** A****", Medium.A4, state, 60, trouble=Trouble.AWAY)
    for i, state in enumerate(DocumentState)
)
TWELVE = tuple(
    Document(f"t{i}", "akta-kelahiran", f"Akta Kelahiran {i + 1}", "R*** P******", Medium.A4, DocumentState.READY, 60)
    for i in range(12)
)
LONGEST = tuple(
    Document(f"l{i}", "akta", LONG_TITLE, LONG_NAME, Medium.A4, DocumentState.READY, 60, pages=12) for i in range(12)
)
WHEN = "2026-11-24T16:40+07:00"
BEFORE = (
    msgspec.structs.replace(KTP, state=DocumentState.IN_DOUBT, became=Became.KEPT, became_at=WHEN),
    msgspec.structs.replace(KK, became=Became.NOTHING, became_at=WHEN),
    msgspec.structs.replace(KIA, state=DocumentState.PRINTED, became=Became.TAKEN, became_at=WHEN),
    msgspec.structs.replace(BIODATA, state=DocumentState.IN_DOUBT, became=Became.LEFT, became_at=WHEN),
)
CARD_STEPS = (Step.CLAIM, Step.CHECK, Step.PRINT, Step.CHIP, Step.HAND_OUT)
A4_STEPS = (Step.CLAIM, Step.CHECK, Step.PRINT, Step.HAND_OUT)


@dataclass(frozen=True)
class Case:
    """One picture."""

    name: str
    show: Show | None
    after: Callable[[Any], None] | None = None


def typed(digits: str) -> Callable[[Any], None]:
    """Type digits on the page that is shown, as the keypad does."""

    def after(root: Any) -> None:
        for digit in digits:
            root.current_page._typed(None, digit)

    return after


def chosen(*indexes: int) -> Callable[[Any], None]:
    """Tap documents of the list."""

    def after(root: Any) -> None:
        for index in indexes:
            root.current_page.cards[index].on_release()

    return after


def scrolled(root: Any) -> None:
    """One screenful down."""
    root.current_page._down(None)


_VIEWS: tuple[tuple[str, View, Callable[[Any], None] | None], ...] = (
    ("home", HomeView((CARD, A4), (Way.NIK, Way.QR)), None),
    ("home-nik-only", HomeView((CARD, A4), (Way.NIK,)), None),
    ("home-staff", HomeView((CARD, PAPER_IN_DOUBT), (Way.NIK, Way.QR),
                            (StaffTask.PAPER_LEFT, StaffTask.CHIP)), None),
    ("home-chip", HomeView((CARD, A4), (Way.NIK, Way.QR), (StaffTask.CHIP,)), None),
    ("home-no-cards", HomeView((NO_CARDS, A4), (Way.NIK, Way.QR)), None),
    ("home-few-cards", HomeView((FEW_CARDS, A4), (Way.NIK, Way.QR)), None),
    ("home-few-cards-no-paper", HomeView((FEW_CARDS, NO_PAPER), (Way.NIK, Way.QR)), None),
    ("home-no-paper", HomeView((CARD, NO_PAPER), (Way.NIK, Way.QR)), None),
    ("how-to", HowToView(), None),
    ("help", HelpView(HELP), None),
    ("scan", ScanView(), None),
    ("scan-foreign", ScanView(ScanFault.FOREIGN), None),
    ("nik-empty", NikView(), None),
    ("nik-some", NikView(), typed(NIK[:14])),
    ("nik-full", NikView(), typed(NIK)),
    ("nik-date", NikView(), typed("352316991379")),
    ("nik-refused", NikView(NikFault.REGION), None),
    ("pin", PinView(Way.NIK, nik_tail="0021"), typed("123")),
    ("pin-qr", PinView(Way.QR), typed("123456")),
    ("pin-wrong", PinView(Way.NIK, nik_tail="0021", wrong=True, attempts_left=2), None),
    ("pin-last", PinView(Way.NIK, nik_tail="0021", wrong=True, attempts_left=1), None),
    ("pin-checking", PinView(Way.NIK, nik_tail="0021", checking=True), None),
    ("documents", DocumentsView("S*** A****", (KTP, KK, KIA, AKTA)), chosen(0, 1)),
    ("documents-none", DocumentsView("S*** A****", (KTP_TROUBLE, KK, SKPWNI, BIODATA)), None),
    ("documents-states", DocumentsView("S*** A****", STATES), None),
    ("documents-before", DocumentsView("S*** A****", BEFORE), None),
    ("documents-twelve", DocumentsView("S*** A****", TWELVE), scrolled),
    ("documents-longest", DocumentsView(LONG_NAME, LONGEST), chosen(0)),
    ("confirm", ConfirmView((KTP, KK), 180), None),
    ("confirm-one", ConfirmView((KK,), 60), None),
    ("confirm-twelve", ConfirmView(TWELVE, 720), None),
    ("confirm-longest", ConfirmView(LONGEST, 720), None),
    ("printing-card", PrintingView(KTP, 1, 2, CARD_STEPS, Step.PRINT, 70, 0.42), None),
    ("printing-a4", PrintingView(KK, 1, 1, A4_STEPS, Step.CLAIM, 55, 0.05), None),
    ("printing-trouble", PrintingView(KK, 2, 2, A4_STEPS, Step.PRINT, 40, 0.6, Trouble.MEDIA_JAM), None),
    ("printing-longest", PrintingView(LONGEST[0], 12, 12, CARD_STEPS, Step.HAND_OUT, 0, 1.0, Trouble.RESTING), None),
    ("take-card", TakeView(KTP, Part.CARD_SLOT, 40, 45, True, "Kartu Keluarga"), None),
    ("take-paper", TakeView(KK, Part.PAPER_TRAY, 62, 90, False), None),
    ("take-longest", TakeView(LONGEST[0], Part.PAPER_TRAY, 62, 90, False, LONG_TITLE), None),
    ("thanks", ThanksView((Ended("KTP-el", EndState.TAKEN), Ended("Kartu Keluarga", EndState.TAKEN)),
                          ReceiptState.PRINTED), None),
    ("thanks-mixed", ThanksView((Ended("KTP-el", EndState.KEPT, NoticeKind.CHIP_FAULT),
                                 Ended("Kartu Keluarga", EndState.TAKEN),
                                 Ended("KIA", EndState.NOT_PRINTED, NoticeKind.PRINTER_TROUBLE),
                                 Ended("Biodata", EndState.IN_DOUBT, NoticeKind.IN_DOUBT)), ReceiptState.NONE), None),
    ("thanks-twelve", ThanksView(tuple(Ended(LONG_TITLE, EndState.NOT_PRINTED, NoticeKind.PERMIT_SUPERSEDED)
                                       for _ in range(12)), ReceiptState.PRINTING), None),
    ("notice-locked", NoticeView(NoticeKind.LOCKED, (Action.HELP, Action.FINISH), seconds=870), None),
    ("notice-pin-sent", NoticeView(NoticeKind.PIN_SENT, (Action.CONTINUE,)), None),
    ("notice-not-genuine", NoticeView(NoticeKind.NOT_GENUINE, (Action.DOCUMENTS, Action.HELP, Action.FINISH),
                                      title="Kartu Keluarga"), None),
    ("notice-printer", NoticeView(NoticeKind.PRINTER_TROUBLE, (Action.DOCUMENTS, Action.HELP), title="KTP-el",
                                  trouble=Trouble.MEDIA_JAM, medium=Medium.CARD), None),
    ("notice-longest", NoticeView(NoticeKind.NOT_GENUINE, (Action.RETRY, Action.DOCUMENTS, Action.HELP),
                                  title=LONG_TITLE, trouble=Trouble.REJECT_BIN_FULL, medium=Medium.CARD, seconds=75),
     None),
    ("out-no-printer", OutOfServiceView(OutReason.NO_PRINTER, (NO_CARDS, NO_PAPER), HELP), None),
    ("out-staff", OutOfServiceView(OutReason.NO_PRINTER, (NO_CARDS, PAPER_IN_DOUBT), HELP, (StaffTask.PAPER_LEFT,)),
     None),
    ("notice-chip-silent", NoticeView(NoticeKind.CHIP_SILENT, (Action.CONTINUE, Action.HELP), title="KTP-el"), None),
    ("out-power", OutOfServiceView(OutReason.POWER, (), HELP), None),
    ("out-starting", OutOfServiceView(OutReason.STARTING), None),
)  # fmt: skip


def one_of_each() -> Iterator[Case]:
    """One picture for each View, and the lost engine."""
    seen: set[type] = set()
    for case in cases():
        kind = type(case.show.view) if case.show else type(None)
        if kind not in seen:
            seen.add(kind)
            yield case


def cases() -> Iterator[Case]:
    """Each picture once."""
    for page, (name, view, after) in enumerate(_VIEWS, start=1):
        yield Case(name, Show(page, SITE, view), after)
    yield Case("still-there", Show(100, SITE, DocumentsView("S*** A****", (KTP, KK)), still_there_s=14))
    yield Case("lost", None)
