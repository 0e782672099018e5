"""Drawn faces and signatures of people who do not exist. Clearly drawings; the same seed gives the same bytes."""

from __future__ import annotations

import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 480, 720  # 2 x 3, as on a card
OVERSAMPLE = 2  # Pillow draws without smoothing: draw larger, then shrink
BACKGROUNDS = {"red": (176, 32, 40), "blue": (36, 84, 164)}
SKIN = ((241, 205, 172), (224, 178, 140), (203, 152, 112), (178, 124, 86))
CLOTH = ((22, 58, 92), (62, 88, 70), (120, 46, 58), (74, 66, 110), (140, 108, 52))
FEMALE_DAY_OFFSET = 40  # of the day of birth in a NIK (PP 37/2007, article 37)
HAIR = ((30, 26, 26), (48, 38, 34), (62, 44, 34))


def background_of(birth_year: int) -> str:
    """Colour behind the face on a KIA: red for odd birth years, blue for even ones (Permendagri 2/2016)."""
    return "red" if birth_year % 2 else "blue"


def photo(seed: str, background: str = "red") -> bytes:
    """A passport-like drawing of nobody as JPEG, 480 x 720; ``background`` is "red" or "blue".

    When the seed is a NIK, only women wear a veil (some do); with any other seed anybody may.
    """
    choose = random.Random(f"photo {seed}")
    scale = OVERSAMPLE
    image = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), BACKGROUNDS[background])
    may_veil = not (len(seed) == 16 and seed.isdigit() and int(seed[6:8]) <= FEMALE_DAY_OFFSET)
    _Portrait(ImageDraw.Draw(image), scale, choose, may_veil=may_veil).draw()
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


class _Portrait:
    """A flat face, drawn from the shoulders up. All measures in pixels of the 480 x 720 picture."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: int, choose: random.Random, *, may_veil: bool) -> None:
        self._ink = draw
        self._scale = scale
        self._skin = choose.choice(SKIN)
        self._cloth = choose.choice(CLOTH)
        self._hair = choose.choice(HAIR)
        self._veil = choose.random() < 0.5 and may_veil
        self._veil_colour = choose.choice([colour for colour in CLOTH if colour != self._cloth])
        self._glasses = choose.random() < 0.2
        self._wide = choose.randint(112, 124)  # half the width of the face
        self._middle = WIDTH // 2

    def draw(self) -> None:
        if self._veil:
            self._oval(self._middle, 322, self._wide + 52, 218, self._veil_colour)
        else:
            self._oval(self._middle, 268, self._wide + 14, 168, self._hair)
        self._body()
        self._face()
        self._eyes()
        self._mouth()
        if self._glasses:
            self._spectacles()

    def _body(self) -> None:
        shadow = tuple(int(part * 0.82) for part in self._skin)
        if not self._veil:
            self._box(self._middle - 52, 420, self._middle + 52, 590, 30, shadow)
        self._box(self._middle - 205, 556, self._middle + 205, 900, 130, self._cloth)
        if self._veil:
            self._oval(self._middle, 540, 156, 150, self._veil_colour)
        else:
            self._shape([(-62, 556), (62, 556), (0, 656)], (246, 244, 238))
            self._shape([(-40, 556), (40, 556), (0, 620)], shadow)

    def _face(self) -> None:
        if not self._veil:
            for side in (-1, 1):
                self._oval(self._middle + side * (self._wide + 2), 338, 20, 34, self._skin)
        self._oval(self._middle, 336, self._wide, 152, self._skin)
        if self._veil:
            band = tuple(int(part * 0.8) for part in self._veil_colour)
            self._arc(self._middle, 336, self._wide + 4, 156, 180, 360, 18, band)
        else:
            self._half(self._middle, 272, self._wide + 4, 104, self._hair)

    def _eyes(self) -> None:
        for side in (-1, 1):
            x = self._middle + side * 48
            self._oval(x, 334, 19, 11, (252, 250, 246))
            self._oval(x, 334, 9, 10, (44, 32, 28))
            self._arc(x, 316, 28, 14, 200, 340, 7, self._hair)

    def _mouth(self) -> None:
        line = tuple(int(part * 0.7) for part in self._skin)
        self._arc(self._middle, 374, 17, 16, 20, 160, 5, line)
        self._arc(self._middle, 416, 40, 18, 20, 160, 8, (164, 84, 80))

    def _spectacles(self) -> None:
        for side in (-1, 1):
            self._arc(self._middle + side * 48, 336, 36, 28, 0, 360, 5, (40, 40, 48))
        self._arc(self._middle, 334, 14, 8, 190, 350, 5, (40, 40, 48))

    def _bounds(self, x: float, y: float, half_width: float, half_height: float) -> tuple[float, float, float, float]:
        by = self._scale
        return (x - half_width) * by, (y - half_height) * by, (x + half_width) * by, (y + half_height) * by

    def _oval(self, x: float, y: float, half_width: float, half_height: float, colour: tuple[int, ...]) -> None:
        self._ink.ellipse(self._bounds(x, y, half_width, half_height), fill=colour)

    def _half(self, x: float, y: float, half_width: float, half_height: float, colour: tuple[int, ...]) -> None:
        self._ink.chord(self._bounds(x, y, half_width, half_height), 180, 360, fill=colour)

    def _arc(
        self,
        x: float,
        y: float,
        half_w: float,
        half_h: float,
        start: int,
        end: int,
        width: int,
        colour: tuple[int, ...],
    ) -> None:
        self._ink.arc(self._bounds(x, y, half_w, half_h), start, end, fill=colour, width=width * self._scale)

    def _box(self, left: int, top: int, right: int, bottom: int, radius: int, colour: tuple[int, ...]) -> None:
        by = self._scale
        self._ink.rounded_rectangle((left * by, top * by, right * by, bottom * by), radius * by, fill=colour)

    def _shape(self, points: list[tuple[int, int]], colour: tuple[int, ...]) -> None:
        """A polygon; x counts from the middle."""
        self._ink.polygon([((self._middle + x) * self._scale, y * self._scale) for x, y in points], fill=colour)


def signature_picture(seed: str) -> bytes:
    """A scrawl of nobody as PNG with a clear background, 480 x 200."""
    choose = random.Random(f"signature {seed}")
    scale, width, height = OVERSAMPLE, 480, 200
    image = Image.new("RGBA", (width * scale, height * scale), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    steps = 360
    loops = choose.uniform(3.5, 6.5)
    tall, lean, phase = choose.uniform(34, 52), choose.uniform(14, 30), choose.uniform(0, math.tau)
    points = []
    for step in range(steps + 1):
        along = step / steps
        turn = along * loops * math.tau + phase
        fall = 1 - 0.65 * along  # the hand tires: loops grow smaller
        x = 50 + along * 360 + lean * math.cos(turn) * fall
        y = 96 + tall * math.sin(turn) * fall * (0.7 + 0.3 * math.sin(3 * turn / loops))
        points.append((x * scale, y * scale))
    draw.line(points, fill=(24, 34, 74, 255), width=5 * scale, joint="curve")
    end_y = 150 + choose.randint(-8, 8)
    draw.line(
        [(60 * scale, end_y * scale), (430 * scale, (end_y - 22) * scale)], fill=(24, 34, 74, 255), width=4 * scale
    )
    image = image.filter(ImageFilter.GaussianBlur(1)).resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
