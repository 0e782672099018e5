"""What the library's words mean in ours: pure.

The library tells a *minor state*, the one thing that it finds most important, and *flags*, of which many hold at once.
Both use one vocabulary with a prefix for how grave it is: INF_ for information, DEF_ or WAR_ for what waits for a hand,
ERR_ for what stopped a job (and AVANSIA_ before it for one family of machines). So one table of the words without their
prefix serves both. Names are those of evolis-sdk 9.4.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.device import CONDITIONS, Condition, DeviceState, DeviceStatus, MendedBy
from drivers.printer import CardPosition

_WORDS: dict[Condition, str] = {
    Condition.MEDIA_EMPTY: "FEEDER_EMPTY NO_CARD_INSERTED WAIT_CARD MANUAL_REQUIRED",
    Condition.MEDIA_LOW: "FEEDER_NEAR_EMPTY",
    Condition.MEDIA_JAM: "MECHANICAL FEEDER_ERROR CARD_JAM LAMI_MECHANICAL",
    Condition.COVER_OPEN: "COVER_OPEN FEEDER_OPEN RECEPTACLE_OPEN REJECT_BOX_COVER_OPEN LAMI_COVER_OPEN"
    " PHYSICAL_COVER_OPEN",
    Condition.RIBBON_EMPTY: "NO_RIBBON RIBBON_ENDED RIBBON_FILM_ENDED",
    Condition.RIBBON_LOW: "RIBBON_LOW WRONG_ZONE_ALERT",
    Condition.FILM_EMPTY: "NO_CLEAR CLEAR_ENDED CLEAR_END FILM_ENDED NO_LAMINATE LAMINATE_END RIBBON_FILM_ENDED",
    Condition.FILM_LOW: "CLEAR_LOW LAMINATE_LOW WRONG_ZONE_CLEAR_ALERT",
    Condition.SUPPLY_FAULT: "BAD_RIBBON RIBBON_ERROR REMOVE_RIBBON UNSUPPORTED_RIBBON UNKNOWN_RIBBON UNKNOWN_RIBBON1"
    " UNKNOWN_RIBBON2 WRONG_ZONE_RIBBON WRONG_ZONE_EXPIRED BAD_CLEAR CLEAR_ERROR CLEAR_UNSUPPORTED CLEAR_UNKNOWN"
    " WRONG_ZONE_CLEAR WRONG_ZONE_CLEAR_EXPIRED FILM_ERROR LAMINATE LAMINATE_UNKNOWN LAMINATE_UNSUPPORTED",
    Condition.OUTPUT_FULL: "HOPPER_FULL LAMI_HOPPER_FULL",
    Condition.REJECT_BIN_FULL: "REJECT_BOX_FULL REJECTBOX1_FULL",
    Condition.COOLING: "COOLING",
    Condition.HEAD_TEMPERATURE: "HEAD_TEMP RET_TEMPERATURE LAMI_TEMPERATURE",
    Condition.CLEANING_DUE: "CLEANING CLEANING_REQUIRED CLEANING_ADVANCED CLEANING_MANDATORY CLEAN_OUTWARRANTY"
    " CLEAN_LAST_OUTWARRANTY",
    Condition.MEDIA_PRESENTED: "CARD_ON_EJECT",
}
_STATES: dict[DeviceState, str] = {
    DeviceState.UNKNOWN: "PRINTER_UNKNOWN PRINTER_STATUS_DISABLED",
    DeviceState.NO_DEVICE: "PRINTER_OFFLINE",
    DeviceState.OFFLINE: "PRINTER_NOT_SUPERVISED PRINTER_LOCKED UPDATING_FIRMWARE LAMI_UPDATING_FIRMWARE",
    DeviceState.STARTING: "PRINTER_SUPERVISION_UNINITIALIZED PRINTER_SUPERVISION_INITIALIZING HEATING TEMP_TOOLOW"
    " LAMI_TEMP_NOT_READY",
    DeviceState.HARDWARE_ERROR: "INTERNALERROR POWER_SUPPLY SERVICE_CALL FEATURE NO_OPTION IC_ERROR BLANK_TRACK"
    " MAGNETIC_DATA READ_MAGNETIC WRITE_MAGNETIC INTERNAL_PRINTER HARDWARE",
    DeviceState.BUSY: "BUSY PRINTING_RUNNING ENCODING_RUNNING CLEANING_RUNNING CLEAN_2ND_PASS RETRANSFER_RUNNING"
    " LAMINATING_RUNNING LAMI_CLEANING LAMI_CLEANING_RUNNING",
    DeviceState.ONLINE: "PRINTER_READY NOT_FLIP_ACT SLEEP_MODE SLEEP_MODE_FULL EXTENDED_RESOLUTION FLIP MAGNETIC"
    " MAGNETIC_JIS2",
}
CONDITION_OF = {
    word: frozenset(c for c, words in _WORDS.items() if word in words.split())
    for words in _WORDS.values()
    for word in words.split()
}
STATE_OF = {word: state for state, words in _STATES.items() for word in words.split()}
# When several hold, the one that says most against beginning something.
_GRAVEST = tuple(_STATES)

# The card sensors. Of a card in the slot the firmware knows more words than their texts explain: those are unknown.
_POSITIONS: dict[str, CardPosition] = {
    "INF_CARD_EJECT": CardPosition.EXIT,
    "INF_BEZEL_CARD_OUTSIDE": CardPosition.EXIT,
    "WAR_CARD_ON_EJECT": CardPosition.EXIT,
    "ERR_CARD_ON_EJECT": CardPosition.EXIT,
    "INF_CARD_SMART": CardPosition.STATION,
    "INF_CARD_CONTACTLESS": CardPosition.STATION,
    "INF_CARD_PRINT": CardPosition.INSIDE,
    "INF_CARD_FLIP": CardPosition.INSIDE,
    "INF_CARD_REAR": CardPosition.INSIDE,
    "INF_CARD_MAN_FEED": CardPosition.INSIDE,
    "INF_LAMI_CARD": CardPosition.INSIDE,
    "INF_LIFT_CARD_INSIDE": CardPosition.INSIDE,
    "INF_CARD_IN_TROLLEY": CardPosition.INSIDE,
    "INF_CARD_BRIDGE": CardPosition.INSIDE,
    "INF_CARD_INDENTING": CardPosition.INSIDE,
    "INF_BEZEL_CARD_INSERT": CardPosition.UNKNOWN,
    "INF_BEZEL_CARD_RE_INSERT": CardPosition.UNKNOWN,
    "INF_BEZEL_CARD_EJECT": CardPosition.UNKNOWN,
}
_NEAREST_TO_A_HAND = (CardPosition.EXIT, CardPosition.STATION, CardPosition.INSIDE, CardPosition.UNKNOWN)

AWAY_CODES = frozenset({"PRINTER_ENOCOM", "PRINTER_NETWORK_ERROR", "SVC_ENOCOM", "SYSTEM_ENETWORK"})
LATE_CODES = frozenset({"ETIMEOUT"})
PERMANENT_CODES = frozenset({"PRINTER_EMODEL", "EUNSUPPORTED", "SYSTEM_EUNAUTHORIZED_PRINTER", "USER_EUNIDENTIFIED"})
# Whoever else holds the printer: another program, or the maker's own service.
IN_USE_CODES = frozenset({"SESSION_EBUSY", "SESSION_FAILED", "PRINTER_EBUSY", "PRINTER_EOTHER", "SYSTEM_EBUSY"})


@dataclass(frozen=True)
class Reading:
    """What the library said at one time. ``flags`` is None when the machine did not tell them."""

    major: str  # OFF, READY, WARNING or ERROR
    minor: str
    flags: frozenset[str] | None
    cards: int | None = None  # the machine's own count of cards since it was made


def bare(word: str) -> str:
    """The word without its prefixes."""
    word = word.removeprefix("AVANSIA_")
    head, _, rest = word.partition("_")
    return rest if head in {"INF", "DEF", "WAR", "ERR", "CFG", "OPT"} else word


def is_known(word: str) -> bool:
    """Whether the tables have the word."""
    return bare(word) in CONDITION_OF or bare(word) in STATE_OF


def watched_flag(name: str) -> bool:
    """Whether a flag says anything to us; the others tell what the machine is made of, or of its buttons."""
    return name in _POSITIONS or (not name.startswith("CFG_") and is_known(name))


def conditions(reading: Reading) -> frozenset[Condition]:
    """All conditions that hold. A card that a sensor sees in the slot counts, whatever words the machine has for it."""
    in_slot = {Condition.MEDIA_PRESENTED} if position(reading) is CardPosition.EXIT else set()
    found = (CONDITION_OF.get(bare(word), frozenset()) for word in {reading.minor, *(reading.flags or ())})
    return frozenset(in_slot).union(*found)


def state(reading: Reading) -> DeviceState:
    """The state, with a word that nobody knows taken for the worse."""
    found = conditions(reading)
    blocking = [c for c in found if CONDITIONS[c].blocks and c is not Condition.MEDIA_PRESENTED]
    if Condition.HEAD_TEMPERATURE in found:
        return DeviceState.HARDWARE_ERROR
    if any(CONDITIONS[c].mended_by is MendedBy.OPERATOR for c in blocking):
        return DeviceState.USER_ERROR
    told = {STATE_OF[bare(word)] for word in {reading.minor, *(reading.flags or ())} if bare(word) in STATE_OF}
    if not is_known(reading.minor) and reading.major in ("ERROR", "OFF"):
        return DeviceState.HARDWARE_ERROR if reading.major == "ERROR" else DeviceState.UNKNOWN
    if not is_known(reading.minor) and reading.major == "WARNING":
        return DeviceState.USER_ERROR
    return next((each for each in _GRAVEST if each in told), DeviceState.ONLINE)


def status(reading: Reading, read_at: float) -> DeviceStatus:
    """One reading of a machine that answered."""
    return DeviceStatus(state(reading), conditions(reading), read_at)


def position(reading: Reading) -> CardPosition:
    """Where the card is, by the sensors; the place nearest to a hand when several see one."""
    if reading.flags is None:
        return CardPosition.UNKNOWN
    seen = {_POSITIONS[flag] for flag in reading.flags if flag in _POSITIONS}
    if bare(reading.minor) == "CARD_ON_EJECT":
        seen.add(CardPosition.EXIT)
    return next((place for place in _NEAREST_TO_A_HAND if place in seen), CardPosition.NONE)
