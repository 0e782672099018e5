"""Documents as a printer receives them, drawn to pictures: PDF, PWG raster (PWG 5102.4), Apple raster (URF), JPEG."""

from __future__ import annotations

import io
import struct
import threading
from collections.abc import Iterator
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

PDF, PWG, URF, JPEG = "application/pdf", "image/pwg-raster", "image/urf", "image/jpeg"
SUFFIXES = {PDF: "pdf", PWG: "pwg", URF: "urf", JPEG: "jpg"}
MAGIC = {b"%PDF-": PDF, b"RaS2": PWG, b"UNIRAST\0": URF, b"\xff\xd8\xff": JPEG}

PWG_HEADER = 1796  # bytes of a page header, PWG 5102.4 4.3
URF_HEADER = 32
MODES = {8: "L", 24: "RGB"}
BLANK_REST = 0x80  # URF: the rest of the line is white

# pdfium may be used by one thread at a time, and two printers live in this process.
_pdfium = threading.Lock()


class DocumentError(Exception):
    """The document cannot be drawn."""


def sniff(document: bytes) -> str:
    """The format by the first bytes; empty when it is none of ours."""
    return next((kind for magic, kind in MAGIC.items() if document.startswith(magic)), "")


def pages(document: bytes, pdf_dpi: int) -> Iterator[Image.Image]:
    """The pages as pictures. Raster comes pixel by pixel as it was sent; a PDF is drawn at ``pdf_dpi``."""
    kind = sniff(document)
    try:
        if kind == PDF:
            yield from _pdf_pages(document, pdf_dpi)
        elif kind == PWG:
            yield from _pwg_pages(document)
        elif kind == URF:
            yield from _urf_pages(document)
        elif kind == JPEG:
            yield Image.open(io.BytesIO(document)).convert("RGB")
        else:
            raise DocumentError("unknown document format")
    except (pypdfium2.PdfiumError, struct.error, IndexError, OSError, KeyError, ValueError) as error:
        raise DocumentError(f"{kind}: {error}") from error


def count(document: bytes) -> int:
    """How many pages there are, without drawing PDF pages."""
    if sniff(document) != PDF:
        return sum(1 for _ in pages(document, 72))
    with _pdfium:
        try:
            pdf = _open(document)
        except pypdfium2.PdfiumError as error:
            raise DocumentError(str(error)) from error
        number = len(pdf)
        pdf.close()
    return number


def icon(size: int) -> bytes:
    """A picture of a printer as PNG, ``size`` pixels each way."""
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom, colour in [
        (2, 5, 14, 11, "#30506e"),
        (4, 1, 12, 5, "white"),
        (4, 9, 12, 15, "white"),
    ]:
        box = [number * size // 16 for number in (left, top, right, bottom)]
        draw.rectangle(box, fill=colour, outline="#203040")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def _open(document: bytes) -> Any:
    opener: Any = pypdfium2.PdfDocument  # the library has no types
    return opener(document)


def _pdf_pages(document: bytes, dpi: int) -> Iterator[Image.Image]:
    for index in range(count(document)):
        with _pdfium:
            pdf = _open(document)
            picture = pdf[index].render(scale=dpi / 72).to_pil().convert("RGB")
            pdf.close()
        yield picture


def _pwg_pages(document: bytes) -> Iterator[Image.Image]:
    at = 4
    while at < len(document):
        width, height = struct.unpack_from(">II", document, at + 372)
        (bits,) = struct.unpack_from(">I", document, at + 388)
        pixels, at = _unpack(document, at + PWG_HEADER, width, height, bits)
        yield Image.frombytes(MODES[bits], (width, height), pixels)


def _urf_pages(document: bytes) -> Iterator[Image.Image]:
    at = 12  # "UNIRAST\0" and the number of pages, which may be 0 for unknown
    while at < len(document):
        bits = document[at]
        width, height = struct.unpack_from(">II", document, at + 12)
        pixels, at = _unpack(document, at + URF_HEADER, width, height, bits)
        yield Image.frombytes(MODES[bits], (width, height), pixels)


def _unpack(data: bytes, at: int, width: int, height: int, bits: int) -> tuple[bytes, int]:
    """Unpack run-length lines: a line's repetition, then runs of one pixel or of literal pixels."""
    size = bits // 8
    stride = width * size
    lines: list[bytes] = []
    while len(lines) < height:
        repeat = data[at] + 1
        at += 1
        line = bytearray()
        while len(line) < stride:
            code = data[at]
            at += 1
            if code < BLANK_REST:
                line += data[at : at + size] * (code + 1)
                at += size
            elif code == BLANK_REST:
                line += b"\xff" * (stride - len(line))
            else:
                length = (257 - code) * size
                line += data[at : at + length]
                at += length
        if len(line) != stride:
            raise DocumentError("a raster line is longer than the page is wide")
        lines.extend([bytes(line)] * repeat)
    return b"".join(lines[:height]), at
