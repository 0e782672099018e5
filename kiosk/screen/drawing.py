"""Icons and rounded shapes, drawn with Pillow at four times their size and brought down.

Kivy without multisampling draws jagged lines, and multisampling costs each frame on a machine without a graphics card.
A picture drawn once is smooth and free afterwards. Masks are white, with the shape in their alpha; the canvas tints.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from kivy.graphics.texture import Texture

Point = tuple[float, float]
OVERSAMPLE = 4
GRID = 24.0  # icons are drawn on a square of 24
STROKE = 2.0


class Pen:
    """Draws strokes with round ends on a mask; coordinates on a grid, y down."""

    def __init__(self, pixels: tuple[int, int], grid: float, stroke: float = STROKE) -> None:
        self.image = Image.new("L", (pixels[0] * OVERSAMPLE, pixels[1] * OVERSAMPLE), 0)
        self._draw = ImageDraw.Draw(self.image)
        self._unit = pixels[0] * OVERSAMPLE / grid
        self._stroke = stroke

    def line(self, *points: Point, closed: bool = False, width: float | None = None) -> None:
        """A stroke through the points."""
        half = (width or self._stroke) * self._unit / 2
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        if closed:
            scaled.append(scaled[0])
        for (x0, y0), (x1, y1) in pairwise(scaled):
            length = math.hypot(x1 - x0, y1 - y0) or 1.0
            dx, dy = (y1 - y0) / length * half, (x1 - x0) / length * half
            self._draw.polygon([(x0 - dx, y0 + dy), (x1 - dx, y1 + dy), (x1 + dx, y1 - dy), (x0 + dx, y0 - dy)], 255)
        for x, y in scaled:
            self._draw.ellipse([x - half, y - half, x + half, y + half], 255)

    def arc(self, x: float, y: float, radius: float, start: float = 0, end: float = 360) -> None:
        """A stroke on a circle; degrees clockwise from three o'clock."""
        steps = max(8, int(abs(end - start) / 4))
        angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
        self.line(*[(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles])

    def box(self, x: float, y: float, width: float, height: float, radius: float, *, fill: bool = False) -> None:
        """A rounded rectangle; its stroke lies on the edge."""
        half = 0 if fill else self._stroke / 2
        corners = [(x - half) * self._unit, (y - half) * self._unit]
        corners += [(x + width + half) * self._unit, (y + height + half) * self._unit]
        around = (radius + half) * self._unit
        if fill:
            self._draw.rounded_rectangle(corners, around, fill=255)
        else:
            self._draw.rounded_rectangle(corners, around, outline=255, width=round(self._stroke * self._unit))

    def dot(self, x: float, y: float, radius: float) -> None:
        """A filled circle."""
        u = self._unit
        self._draw.ellipse([(x - radius) * u, (y - radius) * u, (x + radius) * u, (y + radius) * u], 255)

    def mask(self) -> Image.Image:
        """What was drawn, at its own size."""
        small = (self.image.width // OVERSAMPLE, self.image.height // OVERSAMPLE)
        return self.image.resize(small, Image.Resampling.LANCZOS)


def _card(pen: Pen) -> None:
    pen.box(2.5, 5, 19, 14, 2.5)
    pen.arc(8, 10.5, 1.9)
    pen.arc(8, 17.2, 3.4, 200, 340)
    for y, end in ((9.2, 18.5), (12, 18.5), (14.8, 16.5)):
        pen.line((14, y), (end, y))


def _paper(pen: Pen) -> None:
    pen.line((14, 2.5), (5.5, 2.5), (5.5, 21.5), (18.5, 21.5), (18.5, 7), closed=False)
    pen.line((14, 2.5), (18.5, 7), (14, 7), (14, 2.5))
    for y, end in ((11.2, 15.2), (14.2, 15.2), (17.2, 12.5)):
        pen.line((8.8, y), (end, y))


def _qr(pen: Pen) -> None:
    for x, y in ((3, 3), (14, 3), (3, 14)):
        pen.box(x, y, 7, 7, 1.5)
        pen.dot(x + 3.5, y + 3.5, 1.1)
    pen.line((14, 14), (17, 14), (17, 17))
    pen.line((21, 14), (21, 17))
    pen.line((14, 18), (14, 21), (17, 21))
    pen.line((21, 21), (20.6, 21))


def _keypad(pen: Pen) -> None:
    pen.box(4.5, 2.5, 15, 19, 3)
    for x in (8.3, 12, 15.7):
        for y in (7.3, 12, 16.7):
            pen.dot(x, y, 1.25)


def _hand(pen: Pen) -> None:
    # An open hand: thumb to the left, four fingers, one outline.
    pen.line((7.2, 13.5), (7.2, 6.2))
    pen.arc(8.7, 6.0, 1.5, 180, 360)
    pen.line((10.2, 6.0), (10.2, 11.2))
    pen.line((10.2, 6.0), (10.2, 4.2))
    pen.arc(11.7, 4.0, 1.5, 180, 360)
    pen.line((13.2, 4.2), (13.2, 11.2))
    pen.arc(14.7, 5.3, 1.5, 180, 360)
    pen.line((16.2, 5.3), (16.2, 11.6))
    pen.arc(17.7, 8.2, 1.5, 180, 360)
    pen.line((19.2, 8.2), (19.2, 14.6))
    pen.arc(12.9, 15.2, 6.3, 0, 130)
    pen.line((8.9, 20.1), (4.4, 14.7))
    pen.arc(5.5, 13.6, 1.6, 135, 315)
    pen.line((6.6, 12.4), (7.6, 13.6))


def _clock(pen: Pen) -> None:
    pen.arc(12, 12, 9.2)
    pen.line((12, 6.8), (12, 12), (15.6, 14))


def _warning(pen: Pen) -> None:
    pen.line((12, 3.2), (22, 20.4), (2, 20.4), closed=True)
    pen.line((12, 9.6), (12, 14.2))
    pen.dot(12, 17.4, 1.25)


def _check(pen: Pen) -> None:
    pen.line((5, 12.8), (9.8, 17.4), (19.2, 7.2))


def _cross(pen: Pen) -> None:
    pen.line((6, 6), (18, 18))
    pen.line((18, 6), (6, 18))


def _arrow_right(pen: Pen) -> None:
    pen.line((3.5, 12), (20.5, 12))
    pen.line((14, 5.5), (20.5, 12), (14, 18.5))


def _arrow_left(pen: Pen) -> None:
    pen.line((20.5, 12), (3.5, 12))
    pen.line((10, 5.5), (3.5, 12), (10, 18.5))


def _arrow_up(pen: Pen) -> None:
    pen.line((12, 20.5), (12, 3.5))
    pen.line((5.5, 10), (12, 3.5), (18.5, 10))


def _arrow_down(pen: Pen) -> None:
    pen.line((12, 3.5), (12, 20.5))
    pen.line((5.5, 14), (12, 20.5), (18.5, 14))


def _person(pen: Pen) -> None:
    pen.arc(12, 7.6, 4.2)
    pen.arc(12, 21.5, 7.6, 184, 356)


def _truck(pen: Pen) -> None:
    pen.line((5, 17.4), (2, 17.4), (2, 5), (14, 5), (14, 17.4), (9.6, 17.4))
    pen.line((14, 9), (18.4, 9), (22, 13), (22, 17.4), (19.6, 17.4))
    pen.line((15, 17.4), (14, 17.4))
    pen.arc(7.3, 18, 2.2)
    pen.arc(17.3, 18, 2.2)


def _house(pen: Pen) -> None:
    pen.line((2.6, 11.4), (12, 3), (21.4, 11.4))
    pen.line((5.2, 9.4), (5.2, 21), (18.8, 21), (18.8, 9.4))
    pen.line((9.8, 21), (9.8, 14.6), (14.2, 14.6), (14.2, 21))


def _pin(pen: Pen) -> None:
    pen.arc(12, 9.6, 7.1, 150, 390)
    pen.line((5.85, 13.15), (12, 21.8), (18.15, 13.15))
    pen.arc(12, 9.6, 2.5)


def _leave(pen: Pen) -> None:
    pen.line((10.5, 3.5), (4.5, 3.5), (4.5, 20.5), (10.5, 20.5))
    pen.line((10, 12), (20.5, 12))
    pen.line((15.5, 7), (20.5, 12), (15.5, 17))


def _question(pen: Pen) -> None:
    pen.arc(12, 12, 9.4)
    pen.arc(12, 9.7, 2.9, 180, 375)
    pen.line((14.8, 10.4), (13.6, 12), (12, 13), (12, 14.2))
    pen.dot(12, 17.4, 1.25)


def _message(pen: Pen) -> None:
    pen.line((8, 18.6), (3.2, 20.8), (4.6, 16.2))
    pen.arc(12, 11.6, 8.7, -220, 118)


def _erase(pen: Pen) -> None:
    pen.line((8.2, 5), (21.5, 5), (21.5, 19), (8.2, 19), (2.2, 12), closed=True)
    pen.line((11.4, 9.2), (17, 14.8))
    pen.line((17, 9.2), (11.4, 14.8))


def _printer(pen: Pen) -> None:
    pen.line((6.5, 8), (6.5, 2.8), (17.5, 2.8), (17.5, 8))
    pen.line((6.5, 17), (2.6, 17), (2.6, 8), (21.4, 8), (21.4, 17), (17.5, 17))
    pen.box(6.5, 13.4, 11, 7.8, 0.6)


def _child(pen: Pen) -> None:
    pen.arc(12, 12.6, 8.6)
    pen.dot(8.9, 11.8, 1.3)
    pen.dot(15.1, 11.8, 1.3)
    pen.arc(12, 12.8, 4.2, 35, 145)
    pen.arc(12, 6.4, 2.2, 180, 340)  # a curl


def _lock(pen: Pen) -> None:
    pen.box(4.8, 10.6, 14.4, 10.6, 2.4)
    pen.arc(12, 7.6, 4.3, 180, 360)
    pen.line((7.7, 7.6), (7.7, 10.6))
    pen.line((16.3, 7.6), (16.3, 10.6))
    pen.line((12, 14.6), (12, 17.2))


def _receipt(pen: Pen) -> None:
    pen.line((5.5, 21.2), (5.5, 2.8), (18.5, 2.8), (18.5, 21.2), (15.2, 19), (12, 21.2), (8.8, 19), closed=True)
    for y, end in ((7.6, 15), (11, 15), (14.4, 12.4)):
        pen.line((9, y), (end, y))


def _dot(pen: Pen) -> None:
    pen.dot(12, 12, 12)


def _ring(pen: Pen) -> None:
    pen.arc(12, 12, 11)


ICONS = {
    "card": _card,
    "paper": _paper,
    "qr": _qr,
    "keypad": _keypad,
    "hand": _hand,
    "clock": _clock,
    "warning": _warning,
    "check": _check,
    "cross": _cross,
    "arrow-right": _arrow_right,
    "arrow-left": _arrow_left,
    "arrow-up": _arrow_up,
    "arrow-down": _arrow_down,
    "person": _person,
    "truck": _truck,
    "house": _house,
    "pin": _pin,
    "leave": _leave,
    "question": _question,
    "message": _message,
    "erase": _erase,
    "printer": _printer,
    "child": _child,
    "lock": _lock,
    "receipt": _receipt,
    "dot": _dot,
    "ring": _ring,
}


def icon_mask(name: str, pixels: int, stroke: float = STROKE) -> Image.Image:
    """One icon as a mask of ``pixels`` by ``pixels``."""
    pen = Pen((pixels, pixels), GRID, stroke)
    ICONS[name](pen)
    return pen.mask()


def rounded_mask(radius: int, line: int = 0) -> Image.Image:
    """The four corners of a rounded rectangle, with one pixel between: stretched by a BorderImage. ``line`` 0 fills."""
    side = 2 * radius + 1
    big = Image.new("L", (side * OVERSAMPLE, side * OVERSAMPLE), 0)
    corner = radius * OVERSAMPLE
    edge = [0, 0, big.width - 1, big.height - 1]
    if line:
        ImageDraw.Draw(big).rounded_rectangle(edge, corner, outline=255, width=line * OVERSAMPLE)
    else:
        ImageDraw.Draw(big).rounded_rectangle(edge, corner, fill=255)
    return big.resize((side, side), Image.Resampling.BOX)


def texture_of(picture: Image.Image) -> Texture:
    """A picture as a texture; a mask (mode L) becomes white with that alpha."""
    from kivy.graphics.texture import Texture

    if picture.mode == "L":
        white = Image.new("L", picture.size, 255)
        picture = Image.merge("RGBA", (white, white, white, picture))
    texture = Texture.create(size=picture.size, colorfmt="rgba")
    texture.blit_buffer(picture.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


@cache
def icon(name: str, pixels: int, stroke: float = STROKE) -> Texture:
    """One icon as a texture, drawn once for each size."""
    return texture_of(icon_mask(name, pixels, stroke))


@cache
def rounded(radius: int, line: int = 0) -> Texture:
    """Corners of a rounded rectangle as a texture (see rounded_mask)."""
    return texture_of(rounded_mask(radius, line))
