"""Whatever happens to the blanks in whatever order: they add up (I3), and each lie and theft is found by a count.

The seed is fixed and printed; BLANKS_RUNS and BLANKS_SEED ask for others. A failure prints its steps, and the line that
plays them again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from blank_world import BlankWorld
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from kiosk.ledger import blank_balance, blank_items

SAMPLE = 40
RUNS = int(os.environ.get("BLANKS_RUNS", "2000"))
SEED = int(os.environ.get("BLANKS_SEED", "20261124"))
STEPS = 30


def play(runs: int, number: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    print(f"seed {number}, {runs} runs of {STEPS} steps")
    seed(number)(BlankWorld)
    asked = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(BlankWorld, settings=asked)


def test_a_sample_of_runs_adds_up() -> None:
    play(SAMPLE, SEED)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_all_runs_add_up() -> None:
    play(RUNS, SEED + 1)


def _forgets_what_lies_in_the_bin(real: Callable[..., None]) -> Callable[..., None]:
    def end(act: Any, before: Any, after: Any) -> None:
        if after.phase != "retracted":
            real(act, before, after)

    return end


def _draws_without_looking_at_the_order(real: Callable[..., Any]) -> Callable[..., Any]:
    def draw(act: Any, attempt_id: str) -> Any:
        real(act, attempt_id)  # a second blank for the same attempt
        return real(act, attempt_id)

    return draw


def _counts_only_what_came_out(real: Callable[..., Any]) -> Callable[..., Any]:
    def by_the_books(db: Any, up_to: int) -> Any:
        printed, rejected = real(db, up_to)
        return printed, type(rejected)(0, 10_000)  # believes whatever the bin counter says

    return by_the_books


@pytest.mark.parametrize(
    ("module", "name", "plant"),
    [
        (blank_items, "end", _forgets_what_lies_in_the_bin),
        (blank_items, "draw", _draws_without_looking_at_the_order),
        (blank_balance, "_by_the_books", _counts_only_what_came_out),
    ],
    ids=["bin-forgotten", "two-drawn", "bin-counter-believed"],
)
def test_a_planted_fault_is_caught(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, plant: Any) -> None:
    monkeypatch.setattr(module, name, plant(getattr(module, name)))
    with pytest.raises(AssertionError):
        play(SAMPLE, SEED, phases=(Phase.generate,))
