"""Contrast of every pair of text and ground, and the scale of the look."""

from __future__ import annotations

import pytest

from kiosk.screen import theme

AT_LEAST = 7.0  # WCAG 2.2, level AAA


def _luminance(colour: theme.Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: theme.Colour, other: theme.Colour) -> float:
    """Contrast of two colours by WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_guideline_does() -> None:
    assert contrast((0, 0, 0, 1), (1, 1, 1, 1)) == pytest.approx(21)


@pytest.mark.parametrize(("text", "ground"), theme.TEXT_PAIRS)
def test_text_stands_off_its_ground(text: str, ground: str) -> None:
    look = theme.for_size((1080, 1920))

    assert contrast(getattr(look, text), getattr(look, ground)) >= AT_LEAST


@pytest.mark.parametrize(
    ("size", "landscape", "scale"),
    [
        ((1080, 1920), False, 1.0),
        ((1366, 768), True, 1.0),
        ((1920, 1080), True, 1080 / 768),
        ((720, 1280), False, 2 / 3),
    ],
)
def test_look_scales_as_a_whole(size: tuple[int, int], landscape: bool, scale: float) -> None:
    look = theme.for_size(size)

    assert look.landscape is landscape
    assert look.scale == pytest.approx(scale, rel=0.01)
    assert look.px("act") == round(theme.LENGTHS["act"][landscape] * look.scale)


@pytest.mark.parametrize("index", [0, 1])
def test_targets_of_the_theme_are_large_enough(index: int) -> None:
    for name in ("key", "act", "foot", "target"):
        assert theme.LENGTHS[name][index] >= 100, name
    assert theme.LENGTHS["act"][0] >= 150
