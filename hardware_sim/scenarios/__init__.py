"""Named stories, played by tests, demo and training alike: ``adm-sim stories``, ``adm-sim run NAME``.

A story is a file in ``stories/``; README.md beside this file tells how to write one. After each the player also checks
what must always hold: nothing printed twice, every blank accounted for, all books alike, nothing personal left behind.
"""

from hardware_sim.scenarios.player import StoryFailedError, play
from hardware_sim.scenarios.story import Story, StoryError, load, names, read

__all__ = ["Story", "StoryError", "StoryFailedError", "load", "names", "play", "read"]
