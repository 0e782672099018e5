"""Is this PDF genuine? One PAdES signature under a pinned root, over the whole file, not revoked; and a plain document.

The trap (measured): after an incremental update that adds a script, pyHanko says intact, valid *and* trusted. Only
``bottom_line`` together with coverage and the level of later modifications tells the truth.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from kiosk.documents.prepared import DocumentError
from kiosk.documents.trust import parse_crls
from kiosk.protocol import NoticeKind

LARGEST_PDF = 8 * 1024 * 1024
MOST_OBJECTS = 20_000
MOST_DEPTH = 60
A4_POINTS = (595.28, 841.89)
A4_TOLERANCE = 12.0  # points, about 4 mm: office programs round differently

# What a document of the registry has no use for; each can do something when it is opened.
_ACTIVE = frozenset({"/JavaScript", "/JS", "/Launch", "/RichMedia", "/XFA", "/EmbeddedFile", "/EmbeddedFiles", "/AA",
                     "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"})  # fmt: skip

# pyHanko tells of each refusal in its own log, with certificate names; the reason code is enough here.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


async def check_pdf(pdf: bytes, roots: Sequence[x509.Certificate], crls: Sequence[Any], most_pages: int) -> int:
    """The number of pages of a genuine document.

    ``crls`` are those handed out by the Dinas; those inside the document count as well. Raises DocumentError with
    not-genuine for a signature that is missing, broken, foreign or revoked, damaged for a file that is no plain
    document of at most ``most_pages`` pages of A4, and dinas-away where nothing but a fresh revocation list is missing.
    """
    if len(pdf) > LARGEST_PDF:
        raise DocumentError(NoticeKind.DAMAGED, "too-large")
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        _refuse_encrypted(reader)
        signature = _the_signature(reader)
        status = await _validated(reader, signature, roots, crls)
        if not status.trusted and not status.revoked:
            await _require_only_lists_missing(reader, signature, roots, crls)
        _require_genuine(status, signature)
        pages = _plain_pages(reader, most_pages)
    except DocumentError:
        raise
    except SignatureValidationError as error:
        raise DocumentError(NoticeKind.NOT_GENUINE, "signature-invalid") from error
    except Exception as error:  # a hostile file can fail the parsers in any way, and is not printed in any
        raise DocumentError(NoticeKind.DAMAGED, "no-pdf") from error
    return pages


def _refuse_encrypted(reader: PdfFileReader) -> None:
    if reader.encrypted:
        raise DocumentError(NoticeKind.DAMAGED, "encrypted")


def _the_signature(reader: PdfFileReader) -> EmbeddedPdfSignature:
    signatures = reader.embedded_regular_signatures
    if not signatures:
        raise DocumentError(NoticeKind.NOT_GENUINE, "not-signed")
    if len(signatures) > 1:
        raise DocumentError(NoticeKind.NOT_GENUINE, "several-signatures")
    signature: EmbeddedPdfSignature = signatures[0]
    return signature


async def _validated(
    reader: PdfFileReader,
    signature: EmbeddedPdfSignature,
    roots: Sequence[x509.Certificate],
    crls: Sequence[Any],
    revocation_mode: str = "require",
) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=list(roots),
        other_certs=_certificates_inside(reader),
        crls=[*crls, *_crls_inside(reader)],
        allow_fetching=False,
        revocation_mode=revocation_mode,
    )
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    return await async_validate_pdf_signature(signature, signer_validation_context=context, key_usage_settings=usage)


async def _require_only_lists_missing(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], crls: Sequence[Any]
) -> None:
    """Raises DocumentError when a fresh revocation list is all that is missing: then nobody is told of a forgery."""
    status = await _validated(reader, signature, roots, crls, revocation_mode="soft-fail")
    if status.trusted:
        raise DocumentError(NoticeKind.DINAS_AWAY, "revocation-unknown")


def _dss(reader: PdfFileReader) -> Any:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None


def _certificates_inside(reader: PdfFileReader) -> list[x509.Certificate]:
    dss = _dss(reader)
    return list(dss.load_certs()) if dss else []


def _crls_inside(reader: PdfFileReader) -> list[Any]:
    dss = _dss(reader)
    return parse_crls(ref.get_object().data for ref in dss.crls) if dss else []


def _require_genuine(status: PdfSignatureStatus, signature: EmbeddedPdfSignature) -> None:
    if not status.intact:
        raise DocumentError(NoticeKind.NOT_GENUINE, "signature-broken")
    if status.revoked:
        raise DocumentError(NoticeKind.NOT_GENUINE, "signer-revoked")
    if not status.trusted:
        raise DocumentError(NoticeKind.NOT_GENUINE, "signature-foreign")
    level, coverage = status.modification_level, signature.evaluate_signature_coverage()
    untouched = coverage is SignatureCoverageLevel.ENTIRE_FILE and level is ModificationLevel.NONE
    # A later revision may hold validation data only: DSS and document time stamps (contract; PAdES B-LT).
    only_validation_data = coverage is SignatureCoverageLevel.ENTIRE_REVISION and level is ModificationLevel.LTA_UPDATES
    if not (untouched or only_validation_data) or not status.docmdp_ok:
        raise DocumentError(NoticeKind.NOT_GENUINE, "changed-after-signing")
    if not status.bottom_line:
        raise DocumentError(NoticeKind.NOT_GENUINE, "signature-invalid")


# -- a plain document


def _plain_pages(reader: PdfFileReader, most_pages: int) -> int:
    _refuse_active(reader.root)
    pages = int(reader.root["/Pages"]["/Count"])
    if not 1 <= pages <= most_pages:
        raise DocumentError(NoticeKind.DAMAGED, "page-count")
    for number in range(pages):
        page = reader.find_page_for_modification(number)[0].get_object()
        if page.get("/UserUnit", 1) != 1:
            raise DocumentError(NoticeKind.DAMAGED, "page-size")
        # What is drawn is the CropBox (PDF 32000-1, 14.11.2), by default the MediaBox.
        media = _inherited(page, "/MediaBox")
        for box in (media, _inherited(page, "/CropBox") or media):
            _require_a4(box)
    return pages


def _inherited(page: Any, name: str) -> list[float] | None:
    """A box of the page, or of the tree above it."""
    for _ in range(MOST_DEPTH):
        if name in page:
            return [float(value) for value in page[name]]
        if "/Parent" not in page:
            break
        page = page["/Parent"]
    return None


def _require_a4(box: list[float] | None) -> None:
    if box is None or len(box) != 4:
        raise DocumentError(NoticeKind.DAMAGED, "page-size")
    sides = sorted((abs(box[2] - box[0]), abs(box[3] - box[1])))
    if any(abs(side - a4) > A4_TOLERANCE for side, a4 in zip(sides, A4_POINTS, strict=True)):
        raise DocumentError(NoticeKind.DAMAGED, "page-size")


def _refuse_active(root: Any) -> None:
    """Walk everything that can be reached from the root, each object once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, int]] = [(root, 0)]
    while waiting:
        thing, depth = waiting.pop()
        if isinstance(thing, generic.IndirectObject):
            key = (thing.idnum, thing.generation)
            if key in seen:
                continue
            seen.add(key)
            thing, depth = thing.get_object(), 0
        if depth > MOST_DEPTH or len(seen) > MOST_OBJECTS:
            raise DocumentError(NoticeKind.DAMAGED, "too-complex")
        if isinstance(thing, generic.DictionaryObject):
            if found := _ACTIVE.intersection(thing) | _ACTIVE.intersection({str(thing.get("/S", ""))}):
                raise DocumentError(NoticeKind.DAMAGED, f"active{min(found).lower().replace('/', '-')}")
            waiting += [(thing.raw_get(key), depth + 1) for key in thing]
        elif isinstance(thing, generic.ArrayObject):
            waiting += [(thing.raw_get(index), depth + 1) for index in range(len(thing))]
