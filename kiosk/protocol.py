"""All that passes between engine and screen: what the kiosk can show, and what a person can do.

The engine sends a `Show` whenever what is to be seen changes, whole and immutable; the screen draws it and answers
with `Said`. A page of the screen belongs to each View. The screen words everything: Views carry facts and codes, never
sentences (but for names that come from the Dinas or the site).

On the wire: one JSON object a line over a Unix socket, engine listening (`encode`, `decode_show`, `decode_said`).
"""

from __future__ import annotations

import enum
from typing import TypeVar

import msgspec

# ---------------------------------------------------------------------------------------------------------------
# Words that Views and Intents share


class Medium(enum.StrEnum):
    """What a document is printed on."""

    CARD = "card"
    A4 = "a4"


class Way(enum.StrEnum):
    """How a person says who they are; the PIN follows either way."""

    NIK = "nik"
    QR = "qr"


class Trouble(enum.StrEnum):
    """Why a medium cannot be printed now."""

    MEDIA_EMPTY = "media_empty"
    MEDIA_JAM = "media_jam"
    COVER_OPEN = "cover_open"
    RIBBON_EMPTY = "ribbon_empty"
    TONER_EMPTY = "toner_empty"
    OUTPUT_FULL = "output_full"
    REJECT_BIN_FULL = "reject_bin_full"
    RESTING = "resting"  # the card printer cools down
    AWAY = "away"  # the printer does not answer
    IN_DOUBT = "in_doubt"  # an attempt on it is unknown until an operator has looked
    CARD_IN_SLOT = "card_in_slot"
    DINAS_AWAY = "dinas_away"
    OTHER = "other"


class MediumState(msgspec.Struct, frozen=True):
    """Whether this machine can print on a medium now."""

    medium: Medium
    ready: bool
    seconds: int  # what one document of it usually takes here
    trouble: Trouble | None = None


class DocumentState(enum.StrEnum):
    """What can be done with one document of the applicant, here and now."""

    READY = "ready"
    PRINTED = "printed"
    BUSY = "busy"  # claimed by an attempt that has not ended
    IN_DOUBT = "in_doubt"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    COURIER = "courier"
    OFFICE = "office"
    NOT_HERE = "not_here"  # this kiosk does not print this kind
    TROUBLE = "trouble"  # the machine cannot print its medium now


class Document(msgspec.Struct, frozen=True):
    """A document on the applicant's list."""

    permit_id: str
    code: str  # of the catalogue: ktp-el, kk, ...
    title: str  # from the Dinas, Indonesian
    holder: str  # masked by the Dinas
    medium: Medium
    state: DocumentState
    seconds: int
    pages: int | None = None
    trouble: Trouble | None = None  # with state TROUBLE
    courier_to: str | None = None
    courier_on: str | None = None  # ISO date
    office_at: str | None = None
    office_needs: str | None = None
    other_kiosk: str | None = None  # one that is ready


class Part(enum.StrEnum):
    """A place on the machine that a picture can point at."""

    CARD_SLOT = "card_slot"
    PAPER_TRAY = "paper_tray"
    RECEIPT_SLOT = "receipt_slot"
    SCANNER = "scanner"


# ---------------------------------------------------------------------------------------------------------------
# Views


class HomeView(msgspec.Struct, frozen=True, tag="home"):
    """Nobody is here. What can be printed now, and the ways in."""

    media: tuple[MediumState, ...]
    ways: tuple[Way, ...]


class HowToView(msgspec.Struct, frozen=True, tag="how_to"):
    """How it works, in steps."""


class HelpView(msgspec.Struct, frozen=True, tag="help"):
    """Where the operator is found; the words are the site's own (settings: site.help)."""

    where: str


class ScanFault(enum.StrEnum):
    """Why a scanned code was not taken."""

    FOREIGN = "foreign"  # some other QR code
    UNREADABLE = "unreadable"


class ScanView(msgspec.Struct, frozen=True, tag="scan"):
    """Hold the QR of the WhatsApp message before the scanner."""

    fault: ScanFault | None = None


class NikFault(enum.StrEnum):
    """Why a NIK cannot be one (what is refused and what only warned: kiosk.nik)."""

    LENGTH = "length"
    DATE = "date"
    REGION = "region"
    SERIAL = "serial"


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


class Step(enum.StrEnum):
    """The steps that a person can follow while a document is made."""

    CLAIM = "claim"  # the Dinas is asked for the key
    CHECK = "check"  # authenticity
    PRINT = "print"
    CHIP = "chip"  # written and read back
    HAND_OUT = "hand_out"


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


class EndState(enum.StrEnum):
    """How one chosen document ended."""

    TAKEN = "taken"
    NOT_PRINTED = "not_printed"  # the right is kept
    KEPT = "kept"  # printed, and kept back in the machine; the right comes back once an operator has looked
    IN_DOUBT = "in_doubt"


class Ended(msgspec.Struct, frozen=True):
    """A chosen document, at the end of the visit."""

    title: str
    state: EndState
    why: NoticeKind | None = None


class ReceiptState(enum.StrEnum):
    """Whether the receipt came out."""

    PRINTING = "printing"
    PRINTED = "printed"
    NONE = "none"  # no printer, or out of paper: nothing is lost, the Dinas knows


class ThanksView(msgspec.Struct, frozen=True, tag="thanks"):
    """What came of the visit. Names no person."""

    ended: tuple[Ended, ...]
    receipt: ReceiptState


