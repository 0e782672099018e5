"""Faults that wait inside a simulated device for the moment at which they strike.

A hand that watches from outside comes too late: between two questions a card has left the path. So the device itself
says where it is (``reached``), and what was armed for that phase is done there and then, before the device goes on;
also on another device (a power cut while a card is in the path), through that device's own control.
"""

from __future__ import annotations

import contextlib
import enum
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import requests

from hardware_sim.control import Hand

log = logging.getLogger(__name__)

Acts = Mapping[str, Callable[..., object]]


class Phase(enum.StrEnum):
    """Where a device is with one piece of work."""

    BEFORE = "before"  # the work has been asked for, nothing of it is here
    TRANSFER = "transfer"  # its data is coming in, or bytes are exchanged
    PRINTING = "printing"  # the medium moves
    EXIT = "exit"  # the medium is about to come to where a hand takes it
    AFTER = "after"  # it lies there; the device has not said yet that its work is done


@dataclass
class Armed:
    """An act that is done when the device comes to ``phase``."""

    phase: Phase
    act: str
    arguments: dict[str, Any] = field(default_factory=dict)
    url: str | None = None  # control of another device; None is this one
    left: int | None = 1  # passings at which it still strikes; None is each one, until it is disarmed


class Arming:
    """What is armed in one device. ``acts`` answers that device's own acts."""

    def __init__(self, acts: Callable[[], Acts]) -> None:
        self._own_acts = acts
        self._armed: list[Armed] = []
        self._lock = threading.Lock()

    @property
    def acts(self) -> Acts:
        return {"arm": self.arm, "disarm": self.disarm}

    def state(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(armed) for armed in self._armed]

    def arm(
        self,
        phase: str,
        act: str,
        arguments: dict[str, Any] | None = None,
        url: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Do the act at the next ``times`` passings of the phase (None: at each). ValueError for what there is not."""
        if url is None and act not in self._own_acts():
            raise ValueError(f"no act {act!r}; there are {sorted(self._own_acts())}")
        if times is not None and times < 1:
            raise ValueError(f"times is {times}; expected 1 or more, or null for each time")
        with self._lock:
            self._armed.append(Armed(Phase(phase), act, arguments or {}, url, times))

    def disarm(self, act: str | None = None, arguments: dict[str, Any] | None = None) -> None:
        """Forget what is armed: all of it, or that act with those arguments (any, if left out)."""

        def meant(armed: Armed) -> bool:
            return act in (None, armed.act) and arguments in (None, armed.arguments)

        with self._lock:
            self._armed = [armed for armed in self._armed if not meant(armed)]

    def reached(self, phase: Phase) -> None:
        """The device is at that phase now; returns when everything armed for it was done."""
        for armed in self._due(phase):
            log.info("%s reached: %s", phase, armed.act)
            if armed.url is None:
                self._own_acts()[armed.act](**armed.arguments)
            else:
                # What is cut off or killed by the act need not answer.
                with contextlib.suppress(requests.RequestException):
                    Hand(armed.url).do(armed.act, **armed.arguments)

    def _due(self, phase: Phase) -> list[Armed]:
        with self._lock:
            due = [armed for armed in self._armed if armed.phase is phase]
            for armed in due:
                armed.left = None if armed.left is None else armed.left - 1
            self._armed = [armed for armed in self._armed if armed.left != 0]
        return due
