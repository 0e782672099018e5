"""``python -m kiosk.documents.draw_pages``: checks one PDF and draws it, in a process that may die.

The order comes on standard input, the answer goes to standard output (kiosk.documents.pdf_pages), and the process ends.
It limits itself before it reads the first byte: memory, processor time, no file of any size, no new process; and before
it draws, no new file or connection at all. pdfium aborts the process on some files (measured: 195 kB that inflate to
200 MB); then there is no document, and nothing else happens.

It is started before there is anything to do, so that no applicant waits for imports.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from dataclasses import dataclass
from typing import Any

import msgspec
import pypdfium2
from asn1crypto import x509
from PIL import Image, ImageChops

from kiosk.documents.draw_order import Drawn, Order, Refused
from kiosk.documents.pdf_check import check_pdf
from kiosk.documents.picture_pdf import Sheet, picture_pdf
from kiosk.documents.prepared import DocumentError
from kiosk.documents.trust import parse_crls

raw: Any = pypdfium2.raw  # ctypes: no types

MEMORY_BYTES = 768 * 1024 * 1024  # two pages of A4 in colour at 300 dpi with their copies, and pdfium
CPU_S = 20
A4_MM = (210.0, 297.0)
MOST_PIXELS = 40_000_000  # A4 at 600 dpi is 35 million
COLOUR_DIFFERENCE = 12  # of 255, between channels: below it is the grey of antialiasing
NOT_TURNED, TURNED_LEFT = 0, 3  # of FPDF_RenderPageBitmap
WHITE: dict[str, int | tuple[int, int, int]] = {"L": 255, "RGB": (255, 255, 255)}
LOOK_DPI = 100  # at which a page is looked at for colour: a speck of one dot at 300 dpi still differs by 28


def limit() -> None:
    """From here on the process can only compute."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def close_the_door() -> None:
    """No file and no connection can be opened any more: pdfium is what a hostile file would break."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def draw(pdf: bytes, dpi: int, pages: int) -> bytes:
    """Each page as a picture of A4, upright; a page that lies is turned, as it goes through the printer."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()  # else the visible part of a signature, a widget, is not drawn; scripts this build has none
    if len(document) != pages:
        raise ValueError(f"{len(document)} pages in place of {pages}")
    return picture_pdf(Sheet(_picture(page, dpi), *A4_MM) for page in document)


def _picture(page: pypdfium2.PdfPage, dpi: int) -> Dots | Image.Image:
    """Grey where there is no colour: a third of the bytes, and of the time."""
    width, height = page.get_size()
    if width * height * (dpi / 72) ** 2 > MOST_PIXELS:
        raise ValueError("a page of too many pixels")
    dots = _render(page, dpi, grey=not _coloured(_render(page, LOOK_DPI, grey=False).picture()))
    size = round(A4_MM[0] / 25.4 * dpi), round(A4_MM[1] / 25.4 * dpi)
    return dots if (dots.width, dots.height) == size else _on_a4(dots.picture(), size)


@dataclass(frozen=True)
class Dots:
    """A drawn page as pdfium has it in memory: 26 MB of colour at 300 dpi, copied nowhere."""

    bitmap: pypdfium2.PdfBitmap

    @property
    def mode(self) -> str:
        return "L" if self.bitmap.n_channels == 1 else "RGB"

    @property
    def width(self) -> int:
        return int(self.bitmap.width)

    @property
    def height(self) -> int:
        return int(self.bitmap.height)

    def tobytes(self) -> bytes | memoryview:
        """Row by row without padding, as Pillow's method of that name."""
        if self.bitmap.stride == self.width * self.bitmap.n_channels:
            return memoryview(self.bitmap.buffer).cast("B")
        return self.picture().tobytes()

    def picture(self) -> Image.Image:
        size = self.width, self.height
        return Image.frombuffer(self.mode, size, self.bitmap.buffer, "raw", self.mode, self.bitmap.stride, 1)


def _render(page: pypdfium2.PdfPage, dpi: int, *, grey: bool) -> Dots:
    """The page upright, with the visible parts of its signatures, in so many whole dots.

    pypdfium2's own render counts a part of a dot as one and stretches the page to it, which blurs a picture of the
    right size (a QR code) towards the right edge.
    """
    width, height = (round(points * dpi / 72) for points in page.get_size())
    turn = NOT_TURNED
    if width > height:
        width, height, turn = height, width, TURNED_LEFT
    flags = raw.FPDF_ANNOT | (raw.FPDF_GRAYSCALE if grey else raw.FPDF_REVERSE_BYTE_ORDER)
    kind = raw.FPDFBitmap_Gray if grey else raw.FPDFBitmap_BGR
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, kind, rev_byteorder=not grey)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, turn, flags)
    if page.formenv:
        raw.FPDF_FFLDraw(page.formenv, bitmap, page, 0, 0, width, height, turn, flags)
    return Dots(bitmap)


def _coloured(picture: Image.Image) -> bool:
    red, green, blue = picture.split()
    differences = ImageChops.difference(red, green), ImageChops.difference(green, blue)
    return any(one.histogram()[COLOUR_DIFFERENCE + 1 :] != [0] * (255 - COLOUR_DIFFERENCE) for one in differences)


def _on_a4(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A page a few millimetres off A4, as office programs round: in the middle, and no dot is scaled."""
    sheet = Image.new(picture.mode, size, WHITE[picture.mode])
    sheet.paste(picture, (int((size[0] - picture.width) / 2), int((size[1] - picture.height) / 2)))
    return sheet


def answer(order: Order) -> Drawn | Refused:
    """Check, then draw what is genuine."""
    roots = [x509.Certificate.load(der) for der in order.roots]
    try:
        pages = asyncio.run(check_pdf(order.pdf, roots, parse_crls(order.crls), order.most_pages))
    except DocumentError as error:
        return Refused(error.kind, error.reason)
    close_the_door()
    return Drawn(draw(order.pdf, order.dpi, pages), pages)


def rehearse() -> None:
    """Draw an empty page of A4 and one a little off it, which take different ways.

    Pillow loads parts of itself at their first use, and behind a closed door it could not.
    """
    document = pypdfium2.PdfDocument.new()
    document.init_forms()
    for more in (0, 10):
        document.new_page(*(mm / 25.4 * 72 + more for mm in A4_MM))
    picture_pdf(Sheet(_picture(page, LOOK_DPI), *A4_MM) for page in document)


def main() -> None:
    limit()
    rehearse()
    order = sys.stdin.buffer.read()
    if order:  # else the engine ended, and nobody waits
        sys.stdout.buffer.write(msgspec.msgpack.encode(answer(msgspec.msgpack.decode(order, type=Order))))
        sys.stdout.buffer.flush()
        os._exit(0)  # an applicant waits for the end of the answer, and not for an interpreter to tidy up


if __name__ == "__main__":
    main()
