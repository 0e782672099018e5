"""SIGKILL at the system calls of whole sessions, and EIO and ENOSPC at every write: nothing twice, nothing lost.

``make test`` plays a small sample (a point takes one to two seconds), ``make test-long`` 300 of them, and every one.
A finding is told with the command that plays its point again. KILL_POINTS, KILL_SEED and KILL_WORKERS ask for others.
"""

from __future__ import annotations

import os
import random

import kill
import pytest
import tracer
from plays import PLAYS

SIZE = int(os.environ.get("KILL_POINTS", "24"))
SIZE_LONG = 300
SEED = int(os.environ.get("KILL_SEED", "20261124"))
WORKERS = int(os.environ.get("KILL_WORKERS", "2"))
CONTROL_POINTS = 80

pytestmark = [
    pytest.mark.devices,
    pytest.mark.skipif(not tracer.AVAILABLE, reason="the tracer knows the system calls of x86_64"),
]


def play(points: list[kill.Point]) -> None:
    results = list(kill.run(points, WORKERS))
    print(kill.summary(results))
    found = [kill.told(result) for result in results if result.broken]

    assert found == [], "\n".join(found)
    assert sum(result.met for result in results) >= 0.8 * len(points)  # a run that is a little shorter misses its end


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("size", [SIZE, pytest.param(SIZE_LONG, marks=pytest.mark.long)], ids=["small", "large"])
def test_a_sample_of_points_breaks_no_rule(size: int) -> None:
    counts = kill.count(list(PLAYS), WORKERS)
    print(f"seed {SEED}: {size} of {sum(counts.values())} points: {counts}")

    play(kill.sample(counts, size, SEED))


@pytest.mark.long
@pytest.mark.timeout(8 * 3600)
def test_no_point_breaks_a_rule() -> None:
    counts = kill.count(list(PLAYS), WORKERS)
    print(f"{sum(counts.values())} points: {counts}")

    assert sum(counts.values()) >= 3000
    play(kill.every_point(counts))


# The play in which each planted fault shows, and what is said of it.
CONTROLS = {
    "no_fence": ("cupsd-kk", "times at its printer"),
    "rows_after_the_acts": ("engine-kk", "came out"),
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("plant", ["no_fence", pytest.param("rows_after_the_acts", marks=pytest.mark.long)])
def test_a_planted_fault_is_caught(plant: str) -> None:
    """The control: points of one session, in an order of chance, until the fault shows."""
    name, words = CONTROLS[plant]
    most = kill.count([name], 1)[name]
    numbers = random.Random(SEED).sample(range(most // 3, most), CONTROL_POINTS)
    caught = kill.first_broken([(name, number) for number in numbers], plant, words)
    print(f"{plant}, seed {SEED}: caught after {caught.played} points: {caught.result}")

    assert caught.result is not None
