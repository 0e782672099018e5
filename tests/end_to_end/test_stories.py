"""The stories of hardware_sim/scenarios/stories, each played against the real kiosk; all of them in make test-long.

Those that need the same world share a stage, one after the other, as one day's visits share a machine. A story that
leaves an attempt in doubt is the last one on its stage: its printer waits for an operator.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import msgspec
import pytest

from hardware_sim.scenarios import Story, StoryFailedError, load, names, play
from hardware_sim.scenarios.machine_steps import HandOn
from hardware_sim.stage import Stage
from hardware_sim.world import WorldOptions, fresh_folder

pytestmark = [pytest.mark.devices, pytest.mark.window, pytest.mark.timeout(300)]

QUICK = frozenset(
    {
        "battery-low-while-printing",
        "card-stolen-from-the-feeder",
        "chip-pulled",
        "dinas-away-at-outcome",
        "kia",
        "no-blanks-for-days",
        "paper-jam-while-printing",
        "power-cut-card-presented",
        "power-cut-paper-printing",
        "receipt-paper-runs-out",
        "scanner-noise",
        "spooler-killed-while-printing",
    }
)
"""Played in make test: those whose roads differ most, and that no other test here goes."""


class Stages:
    """One stage at a time, kept for as long as the next story can be played on it."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._stage: Stage | None = None
        self._world: object = None
        self._played: set[str] = set()

    def for_story(self, story: Story) -> Stage:
        stage, seeded = self._stage, {part.seeded for part in story.people.values()} - {""}
        if stage is not None and self._world == story.world and not seeded & self._played and self._clean(stage):
            stage.restore()
        else:
            self.close()
            stage = self._open(story)
        self._played |= seeded
        return stage

    def close(self) -> None:
        self._stage, self._played = None, set()
        self._stack.close()

    def _open(self, story: Story) -> Stage:
        folder = self._stack.enter_context(fresh_folder())
        base = WorldOptions(folder, sheet_s=0.1, card_s=0.3, take_card_s=15, take_paper_s=60, thanks_s=30)
        self._stage = stage = self._stack.enter_context(Stage(story.world.options(base)))
        self._world = story.world
        return stage

    @staticmethod
    def _clean(stage: Stage) -> bool:
        return all(attempt["outcome"] in ("printed", "not_printed", "spoiled") for attempt in stage.kiosk.attempts())


@pytest.fixture(scope="module")
def stages() -> Iterator[Stages]:
    stages = Stages()
    yield stages
    stages.close()


def test_the_quick_ones_are_there() -> None:
    assert set(names()) >= QUICK


@pytest.mark.parametrize("name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.long) for n in names()])
def test_it_goes_as_the_story_tells(stages: Stages, name: str) -> None:
    story = load(name)

    try:
        play(stages.for_story(story), story)
    except BaseException:
        stages.close()  # nobody knows how the stage was left
        raise


@pytest.mark.long
def test_without_the_theft_nothing_is_missed(stages: Stages) -> None:
    """The control of the story of the stolen card: what it waits for comes of the theft alone."""
    story = load("card-stolen-from-the-feeder")
    theft = [step for step in story.steps if isinstance(step, HandOn) and step.arguments == {"n": 1}]
    stages.close()  # its blanks are delivered once in the life of a machine
    honest = msgspec.structs.replace(story, steps=[step for step in story.steps if step not in theft])
    try:
        with pytest.raises(StoryFailedError, match=r"(?s)Kartu kosong habis|difference-opened"):
            play(stages.for_story(honest), honest)
    finally:
        stages.close()
    assert len(theft) == 1
