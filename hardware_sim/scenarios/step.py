"""What every step of a story is: one verb, its arguments, and what it does on a stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import msgspec

from hardware_sim.person import LOOK_AGAIN_S
from hardware_sim.scenarios.performance import Performance

WITHIN_S = 30.0  # longer than any wait of the kiosk's own on the way to a page; a loaded machine has its share


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table [[step]] of a story. The verb is the field of the same name as the step's class in `verbs.VERBS`."""

    say: str = ""  # a progress line for whoever watches, Indonesian

    def play(self, performance: Performance) -> None:
        """Do it, or raise an error that tells what is otherwise."""
        raise NotImplementedError


def one_of(value: str, known: Iterable[str], what: str) -> None:
    """ValueError, if it is none of the known ones, that names them."""
    if value not in (names := list(known)):
        raise ValueError(f"no {what} {value!r}; there are {', '.join(names)}")


def wait_until(true: Callable[[], bool], complaint: Callable[[], str], within: float = WITHIN_S) -> None:
    """AssertionError with the complaint when the condition does not come true in time."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within:g} s: {complaint()}")
        time.sleep(LOOK_AGAIN_S)
