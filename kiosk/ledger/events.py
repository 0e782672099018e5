"""Every type of event that the audit log can hold. docs/audit-events.md is generated from here.

An event names its actor and never a NIK, a name or a PIN: fields hold ids, codes and numbers only, and `data_of`
refuses anything else. The docstring is the sentence for a reader of the log.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Code = Annotated[str, msgspec.Meta(pattern=r"^(?!.*[0-9]{16})[a-z0-9][a-z0-9_:/.-]{0,63}$")]
Actor = Annotated[str, msgspec.Meta(pattern=r"^(applicant|(operator|technician|system):[A-Za-z0-9_.-]{1,32})$")]
Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Amount = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]  # more or less than the books say
Serial = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{0,6}[0-9]{1,12}$")]  # of a blank
Day = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]

APPLICANT = "applicant"


def operator(operator_id: str) -> str:
    """The actor of what an operator does."""
    return f"operator:{operator_id}"


def system(part: str) -> str:
    """The actor of what a part of the kiosk does by itself; never written as a person's act."""
    return f"system:{part}"


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="kebab", tag_field="event"):
    """One thing that happened."""

    actor: Actor


class KioskStarted(Event, frozen=True, kw_only=True, tag="kiosk-started"):
    """The engine opened the ledger and began."""

    version: Code


class KioskStopped(Event, frozen=True, kw_only=True, tag="kiosk-stopped"):
    """The engine ended in order."""


class DeviceMissing(Event, frozen=True, kw_only=True, tag="device-missing"):
    """A device of this kiosk does not answer."""

    device: Code
    state: Code


class DeviceBack(Event, frozen=True, kw_only=True, tag="device-back"):
    """A device that was missing answers again."""

    device: Code


class DinasAway(Event, frozen=True, kw_only=True, tag="dinas-away"):
    """The Dinas does not answer."""


class DinasBack(Event, frozen=True, kw_only=True, tag="dinas-back"):
    """The Dinas answers again."""


class OnBattery(Event, frozen=True, kw_only=True, tag="on-battery"):
    """The mains is gone; the kiosk runs on the battery of its UPS."""

    charge: Count | None = None  # percent


class BatteryLow(Event, frozen=True, kw_only=True, tag="battery-low"):
    """The battery will end soon; the kiosk finishes what runs and ends."""

    charge: Count | None = None  # percent


class MainsBack(Event, frozen=True, kw_only=True, tag="mains-back"):
    """The mains is there again."""

    charge: Count | None = None  # percent


class CallPressed(Event, frozen=True, kw_only=True, tag="call-pressed"):
    """Somebody pressed the call button of the cabinet."""


class DoorOpened(Event, frozen=True, kw_only=True, tag="door-opened"):
    """A door of the cabinet was opened, or stood open at the start."""

    door: Code


class DoorClosed(Event, frozen=True, kw_only=True, tag="door-closed"):
    """A door of the cabinet was closed."""

    door: Code


class KeyTurned(Event, frozen=True, kw_only=True, tag="key-turned"):
    """The key switch of the cabinet was turned."""

    position: Code


class NikRefused(Event, frozen=True, kw_only=True, tag="nik-refused"):
    """The digits that were typed cannot be a NIK."""

    fault: Code


class CodeRefused(Event, frozen=True, kw_only=True, tag="code-refused"):
    """The scanned code is no QR code of ours, or could not be read."""

    fault: Code


class LoggedIn(Event, frozen=True, kw_only=True, tag="logged-in"):
    """An applicant logged in with a PIN."""

    way: Code
    documents: Count  # permits on the list
    assisted_by: Code | None = None


class LoginRefused(Event, frozen=True, kw_only=True, tag="login-refused"):
    """A login was refused, or the Dinas could not be asked."""

    way: Code
    problem: Code


class LoginPaused(Event, frozen=True, kw_only=True, tag="login-paused"):
    """The kiosk takes no login for some time, after failures in a row."""

    failures: Count
    seconds: Count


class PinRequested(Event, frozen=True, kw_only=True, tag="pin-requested"):
    """The PIN was asked for again over WhatsApp."""


class LoggedOut(Event, frozen=True, kw_only=True, tag="logged-out"):
    """The visit of an applicant ended."""


class PrintRefused(Event, frozen=True, kw_only=True, tag="print-refused"):
    """A document was asked for and no attempt was begun."""

    permit: Id
    device: Code
    reason: Code


class AttemptAdvanced(Event, frozen=True, kw_only=True, tag="attempt-advanced"):
    """An attempt went into a phase."""

    attempt: Id
    permit: Id
    document: Code
    device: Code
    phase: Code
    before: Code | None = None
    reason: Code | None = None
    outcome: Code | None = None  # with the phase that ends the attempt


class AttemptSettled(Event, frozen=True, kw_only=True, tag="attempt-settled"):
    """An operator looked, and said how an unknown attempt ended."""

    attempt: Id
    phase: Code
    outcome: Code
    reason: Code | None = None


class BlankAccounted(Event, frozen=True, kw_only=True, tag="blank-accounted"):
    """An operator accounted for the blank or the sheets of a spoiled attempt."""

    attempt: Id
    blank: Code | None = None


