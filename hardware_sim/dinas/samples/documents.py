"""The kinds of sample documents, and the way from content to a signed PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hardware_sim.dinas.ca import Signer
from hardware_sim.dinas.samples import akta, kartu_keluarga, letters
from hardware_sim.dinas.samples.paper import Content
from hardware_sim.dinas.samples.signing import sign

KINDS: Mapping[str, Callable[[Content], bytes]] = {
    "kk": kartu_keluarga.draw,
    "akta-kelahiran": akta.kelahiran,
    "akta-kematian": akta.kematian,
    "akta-perkawinan": akta.perkawinan,
    "akta-perceraian": akta.perceraian,
    "biodata": letters.biodata,
    "skpwni": letters.skpwni,
}


def draw(document_code: str, content: Content) -> bytes:
    """The document as an unsigned PDF. KeyError for a kind that is not drawn here, ContentError for missing content."""
    return KINDS[document_code](content)


def draw_and_sign(document_code: str, content: Content, signer: Signer) -> bytes:
    """The document as a PDF with exactly one PAdES signature over all of it."""
    return sign(draw(document_code, content), signer)


def page_count(document_code: str, content: Content) -> int:
    """Sheets that the document has, without drawing it."""
    return kartu_keluarga.page_count(content) if document_code == "kk" else 1
