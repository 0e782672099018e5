"""What kiosk, printers and Dinas have written down since a story began, and what must hold of it after any story.

The printers' own ledgers are the oracle of what came out; the kiosk's is what is judged by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardware_sim.printers.store import read_ledger
from hardware_sim.stage import Stage

Line = dict[str, Any]

PRINTERS = ("paper", "card")
ALL_OUT = frozenset({"presented", "taken", "retracted"})  # phases whose every sheet must have left the printer
NOTHING_OUT = frozenset({"failed"})
KEPT = frozenset({"retracted", "spoiled"})  # the card is in the machine
OVER = frozenset({"failed", "taken", "retracted", "spoiled", "unknown"})


class Books:
    """Begun when a story begins; what it answers is what came after."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._entries = stage.kiosk.last_entry()
        self._attempts = {attempt["attempt_id"] for attempt in stage.kiosk.attempts()}
        self._lines = {printer: len(self._ledger(printer)) for printer in PRINTERS}
        self._before = {printer: stage.world.hand(printer).state() for printer in PRINTERS}
        self._receipts = self._receipts_so_far()

    # -- what was written

    def attempts(self) -> list[Line]:
        """The kiosk's attempts, oldest first."""
        return [a for a in self._stage.kiosk.attempts() if a["attempt_id"] not in self._attempts]

    def audit(self) -> list[Line]:
        """The entries of its audit log."""
        return self._stage.kiosk.audit(self._entries)

    def lines(self, printer: str, event: str) -> list[Line]:
        """What that printer's own ledger says of such events."""
        return [line for line in self._ledger(printer)[self._lines[printer] :] if line["event"] == event]

    def receipts(self) -> int:
        """How many receipts were cut."""
        return self._receipts_so_far() - self._receipts

    def trays(self) -> dict[str, int | str]:
        """What lies where, and what went out."""
        states = {printer: self._stage.world.hand(printer).state() for printer in PRINTERS}
        return {
            "sheets": len(self.lines("paper", "sheet")),
            "left_in_tray": states["paper"]["output"],
            "cards": len(self.lines("card", "sheet")),
            "cards_taken": len(self.lines("card", "taken")),
            "cards_binned": sum(line["to"] == "reject" for line in self.lines("card", "moved")),
            "card_path": states["card"]["position"],
            "receipts": self.receipts(),
        }

    # -- what must always hold

    def broken_rules(self) -> list[str]:
        """A sentence for each rule that does not hold; the Dinas may hear a little later (wait, and ask again)."""
        return [
            *self._printed_twice(),
            *self._unbalanced(),
            *self._not_as_the_printers_say(),
            *self._not_as_the_dinas_says(),
        ]

    def _printed_twice(self) -> Iterator[str]:
        """A permit whose document reached a hand, or may have, more than once."""
        sheets = Counter(line["name"] for line in self._ledger("paper") if line["event"] == "sheet")
        taken = {line["serial"] for line in self._ledger("card") if line["event"] == "taken"}
        cards = {line["name"] for line in self._ledger("card") if line["event"] == "sheet" and line["serial"] in taken}
        given: Counter[str] = Counter()
        spent: Counter[str] = Counter()
        for attempt in self._stage.kiosk.attempts():
            given[attempt["permit_id"]] += bool(sheets[attempt["attempt_id"]]) or attempt["attempt_id"] in cards
            spent[attempt["permit_id"]] += attempt["outcome"] == "printed"
        yield from (f"permit {permit} was handed out {n} times" for permit, n in given.items() if n > 1)
        yield from (f"permit {permit} was printed {n} times by the ledger" for permit, n in spent.items() if n > 1)

    def _unbalanced(self) -> Iterator[str]:
        """Blanks that nobody can account for."""
        for printer in PRINTERS:
            before, now = (_inside(s) for s in (self._before[printer], self._stage.world.hand(printer).state()))
            loaded, emptied, removed = (
                sum(line["count"] for line in self.lines(printer, event)) for event in ("loaded", "emptied", "removed")
            )
            out = (
                len(self.lines("paper", "sheet"))
                if printer == "paper"
                else emptied + len(self.lines("card", "taken")) + len(self.lines("card", "cleared"))
            )
            if before + loaded != now + out + removed:
                yield f"{printer}: {before} in the machine and {loaded} loaded; now {now} in it and {out + removed} out"

    def _not_as_the_printers_say(self) -> Iterator[str]:
        attempts = self.attempts()
        known = {attempt["attempt_id"] for attempt in self._stage.kiosk.attempts()}
        for printer in PRINTERS:
            came_out = self.lines(printer, "sheet")
            yield from (
                f"{printer} printed {line['name']}, no attempt" for line in came_out if line["name"] not in known
            )
            counted = self._stage.world.hand(printer).state()["printed"] - self._before[printer]["printed"]
            if counted != len(came_out):
                yield f"{printer} counted {counted} and wrote down {len(came_out)}"
        taken = {line["serial"] for line in self.lines("card", "taken")}
        for attempt in attempts:
            printer = "card" if attempt["medium"] == "card" else "paper"
            sheets = [line for line in self.lines(printer, "sheet") if line["name"] == attempt["attempt_id"]]
            yield from _contradictions(attempt, len(sheets), in_a_hand=any(s["serial"] in taken for s in sheets))

    def _not_as_the_dinas_says(self) -> Iterator[str]:
        waiting = self._stage.kiosk.waiting_outcomes()
        at_dinas = {
            attempt["attempt_id"]: attempt["outcome"]
            for permit in self._stage.world.hand("dinas").state()["permits"].values()
            for attempt in permit["attempts"]
        }
        for attempt in self.attempts():
            attempt_id, outcome = attempt["attempt_id"], attempt["outcome"]
            if attempt["phase"] not in OVER:
                yield f"attempt {attempt_id} is still {attempt['phase']}"
            elif attempt_id in waiting and self._stage.world.hand("dinas").state()["away"]:
                continue  # the outbox holds it
            elif attempt_id in at_dinas and at_dinas[attempt_id] != outcome:
                yield f"attempt {attempt_id} is {outcome} here, and {at_dinas[attempt_id]} at the Dinas"
            elif attempt_id not in at_dinas and outcome not in ("not_printed", None):
                yield f"attempt {attempt_id} is {outcome} here, and the Dinas does not know it"

    # -- inside

    def _ledger(self, printer: str) -> list[Line]:
        return read_ledger(Path(self._stage.world.where[printer]["folder"]) / "ledger.jsonl")

    def _receipts_so_far(self) -> int:
        return sum(1 for _ in Path(self._stage.world.where["receipt"]["receipts"]).glob("*.png"))


def _inside(state: Line) -> int:
    """Blanks in feeder, path and bin."""
    return int(state["stock"]) + int(state["reject_bin"]) + int(state["position"] != "none")


def _contradictions(attempt: Line, sheets: int, *, in_a_hand: bool) -> Iterator[str]:
    phase, name = attempt["phase"], f"attempt {attempt['attempt_id']} ({attempt['document']}, {attempt['phase']})"
    if phase in NOTHING_OUT and sheets:
        yield f"{name}: {sheets} came out"
    if phase in ALL_OUT and sheets != attempt["sheets"]:
        yield f"{name}: {sheets} of {attempt['sheets']} came out"
    if sheets > (attempt["sheets"] or 0):
        yield f"{name}: {sheets} came out, and it has {attempt['sheets']}"
    if phase in KEPT and in_a_hand:
        yield f"{name}: a hand took the card"
    if phase == "taken" and attempt["medium"] == "card" and not in_a_hand:
        yield f"{name}: no hand took the card"
