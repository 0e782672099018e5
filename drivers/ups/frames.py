"""Lines of the NUT network protocol, and what they say of the power. No I/O.

The protocol: NUT developer guide, "Network protocol information"; the words of ups.status: the same, "Status data".
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_LINE = 2048  # bytes; values have 512 at most, with an escape before each
NAME = re.compile(r"[A-Za-z0-9_.:-]{1,64}")  # of a UPS in ups.conf, as it may stand in a command without quotes

_WORD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)')
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Variable:
    """``VAR ups name "value"``, as in a list and as an answer to GET VAR."""

    ups: str
    name: str
    value: str


@dataclass(frozen=True)
class ListBegins:
    """``BEGIN LIST ...``."""


@dataclass(frozen=True)
class ListEnds:
    """``END LIST ...``."""


@dataclass(frozen=True)
class Refusal:
    """``ERR code``: UNKNOWN-UPS, DATA-STALE, DRIVER-NOT-CONNECTED, ACCESS-DENIED, ..."""

    code: str


Answer = Variable | ListBegins | ListEnds | Refusal


def list_variables(ups: str) -> bytes:
    """The command that asks for all variables of a UPS. Raises ValueError for a name that cannot be one."""
    if not NAME.fullmatch(ups):
        raise ValueError(f"{ups!r} is no name of a UPS")
    return f"LIST VAR {ups}\n".encode()


def words(line: str) -> list[str]:
    """The words of a line; a word in quotes may hold spaces, and quotes behind a backslash. Raises ValueError."""
    found, at, end = [], 0, len(line.rstrip())
    while at < end:
        match = _WORD.match(line, at)
        if match is None:
            raise ValueError("a line with broken quotes")
        quoted, plain = match.groups()
        found.append(plain if quoted is None else _ESCAPED.sub(r"\1", quoted))
        at = match.end()
    return found


def parse_answer(line: str) -> Answer:
    """What a line of upsd says. Raises ValueError for any other line."""
    match words(line):
        case ["VAR", ups, name, value]:
            return Variable(ups, name, value)
        case ["BEGIN", "LIST", *_]:
            return ListBegins()
        case ["END", "LIST", *_]:
            return ListEnds()
        case ["ERR", code, *_]:
            return Refusal(code)
    raise ValueError("a line that is no answer")


class Source(enum.StrEnum):
    """Where the power comes from, as far as the work is concerned."""

    MAINS = "mains"
    BATTERY = "battery"
    LOW = "low"  # on battery, and it will end soon; or the UPS was told to cut the power
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PowerState:
    """One reading. Charge in percent and runtime in seconds are None where the UPS does not tell them."""

    source: Source
    charge: float | None = None
    runtime_s: float | None = None
    replace_battery: bool = False


NOT_KNOWN = PowerState(Source.UNKNOWN)


def power_of(variables: Mapping[str, str]) -> PowerState:
    """What the variables of a UPS say."""
    flags = frozenset(variables.get("ups.status", "").split())
    return PowerState(
        _source(flags),
        _number(variables.get("battery.charge"), 100.0),
        _number(variables.get("battery.runtime"), math.inf),
        replace_battery="RB" in flags,
    )


def _source(flags: frozenset[str]) -> Source:
    on_battery, on_line = "OB" in flags, "OL" in flags
    if "FSD" in flags or (on_battery and "LB" in flags):
        return Source.LOW
    if on_battery == on_line:  # neither (WAIT, OFF alone), or a driver that contradicts itself
        return Source.UNKNOWN
    return Source.BATTERY if on_battery else Source.MAINS  # LB on mains: it is being charged after a long cut


def _number(text: str | None, most: float) -> float | None:
    """A number from 0 to ``most``; None for anything else."""
    try:
        number = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return number if 0 <= number <= most and math.isfinite(number) else None
