"""Visits leave nothing behind: pages are kept, and what they show is let go."""

from __future__ import annotations

import gc

import pytest
from stage import Stage
from views_shown import one_of_each

pytestmark = pytest.mark.window

VISITS = 8


def _widgets() -> int:
    from kivy.uix.widget import Widget

    gc.collect()
    # By type, not isinstance: that asks weak proxies of Kivy for their widget, which may be gone (ReferenceError).
    return sum(issubclass(type(one), Widget) for one in gc.get_objects())


def test_number_of_widgets_stays_the_same_over_many_visits(stage: Stage) -> None:
    shown = list(one_of_each())
    counts = []
    for _ in range(VISITS):
        for case in shown:
            stage.show(case.show)
        counts.append(_widgets())

    assert counts[-1] == counts[1]
