"""What is added to a document after signing, hidden in it, or only looks like A4; and what a Dinas may well add."""

from __future__ import annotations

import io
from typing import Any

import pytest
from paper_mill import (
    Change,
    changed,
    numbers,
    old_list,
    page_entry,
    root_entry,
    sign,
    time_stamper,
    updated,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from reportlab.lib.pagesizes import A4, landscape
from small_dinas import DAY, NOW, Party, party, plain_pdf, revocation_list, sign_pdf

from kiosk.documents.pdf_check import check_pdf
from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind


async def refusal(pdf: bytes, root: Party, *lists: object) -> tuple[NoticeKind, str]:
    with pytest.raises(DocumentError) as caught:
        await check_pdf(pdf, [root.asn1], lists or [revocation_list(root)], most_pages=2)
    return caught.value.kind, caught.value.reason


# What may be there


async def test_a_page_that_lies(root: Party, signer: Party) -> None:
    pdf = sign_pdf(plain_pdf(size=landscape(A4)), signer)
    assert await check_pdf(pdf, [root.asn1], [revocation_list(root)], most_pages=1) == 1


async def test_a_visible_signature(root: Party, signer: Party) -> None:
    pdf = sign(plain_pdf(), signer, root, box=(60, 60, 260, 160))
    assert await check_pdf(pdf, [root.asn1], [revocation_list(root)], most_pages=1) == 1


async def test_lists_and_a_document_time_stamp(root: Party, signer: Party) -> None:
    pdf = sign(plain_pdf(), signer, root, stamper=time_stamper(root))
    assert await check_pdf(pdf, [root.asn1], [], most_pages=1) == 1


async def test_a_long_chain_of_plain_objects(root: Party, signer: Party) -> None:
    def chain(writer: Any) -> Any:
        last = writer.add_object(generic.DictionaryObject())
        for _ in range(300):
            last = writer.add_object(generic.DictionaryObject({pdf_name("/Next"): last}))
        return last

    pdf = sign_pdf(changed(plain_pdf(), root_entry("/Outlines", chain)), signer)
    assert await check_pdf(pdf, [root.asn1], [revocation_list(root)], most_pages=1) == 1


# Who signed


async def test_another_root_of_the_same_name(root: Party) -> None:
    twin = party("Akar Uji (SPESIMEN)")
    other = party("Kepala Dinas Uji", twin)
    forged = NoticeKind.NOT_GENUINE, "signature-foreign"
    assert await refusal(sign_pdf(plain_pdf(), other), root) == forged
    # also when it brings a list of its own along
    assert await refusal(sign(plain_pdf(), other, twin, lists_inside=True), root) == forged


@pytest.mark.parametrize("newest_first", [True, False])
async def test_an_older_list_does_not_bring_a_revoked_signer_back(
    newest_first: bool, root: Party, signer: Party
) -> None:
    lists = [revocation_list(root, signer), old_list(root, ends=NOW + 30 * DAY)]
    revoked = NoticeKind.NOT_GENUINE, "signer-revoked"
    found = await refusal(sign_pdf(plain_pdf(), signer), root, *(lists if newest_first else reversed(lists)))
    assert found == revoked
    # nor one that the signer put into the document while it was good
    assert await refusal(sign(plain_pdf(), signer, root, lists_inside=True), root, lists[0]) == revoked


async def test_a_list_that_ran_out_or_is_of_another_root_is_none(root: Party, signer: Party) -> None:
    pdf = sign_pdf(plain_pdf(), signer)
    for useless in (old_list(root, ends=NOW - DAY), revocation_list(party("Akar Lain"))):
        assert await refusal(pdf, root, useless) == (NoticeKind.DINAS_AWAY, "revocation-unknown")


# What was added


@pytest.mark.parametrize(
    "change",
    [
        page_entry("/Rotate", generic.NumberObject(90)),
        page_entry("/MediaBox", numbers(0, 0, 596, 842)),
        page_entry("/Contents", generic.NullObject()),
        page_entry("/Annots", generic.ArrayObject()),
        root_entry("/Lang", lambda _: generic.pdf_string("id")),
        root_entry("/AcroForm", lambda _: generic.DictionaryObject()),
        root_entry("/Pages", lambda writer: writer.add_object(generic.DictionaryObject())),
    ],
)
async def test_a_change_after_signing(change: Change, root: Party, signer: Party) -> None:
    kind, reason = await refusal(updated(sign_pdf(plain_pdf(), signer), change), root)
    assert kind is NoticeKind.NOT_GENUINE
    assert reason in {"changed-after-signing", "not-signed"}


async def test_a_change_after_lists_and_stamp(root: Party, signer: Party) -> None:
    pdf = sign(plain_pdf(), signer, root, stamper=time_stamper(root))
    found = await refusal(updated(pdf, page_entry("/Rotate", generic.NumberObject(90))), root)
    assert found == (NoticeKind.NOT_GENUINE, "changed-after-signing")


async def test_bytes_at_the_end(root: Party, signer: Party) -> None:
    kind, _ = await refusal(sign_pdf(plain_pdf(), signer) + b"\n% lebih", root)
    assert kind in {NoticeKind.NOT_GENUINE, NoticeKind.DAMAGED}


# What was signed and is not printed all the same


@pytest.mark.parametrize(
    "change",
    [
        page_entry("/CropBox", numbers(100, 100, 200, 200)),
        page_entry("/UserUnit", generic.FloatObject(10)),
        page_entry("/MediaBox", numbers(0, 0, 595)),
        page_entry("/MediaBox", generic.NullObject()),
    ],
)
async def test_a_page_that_only_looks_like_a4(change: Change, root: Party, signer: Party) -> None:
    kind, _ = await refusal(sign_pdf(changed(plain_pdf(), change), signer), root)
    assert kind is NoticeKind.DAMAGED


@pytest.mark.parametrize("name", ["/AA", "/EmbeddedFiles", "/XFA", "/JS", "/RichMedia"])
async def test_active_content_deep_inside(name: str, root: Party, signer: Party) -> None:
    def buried(writer: Any) -> Any:
        thing = generic.DictionaryObject({pdf_name(name): generic.NullObject()})
        for _ in range(80):
            thing = generic.DictionaryObject({pdf_name("/X"): generic.ArrayObject([writer.add_object(thing)])})
        return thing

    pdf = sign_pdf(changed(plain_pdf(), root_entry("/Deep", buried)), signer)
    assert await refusal(pdf, root) == (NoticeKind.DAMAGED, f"active-{name[1:].lower()}")


async def test_a_nest_without_end(root: Party, signer: Party) -> None:
    def nest(_: Any) -> Any:
        inner = generic.ArrayObject()
        for _ in range(200):
            inner = generic.ArrayObject([inner])
        return inner

    kind, _ = await refusal(sign_pdf(changed(plain_pdf(), root_entry("/Nest", nest)), signer), root)
    assert kind is NoticeKind.DAMAGED


async def test_a_page_tree_that_lies_about_its_pages(root: Party, signer: Party) -> None:
    def lie(writer: Any) -> None:
        writer.root["/Pages"][pdf_name("/Count")] = generic.NumberObject(2)

    kind, _ = await refusal(sign_pdf(changed(plain_pdf(), lie), signer), root)
    assert kind is NoticeKind.DAMAGED


async def test_an_encrypted_document(root: Party) -> None:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(plain_pdf())))
    writer.encrypt(owner_pass="rahasia", user_pass="")
    data = io.BytesIO()
    writer.write(data)
    assert await refusal(data.getvalue(), root) == (NoticeKind.DAMAGED, "encrypted")
