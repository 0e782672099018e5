"""Finds a driver by its name among the installed packages: entry points of the group ``adm.drivers``.

A driver of a vendor is a package of its own and no change to this one; ours stand in the same list. An entry point
names a ``Factory``. Factories open nothing: they check the options and make the object, and ``start`` does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Protocol, TypeVar

from drivers.options import DriverOptionError

GROUP = "adm.drivers"
CUPS_CARD = "cups-card"
CUPS_PAPER = "cups-paper"

T = TypeVar("T")


class Factory(Protocol):
    """Makes a driver of its settings."""

    def __call__(
        self, name: str, options: Mapping[str, Any], clock: Callable[[], float], state: Path
    ) -> object:  # a drivers.printer.Printer or CardPrinter
        """Make the driver, or raise DriverOptionError.

        Args:
            name: how logs, errors and the ledger call the device.
            options: the driver's own table of the settings, untouched.
            clock: monotonic seconds.
            state: the folder of claims (``drivers.claims``), durable and shared with the other drivers. A file of the
                driver's own in it begins with a dot and the driver's name.
        """


class UnknownDriverError(Exception):
    """No driver of that name is there, or it is none for this device; ``expected`` says what would be right."""

    def __init__(self, driver: str, expected: str) -> None:
        super().__init__(f"{driver!r}; expected {expected}")
        self.driver = driver
        self.expected = expected


def known() -> dict[str, EntryPoint]:
    """The installed drivers by their names."""
    return {point.name: point for point in entry_points(group=GROUP)}


def make(
    kind: type[T], driver: str, name: str, options: Mapping[str, Any], clock: Callable[[], float], state: Path
) -> T:
    """Make the driver of that name. ``kind`` is the protocol that it must satisfy.

    Raises UnknownDriverError, also for a package that does not load, and DriverOptionError.
    """
    points = known()
    if driver not in points:
        raise UnknownDriverError(driver, f"an installed driver: {', '.join(sorted(points)) or 'there is none'}")
    try:
        made: object = points[driver].load()(name, options, clock, state)
    except (DriverOptionError, UnknownDriverError):
        raise
    except Exception as error:  # a vendor's package may fail in any way; the start must say in which
        what = f"{type(error).__name__}: {error}"
        raise UnknownDriverError(driver, f"a driver that loads (package {_package(points[driver])}: {what})") from error
    if not isinstance(made, kind):
        raise UnknownDriverError(driver, f"a driver that is a {kind.__name__} (drivers.printer)")
    return made


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