class NoticeKind(enum.StrEnum):
    """One thing that went otherwise than hoped; the screen has a sentence and a way on for each."""

    LOCKED = "locked"
    PIN_EXPIRED = "pin_expired"
    PIN_SENT = "pin_sent"
    WAIT = "wait"  # the kiosk's own pause after failures in a row
    DINAS_AWAY = "dinas_away"
    DINAS_BUSY = "dinas_busy"
    KIOSK_DISABLED = "kiosk_disabled"
    SESSION_EXPIRED = "session_expired"
    NOTHING_READY = "nothing_ready"  # logged in, and nothing is left to print here
    PERMIT_SPENT = "permit_spent"
    PERMIT_SUPERSEDED = "permit_superseded"
    PERMIT_EXPIRED = "permit_expired"
    PERMIT_BUSY = "permit_busy"  # claimed elsewhere, or an attempt is open
    NOT_ALLOWED_HERE = "not_allowed_here"
    NOT_GENUINE = "not_genuine"  # a signature that is broken, foreign or revoked
    DAMAGED = "damaged"  # content that does not match its digest, or cannot be opened
    PRINTER_TROUBLE = "printer_trouble"
    CHIP_FAULT = "chip_fault"  # the chip does not answer, or is another person's: card kept back
    NOT_TAKEN = "not_taken"
    IN_DOUBT = "in_doubt"


class Action(enum.StrEnum):
    """A way on from a notice, one button each."""

    RETRY = "retry"
    RESEND_PIN = "resend_pin"
    TYPE_NIK = "type_nik"
    CONTINUE = "continue"
    DOCUMENTS = "documents"
    HELP = "help"
    FINISH = "finish"


class NoticeView(msgspec.Struct, frozen=True, tag="notice"):
    """One clear sentence and the ways on; the first action is the main one."""

    kind: NoticeKind
    actions: tuple[Action, ...]
    title: str | None = None  # of the document it is about
    seconds: int | None = None  # with LOCKED and WAIT: how long
    trouble: Trouble | None = None  # with PRINTER_TROUBLE
    medium: Medium | None = None  # with PRINTER_TROUBLE: whose trouble it is, since cards and paper are worded apart


class OutReason(enum.StrEnum):
    """Why the kiosk serves nobody."""

    STARTING = "starting"
    NO_PRINTER = "no_printer"  # neither medium can be printed
    DINAS_AWAY = "dinas_away"
    DISABLED = "disabled"  # by the Dinas
    POWER = "power"  # on battery for long, or with little left
    FAULT = "fault"  # ledger or engine


class OutOfServiceView(msgspec.Struct, frozen=True, tag="out_of_service"):
    """The kiosk serves nobody now."""

    reason: OutReason
    media: tuple[MediumState, ...] = ()
    help: str = ""


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


# ---------------------------------------------------------------------------------------------------------------
# Intents


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """From home (or from scanning to typing): a way in was chosen."""

    way: Way


class EnterNik(msgspec.Struct, frozen=True, tag="enter_nik"):
    nik: str


class EnterPin(msgspec.Struct, frozen=True, tag="enter_pin"):
    pin: str


class Choose(msgspec.Struct, frozen=True, tag="choose"):
    """Documents were chosen, in the order of the list."""

    permit_ids: tuple[str, ...]


class Confirm(msgspec.Struct, frozen=True, tag="confirm"):
    """Print what was chosen."""


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """The person says that they hold the document (where the machine cannot feel it)."""


class Act(msgspec.Struct, frozen=True, tag="act"):
    """A button of a notice."""

    action: Action


class Back(msgspec.Struct, frozen=True, tag="back"):
    """One page back."""


class Finish(msgspec.Struct, frozen=True, tag="finish"):
    """End the visit."""


class AskHelp(msgspec.Struct, frozen=True, tag="ask_help"):
    """Where is the operator?"""


class AskHowTo(msgspec.Struct, frozen=True, tag="ask_how_to"):
    """How does it work?"""


class Touched(msgspec.Struct, frozen=True, tag="touched"):
    """Somebody is there; sent at most once in two seconds, and for the button of "still there?"."""


Intent = Begin | EnterNik | EnterPin | Choose | Confirm | Taken | Act | Back | Finish | AskHelp | AskHowTo | Touched


class Said(msgspec.Struct, frozen=True):
    """What the person did, and on which page."""

    page: int
    intent: Intent


_Message = TypeVar("_Message", Show, Said)
_encoder = msgspec.json.Encoder()
_show_decoder = msgspec.json.Decoder(Show)
_said_decoder = msgspec.json.Decoder(Said)


def encode(message: Show | Said) -> bytes:
    """One message as a line."""
    return _encoder.encode(message) + b"\n"


def decode_show(line: bytes) -> Show:
    """What the engine sent; msgspec.ValidationError or DecodeError if it is none."""
    return _decoded(_show_decoder, line)


def decode_said(line: bytes) -> Said:
    """What the screen sent; msgspec.ValidationError or DecodeError if it is none."""
    return _decoded(_said_decoder, line)


def _decoded(decoder: msgspec.json.Decoder[_Message], line: bytes) -> _Message:
    try:
        return decoder.decode(line)
    except (UnicodeDecodeError, RecursionError) as error:  # the second: a member of no message, nested too deep
        raise msgspec.DecodeError("no message") from error
