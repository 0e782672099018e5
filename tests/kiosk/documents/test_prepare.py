"""From the sealed bundle to the print document, as an attempt asks for it: the catalogue decides what may be in it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from paper_mill import pictures_of
from small_dinas import Party, card_payload, party, photo, plain_pdf, revocation_list, seal, sign_card, sign_pdf

from kiosk.dinas.contract import ContentKey
from kiosk.documents.catalogue import CatalogueError
from kiosk.documents.prepare import Preparer
from kiosk.documents.prepared import DocumentError
from kiosk.documents.trust import TrustError
from kiosk.protocol import NoticeKind
from kiosk.settings import (
    CardPrinterSettings,
    Dinas,
    Documents,
    LocalPath,
    PaperPrinter,
    Paths,
    Settings,
    Site,
    Spooler,
    Trust,
)

PERMIT = "0197a3f2-5b1c-7d60-8f3e-0123456789ab"
KEY = bytes(range(32))
CONTENT_KEY = ContentKey("oct", base64.urlsafe_b64encode(KEY).rstrip(b"=").decode())
CARD = "application/adm-card+jws"
CONFIG = Path(__file__).parents[3] / "config"
PAPER_ROOT, CARD_ROOT = party("Akar Dokumen (SPESIMEN)"), party("Akar Kartu (SPESIMEN)")
PAPER_SIGNER, CARD_SIGNER = party("Kepala Dinas Uji", PAPER_ROOT), party("Penerbit Kartu Uji", CARD_ROOT)


class Lists:
    """The revocation lists, as the Dinas' client would have them."""

    def __init__(self, *roots: Party) -> None:
        self.crls = tuple(revocation_list(root).dump() for root in roots)


def settings(folder: Path, **trust: list[LocalPath]) -> Settings:
    for name, root in (("document", PAPER_ROOT), ("card", CARD_ROOT)):
        (folder / f"{name}-root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    nowhere = LocalPath("/nonexistent")
    roots = {
        "document_roots": [LocalPath(folder / "document-root.pem")],
        "card_roots": [LocalPath(folder / "card-root.pem")],
        **trust,
    }
    return Settings(
        site=Site("Uji", "Loket 1"),
        paths=Paths(nowhere, nowhere),
        dinas=Dinas("https://dinas.example", nowhere, nowhere, nowhere),
        trust=Trust(**roots),
        documents=Documents(LocalPath(CONFIG / "documents.toml"), LocalPath(CONFIG / "card_layouts")),
        spooler=Spooler("/run/cups/cups.sock", nowhere),
        paper_printer=PaperPrinter("a4", "ipp://localhost/ipp/print"),
        card_printer=CardPrinterSettings("card", "ipp://localhost/ipp/print"),
    )


@pytest.fixture(scope="module")
def preparer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preparer]:
    opened = Preparer(settings(tmp_path_factory.mktemp("trust")), Lists(PAPER_ROOT, CARD_ROOT))
    yield opened
    opened.close()


async def refusal(preparer: Preparer, document: str, jwe: bytes, key: ContentKey = CONTENT_KEY) -> tuple[object, str]:
    with pytest.raises(DocumentError) as caught:
        await preparer.prepare(document, PERMIT, jwe, key)
    return caught.value.kind, caught.value.reason


async def test_a_family_card_of_two_pages(preparer: Preparer) -> None:
    jwe = seal(sign_pdf(plain_pdf(pages=2), PAPER_SIGNER), PERMIT, KEY)
    prepared = await preparer.prepare("kk", PERMIT, jwe, CONTENT_KEY)
    assert (prepared.sheets, prepared.chip, prepared.photo) == (2, False, None)
    assert [page.size for page in pictures_of(prepared.document)] == [(2480, 3508)] * 2
    assert "PDF" not in repr(prepared)


async def test_a_card_with_its_chip_and_photo(preparer: Preparer) -> None:
    jwe = seal(sign_card(card_payload(PERMIT), CARD_SIGNER), PERMIT, KEY, cty=CARD)
    prepared = await preparer.prepare("ktp-el", PERMIT, jwe, CONTENT_KEY)
    assert (prepared.sheets, prepared.chip, prepared.photo) == (1, True, photo())
    [face] = pictures_of(prepared.document)
    assert face.size == (638, 1016)  # the printer's own dots, upright


