"""A PDF of pictures only: what reaches the spooler. Lossless, one picture a page, nothing else in it.

Written out by hand (PDF 32000-1, 7.3 to 7.8): five objects a page. Pillow would press colour pictures into JPEG, and a
QR code at the foot of a document does not take that kindly.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

POINTS_PER_MM = 72 / 25.4
FAST = 1  # of zlib: a page of 26 MB takes 0.1 s and comes out at 2 % of that; the applicant waits for it


class Picture(Protocol):
    """What a picture must tell, as Pillow's do."""

    @property
    def mode(self) -> str:
        """L or RGB."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def tobytes(self) -> bytes | memoryview:
        """Row by row, from the top."""


@dataclass(frozen=True)
class Sheet:
    """A picture and the size on paper that it fills, in mm."""

    picture: Picture
    width_mm: float
    height_mm: float
    lift_mm: float = 0.0  # moved up by this


def picture_pdf(sheets: Iterable[Sheet]) -> bytes:
    """The document. Objects: 1 catalogue, 2 page tree, then page, content and picture for each sheet.

    Each sheet is packed before the next one is asked for, so that one page at a time is in memory.
    """
    drawn: list[bytes] = []
    for sheet in sheets:
        drawn += _page(3 + len(drawn), sheet)
    kids = [f"{3 + first} 0 R" for first in range(0, len(drawn), 3)]
    tree = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", tree.encode(), *drawn]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _page(first: int, sheet: Sheet) -> list[bytes]:
    width, height = sheet.width_mm * POINTS_PER_MM, sheet.height_mm * POINTS_PER_MM
    picture = sheet.picture
    space = {"L": "DeviceGray", "RGB": "DeviceRGB"}[picture.mode]
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.3f} {height:.3f}] /Contents {first + 1} 0 R"
        f" /Resources << /XObject << /P {first + 2} 0 R >> >> >>"
    )
    drawing = f"q {width:.3f} 0 0 {height:.3f} 0 {sheet.lift_mm * POINTS_PER_MM:.3f} cm /P Do Q".encode()
    content = zlib.compress(picture.tobytes(), FAST)
    about = (
        f"<< /Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace /{space}"
        f" /BitsPerComponent 8 /Interpolate false /Filter /FlateDecode /Length {len(content)} >>"
    )
    return [
        page.encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
        b"%b\nstream\n%b\nendstream" % (about.encode(), content),
    ]
