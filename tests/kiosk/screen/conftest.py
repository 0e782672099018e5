"""The window that all screen tests share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Modules that tests of this folder share stand beside them; importlib mode does not look there by itself.
sys.path.insert(0, str(Path(__file__).parent))

import stage as stage_module  # found through the line above


@pytest.fixture(scope="session")
def _window() -> None:
    stage_module.open_window()


@pytest.fixture
def open_stage(_window: None) -> Iterator[Callable[[tuple[int, int]], stage_module.Stage]]:
    """Makes a stage of a size; closed after the test."""
    opened: list[stage_module.Stage] = []

    def make(size: tuple[int, int]) -> stage_module.Stage:
        opened.append(stage_module.Stage(size))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def stage(open_stage: Callable[[tuple[int, int]], stage_module.Stage]) -> stage_module.Stage:
    """An upright stage."""
    return open_stage(stage_module.PORTRAIT)


@pytest.fixture(scope="module", params=list(stage_module.SIZES))
def sized_stage(request: pytest.FixtureRequest, _window: None) -> Iterator[stage_module.Stage]:
    """A stage that the tests of a module share, once upright and once lying."""
    one = stage_module.Stage(stage_module.SIZES[request.param])
    yield one
    one.close()