async def test_a_child_card_has_no_chip_with_photo_or_without(preparer: Preparer) -> None:
    for picture in (base64.b64encode(photo()).decode(), None):
        payload = card_payload(PERMIT, document="kia", photo=picture)
        jwe = seal(sign_card(payload, CARD_SIGNER), PERMIT, KEY, cty=CARD)
        prepared = await preparer.prepare("kia", PERMIT, jwe, CONTENT_KEY)
        assert (prepared.chip, prepared.photo) == (False, None)


async def test_a_document_that_is_not_in_the_catalogue(preparer: Preparer) -> None:
    assert await refusal(preparer, "paspor", b"") == (NoticeKind.NOT_ALLOWED_HERE, "not-in-catalogue")


async def test_paper_in_the_place_of_a_card_and_the_other_way_round(preparer: Preparer) -> None:
    paper = seal(sign_pdf(plain_pdf(), PAPER_SIGNER), PERMIT, KEY)
    card = seal(sign_card(card_payload(PERMIT), CARD_SIGNER), PERMIT, KEY, cty=CARD)
    assert await refusal(preparer, "ktp-el", paper) == (NoticeKind.DAMAGED, "wrong-content")
    assert await refusal(preparer, "kk", card) == (NoticeKind.DAMAGED, "wrong-content")
    assert await refusal(preparer, "kia", card) == (NoticeKind.DAMAGED, "wrong-document")


async def test_the_signers_of_paper_and_of_cards_are_not_mixed_up(preparer: Preparer) -> None:
    paper = seal(sign_pdf(plain_pdf(), CARD_SIGNER), PERMIT, KEY)
    card = seal(sign_card(card_payload(PERMIT), PAPER_SIGNER), PERMIT, KEY, cty=CARD)
    assert await refusal(preparer, "kk", paper) == (NoticeKind.NOT_GENUINE, "signature-foreign")
    assert await refusal(preparer, "ktp-el", card) == (NoticeKind.NOT_GENUINE, "signature-foreign")


async def test_more_pages_than_the_catalogue_allows(preparer: Preparer) -> None:
    jwe = seal(sign_pdf(plain_pdf(pages=3), PAPER_SIGNER), PERMIT, KEY)
    assert await refusal(preparer, "akta-kelahiran", jwe) == (NoticeKind.DAMAGED, "page-count")
    assert (await preparer.prepare("kk", PERMIT, jwe, CONTENT_KEY)).sheets == 3


async def test_another_key(preparer: Preparer) -> None:
    jwe = seal(sign_pdf(plain_pdf(), PAPER_SIGNER), PERMIT, KEY)
    assert await refusal(preparer, "kk", jwe, ContentKey("oct", "A" * 43)) == (NoticeKind.DAMAGED, "cannot-open")


async def test_new_revocation_lists_count_at_once(tmp_path: Path) -> None:
    lists = Lists(PAPER_ROOT)
    preparer = Preparer(settings(tmp_path), lists)
    jwe = seal(sign_pdf(plain_pdf(), PAPER_SIGNER), PERMIT, KEY)
    assert (await preparer.prepare("kk", PERMIT, jwe, CONTENT_KEY)).sheets == 1
    lists.crls = (revocation_list(PAPER_ROOT, PAPER_SIGNER).dump(),)
    assert await refusal(preparer, "kk", jwe) == (NoticeKind.NOT_GENUINE, "signer-revoked")
    preparer.close()


def test_a_wrong_root_stops_the_start_and_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    for path in (tmp_path / "missing.pem", tmp_path / "broken.pem"):
        with pytest.raises(TrustError, match=path.name):
            Preparer(settings(tmp_path, document_roots=[LocalPath(path)]), Lists())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[documents.kk]\ntitle = 'KK'\nmedium = 'a3'\n", "medium"),
        ("[documents.kk]\ntitle = 'KK'\nmedium = 'card'\n", "documents.kk.layout"),
        ("[documents.kk]\ntitle = 'KK'\nmedium = 'a4'\nmost_pages = 0\n", "most_pages"),
        ("[documents.kk]\ntitle = 'KK'\nmedium = 'a4'\npages = 1\n", "pages"),
        ("documents = [", "catalogue.toml"),
    ],
)
def test_a_wrong_catalogue_stops_the_start_and_says_where(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(text)
    documents = Documents(LocalPath(tmp_path / "catalogue.toml"), LocalPath(CONFIG / "card_layouts"))
    with pytest.raises(CatalogueError, match=expected):
        Preparer(msgspec.structs.replace(settings(tmp_path), documents=documents), Lists())
