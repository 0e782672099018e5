"""Named stories, played by tests, demo and training alike: ``adm-sim run NAME``.

A story is a function that takes a `Stage` and raises AssertionError where the kiosk does otherwise than it should.
"""

from __future__ import annotations

from collections.abc import Callable

from hardware_sim.scenarios import no_paper, whole_road
from hardware_sim.stage import Stage

SCENARIOS: dict[str, Callable[[Stage], None]] = {
    "whole-road": whole_road.play,
    "no-paper": no_paper.play,
}


def sentence(name: str) -> str:
    """What a story tells, in a line: the first line of its docstring."""
    return (SCENARIOS[name].__doc__ or "").splitlines()[0]
