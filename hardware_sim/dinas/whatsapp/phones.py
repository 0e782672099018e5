"""The phones behind the simulated Graph endpoint: which are on, and what lies on each."""

from __future__ import annotations

import enum
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec


class PhoneState(enum.StrEnum):
    """What happens to a message for this phone."""

    ON = "on"
    OFF = "off"  # or out of coverage: messages wait until their time to live is over
    UNREACHABLE = "unreachable"  # no WhatsApp, an old app, terms not accepted: 131026
    BLOCKING = "blocking"  # this person blocked us: stays at sent for ever


@dataclass(frozen=True)
class PhoneMessage:
    """A message as the phone has it: texts with their parameters filled in."""

    wamid: str
    phone: str
    text: str = field(repr=False)  # may hold a PIN
    footer: str
    code: str = field(repr=False)  # what the copy-code button copies; empty without one
    button: str
    media_id: str  # picture at its head; empty without one
    callback_data: str
    category: str
    sent_at: float  # seconds since the epoch
    expires_at: float
    arrived_at: float | None = None
    read_at: float | None = None


class _Kept(msgspec.Struct):
    """All that outlives a restart."""

    states: dict[str, PhoneState] = {}
    messages: list[PhoneMessage] = []
    media: dict[str, bytes] = {}


class Phones:
    """Phones, their messages and pictures; kept in a file when a path is given. May be called from any thread."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._kept = _Kept()
        if path is not None and path.exists():
            self._kept = msgspec.json.decode(path.read_bytes(), type=_Kept)

    def numbers(self) -> list[str]:
        """Every phone that is known here, in order."""
        with self._lock:
            return sorted({*self._kept.states, *(message.phone for message in self._kept.messages)})

    def state(self, phone: str) -> PhoneState:
        with self._lock:
            return self._kept.states.get(phone, PhoneState.ON)

    def set_state(self, phone: str, state: PhoneState) -> None:
        with self._lock:
            self._kept.states[phone] = state
            self._save()

    def add(self, message: PhoneMessage) -> None:
        with self._lock:
            self._kept.messages.append(message)
            self._save()

    def add_media(self, media_id: str, data: bytes) -> None:
        with self._lock:
            self._kept.media[media_id] = data
            self._save()

    def media(self, media_id: str) -> bytes | None:
        with self._lock:
            return self._kept.media.get(media_id)

    def arrived(self, phone: str) -> list[PhoneMessage]:
        """What lies on this phone, oldest first."""
        with self._lock:
            return [m for m in self._kept.messages if m.phone == phone and m.arrived_at is not None]

    def deliver(self, phone: str, now: float) -> list[PhoneMessage]:
        """Let arrive what waits for this phone and has not outlived its time; answers what arrived."""
        return self._change(
            lambda m: m.phone == phone and m.arrived_at is None and now <= m.expires_at,
            lambda m: replace(m, arrived_at=now),
        )

    def read(self, phone: str, now: float) -> list[PhoneMessage]:
        """The person looks at their messages; answers those that were not read before."""
        return self._change(
            lambda m: m.phone == phone and m.arrived_at is not None and m.read_at is None,
            lambda m: replace(m, read_at=now),
        )

    def _change(
        self, which: Callable[[PhoneMessage], bool], change: Callable[[PhoneMessage], PhoneMessage]
    ) -> list[PhoneMessage]:
        with self._lock:
            kept = self._kept.messages
            changed = {index: change(message) for index, message in enumerate(kept) if which(message)}
            for index, message in changed.items():
                kept[index] = message
            if changed:
                self._save()
        return list(changed.values())

    def _save(self) -> None:
        if self._path is None:
            return
        fresh = self._path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(self._kept))
        fresh.replace(self._path)