class BlanksDelivered(Event, frozen=True, kw_only=True, tag="blanks-delivered"):
    """The Dinas handed blanks over; they lie in the store."""

    first: Serial
    last: Serial
    count: Count


class BlanksLoaded(Event, frozen=True, kw_only=True, tag="blanks-loaded"):
    """An operator put blanks from the store into the feeder."""

    first: Serial
    last: Serial
    count: Count


class BlanksUnloaded(Event, frozen=True, kw_only=True, tag="blanks-unloaded"):
    """An operator took unused blanks out of the feeder, back into the store."""

    first: Serial
    last: Serial
    count: Count


class BlankMoved(Event, frozen=True, kw_only=True, tag="blank-moved"):
    """One blank went from one state into another; without a serial no record had put it into the machine."""

    item: Count
    state: Code
    was: Code | None = None
    blank: Serial | None = None
    attempt: Id | None = None
    reason: Code | None = None  # or the number of the berita acara


class BlanksExchanged(Event, frozen=True, kw_only=True, tag="blanks-exchanged"):
    """An operator read another serial on the blank of an attempt; the two blanks changed places in the books."""

    attempt: Id
    item: Count
    instead: Serial
    blank: Serial | None = None


class BlanksLow(Event, frozen=True, kw_only=True, tag="blanks-low"):
    """The blanks in the feeder have become few."""

    count: Count


class StockTaken(Event, frozen=True, kw_only=True, tag="stock-taken"):
    """The books of the blanks were compared with what was counted."""

    number: Count
    opened: Count  # differences that this brought up
    day: Day | None = None  # with the balance of a day


class DifferenceOpened(Event, frozen=True, kw_only=True, tag="difference-opened"):
    """Something about the blanks is not as the books say; a person must find out."""

    number: Count
    kind: Code
    amount: Amount


class DifferenceSettled(Event, frozen=True, kw_only=True, tag="difference-settled"):
    """An operator found out what a difference was."""

    number: Count
    reason: Code


class SupplyChanged(Event, frozen=True, kw_only=True, tag="supply-changed"):
    """An operator put paper, toner, ribbon or film in."""

    supply: Code
    amount: Count


class CardRejectedAtStart(Event, frozen=True, kw_only=True, tag="card-rejected-at-start"):
    """A card lay in the path at start and was moved to the reject bin."""

    device: Code
    position: Code
    attempt: Id | None = None


class CardKeptBack(Event, frozen=True, kw_only=True, tag="card-kept-back"):
    """The spoiled card of an attempt was moved to the reject bin, or could not be."""

    attempt: Id
    device: Code
    in_bin: bool  # by the bin counter, or without one by motor and sensor
    obstacle: Code | None = None


class PaperLeft(Event, frozen=True, kw_only=True, tag="paper-left"):
    """Nobody said that they took the sheets of an attempt: they may lie in the tray, and an operator is to look."""

    attempt: Id
    device: Code


class OutcomeRefused(Event, frozen=True, kw_only=True, tag="outcome-refused"):
    """The Dinas did not take an outcome, and no repeat can change that; a person must look."""

    attempt: Id
    outcome: Code
    problem: Code


class LedgerDamaged(Event, frozen=True, kw_only=True, tag="ledger-damaged"):
    """A part of the ledger's file cannot be right; an older part, since what is needed now is checked at each start."""

    table: Code


class AuditRefused(Event, frozen=True, kw_only=True, tag="audit-refused"):
    """The Dinas did not take the audit log; a person must look."""

    after: Count
    problem: Code


EVENTS: tuple[type[Event], ...] = (
    KioskStarted,
    KioskStopped,
    DeviceMissing,
    DeviceBack,
    DinasAway,
    DinasBack,
    OnBattery,
    BatteryLow,
    MainsBack,
    CallPressed,
    DoorOpened,
    DoorClosed,
    KeyTurned,
    NikRefused,
    CodeRefused,
    LoggedIn,
    LoginRefused,
    LoginPaused,
    PinRequested,
    LoggedOut,
    PrintRefused,
    AttemptAdvanced,
    AttemptSettled,
    BlankAccounted,
    BlanksDelivered,
    BlanksLoaded,
    BlanksUnloaded,
    BlankMoved,
    BlanksExchanged,
    BlanksLow,
    StockTaken,
    DifferenceOpened,
    DifferenceSettled,
    SupplyChanged,
    CardRejectedAtStart,
    CardKeptBack,
    PaperLeft,
    OutcomeRefused,
    AuditRefused,
    LedgerDamaged,
)


def name_of(event: Event) -> str:
    """The event's name in the log."""
    return str(type(event).__struct_config__.tag)


def data_of(event: Event) -> dict[str, Any]:
    """The event's fields as plain values. Raises msgspec.ValidationError for a value that is not of its kind."""
    plain: dict[str, Any] = msgspec.to_builtins(event)
    msgspec.convert(plain, type(event))  # constructors check nothing
    del plain["event"]
    return plain


def code(text: str) -> str:
    """A reason as a code: what is none already becomes "other", so that no free text reaches the log."""
    plain = text.strip().lower().replace(" ", "-").replace("_", "-")
    try:
        return msgspec.convert(plain, Code)
    except msgspec.ValidationError:
        return "other"
