"""From the page that the kiosk prints to the picture that the library takes. Nothing of it is written to a disk."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image

WIDTH, HEIGHT = 1016, 648  # a card with its bleed at 300 dpi, lying


class PictureError(ValueError):
    """The document is not one page with one picture that fits a card."""


def bitmap_of(document: bytes) -> bytes:
    """The picture of a one-page PDF as a BMP of 1016 x 648, pixel by pixel, white where the picture does not reach.

    The kiosk hands cards over upright (turned a quarter to the left); a smaller picture lies in the middle.
    """
    picture = _only_picture(document)
    if picture.height > picture.width:
        picture = picture.transpose(Image.Transpose.ROTATE_270)
    if picture.width > WIDTH or picture.height > HEIGHT:
        raise PictureError(f"a picture of {picture.width} x {picture.height} is larger than {WIDTH} x {HEIGHT}")
    card = Image.new("RGB", (WIDTH, HEIGHT), "white")
    card.paste(picture, ((WIDTH - picture.width) // 2, (HEIGHT - picture.height) // 2))
    out = io.BytesIO()
    card.save(out, format="BMP")
    return out.getvalue()


def _only_picture(document: bytes) -> Image.Image:
    try:
        pdf = pypdfium2.PdfDocument(document)
    except pypdfium2.PdfiumError as error:
        raise PictureError("no PDF") from error
    try:
        if len(pdf) != 1:
            raise PictureError(f"{len(pdf)} pages")
        objects = list(pdf[0].get_objects())
        if len(objects) != 1 or not isinstance(objects[0], pypdfium2.PdfImage):
            raise PictureError("a page with more than one picture")
        picture: Image.Image = objects[0].get_bitmap(render=False).to_pil().convert("RGB")
        return picture
    finally:
        pdf.close()
