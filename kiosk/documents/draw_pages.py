"""``python -m kiosk.documents.draw_pages DPI PAGES``: draws a checked PDF to pictures, in a process that may die.

The PDF comes on standard input, a PDF of pictures goes to standard output. The process limits itself before it reads
the first byte: memory, processor time, no file of any size, no new process. pdfium aborts the process on some files
(measured: 195 kB that inflate to 200 MB); then there is no document, and nothing else happens.
"""

from __future__ import annotations

import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MEMORY_BYTES = 768 * 1024 * 1024  # two pages of A4 in colour at 300 dpi with their copies, and pdfium
CPU_S = 20
A4_MM = (210.0, 297.0)
MOST_PIXELS = 40_000_000  # A4 at 600 dpi is 35 million
COLOUR_DIFFERENCE = 12  # of 255, between channels: below it is the grey of antialiasing


def limit() -> None:
    """From here on the process can only compute."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def draw(pdf: bytes, dpi: int, pages: int) -> bytes:
    """Each page as a picture of A4, upright; a page that lies is turned, as it goes through the printer."""
    import pypdfium2
    from PIL import Image

    from kiosk.documents.picture_pdf import Sheet, picture_pdf

    document = pypdfium2.PdfDocument(pdf)
    if len(document) != pages:
        raise ValueError(f"{len(document)} pages in place of {pages}")
    sheets = []
    for page in document:
        width, height = page.get_size()
        if width * height * (dpi / 72) ** 2 > MOST_PIXELS:
            raise ValueError("a page of too many pixels")
        picture = page.render(scale=dpi / 72, may_draw_forms=False).to_pil().convert("RGB")
        if picture.width > picture.height:
            picture = picture.transpose(Image.Transpose.ROTATE_90)
        red, green, blue = picture.split()
        colour = any(_spread(a, b) > COLOUR_DIFFERENCE for a, b in ((red, green), (green, blue)))
        sheets.append(Sheet(picture if colour else picture.convert("L"), *A4_MM))
    return picture_pdf(sheets)


def _spread(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of a pixel between two channels."""
    from PIL import ImageChops

    return int(ImageChops.difference(one, other).getextrema()[1])  # type: ignore[arg-type]  # one channel: two numbers


def main() -> None:
    dpi, pages = int(sys.argv[1]), int(sys.argv[2])
    limit()
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read(), dpi, pages))


if __name__ == "__main__":
    main()
