"""Every kind of sample stands under the document root, and falls when it is spoiled."""

from __future__ import annotations

import io
import math
from typing import Any

import pypdfium2
import pytest
from asn1crypto import crl as asn1_crl
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from hardware_sim.dinas.ca import Authority
from hardware_sim.dinas.samples import KINDS, ContentError, draw_and_sign, page_count, spoil
from hardware_sim.dinas.samples.paper import verification_code
from hardware_sim.dinas.samples.signing import asn1_certificate


def stands(pdf: bytes, authority: Authority) -> bool:
    """The check that reliability 4.3 asks for, with revocation required."""
    context = ValidationContext(
        trust_roots=[asn1_certificate(authority.document_signer.root)],
        crls=[asn1_crl.CertificateList.load(authority.revocation_list("document"))],
        allow_fetching=False,
        revocation_mode="require",
    )
    try:
        signatures = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
        if len(signatures) != 1:
            return False
        status = validate_pdf_signature(signatures[0], context)
    except (PdfError, SignatureValidationError):
        return False
    return (
        status.bottom_line
        and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        and status.modification_level is ModificationLevel.NONE
        and bool(status.docmdp_ok)
    )


def text_of(pdf: bytes, page: int = 0) -> str:
    return pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range()


def mark_length(pdf: bytes) -> float:
    """Length of the longest SPESIMEN on the first page, in points, along its slope."""
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    search = page.search("SPESIMEN")
    longest = 0.0
    while found := search.get_next():
        first, last = page.get_charbox(found[0]), page.get_charbox(found[0] + found[1] - 1)
        longest = max(longest, math.hypot(last[2] - first[0], last[3] - first[1]))
    return longest


@pytest.mark.parametrize("code", sorted(KINDS))
def test_every_kind_stands_under_the_document_root(code: str, contents: dict[str, Any], authority: Authority) -> None:
    pdf = draw_and_sign(code, contents[code], authority.document_signer)

    assert stands(pdf, authority)


@pytest.mark.parametrize("code", sorted(KINDS))
def test_every_kind_falls_when_spoiled(code: str, contents: dict[str, Any], authority: Authority) -> None:
    spoiled = spoil.in_every_way(code, contents[code], authority)

    assert [way for way, pdf in spoiled.items() if stands(pdf, authority)] == []
    assert len(spoiled) == 6
    # Else they would fall for another reason than what was done to them.
    assert stands(draw_and_sign(code, contents[code], authority.document_signer), authority)


def test_a_revoked_signer_is_what_makes_a_good_file_fall(contents: dict[str, Any], authority: Authority) -> None:
    pdf = draw_and_sign("kk", contents["kk"], authority.document_signer)
    authority.revoke(authority.document_signer)
    assert not stands(pdf, authority)

    authority.unrevoke(authority.document_signer)

    assert stands(pdf, authority)


def test_appended_javascript_leaves_the_signature_intact_valid_and_trusted(
    contents: dict[str, Any], authority: Authority
) -> None:
    """Else the spoiled file would not test the trap that it is there for."""
    pdf = spoil.append_javascript(draw_and_sign("kk", contents["kk"], authority.document_signer))
    context = ValidationContext(
        trust_roots=[asn1_certificate(authority.document_signer.root)],
        crls=[asn1_crl.CertificateList.load(authority.revocation_list("document"))],
        allow_fetching=False,
    )

    status = validate_pdf_signature(PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0], context)

    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.modification_level is ModificationLevel.OTHER


@pytest.mark.parametrize("code", sorted(KINDS))
def test_each_sheet_says_specimen_and_whose_it_is(code: str, contents: dict[str, Any], authority: Authority) -> None:
    content = contents[code]
    pdf = draw_and_sign(code, content, authority.document_signer)
    text = text_of(pdf)

    assert mark_length(pdf) > 150 / 25.4 * 72
    assert "bukan dokumen sah" in text
    name = content.get("nama") or content.get("suami") or content["nama_kepala_keluarga"]
    assert name in text


@pytest.mark.parametrize(("members", "sheets"), [(1, 1), (10, 1), (11, 2), (23, 3)])
def test_a_family_card_has_ten_members_on_a_sheet(members: int, sheets: int, family: Any, authority: Authority) -> None:
    content = family(members)
    pdf = draw_and_sign("kk", content, authority.document_signer)

    assert len(pypdfium2.PdfDocument(pdf)) == sheets == page_count("kk", content)
    last = content["anggota"][-1]["nik"]
    assert last in text_of(pdf, sheets - 1)
    assert stands(pdf, authority)


def test_names_of_sixty_characters_stay_inside_their_column(family: Any, authority: Authority) -> None:
    content = family(2)
    name = content["anggota"][1]["nama"]
    assert len(name) == 60

    page = pypdfium2.PdfDocument(draw_and_sign("kk", content, authority.document_signer))[0].get_textpage()
    found = page.search(name).get_next()
    assert found is not None
    start, count = found
    left = page.get_charbox(start)[0]
    right = page.get_charbox(start + count - 1)[2]

    assert right - left <= 68 * 72 / 25.4


def test_missing_content_is_named(authority: Authority) -> None:
    needed = ("nomor_kk", "nama_kepala_keluarga", "alamat", "rt_rw", "kel_desa", "kecamatan", "tanggal_terbit")

    with pytest.raises(ContentError, match=r"akta-kelahiran.*nomor_akta"):
        draw_and_sign("akta-kelahiran", {"nama": "CONTOH"}, authority.document_signer)
    with pytest.raises(ContentError, match="anggota"):
        draw_and_sign("kk", dict.fromkeys(needed, "X"), authority.document_signer)


def test_the_code_of_the_qr_tells_nothing_of_the_person(contents: dict[str, Any]) -> None:
    code = verification_code(contents["biodata"])

    assert contents["biodata"]["nik"] not in code
    assert code == verification_code(dict(contents["biodata"]))
    assert code != verification_code({**contents["biodata"], "nama": "LAIN"})
