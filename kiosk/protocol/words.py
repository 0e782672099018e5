"""Words that Views and Intents share: what can be printed, and how one document stands."""

from __future__ import annotations

import enum

import msgspec


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
    RESERVED = "reserved"  # the last cards are for urgent and first-time cases; the medium is ready for those
    RESTING = "resting"  # the card printer cools down
    AWAY = "away"  # the printer does not answer
    IN_DOUBT = "in_doubt"  # an attempt on it is unknown until an operator has looked
    CARD_IN_SLOT = "card_in_slot"
    CHIP = "chip"  # chips of cards cannot be read: the reader is away, or none has answered
    DINAS_AWAY = "dinas_away"
    OTHER = "other"


class MediumState(msgspec.Struct, frozen=True):
    """Whether this machine can print on a medium now."""

    medium: Medium
    ready: bool
    seconds: int  # what one document of it usually takes here
    trouble: Trouble | None = None  # RESERVED also while it is ready: for some


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


class Became(enum.StrEnum):
    """What became of the last attempt at a document at this kiosk."""

    TAKEN = "taken"
    NOTHING = "nothing"  # nothing came out, and the right is as before
    KEPT = "kept"  # used up and kept back in the machine
    LEFT = "left"  # paper of which nobody said that they took it
    IN_DOUBT = "in_doubt"


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
    became: Became | None = None
    became_at: str | None = None  # with ``became``: ISO date and time, where the kiosk stands


class StaffTask(enum.StrEnum):
    """What an operator is to look after, said in a line at the foot of the first page."""

    PAPER_LEFT = "paper_left"  # sheets of which nobody said that they took them may lie in the tray
    DOUBT_CARD = "doubt_card"  # an attempt is unknown until somebody has looked
    DOUBT_A4 = "doubt_a4"
    CHIP = "chip"  # no chip has answered at the station, so that no card with one is printed


class Part(enum.StrEnum):
    """A place on the machine that a picture can point at."""

    CARD_SLOT = "card_slot"
    PAPER_TRAY = "paper_tray"
    RECEIPT_SLOT = "receipt_slot"
    SCANNER = "scanner"


class ScanFault(enum.StrEnum):
    """Why a scanned code was not taken."""

    FOREIGN = "foreign"  # some other QR code
    UNREADABLE = "unreadable"


class NikFault(enum.StrEnum):
    """Why a NIK cannot be one (what is refused and what only warned: kiosk.nik)."""

    LENGTH = "length"
    DATE = "date"
    REGION = "region"
    SERIAL = "serial"


class Step(enum.StrEnum):
    """The steps that a person can follow while a document is made."""

    CLAIM = "claim"  # the Dinas is asked for the key
    CHECK = "check"  # authenticity
    PRINT = "print"
    CHIP = "chip"  # written and read back
    HAND_OUT = "hand_out"


class NoticeKind(enum.StrEnum):
    """One thing that went otherwise than hoped; the screen has a sentence and a way on for each."""

    LOCKED = "locked"
    PIN_EXPIRED = "pin_expired"
    PIN_SENT = "pin_sent"
    WAIT = "wait"  # the kiosk's own pause after failures in a row
    DINAS_AWAY = "dinas_away"
    DINAS_BUSY = "dinas_busy"
    DINAS_FAULT = "dinas_fault"  # it answers, and with an error of its own
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
    CHIP_FAULT = "chip_fault"  # the chip is another person's, or was not written: card kept back
    CHIP_SILENT = "chip_silent"  # the chip does not answer: card kept back
    READER_AWAY = "reader_away"  # the reader went away while the chip was read: card kept back
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


class OutReason(enum.StrEnum):
    """Why the kiosk serves nobody."""

    STARTING = "starting"
    NO_PRINTER = "no_printer"  # neither medium can be printed
    DINAS_AWAY = "dinas_away"
    DISABLED = "disabled"  # by the Dinas
    POWER = "power"  # on battery for long, or with little left
    FAULT = "fault"  # ledger or engine
