"""All that passes between engine and screen: what the kiosk can show, and what a person can do.

The engine sends a `Show` whenever what is to be seen changes, whole and immutable; the screen draws it and answers
with `Said`. A page of the screen belongs to each View. The screen words everything: Views carry facts and codes, never
sentences (but for names that come from the Dinas or the site).

On the wire: one JSON object a line over a Unix socket, engine listening (`encode`, `decode_show`, `decode_said`).
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from kiosk.protocol.intents import (
    Act,
    AskHelp,
    AskHowTo,
    Back,
    Begin,
    Choose,
    Confirm,
    EnterNik,
    EnterPin,
    Finish,
    Intent,
    Said,
    Taken,
    Touched,
)
from kiosk.protocol.views import (
    ConfirmView,
    DocumentsView,
    HelpView,
    HomeView,
    HowToView,
    NikView,
    NoticeView,
    OutOfServiceView,
    PinView,
    PrintingView,
    ScanView,
    Show,
    TakeView,
    ThanksView,
    View,
)
from kiosk.protocol.words import (
    Action,
    Became,
    Document,
    DocumentState,
    Ended,
    EndState,
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

__all__ = [
    "Act",
    "Action",
    "AskHelp",
    "AskHowTo",
    "Back",
    "Became",
    "Begin",
    "Choose",
    "Confirm",
    "ConfirmView",
    "Document",
    "DocumentState",
    "DocumentsView",
    "EndState",
    "Ended",
    "EnterNik",
    "EnterPin",
    "Finish",
    "HelpView",
    "HomeView",
    "HowToView",
    "Intent",
    "Medium",
    "MediumState",
    "NikFault",
    "NikView",
    "NoticeKind",
    "NoticeView",
    "OutOfServiceView",
    "OutReason",
    "Part",
    "PinView",
    "PrintingView",
    "ReceiptState",
    "Said",
    "ScanFault",
    "ScanView",
    "Show",
    "StaffTask",
    "Step",
    "TakeView",
    "Taken",
    "ThanksView",
    "Touched",
    "Trouble",
    "View",
    "Way",
    "decode_said",
    "decode_show",
    "encode",
]

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
