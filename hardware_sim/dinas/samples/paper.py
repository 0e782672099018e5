"""What all sample sheets share: type, measure, emblem, the mark SPESIMEN, the QR and the foot.

Measures are millimetres from the top left corner of the sheet. The emblem is invented; no coat of arms and no security
feature of a real document is drawn.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Content = Mapping[str, Any]

INK = HexColor("#14213D")
SOFT = HexColor("#3D4A63")
LINE = HexColor("#8A8F9C")
SHADE = HexColor("#EEF3EF")
GREEN = HexColor("#0A5A46")
MARK = Color(0.61, 0.11, 0.11, alpha=0.13)

REGULAR, SEMI, BOLD, MONO = "Sample", "Sample-Semi", "Sample-Bold", "Sample-Mono"
_FONTS = Path(__file__).resolve().parents[3] / "kiosk" / "fonts"
_FILES = {
    REGULAR: "AtkinsonHyperlegibleNext-Regular.ttf",
    SEMI: "AtkinsonHyperlegibleNext-SemiBold.ttf",
    BOLD: "AtkinsonHyperlegibleNext-Bold.ttf",
    MONO: "AtkinsonHyperlegibleMono-SemiBold.ttf",
}
SMALLEST_PT = 4.5

VERIFICATION = "https://verifikasi.dukcapil-tuban.example/"  # invented; .example is reserved (RFC 2606)
OFFICE = "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Tuban"


class ContentError(ValueError):
    """The content lacks what this kind of document cannot do without."""


def value(content: Content, key: str, default: str = "-") -> str:
    """What the form shows for a key: the text, or a dash."""
    found = content.get(key)
    return default if found is None or found == "" else str(found)


def need(kind: str, content: Content, keys: Sequence[str]) -> None:
    """Raise ContentError that names the first missing key."""
    for key in keys:
        if not content.get(key):
            raise ContentError(f"{kind}: the content has no {key!r}")


def verification_code(content: Content) -> str:
    """The document's own code for the QR: says nothing of the person, and is the same for the same content."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    return digest[:20].upper()


