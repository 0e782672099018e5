"""What must hold after any story is noticed when it does not: each rule, against books that are wrong in one place."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from hardware_sim.scenarios.books import Books

PRINTER: dict[str, Any] = {"stock": 100, "reject_bin": 0, "position": "none", "printed": 0, "output": 0}


class WrittenStage:
    """The books of a kiosk, its printers and the Dinas as plain data; no machine behind them."""

    def __init__(self, folder: Path) -> None:
        self.kiosk = self.world = self
        self.folder = folder
        self.where: dict[str, dict[str, str]] = {
            "paper": {"folder": str(folder / "paper")},
            "card": {"folder": str(folder / "card")},
            "receipt": {"receipts": str(folder / "receipts")},
        }
        self.states: dict[str, dict[str, Any]] = {
            "paper": copy.deepcopy(PRINTER),
            "card": copy.deepcopy(PRINTER),
            "dinas": {"away": None, "permits": {}},
        }
        self.written: list[dict[str, Any]] = []
        self.waiting: set[str] = set()
        for printer in ("paper", "card"):
            (folder / printer).mkdir()

    def line(self, printer: str, event: str, **facts: Any) -> None:
        with (self.folder / printer / "ledger.jsonl").open("a") as file:
            file.write(json.dumps({"event": event, **facts}) + "\n")

    def sheet(self, printer: str, name: str, serial: str = "") -> None:
        """One came out: its line, the counter, and the blank that is gone."""
        self.line(printer, "sheet", name=name, serial=serial)
        self.states[printer]["printed"] += 1
        self.states[printer]["stock"] -= 1

    def attempt(self, name: str, phase: str, outcome: str | None, medium: str = "a4", permit: str = "p1") -> None:
        row = {"attempt_id": name, "permit_id": permit, "phase": phase, "outcome": outcome, "medium": medium}
        self.written.append({**row, "document": "kk" if medium == "a4" else "kia", "sheets": 1})
        permits = self.states["dinas"]["permits"]
        permits.setdefault(permit, {"attempts": []})["attempts"].append({"attempt_id": name, "outcome": outcome})

    # -- what Books asks

    def hand(self, device: str) -> Hand:
        return Hand(self.states[device])

    def attempts(self) -> list[dict[str, Any]]:
        return self.written

    def last_entry(self) -> int:
        return 0

    def waiting_outcomes(self) -> set[str]:
        return self.waiting


class Hand:
    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    def state(self) -> dict[str, Any]:
        return copy.deepcopy(self._state)


@pytest.fixture
def stage(tmp_path: Path) -> WrittenStage:
    return WrittenStage(tmp_path)


@pytest.fixture
def books(stage: WrittenStage) -> Books:
    return Books(stage)  # type: ignore[arg-type]  # it asks for no more than the written stage has


def test_books_that_agree_have_nothing_to_say(stage: WrittenStage, books: Books) -> None:
    stage.attempt("a1", "taken", "printed")
    stage.sheet("paper", "a1")
    stage.attempt("a2", "taken", "printed", "card", "p2")
    stage.sheet("card", "a2", "B1")
    stage.line("card", "taken", serial="B1")

    assert books.broken_rules() == []


def test_a_permit_that_was_handed_out_twice_is_found(stage: WrittenStage, books: Books) -> None:
    for name in ("a1", "a2"):
        stage.attempt(name, "taken", "printed")
        stage.sheet("paper", name)

    assert books.broken_rules() == ["permit p1 was handed out 2 times", "permit p1 was printed 2 times by the ledger"]


def test_a_card_that_was_spoiled_and_printed_anew_is_no_second_one(stage: WrittenStage, books: Books) -> None:
    stage.attempt("a1", "spoiled", "spoiled", "card")
    stage.sheet("card", "a1", "B1")
    stage.states["card"]["reject_bin"] = 1
    stage.attempt("a2", "taken", "printed", "card")
    stage.sheet("card", "a2", "B2")
    stage.line("card", "taken", serial="B2")

    assert books.broken_rules() == []


def test_a_blank_that_nobody_can_account_for_is_found(stage: WrittenStage, books: Books) -> None:
    stage.line("card", "loaded", count=50)
    stage.states["card"]["stock"] += 49

    assert books.broken_rules() == ["card: 100 in the machine and 50 loaded; now 149 in it and 0 out"]


def test_a_sheet_without_an_attempt_is_found(stage: WrittenStage, books: Books) -> None:
    stage.sheet("paper", "somebody-elses")

    assert books.broken_rules() == ["paper printed somebody-elses, no attempt"]


@pytest.mark.parametrize(
    ("phase", "outcome", "sheets", "told"),
    [
        ("failed", "not_printed", 1, "1 came out"),
        ("taken", "printed", 0, "0 of 1 came out"),
        ("unknown", "unknown", 2, "2 came out, and it has 1"),
    ],
)
def test_a_ledger_that_contradicts_the_printer_is_found(
    stage: WrittenStage, books: Books, phase: str, outcome: str, sheets: int, told: str
) -> None:
    stage.attempt("a1", phase, outcome)
    for _ in range(sheets):
        stage.sheet("paper", "a1")

    assert books.broken_rules() == [f"attempt a1 (kk, {phase}): {told}"]


@pytest.mark.parametrize(
    ("phase", "outcome", "taken", "told"),
    [
        ("retracted", "spoiled", True, "a hand took the card"),
        ("taken", "printed", False, "no hand took the card"),
    ],
)
def test_a_card_that_is_not_where_the_ledger_says_is_found(
    stage: WrittenStage, books: Books, phase: str, outcome: str, *, taken: bool, told: str
) -> None:
    stage.attempt("a1", phase, outcome, "card")
    stage.sheet("card", "a1", "B1")
    if taken:
        stage.line("card", "taken", serial="B1")
    else:
        stage.states["card"]["position"] = "exit"

    assert books.broken_rules() == [f"attempt a1 (kia, {phase}): {told}"]


def test_a_dinas_that_heard_otherwise_is_found_but_not_what_still_waits_for_one_that_is_away(
    stage: WrittenStage, books: Books
) -> None:
    stage.attempt("a1", "unknown", "unknown")
    stage.states["dinas"]["permits"]["p1"]["attempts"][0]["outcome"] = None

    assert books.broken_rules() == ["attempt a1 is unknown here, and None at the Dinas"]

    stage.states["dinas"]["away"], stage.waiting = "refuse", {"a1"}
    assert books.broken_rules() == []


def test_an_attempt_without_an_end_is_found(stage: WrittenStage, books: Books) -> None:
    stage.attempt("a1", "printing", None)

    assert books.broken_rules() == ["attempt a1 is still printing"]
