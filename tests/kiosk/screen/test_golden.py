"""Each page looks as it was when somebody last looked at it and was content.

A wanted change: ``python tests/kiosk/screen/renew_golden.py``, look at the pictures, commit them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter
from stage import Stage
from views_shown import Case, cases

pytestmark = pytest.mark.window

GOLDEN = Path(__file__).parent / "golden"
COLOURS = 160  # golden pictures are small: half the size, few colours, but enough that red stays red
TOLERANCE = 40  # of 255: what few colours and another rasteriser may differ in one pixel
SHARE = 0.0005  # of all pixels may differ more


def small(picture: Image.Image) -> Image.Image:
    """Half the size."""
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)


def golden_path(orientation: str, name: str) -> Path:
    return GOLDEN / f"{orientation}-{name}.png"


def save_golden(picture: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    small(picture).quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def share_that_differs(picture: Image.Image, golden: Image.Image) -> float:
    """Share of pixels that differ by more than the tolerance in some channel."""
    # A little out of focus: text in the middle of a button may round to the next pixel, which no eye sees.
    soft = ImageFilter.BoxBlur(1)
    difference = ImageChops.difference(small(picture).filter(soft), golden.convert("RGB").filter(soft))
    worst = ImageChops.lighter(ImageChops.lighter(*difference.split()[:2]), difference.split()[2])
    above = worst.point(lambda value: 255 if value > TOLERANCE else 0)
    return above.histogram()[255] / (above.width * above.height)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_page_looks_as_before(sized_stage: Stage, case: Case, tmp_path: Path) -> None:
    sized_stage.show(case.show, case.after)
    picture = sized_stage.picture()
    path = golden_path(sized_stage.orientation, case.name)
    assert path.exists(), "no golden picture: see the head of this file"
    with Image.open(path) as golden:
        differs = share_that_differs(picture, golden)
    assert len(picture.getcolors(1 << 24) or ()) > 20, "nothing was drawn"
    if differs > SHARE:
        picture.save(tmp_path / path.name)
    assert differs <= SHARE, f"{differs:.2%} of the pixels differ; see {tmp_path / path.name}"


def test_same_view_same_pixels(sized_stage: Stage) -> None:
    """Another View in between leaves no trace."""
    all_cases = {case.name: case for case in cases()}
    for name in ("documents-none", "printing-trouble", "home", "take-card", "pin-wrong"):
        case = all_cases[name]
        sized_stage.show(case.show)
        before = sized_stage.picture()
        sized_stage.show(all_cases["nik-full"].show)
        for other in ("home-no-cards", "printing-card", "take-paper", "pin-checking", "documents-states"):
            sized_stage.show(all_cases[other].show)
        sized_stage.show(case.show)
        assert ImageChops.difference(before, sized_stage.picture()).getbbox() is None, name
