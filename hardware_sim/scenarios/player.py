"""Plays a story on a stage: its steps, what it expects at the end, and what must hold after any story."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import requests

from hardware_sim import visits
from hardware_sim.processes import ProcessFailedError
from hardware_sim.scenarios.performance import Performance
from hardware_sim.scenarios.personal import left_behind
from hardware_sim.scenarios.story import Story
from hardware_sim.stage import FIRST_PAGE_WITHIN_S, Stage

SETTLED_WITHIN_S = 20.0  # the outbox tells the Dinas at once; a loaded machine takes a little longer
LOOK_AGAIN_S = 0.2


class StoryFailedError(AssertionError):
    """The kiosk did otherwise than the story tells; the text names the step."""


def play(stage: Stage, story: Story, pause_s: float = 0.0) -> None:
    """Play it, with a pause after each step for whoever watches. Raises StoryFailedError.

    The stage is left as the story leaves it (`Stage.restore` clears up).
    """
    stage.person.see(visits.HOME, FIRST_PAGE_WITHIN_S)
    performance = Performance(stage, story.people)
    for number, step in enumerate(story.steps, start=1):
        try:
            step.play(performance)
        except (AssertionError, LookupError, TimeoutError, ValueError, OSError, ProcessFailedError) as error:
            stage.person.picture("gagal")
            ledger = [(a["document"], a["phase"], a["reason"]) for a in performance.books.attempts()]
            raise StoryFailedError(f"{story.name}, step {number} {step}: {error}; ledger: {ledger}") from error
        if step.say:
            stage.say(step.say)
        time.sleep(pause_s)
    _expect(story, "the end", lambda: story.expect.complaints(performance))
    _expect(story, "what must always hold", lambda: _broken_rules(performance))


def _broken_rules(performance: Performance) -> Iterable[str]:
    yield from performance.books.broken_rules()
    world = performance.stage.world
    yield from (f"personal data in {file}" for file in left_behind(world.folder, world.logs, *performance.secrets()))


def _expect(story: Story, what: str, complaints: Callable[[], Iterable[str]]) -> None:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while found := list(_asked(complaints)):
        if time.monotonic() > deadline:
            raise StoryFailedError(f"{story.name}, {what}:\n  " + "\n  ".join(found))
        time.sleep(LOOK_AGAIN_S)


def _asked(complaints: Callable[[], Iterable[str]]) -> list[str]:
    try:
        return list(complaints())
    except requests.RequestException as error:
        return [f"a simulated device does not answer: {error}"]
