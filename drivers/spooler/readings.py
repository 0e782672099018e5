"""What IPP says of a printer, in the words of ``drivers.device``: the one table for reasons, and the states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from drivers.device import CONDITIONS, Condition, DeviceState, DeviceStatus, MendedBy
from drivers.printer import Counters

# printer-state-reasons (IANA registry of IPP; RFC 8011 5.4.12) without their suffix, and our condition. The adm- ones
# are the card printer's own.
REASONS: dict[str, Condition] = {
    "media-empty": Condition.MEDIA_EMPTY,
    "media-needed": Condition.MEDIA_EMPTY,
    "input-tray-missing": Condition.MEDIA_EMPTY,
    "media-low": Condition.MEDIA_LOW,
    "media-jam": Condition.MEDIA_JAM,
    "cover-open": Condition.COVER_OPEN,
    "door-open": Condition.COVER_OPEN,
    "interlock-open": Condition.COVER_OPEN,
    "toner-empty": Condition.TONER_EMPTY,
    "toner-low": Condition.TONER_LOW,
    "output-area-full": Condition.OUTPUT_FULL,
    "output-tray-missing": Condition.OUTPUT_FULL,
    "adm-reject-bin-full": Condition.REJECT_BIN_FULL,
    "adm-film-empty": Condition.FILM_EMPTY,
    "adm-film-low": Condition.FILM_LOW,
    "marker-supply-missing": Condition.SUPPLY_FAULT,
    "marker-print-ribbon-missing": Condition.SUPPLY_FAULT,
    "marker-print-ribbon-empty": Condition.RIBBON_EMPTY,
    "marker-print-ribbon-almost-empty": Condition.RIBBON_LOW,
    "adm-cooling": Condition.COOLING,
    "adm-head-temperature": Condition.HEAD_TEMPERATURE,
    "fuser-over-temp": Condition.COOLING,
    "cleaner-life-almost-over": Condition.CLEANING_DUE,
    "cleaner-life-over": Condition.CLEANING_DUE,
    "adm-card-in-slot": Condition.MEDIA_PRESENTED,
}
# A marker supply is the toner of a paper printer and the ribbon of a card printer.
TONER_REASONS = {"marker-supply-empty": Condition.TONER_EMPTY, "marker-supply-low": Condition.TONER_LOW}
RIBBON_REASONS = {"marker-supply-empty": Condition.RIBBON_EMPTY, "marker-supply-low": Condition.RIBBON_LOW}

AWAY_REASONS = frozenset({"paused", "moving-to-paused", "offline", "connecting-to-device", "timed-out"})
SUFFIXES = ("-report", "-warning", "-error")

IDLE, PROCESSING, STOPPED = 3, 4, 5  # printer-state, RFC 8011 5.4.11

STATUS_ATTRIBUTES = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-media-sheets-completed",
    "printer-impressions-completed",
    "printer-up-time",
    "adm-card-position",
    "adm-cards-rejected",
)


def listed(value: Any) -> list[Any]:
    """A value of an attribute as a list: pyipp gives a single value bare."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def bare_reasons(attributes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The reasons as (keyword without suffix, suffix)."""
    found = []
    for reason in listed(attributes.get("printer-state-reasons")):
        suffix = next((s for s in SUFFIXES if str(reason).endswith(s)), "")
        found.append((str(reason).removesuffix(suffix), suffix))
    return found


def conditions(attributes: Mapping[str, Any], supplies: Mapping[str, Condition]) -> frozenset[Condition]:
    """The conditions a printer tells of; ``supplies`` is TONER_REASONS or RIBBON_REASONS."""
    table = {**REASONS, **supplies}
    return frozenset(table[reason] for reason, _ in bare_reasons(attributes) if reason in table)


def status(attributes: Mapping[str, Any], supplies: Mapping[str, Condition], read_at: float) -> DeviceStatus:
    """One reading of a printer that answered."""
    found = conditions(attributes, supplies)
    return DeviceStatus(_state(attributes, found), found, read_at)


def _state(attributes: Mapping[str, Any], found: Iterable[Condition]) -> DeviceState:
    reasons = bare_reasons(attributes)
    names = {reason for reason, _ in reasons}
    state = attributes.get("printer-state")
    if "shutdown" in names:
        return DeviceState.POWER_OFF
    if state not in (IDLE, PROCESSING, STOPPED):
        return DeviceState.UNKNOWN
    blocking = [c for c in found if CONDITIONS[c].blocks and c is not Condition.MEDIA_PRESENTED]
    if any(CONDITIONS[c].mended_by in (MendedBy.OPERATOR, MendedBy.APPLICANT) for c in blocking):
        return DeviceState.USER_ERROR
    if names & AWAY_REASONS or attributes.get("printer-is-accepting-jobs") is False:
        return DeviceState.OFFLINE
    if state == STOPPED and not blocking:
        return DeviceState.HARDWARE_ERROR
    return DeviceState.BUSY if state == PROCESSING else DeviceState.ONLINE


def counters(attributes: Mapping[str, Any]) -> Counters:
    """The machine's own counts. Each job is one-sided, so that a sheet is an impression."""
    return Counters(
        printed=_count(attributes, "printer-media-sheets-completed", "printer-impressions-completed"),
        rejected=_count(attributes, "adm-cards-rejected"),
    )


def idle(attributes: Mapping[str, Any]) -> bool:
    """Whether nothing moves in the printer, by its own word."""
    return attributes.get("printer-state") == IDLE


def up_for(attributes: Mapping[str, Any]) -> int | None:
    """Seconds since the printer was switched on (RFC 8011 5.4.29)."""
    return _count(attributes, "printer-up-time")


def _count(attributes: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        value = attributes.get(name)
        if isinstance(value, int) and value >= 0:  # out-of-band "unknown" and "no-value" come as text
            return value
    return None
