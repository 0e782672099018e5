"""The options of a driver, as they stand in the settings: read one by one, and each wrong one named.

A driver reads what it knows and then calls ``end``, which refuses what is left over: a key with a slip in it is never
passed over in silence.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence


class DriverOptionError(Exception):
    """A driver cannot work with its options. The text says key, value and what was expected."""

    def __init__(self, key: str, found: object, expected: str) -> None:
        said = "is missing" if found is None else f"= {found!r}"
        super().__init__(f"{key} {said}; expected {expected}")
        self.key = key
        self.found = found  # None: the key is not there, as TOML has no such value
        self.expected = expected


class Options:
    """One table of options, as TOML has it."""

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = given
        self._known: list[str] = []

    def text(self, key: str, expected: str, default: str | None = None) -> str:
        """A text that is not empty; without a default it must be there. ``expected`` says what it is."""
        found = self._take(key, default)
        if not isinstance(found, str) or not found:
            raise DriverOptionError(key, found, expected)
        return found

    def choice(self, key: str, values: Sequence[str], default: str) -> str:
        """One of some words."""
        found = self._take(key, default)
        if found not in values:
            raise DriverOptionError(key, found, f"one of {', '.join(values)}")
        return str(found)

    def number(self, key: str, least: float, most: float, what: str, default: float) -> float:
        """A number within bounds; ``what`` names it with its unit."""
        found = self._take(key, default)
        if not isinstance(found, int | float) or isinstance(found, bool) or not least <= found <= most:
            raise DriverOptionError(key, found, f"{what}, from {least:g} to {most:g}")
        return float(found)

    def end(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key, found in self._given.items():
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                raise DriverOptionError(key, found, f"{near[0]}?" if near else f"one of {', '.join(self._known)}")

    def _take(self, key: str, default: object) -> object:
        self._known.append(key)
        return self._given.get(key, default)
