"""What must be in ledger, Dinas, trays and audit log when a story is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from hardware_sim.dinas.issuing import DOCUMENTS
from hardware_sim.dinas.model import PermitState
from hardware_sim.scenarios.machine_steps import PHASES, fits
from hardware_sim.scenarios.performance import Performance
from hardware_sim.scenarios.step import one_of

Lists = dict[str, str | list[str]]


class Trays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came out and where it lies. What is left out did not happen."""

    sheets: int = 0  # out of the paper printer
    left_in_tray: int = 0  # of these, what nobody took
    cards: int = 0  # printed
    cards_taken: int = 0
    cards_binned: int = 0
    card_path: str = "none"  # none, inside, station, exit
    receipts: int = 0


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``ledger``: by document the end of each attempt, oldest first, as "phase" or "phase: reason". ``dinas``: by
    document the state of each permit of this story's people. ``audit``: entries that must be there, with these fields.
    """

    ledger: Lists
    dinas: Lists
    trays: Trays = Trays()
    audit: list[dict[str, str | int]] = []

    def __post_init__(self) -> None:
        for table in (self.ledger, self.dinas):
            for document in table:
                one_of(document, DOCUMENTS, "document")
        for end in (end for ends in _lists(self.ledger).values() for end in ends):
            one_of(end.partition(":")[0], PHASES, "phase of an attempt")
        for state in (state for states in _lists(self.dinas).values() for state in states):
            one_of(state, PermitState, "state of a permit")
        for entry in self.audit:
            if "event" not in entry:
                raise ValueError("audit: an entry has at least event")

    def complaints(self, performance: Performance) -> Iterator[str]:
        """A sentence for each thing that is otherwise now."""
        books = performance.books
        yield from _differences("ledger", _lists(self.ledger), _ends(books.attempts(), _lists(self.ledger)))
        yield from _differences("dinas", _lists(self.dinas), performance.permit_states())
        yield from _differences("trays", msgspec.to_builtins(self.trays), books.trays())
        entries = books.audit()
        for wanted in self.audit:
            if not any(fits(entry, wanted) for entry in entries):
                yield f"audit: no {wanted} among {sorted({entry['event'] for entry in entries})}"


def _ends(attempts: list[dict[str, Any]], wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    """How the attempts ended; with its reason, where the story names one."""
    found: dict[str, list[str]] = {}
    for attempt in attempts:
        ends = found.setdefault(attempt["document"], [])
        named = wanted.get(attempt["document"], [])
        with_reason = len(ends) < len(named) and ":" in named[len(ends)]
        ends.append(f"{attempt['phase']}: {attempt['reason']}" if with_reason else attempt["phase"])
    return found


def _differences(what: str, wanted: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*wanted, *found)):
        if wanted.get(key) != found.get(key):
            yield f"{what}: {key} is {found.get(key)}, expected {wanted.get(key)}"


def _lists(table: Lists) -> dict[str, list[str]]:
    return {key: [value] if isinstance(value, str) else value for key, value in table.items()}
