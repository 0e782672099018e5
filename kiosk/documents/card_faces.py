"""Draws the face of a card: personal data only, on the official blank, whose own print is not drawn.

Text that is too long is wrapped, then the whole block of rows is set smaller, never cut: a name may have 60 characters
(Permendagri 73/2022). What is signed as a sample is marked SPESIMEN.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from kiosk.documents.card_check import SPECIMEN, CardContent
from kiosk.documents.card_layout import CARD_MM, Block, Font, Layout, Picture, Row, Title
from kiosk.documents.picture_pdf import Sheet, picture_pdf
from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind

INK = (16, 16, 16)
MARK = (222, 222, 222)
MOST_PIXELS = 4_000_000
MM_PER_INCH = 25.4
CARD_DPI = 300
_STEP = 0.05  # mm, by which the block gets smaller
_FILES: dict[Font, str] = {
    "regular": "AtkinsonHyperlegibleNext-Regular.ttf",
    "bold": "AtkinsonHyperlegibleNext-Bold.ttf",
    "mono": "AtkinsonHyperlegibleMono-SemiBold.ttf",
}


@dataclass(frozen=True)
class _SetRow:
    """A row as it will be drawn."""

    row: Row
    lines: list[str]
    beside: str


def card_document(content: CardContent, layout: Layout, size_px: tuple[int, int]) -> bytes:
    """The print document: one page of the card's size with one picture, turned upright as the printer takes it."""
    return card_page(draw_face(content, layout, size_px).transpose(Image.Transpose.ROTATE_90))


def card_page(upright: Image.Image) -> bytes:
    """A card's picture as a page on which each pixel falls on a pixel of the printer.

    The page has the picture's own size at the printer's resolution, and not the 54 x 86 mm of the medium, which is no
    whole number of pixels. CUPS' raster filter rounds the margin up to a row: half a pixel higher, and every row is in
    its place (seen: without it, all of them came out one row lower).
    """
    pixel = MM_PER_INCH / CARD_DPI
    return picture_pdf([Sheet(upright, upright.width * pixel, upright.height * pixel, lift_mm=pixel / 2)])


def draw_face(content: CardContent, layout: Layout, size_px: tuple[int, int]) -> Image.Image:
    """The face, lying, in the printer's own pixels. Raises DocumentError when a picture cannot be read."""
    face = Image.new("RGB", size_px, "white")
    scale = size_px[0] / CARD_MM[0]
    draw = ImageDraw.Draw(face)
    if content.specimen:
        _mark(face, scale)
    for picture in layout.picture:
        _paste(face, picture, content, scale)
    fields = {key: " ".join(value.split()) for key, value in content.fields.items()}
    for title in layout.title:
        _title(draw, title, fields, scale)
    _rows(draw, layout, fields, scale)
    return face


# -- text


def _title(draw: ImageDraw.ImageDraw, title: Title, fields: Mapping[str, str], scale: float) -> None:
    text = _filled(title.text, fields)
    if text is None:
        return
    size = title.size
    while size > 1.0 and _font(title.font, size * scale).getlength(text) > title.width * scale:
        size -= _STEP
    font = _font(title.font, size * scale)
    anchor = "ma" if title.align == "centre" else "la"
    draw.text((title.x * scale, title.y * scale), text, INK, font, anchor)


def _rows(draw: ImageDraw.ImageDraw, layout: Layout, fields: Mapping[str, str], scale: float) -> None:
    block = layout.block
    size = block.size
    rows = _set(layout.row, block, fields, size, scale)
    while not _fits(rows, block, size) and size - _STEP >= block.smallest:
        size -= _STEP
        rows = _set(layout.row, block, fields, size, scale)
    step = size * block.spacing
    y = block.y
    for row in rows:
        draw.text((block.x_label * scale, y * scale), row.row.label, INK, _font("regular", size * scale))
        font = _font(row.row.font, size * scale)
        for number, line in enumerate(row.lines):
            lead = ": " if number == 0 else "  "
            draw.text((block.x_value * scale, (y + number * step) * scale), lead + line, INK, font)
        if row.beside:
            right = (block.x_value + block.width) * scale
            draw.text((right, y * scale), row.beside, INK, _font("regular", size * scale), "ra")
        y += step * len(row.lines)


def _set(rows: tuple[Row, ...], block: Block, fields: Mapping[str, str], size: float, scale: float) -> list[_SetRow]:
    found = []
    for row in rows:
        value = _filled(row.value, fields)
        if value is None:
            continue
        font = _font(row.font, size * scale)
        room = block.width * scale - font.getlength(": ")
        found.append(_SetRow(row, _wrapped(value, font, room), _filled(row.beside or "", fields) or ""))
    return found


def _fits(rows: list[_SetRow], block: Block, size: float) -> bool:
    """Enough room in height, and no row with more lines than it may have."""
    height = sum(len(row.lines) for row in rows) * size * block.spacing
    return height <= block.height and all(len(row.lines) <= row.row.lines for row in rows)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    """Lines of words; a word that is longer than a line is broken."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        while font.getlength(word) > room and len(word) > 1:
            cut = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or font.getlength(word[:n]) <= room)
            lines[-1] = word[:cut]
            lines.append("")
            word = word[cut:]  # what is left of it
        lines[-1] = word
    return lines


def _filled(template: str, fields: Mapping[str, str]) -> str | None:
    """The template with its fields; None when none of them is there, "-" for one that is missing among others."""
    names = re.findall(r"{(\w+)}", template)
    if names and not any(fields.get(name) for name in names):
        return None
    return re.sub(r"{(\w+)}", lambda match: fields.get(match[1]) or "-", template)


@lru_cache(maxsize=256)
def _font(name: Font, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files("kiosk").joinpath("fonts", _FILES[name])), max(4.0, pixels))


# -- pictures


def _paste(face: Image.Image, box: Picture, content: CardContent, scale: float) -> None:
    data = content.photo if box.field == "photo" else content.signature
    if data is None:
        return
    try:
        found = Image.open(io.BytesIO(data), formats=["JPEG"] if box.field == "photo" else ["PNG"])
        if found.width * found.height > MOST_PIXELS:
            raise DocumentError(NoticeKind.DAMAGED, "picture-too-large")
        picture = found.convert("RGBA")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise DocumentError(NoticeKind.DAMAGED, "picture-broken") from error
    width, height = box.width * scale, box.height * scale
    ratio = min(width / picture.width, height / picture.height)
    picture = picture.resize((max(1, round(picture.width * ratio)), max(1, round(picture.height * ratio))))
    left = round(box.x * scale + (width - picture.width) / 2)
    top = round(box.y * scale + (height - picture.height) / 2)
    face.paste(picture, (left, top), picture)


def _mark(face: Image.Image, scale: float) -> None:
    """SPESIMEN across the card, below everything else, so that the text stays readable and the mark does too."""
    font = _font("bold", 15 * scale)
    layer = Image.new("L", face.size, 0)
    middle = (face.width / 2, face.height / 2)
    ImageDraw.Draw(layer).text(middle, SPECIMEN, 255, font, "mm")
    layer = layer.rotate(24, resample=Image.Resampling.BICUBIC)
    face.paste(MARK, (0, 0), layer)
