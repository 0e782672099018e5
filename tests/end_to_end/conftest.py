"""One stage for the tests of a file: a world, a kiosk in it, and a person before its window."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scene import Scene

from hardware_sim.stage import Stage
from hardware_sim.world import WorldOptions, fresh_folder


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Upright, on a virtual display, with printers that work fast."""
    with fresh_folder() as folder:
        options = WorldOptions(folder, sheet_s=0.1, card_s=0.3, take_card_s=8, take_paper_s=60, thanks_s=30)
        with Stage(options) as stage:
            yield stage


@pytest.fixture
def scene(stage: Stage) -> Iterator[Scene]:
    """The stage with nobody before it and nothing broken; whatever a test does, the next one finds it so again."""
    scene = Scene(stage)
    yield scene
    scene.restore()
