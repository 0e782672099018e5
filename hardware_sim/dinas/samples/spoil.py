"""Signed documents spoiled, each in one way that a kiosk must refuse. For tests and scenarios.

Two ways need no function: a foreign signer is ``draw_and_sign(..., authority.foreign_signer)``, and a revoked one is
``authority.revoke(signer)`` after signing.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from hardware_sim.dinas.ca import Authority
from hardware_sim.dinas.samples.documents import draw, draw_and_sign

_STREAM = b"stream\n"


def flip_bit(pdf: bytes) -> bytes:
    """One bit of what is drawn on the first page is another; the structure of the file stays whole."""
    start = pdf.index(_STREAM) + len(_STREAM)
    at = start + 24
    return pdf[:at] + bytes([pdf[at] ^ 0x01]) + pdf[at + 1 :]


def append_javascript(pdf: bytes) -> bytes:
    """A later revision with JavaScript that runs on opening. The signature itself stays intact, valid and trusted: only
    a look at what came after it tells (the trap of a naive check)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    action = {"/Type": "/Action", "/S": "/JavaScript"}
    entries: dict[Any, Any] = {generic.pdf_name(key): generic.pdf_name(value) for key, value in action.items()}
    entries[generic.pdf_name("/JS")] = generic.pdf_string("app.alert('SPESIMEN')")
    opened = generic.DictionaryObject(entries)
    writer.root[generic.pdf_name("/OpenAction")] = writer.add_object(opened)
    writer.update_root()
    return _written(writer)


def append_stamp(pdf: bytes) -> bytes:
    """A later revision that paints over the page, as somebody would who changes a name after the signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    paint = generic.StreamObject(stream_data=b"q 1 1 1 rg 200 400 200 30 re f Q")
    page[generic.pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(paint)])
    writer.update_container(page)
    return _written(writer)


def in_every_way(document_code: str, content: dict[str, Any], authority: Authority) -> Mapping[str, bytes]:
    """The document spoiled in every way, by name, while its signer is still good."""
    good = draw_and_sign(document_code, content, authority.document_signer)
    return {
        "bit-flip": flip_bit(good),
        "javascript": append_javascript(good),
        "stamp": append_stamp(good),
        "foreign-signer": draw_and_sign(document_code, content, authority.foreign_signer),
        "unsigned": draw(document_code, content),
        "cut-off": good[: len(good) * 2 // 3],
    }


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
