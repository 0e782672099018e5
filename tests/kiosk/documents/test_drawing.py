"""Pages and receipts: what is drawn, and that a hostile file costs a child process and nothing else."""

from __future__ import annotations

import io
import zlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pypdfium2
import pytest
from PIL import Image
from small_dinas import Party, party, plain_pdf, revocation_list, sign_pdf

from kiosk.documents.draw_order import Drawn
from kiosk.documents.pdf_pages import PageDrawer
from kiosk.documents.picture_pdf import Sheet, picture_pdf
from kiosk.documents.prepared import DocumentError
from kiosk.documents.receipt import draw_receipt
from kiosk.protocol import Ended, EndState
from kiosk.settings import Site

Draw = Callable[[bytes, int], Awaitable[Drawn]]


def pictures(pdf: bytes) -> list[Image.Image]:
    return [page.render(scale=1).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(pdf)]


def bomb() -> bytes:
    """Less than a megabyte that becomes 200 MB of drawing (measured: pdfium aborts on it)."""
    content = zlib.compress(b"0 0 m 9 9 l S " * (200_000_000 // 14), 1)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(content), content),
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 5\n0000000000 65535 f \n%btrailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out) + end % (table, len(out))


@pytest.fixture(scope="module")
def root() -> Party:
    return party("Akar Uji (SPESIMEN)")


@pytest.fixture(scope="module")
def signer(root: Party) -> Party:
    return party("Kepala Dinas Uji", root)


@pytest.fixture
def drawer() -> Iterator[PageDrawer]:
    opened = PageDrawer()
    yield opened
    opened.close()


@pytest.fixture
def draw(drawer: PageDrawer, root: Party, signer: Party) -> Draw:
    """Draw what the Dinas signed."""
    roots, crls = [root.asn1.dump()], [revocation_list(root).dump()]

    async def drawn(pdf: bytes, dpi: int) -> Drawn:
        return await drawer.draw(sign_pdf(pdf, signer), roots=roots, crls=crls, most_pages=2, dpi=dpi)

    return drawn


async def test_each_page_becomes_one_picture_that_looks_the_same(draw: Draw) -> None:
    drawn = await draw(plain_pdf(pages=2), 150)

    before, after = pictures(plain_pdf(pages=2)), pictures(drawn.document)
    assert (drawn.pages, len(after)) == (2, 2)
    assert drawn.document.count(b"/Subtype /Image") == 2
    assert b"/DeviceGray" in drawn.document
    assert b"/DeviceRGB" not in drawn.document
    assert after[0].getpixel((160, 842 - 350)) == before[0].getpixel((160, 842 - 350)) == (0, 0, 0)
    assert after[0].getpixel((400, 842 - 350)) == (255, 255, 255)


async def test_colour_stays_colour(draw: Draw) -> None:
    drawn = await draw(plain_pdf(colour=True), 100)

    assert b"/DeviceRGB" in drawn.document
    assert pictures(drawn.document)[0].getpixel((160, 842 - 350)) == (255, 0, 0)


async def test_a_signed_file_that_bursts_costs_its_own_process_and_the_next_is_drawn(draw: Draw) -> None:
    with pytest.raises(DocumentError, match="cannot-draw"):
        await draw(bomb(), 300)

    assert (await draw(plain_pdf(), 72)).pages == 1


async def test_what_nobody_signed_is_not_drawn(drawer: PageDrawer, root: Party) -> None:
    with pytest.raises(DocumentError, match="not-signed"):
        await drawer.draw(plain_pdf(), roots=[root.asn1.dump()], crls=[], most_pages=2, dpi=72)


async def test_each_document_has_a_process_of_its_own(drawer: PageDrawer, draw: Draw) -> None:
    drawer.warm_up()
    first = drawer._spare
    await draw(plain_pdf(), 72)

    assert first is not None
    assert first.poll() == 0
    assert drawer._spare is not first


async def test_a_drawing_that_takes_too_long_is_given_up(root: Party, signer: Party) -> None:
    hasty = PageDrawer(within=0.001)
    with pytest.raises(DocumentError, match="cannot-draw"):
        await hasty.draw(sign_pdf(plain_pdf(), signer), roots=[root.asn1.dump()], crls=[], most_pages=1, dpi=72)
    hasty.close()


def test_a_picture_survives_its_pdf_to_the_pixel() -> None:
    picture = Image.effect_noise((63, 101), 80).convert("RGB")

    page = pypdfium2.PdfDocument(picture_pdf([Sheet(picture, 54, 86)]))[0]

    found = next(iter(page.get_objects())).get_bitmap().to_pil().convert("RGB")
    assert found.tobytes() == picture.tobytes()
    assert page.get_size() == pytest.approx((54 * 72 / 25.4, 86 * 72 / 25.4), abs=0.01)


@pytest.mark.parametrize("width", [384, 576])
def test_a_receipt_is_black_and_white_and_as_wide_as_the_paper(width: int) -> None:
    site = Site(name="Kecamatan Uji", help="Tanya petugas di loket 1")
    at = datetime(2026, 1, 31, 18, 30, tzinfo=UTC)
    ended = [Ended("Kartu Keluarga", EndState.TAKEN)]
    ids = ["0197a3f2-5b1c-7d60-8f3e-0123456789ab"]

    short = draw_receipt(site, ended, [], at=at, width_px=width)
    receipt = draw_receipt(site, ended, ids, at=at, width_px=width)

    assert (receipt.mode, receipt.width) == ("1", width)
    assert receipt.height > short.height + width * 0.35  # the code for the operator
    file = io.BytesIO()
    receipt.save(file, "PNG")
    assert file.tell() < 20_000
