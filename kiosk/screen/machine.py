"""The picture of the machine: where the card, the paper and the receipt come out, and where a QR code is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from kiosk.protocol import Part
from kiosk.screen import theme
from kiosk.screen.drawing import OVERSAMPLE, Pen, texture_of

if TYPE_CHECKING:
    from kivy.graphics.texture import Texture

Box = tuple[float, float, float, float]  # left, top, right, bottom on the grid

# The machine stands on a grid of 460 by 600; left and right of it is room for the arrow and for what comes out.
WIDTH, HEIGHT = 460, 600
BODY: Box = (110, 6, 350, 568)
SCREEN: Box = (140, 40, 320, 262)
CARD: Box = (246, 300, 320, 322)
SCANNER: Box = (140, 288, 222, 338)
RECEIPT: Box = (246, 350, 320, 366)
TRAY: Box = (140, 404, 320, 440)
PARTS: dict[Part, Box] = {
    Part.CARD_SLOT: CARD,
    Part.PAPER_TRAY: TRAY,
    Part.RECEIPT_SLOT: RECEIPT,
    Part.SCANNER: SCANNER,
}
INK = 5  # width of the outline


class _Sketch:
    """Filled, outlined shapes in colour on the grid of the machine."""

    def __init__(self, height: int) -> None:
        self.scale = height * OVERSAMPLE / HEIGHT
        self.size = (round(WIDTH * height / HEIGHT), height)
        self.picture = Image.new("RGBA", (self.size[0] * OVERSAMPLE, self.size[1] * OVERSAMPLE))
        self.draw = ImageDraw.Draw(self.picture)

    def box(self, box: Box, radius: float, fill: theme.Colour, line: theme.Colour, width: float = INK) -> None:
        edges = [value * self.scale for value in box]
        self.draw.rounded_rectangle(
            edges, radius * self.scale, fill=_rgba(fill), outline=_rgba(line), width=round(width * self.scale)
        )

    def stroke(self, colour: theme.Colour, width: float, draw: Callable[[Pen], None]) -> None:
        pen = Pen(self.size, WIDTH, width)
        draw(pen)
        whole = pen.image.resize(self.picture.size) if pen.image.size != self.picture.size else pen.image
        self.picture.paste(Image.new("RGBA", self.picture.size, _rgba(colour)), mask=whole)

    def done(self) -> Image.Image:
        return self.picture.resize(self.size, Image.Resampling.LANCZOS)


def _rgba(colour: theme.Colour) -> tuple[int, int, int, int]:
    red, green, blue, alpha = (round(value * 255) for value in colour)
    return red, green, blue, alpha


def picture(height: int, part: Part | None = None) -> Image.Image:
    """The machine, ``height`` pixels high; with a part, its lamp is on, and an arrow points at it."""
    look = theme.current()
    sketch = _Sketch(height)
    sketch.box((84, 560, 376, 592), 12, look.sand, look.ink)  # foot
    sketch.box(BODY, 30, look.card, look.ink)
    sketch.box(SCREEN, 14, look.primary_soft, look.ink)
    _content(sketch, look)
    for place, box in PARTS.items():
        lit = place is part
        if lit:  # the lamp shines around the opening
            glow = (box[0] - 14, box[1] - 14, box[2] + 14, box[3] + 14)
            sketch.box(glow, 20, look.amber, look.amber)
        sketch.box(box, 8, look.amber_soft if lit else look.sand, look.ink)
    if part is not Part.SCANNER:
        sketch.stroke(look.ink, INK, lambda pen: pen.line((160, 313), (202, 313)))
    if part is not None:
        _OUTPUTS[part](sketch, look)
        _arrow(sketch, look, part)
    return sketch.done()


def _content(sketch: _Sketch, look: theme.Theme) -> None:
    """Lines on the machine's own screen, so that it reads as one."""

    def lines(pen: Pen) -> None:
        pen.line((164, 78), (256, 78))
        pen.line((164, 102), (228, 102))

    sketch.stroke(look.primary_mid, 9, lines)
    sketch.box((164, 206, 296, 236), 10, look.primary, look.primary)


def _card_out(sketch: _Sketch, look: theme.Theme) -> None:
    sketch.box((256, 308, 310, 388), 7, look.primary, look.ink)
    sketch.box((266, 336, 284, 354), 3, look.amber_soft, look.amber_soft, 1)
    sketch.stroke(look.white, 5, lambda pen: pen.line((268, 370), (298, 370)))


def _paper_out(sketch: _Sketch, look: theme.Theme) -> None:
    sketch.box((158, 418, 302, 530), 5, look.white, look.ink)

    def lines(pen: Pen) -> None:
        for y, end in ((452, 276), (474, 276), (496, 240)):
            pen.line((184, y), (end, y))

    sketch.stroke(look.primary, 6, lines)


def _receipt_out(sketch: _Sketch, look: theme.Theme) -> None:
    sketch.box((262, 356, 304, 424), 3, look.white, look.ink)
    sketch.stroke(look.primary, 5, lambda pen: pen.line((273, 386), (293, 386)))
    sketch.stroke(look.primary, 5, lambda pen: pen.line((273, 402), (287, 402)))


def _phone(sketch: _Sketch, look: theme.Theme) -> None:
    sketch.box((150, 318, 212, 432), 12, look.white, look.ink)
    for x, y in ((164, 340), (184, 340), (164, 360)):
        sketch.box((x, y, x + 14, y + 14), 3, look.primary, look.primary, 1)
    sketch.stroke(look.primary, 5, lambda pen: pen.line((186, 370), (198, 370), (198, 362)))
    sketch.stroke(look.ink, 5, lambda pen: pen.line((174, 414), (188, 414)))


_OUTPUTS = {
    Part.CARD_SLOT: _card_out,
    Part.PAPER_TRAY: _paper_out,
    Part.RECEIPT_SLOT: _receipt_out,
    Part.SCANNER: _phone,
}


def _arrow(sketch: _Sketch, look: theme.Theme, part: Part) -> None:
    """From the side where the part is; the card's and the receipt's from the right."""
    left, top, right, bottom = PARTS[part]
    y = {Part.PAPER_TRAY: 474, Part.SCANNER: 376}.get(part, (top + bottom) / 2 + 32)
    if part is Part.SCANNER:
        tip, tail, back = left - 14, 24.0, -24
    else:
        tip, tail, back = right + 14, 436.0, 24

    def arrow(pen: Pen) -> None:
        pen.line((tail, y), (tip, y))
        pen.line((tip + back, y - 24), (tip, y), (tip + back, y + 24))

    sketch.stroke(look.paper, 26, arrow)  # a rim, so that it stands off the body's outline
    sketch.stroke(look.primary, 13, arrow)


@cache
def _texture(look: theme.Theme, height: int, part: Part | None) -> Texture:
    return texture_of(picture(height, part))


def texture(height: int, part: Part | None = None) -> Texture:
    """The picture as a texture, drawn once for each size and part."""
    return _texture(theme.current(), height, part)