class Sheet:
    """Sheets of A4 of one document, drawn one after the other."""

    def __init__(self, title: str, content: Content, *, lying: bool = False) -> None:
        for name, file in _FILES.items():
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, str(_FONTS / file)))
        size = landscape(A4) if lying else A4
        self.width, self.height = size[0] / mm, size[1] / mm
        self.content = content
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, pagesize=size, lang="id-ID")
        self.canvas.setTitle(f"SPESIMEN {title}")  # never who it is about
        self.canvas.setCreator("Simulator Dinas")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 10,
        font: str = REGULAR,
        *,
        align: str = "left",
        fit: float | None = None,
        colour: Color = INK,
    ) -> None:
        """One line with its baseline at y; smaller type when it is wider than ``fit`` (mm)."""
        if fit is not None:
            size = self.fitting(words, size, font, fit)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        method = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "centre": self.canvas.drawCentredString,
        }[align]
        method(x * mm, (self.height - y) * mm, words)

    def fitting(self, words: str, size: float, font: str, width: float) -> float:
        """The type size, at most ``size``, at which the words are no wider than ``width`` mm."""
        wide = pdfmetrics.stringWidth(words, font, size) / mm
        return size if wide <= width else max(SMALLEST_PT, size * width / wide)

    def wrapped(self, words: str, size: float, font: str, width: float) -> list[str]:
        """The words broken into lines no wider than ``width`` mm."""
        lines: list[str] = []
        for word in words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and pdfmetrics.stringWidth(longer, font, size) / mm <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines or [""]

    def paragraph(self, x: float, y: float, words: str, width: float, size: float = 10, font: str = REGULAR) -> float:
        """Wrapped text; answers the baseline after it."""
        leading = size * 0.3528 * 1.4
        for line in self.wrapped(words, size, font, width):
            self.text(x, y, line, size, font)
            y += leading
        return y

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.5, colour: Color = LINE) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width)
        self.canvas.line(x1 * mm, (self.height - y1) * mm, x2 * mm, (self.height - y2) * mm)

    def box(self, x: float, y: float, width: float, height: float, *, fill: Color | None = None) -> None:
        self.canvas.setStrokeColor(LINE)
        self.canvas.setLineWidth(0.5)
        if fill is not None:
            self.canvas.setFillColor(fill)
        self.canvas.rect(x * mm, (self.height - y - height) * mm, width * mm, height * mm, fill=int(fill is not None))

    def emblem(self, x: float, y: float, size: float) -> None:
        """The invented sign of the simulated Dinas, centred at x, y: a leaf over three waves in a ring."""
        canvas = self.canvas
        canvas.saveState()
        canvas.translate(x * mm, (self.height - y) * mm)
        canvas.scale(size * mm / 100, size * mm / 100)
        canvas.setStrokeColor(GREEN)
        canvas.setFillColor(GREEN)
        canvas.setLineWidth(5)
        canvas.circle(0, 0, 46)
        leaf = canvas.beginPath()
        leaf.moveTo(0, -4)
        leaf.curveTo(-26, 6, -18, 28, 0, 38)
        leaf.curveTo(18, 28, 26, 6, 0, -4)
        canvas.drawPath(leaf, stroke=0, fill=1)
        canvas.setLineWidth(4.5)
        canvas.setLineCap(1)
        for row, half in enumerate((34, 30, 22)):
            level = -10 - row * 10
            wave = canvas.beginPath()
            wave.moveTo(-half, level)
            wave.curveTo(-half / 2, level + 9, -half / 2, level - 9, 0, level)
            wave.curveTo(half / 2, level + 9, half / 2, level - 9, half, level)
            canvas.drawPath(wave, stroke=1, fill=0)
        canvas.restoreState()

    def qr(self, x: float, y: float, size: float) -> None:
        """The verification address as a QR, its top left corner at x, y."""
        widget = QrCodeWidget(VERIFICATION + verification_code(self.content), barLevel="M", barBorder=0)
        left, bottom, right, _top = widget.getBounds()
        scale = size * mm / (right - left)
        drawing = Drawing(size * mm, size * mm, transform=[scale, 0, 0, scale, -left * scale, -bottom * scale])
        drawing.add(widget)
        renderPDF.draw(drawing, self.canvas, x * mm, (self.height - y - size) * mm)

    def mark(self) -> None:
        """SPESIMEN across the page, from corner to corner and over everything else."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setFillColor(MARK)
        canvas.translate(self.width / 2 * mm, self.height / 2 * mm)
        canvas.rotate(33 if self.width > self.height else 52)
        canvas.setFont(BOLD, 128)
        canvas.drawCentredString(0, -40, "SPESIMEN")
        canvas.restoreState()

    def foot(self, page: int, pages: int, *, margin: float = 15) -> None:
        """What stands at the foot of every sheet; own words for what such documents say about their signature."""
        y = self.height - 11
        self.line(margin, y - 4.4, self.width - margin, y - 4.4)
        says = (
            "SPESIMEN, bukan dokumen sah. Ditandatangani secara elektronik dengan sertifikat uji milik simulator; "
            "pindai kode QR untuk memeriksanya."
        )
        self.text(margin, y, says, 7, colour=SOFT, fit=self.width - 2 * margin - 32)
        right = f"{verification_code(self.content)[:8]}   Lembar {page} dari {pages}"
        self.text(self.width - margin, y, right, 7, colour=SOFT, align="right")

    def official(self, x: float, y: float, title: str, *, qr: float = 24) -> None:
        """Place, date, office and name of the official, with the QR in the place of signature and stamp."""
        content = self.content
        town = value(content, "kota_terbit", "Tuban")
        self.text(x, y, f"{town}, {value(content, 'tanggal_terbit')}", 9.5)
        self.text(x, y + 4.6, title, 9.5, fit=66)
        self.text(x, y + 9.2, "Kabupaten Tuban", 9.5)
        self.qr(x, y + 12, qr)
        below = y + 12 + qr + 5
        self.text(x, below, value(content, "pejabat", "DRA. SPESIMEN WIDYANINGRUM"), 9.5, SEMI, fit=70)
        self.text(x, below + 4.4, f"NIP {value(content, 'nip_pejabat', '19700101 199001 2 000')}", 8.5, colour=SOFT)

    def next_page(self) -> None:
        """Mark the page and begin another."""
        self.mark()
        self.canvas.showPage()

    def finish(self) -> bytes:
        """The PDF; the last page is marked too."""
        self.mark()
        self.canvas.showPage()
        self.canvas.save()
        return self._out.getvalue()
