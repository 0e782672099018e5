"""What the document of an application will look like: its first sheet, or the picture on its card."""

from __future__ import annotations

import io
import threading
from typing import Any

import pypdfium2

from hardware_sim.dinas.samples import KINDS, draw, photo

SCALE = 1.5  # of 72 dots an inch
_pdfium = threading.Lock()  # PDFium is not made for two threads at once


def sheet(document: str, content: dict[str, Any]) -> bytes | None:
    """PNG of the first sheet; None for a card."""
    if document not in KINDS:
        return None
    pdf = draw(document, content)
    with _pdfium:
        opened = pypdfium2.PdfDocument(pdf)
        try:
            image = opened[0].render(scale=SCALE).to_pil()
        finally:
            opened.close()
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def portrait(content: dict[str, Any]) -> bytes | None:
    """JPEG of the photo on a card; None where there is none."""
    wanted = content.get("photo")
    return photo(wanted["seed"], wanted["background"]) if wanted else None
