"""Drawn faces and signatures."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from hardware_sim.dinas.samples.pictures import BACKGROUNDS, background_of, photo, signature_picture


@pytest.mark.parametrize("background", ["red", "blue"])
def test_a_photo_is_a_jpeg_of_two_by_three_on_its_background(background: str) -> None:
    image = Image.open(io.BytesIO(photo("siapa", background)))

    assert image.format == "JPEG"
    assert image.size == (480, 720)
    corner = image.convert("RGB").getpixel((4, 4))
    assert isinstance(corner, tuple)
    assert all(abs(a - b) < 12 for a, b in zip(corner, BACKGROUNDS[background], strict=True))


def test_the_same_seed_gives_the_same_face_and_another_seed_another() -> None:
    assert photo("a") == photo("a")
    assert len({photo(str(number)) for number in range(8)}) == 8


def test_odd_birth_years_are_red_and_even_ones_blue() -> None:
    assert [background_of(year) for year in (2015, 2016)] == ["red", "blue"]


def test_a_signature_is_a_png_with_ink_on_nothing() -> None:
    image = Image.open(io.BytesIO(signature_picture("siapa")))

    assert image.format == "PNG"
    alpha = image.getchannel("A").histogram()
    inked = sum(alpha[128:]) / (image.width * image.height)
    assert 0.01 < inked < 0.15
