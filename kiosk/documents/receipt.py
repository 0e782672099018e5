"""The receipt of a visit: what came of each document, by title. No name, no NIK; codes for the operator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from importlib.resources import files

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.image.pil import PilImage

from kiosk.protocol import Ended, EndState
from kiosk.settings import Site

WIB = timezone(timedelta(hours=7), "WIB")  # Waktu Indonesia Barat; no summer time
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_WORDS = {
    EndState.TAKEN: "Sudah diambil",
    EndState.NOT_PRINTED: "Belum dicetak, hak cetak tetap ada",
    EndState.KEPT: "Disimpan di dalam mesin, tanyakan petugas",
    EndState.IN_DOUBT: "Belum pasti tercetak, tanyakan petugas",
}


def draw_receipt(
    site: Site, ended: Sequence[Ended], attempt_ids: Sequence[str], *, at: datetime, width_px: int
) -> Image.Image:
    """A 1-bit picture of that width, as long as it has to be. ``at`` is an aware time."""
    roll = _Roll(width_px)
    roll.text("Anjungan Dukcapil Mandiri", 1.25, bold=True)
    roll.text(site.name)
    if site.address:
        roll.text(site.address, 0.8)
    local = at.astimezone(WIB)
    roll.text(f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H.%M} WIB", 0.9)
    roll.rule()
    for one in ended:
        roll.text(one.title, 1.1, bold=True, centre=False)
        roll.text(_WORDS[one.state], 0.9, centre=False)
        roll.space(0.3)
    roll.rule()
    roll.text("Periksa dokumen Anda sekarang. Ada yang salah? Tunjukkan struk ini kepada petugas.", 0.9)
    roll.text(site.help, 0.9)
    if attempt_ids:
        roll.qr("ADM-R1:" + ",".join(attempt_ids))
        roll.text("Kode: " + "  ".join(attempt_id[-8:].upper() for attempt_id in attempt_ids), 0.8)
    roll.text("Layanan ini gratis.", 0.9, bold=True)
    return roll.cut()


class _Roll:
    """Paper that grows downwards. Sizes are multiples of the plain letter's height."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._plain = width / 21
        self._margin = round(width * 0.03)
        self._paper = Image.new("L", (width, 20_000), 255)
        self._draw = ImageDraw.Draw(self._paper)
        self._y = self._plain * 0.6

    def text(self, text: str, size: float = 1.0, *, bold: bool = False, centre: bool = True) -> None:
        font = _font(self._plain * size, bold=bold)
        for line in self._lines(text, font):
            x = self._width / 2 if centre else self._margin
            self._draw.text((x, self._y), line, 0, font, "ma" if centre else "la")
            self._y += self._plain * size * 1.3

    def rule(self) -> None:
        self._y += self._plain * 0.4
        self._draw.line((self._margin, self._y, self._width - self._margin, self._y), 0, 2)
        self._y += self._plain * 0.6

    def space(self, size: float) -> None:
        self._y += self._plain * size

    def qr(self, text: str) -> None:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2, box_size=1)
        code.add_data(text)
        picture = code.make_image(image_factory=PilImage).get_image().convert("L")
        module = max(3, round(self._width * 0.45 / picture.width))
        side = picture.width * module
        picture = picture.resize((side, side), Image.Resampling.NEAREST)
        self.space(0.3)
        self._paper.paste(picture, ((self._width - side) // 2, round(self._y)))
        self._y += side + self._plain * 0.3

    def cut(self) -> Image.Image:
        """The receipt so far, black and white."""
        paper = self._paper.crop((0, 0, self._width, round(self._y + self._plain)))
        return paper.convert("1", dither=Image.Dither.NONE)

    def _lines(self, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if font.getlength(longer) <= self._width - 2 * self._margin or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines


def _font(pixels: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "AtkinsonHyperlegibleNext-Bold.ttf" if bold else "AtkinsonHyperlegibleNext-Regular.ttf"
    return ImageFont.truetype(str(files("kiosk").joinpath("fonts", name)), pixels)
