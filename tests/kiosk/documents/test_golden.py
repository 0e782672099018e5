"""What is printed looks as it did when somebody last looked: golden pictures at half size, in ``golden/``.

To make them anew after a wanted change: delete them, run this test, look at them, and commit.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw
from small_dinas import FIELDS, photo

from kiosk.documents.card_check import CardContent
from kiosk.documents.card_faces import draw_face
from kiosk.documents.card_layout import load_layout
from kiosk.documents.receipt import draw_receipt
from kiosk.protocol import Ended, EndState
from kiosk.settings import Site

HERE = Path(__file__).parent
LAYOUTS = HERE.parents[2] / "config" / "card_layouts"
MOST_OFF = 150  # pixels of 160,000: another release of FreeType moves edges a little, and no words
OFF = 96  # of 255
LONG = {
    "nama": "RADEN AYU KARTIKA NINGRUM WIDYASTUTI SURYANINGRAT PUTRI DEWI",
    "alamat": "DUSUN KRAJAN KIDUL GANG MASJID BAITURRAHMAN NOMOR 117 BLOK C PERUMAHAN BUKIT KARANG INDAH",
}
CHILD = {
    "nomor_kk": "3523160101200001",
    "nama_kepala_keluarga": "SLAMET SPESIMEN",
    "nomor_akta_kelahiran": "3523-LT-01022019-0001",
}


def card(layout: str, changes: dict[str, str]) -> Image.Image:
    content = CardContent({**FIELDS, **changes}, photo(), specimen=True)
    return draw_face(content, load_layout(LAYOUTS / f"{layout}.toml"), (1016, 638))


def receipt() -> Image.Image:
    site = Site(name="Kecamatan Uji", help="Petugas ada di loket 1", address="Jl. Contoh 1, Tuban")
    ended = [Ended("Kartu Keluarga", EndState.TAKEN), Ended("KTP-el", EndState.IN_DOUBT)]
    ids = ["0197a3f2-5b1c-7d60-8f3e-0123456789ab", "0197a3f2-5b1c-7d60-8f3e-ba9876543210"]
    return draw_receipt(site, ended, ids, at=datetime(2026, 1, 31, 18, 30, tzinfo=UTC), width_px=576)


def assert_as_before(picture: Image.Image, name: str) -> None:
    path = HERE / "golden" / f"{name}.png"
    small = picture.convert("L").resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        small.quantize(16).save(path, optimize=True)
        pytest.fail(f"{path.name} was not there: look at it, and commit it")
    golden = Image.open(path).convert("L")
    assert small.size == golden.size
    histogram = ImageChops.difference(small.quantize(16).convert("L"), golden).histogram()
    assert sum(histogram[OFF:]) <= MOST_OFF


@pytest.mark.parametrize(
    ("layout", "name", "changes"),
    [
        ("ktp-el", "ktp-el", {}),
        ("ktp-el", "ktp-el-longest", LONG),
        ("ktp-el", "ktp-el-one-word", {"nama": "SUKARNI"}),
        ("kia", "kia", CHILD),
    ],
)
def test_cards(layout: str, name: str, changes: dict[str, str]) -> None:
    assert_as_before(card(layout, changes), name)


def test_a_receipt() -> None:
    assert_as_before(receipt(), "receipt")


def test_a_lost_line_of_text_is_seen() -> None:
    """The comparison can fail: one name less is more than it lets pass."""
    face = card("ktp-el", {})
    ImageDraw.Draw(face).rectangle((280, 180, 700, 205), "white")

    with pytest.raises(AssertionError):
        assert_as_before(face, "ktp-el")
