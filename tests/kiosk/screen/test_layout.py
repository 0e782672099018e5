"""No text overflows, nothing overlaps, every target is large enough: read from the live widgets of every page."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from stage import Stage
from views_shown import Case, cases

pytestmark = pytest.mark.window

TARGET = 100  # pixels, at least, of anything to be tapped
MAIN_ACT_UPRIGHT = 150
SLACK = 1  # pixel, for rounding

CASES = list(cases())


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def shown(request: pytest.FixtureRequest, sized_stage: Stage) -> Stage:
    case: Case = request.param
    sized_stage.show(case.show, case.after)
    return sized_stage


def _box(widget: Any) -> tuple[float, float, float, float]:
    left, bottom = widget.to_window(widget.x, widget.y)
    return left, bottom, left + widget.width, bottom + widget.height


def _inside(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return (
        inner[0] >= outer[0] - SLACK
        and inner[1] >= outer[1] - SLACK
        and inner[2] <= outer[2] + SLACK
        and inner[3] <= outer[3] + SLACK
    )


def test_text_fits_its_box_and_the_panel_that_it_is_in(shown: Stage) -> None:
    from kivy.uix.label import Label

    from kiosk.screen.widgets.basics import Panel

    window = _box(shown.root)
    for label in shown.widgets():
        if not isinstance(label, Label) or not label.text:
            continue
        assert label.texture_size[0] <= label.width + SLACK, f"{label.text!r} is wider than its box"
        assert label.texture_size[1] <= label.height + SLACK, f"{label.text!r} is higher than its box"
        parent = label.parent
        while parent is not None and not isinstance(parent, Panel):
            parent = parent.parent if parent.parent is not parent else None
        around = _box(parent) if parent is not None else window
        assert _inside(_box(label), around), f"{label.text!r} leaves its panel"


def test_nothing_overlaps_and_nothing_leaves_the_window(shown: Stage) -> None:
    width, height = shown.size
    items = shown.items()
    for item in items:
        left, top, wide, high = item["bounds"]
        assert left >= 0, item["label"]
        assert top >= 0, item["label"]
        assert left + wide <= width, item["label"]
        assert top + high <= height, item["label"]
    for one, other in combinations(items, 2):
        a, b = one["bounds"], other["bounds"]
        apart = (
            a[0] + a[2] <= b[0] + SLACK
            or b[0] + b[2] <= a[0] + SLACK
            or a[1] + a[3] <= b[1] + SLACK
            or b[1] + b[3] <= a[1] + SLACK
        )
        assert apart, f"{one['label']!r} and {other['label']!r} overlap"


def test_targets_are_large_enough(shown: Stage) -> None:
    from kiosk.screen.widgets.taps import ActButton, Tap

    for widget in shown.widgets():
        if not isinstance(widget, Tap):
            continue
        assert widget.width >= TARGET, widget.label
        assert widget.height >= TARGET, widget.label
        if isinstance(widget, ActButton) and widget.kind == "main" and shown.orientation == "portrait":
            assert widget.height >= MAIN_ACT_UPRIGHT, widget.label


def test_every_item_says_what_it_is(shown: Stage) -> None:
    for item in shown.items():
        assert item["label"].strip()
        assert item["spoken"].strip()


def test_only_the_longest_texts_are_cut_short(shown: Stage, request: pytest.FixtureRequest) -> None:
    made_too_long = "longest" in request.node.name or "twelve" in request.node.name
    for widget in shown.widgets():
        if getattr(widget, "shorten", False) and not made_too_long:
            assert not widget.is_shortened, widget.text
