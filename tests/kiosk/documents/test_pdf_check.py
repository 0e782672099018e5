"""Only a genuine, plain document is printed; each refusal has its reason."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from small_dinas import NOW, Party, party, plain_pdf, revocation_list, sign_pdf

from kiosk.documents.pdf_check import LARGEST_PDF, check_pdf
from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind

JAVASCRIPT = generic.DictionaryObject(
    {
        generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
        generic.pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
    }
)


async def refusal(pdf: bytes, root: Party, crls: list[object]) -> tuple[NoticeKind, str]:
    with pytest.raises(DocumentError) as caught:
        await check_pdf(pdf, [root.asn1], crls, most_pages=2)
    return caught.value.kind, caught.value.reason


def updated(pdf: bytes, change: dict[str, object]) -> bytes:
    """The same file with a later revision that sets entries of the catalogue."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for key, value in change.items():
        writer.root[generic.pdf_name(key)] = value
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_entries(pdf: bytes, change: dict[str, object]) -> bytes:
    """The same, written anew before anybody signs it."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    for key, value in change.items():
        writer.root[generic.pdf_name(key)] = value
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


async def test_a_genuine_document_tells_its_pages(root: Party, signer: Party) -> None:
    pdf = sign_pdf(plain_pdf(pages=2), signer)

    assert await check_pdf(pdf, [root.asn1], [revocation_list(root)], most_pages=2) == 2


async def test_a_later_revision_of_validation_data_is_allowed(root: Party, signer: Party) -> None:
    """PAdES B-LT: the lists come inside the document, and count."""
    out = io.BytesIO(sign_pdf(plain_pdf(), signer))
    DocumentSecurityStore.add_dss(out, None, certs=[signer.asn1, root.asn1], crls=[revocation_list(root)])

    assert await check_pdf(out.getvalue(), [root.asn1], [], most_pages=1) == 1


async def test_a_script_added_later_is_refused_although_signature_and_signer_are_good(
    root: Party, signer: Party
) -> None:
    pdf = updated(sign_pdf(plain_pdf(), signer), {"/OpenAction": JAVASCRIPT})
    context = ValidationContext(trust_roots=[root.asn1], crls=[revocation_list(root)], allow_fetching=False)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    status = await async_validate_pdf_signature(signature, signer_validation_context=context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)  # the trap

    assert await refusal(pdf, root, [revocation_list(root)]) == (NoticeKind.NOT_GENUINE, "changed-after-signing")


async def test_a_changed_byte_is_refused(root: Party, signer: Party) -> None:
    pdf = bytearray(sign_pdf(plain_pdf(), signer))
    place = re.search(rb"/MediaBox \[ ?0 0 (595)", pdf)
    assert place is not None
    pdf[place.start(1) + 2] = ord("6")

    assert await refusal(bytes(pdf), root, [revocation_list(root)]) == (NoticeKind.NOT_GENUINE, "signature-broken")


async def test_a_foreign_signature_is_refused(root: Party, stranger: Party) -> None:
    pdf = sign_pdf(plain_pdf(), stranger)

    assert await refusal(pdf, root, [revocation_list(root)]) == (NoticeKind.NOT_GENUINE, "signature-foreign")


async def test_a_signer_whose_certificate_has_ended_is_refused(root: Party) -> None:
    ended = party("Pejabat lama", root, ends=NOW - dt.timedelta(hours=1))

    kind, _ = await refusal(sign_pdf(plain_pdf(), ended), root, [revocation_list(root)])

    assert kind is NoticeKind.NOT_GENUINE


async def test_a_revoked_signer_is_refused(root: Party, signer: Party) -> None:
    pdf = sign_pdf(plain_pdf(), signer)

    found = await refusal(pdf, root, [revocation_list(root, signer)])

    assert found == (NoticeKind.NOT_GENUINE, "signer-revoked")


async def test_without_a_revocation_list_nothing_is_printed_and_nobody_is_told_of_a_forgery(
    root: Party, signer: Party, stranger: Party
) -> None:
    assert await refusal(sign_pdf(plain_pdf(), signer), root, []) == (NoticeKind.DINAS_AWAY, "revocation-unknown")
    assert await refusal(sign_pdf(plain_pdf(), stranger), root, []) == (NoticeKind.NOT_GENUINE, "signature-foreign")


async def test_exactly_one_signature(root: Party, signer: Party) -> None:
    once = sign_pdf(plain_pdf(), signer)

    assert await refusal(plain_pdf(), root, []) == (NoticeKind.NOT_GENUINE, "not-signed")
    assert await refusal(sign_pdf(once, signer, "Lagi"), root, []) == (NoticeKind.NOT_GENUINE, "several-signatures")


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [
        (plain_pdf(pages=3), "page-count"),
        (plain_pdf(size=(14400, 14400)), "page-size"),
        (plain_pdf(size=(420, 595)), "page-size"),
        (with_entries(plain_pdf(), {"/OpenAction": JAVASCRIPT}), "active-javascript"),
        (
            with_entries(
                plain_pdf(),
                {"/OpenAction": generic.DictionaryObject({generic.pdf_name("/S"): generic.pdf_name("/Launch")})},
            ),
            "active-launch",
        ),
        (with_entries(plain_pdf(), {"/Names": generic.DictionaryObject(
            {generic.pdf_name("/EmbeddedFiles"): generic.DictionaryObject()})}), "active-embeddedfiles"),
    ],
)  # fmt: skip
async def test_what_is_no_plain_document_is_refused_even_signed(
    pdf: bytes, reason: str, root: Party, signer: Party
) -> None:
    kind, found = await refusal(sign_pdf(pdf, signer), root, [revocation_list(root)])

    assert kind is NoticeKind.DAMAGED
    assert found in {reason, "active-js"} if reason == "active-javascript" else found == reason


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"\0" * 4096, b"<html></html>"])
async def test_what_is_no_pdf_is_damaged(junk: bytes, root: Party) -> None:
    assert await refusal(junk, root, []) == (NoticeKind.DAMAGED, "no-pdf")


async def test_a_file_too_large_is_not_even_read(root: Party) -> None:
    assert await refusal(bytes(LARGEST_PDF + 1), root, []) == (NoticeKind.DAMAGED, "too-large")
