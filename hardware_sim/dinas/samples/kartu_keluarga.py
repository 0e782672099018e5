"""Kartu Keluarga: lying A4, ten members on a sheet, their columns in two tables (domain 4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hardware_sim.dinas.samples.paper import (
    BOLD,
    MONO,
    REGULAR,
    SEMI,
    SHADE,
    SOFT,
    Content,
    ContentError,
    Sheet,
    need,
    value,
)

ROWS = 10  # of a sheet
MARGIN = 10.0
ROW, NUMBERS = 4.5, 3.6  # heights, mm


@dataclass(frozen=True)
class Column:
    """A column of one table: heading (lines), key of a member, width in mm."""

    heading: tuple[str, ...]
    key: str
    width: float
    align: str = "left"
    mono: bool = False


PERSON = (
    Column(("Nama Lengkap",), "nama", 68),
    Column(("NIK",), "nik", 34, "centre", mono=True),
    Column(("Jenis", "Kelamin"), "jenis_kelamin", 21),
    Column(("Tempat Lahir",), "tempat_lahir", 29),
    Column(("Tanggal", "Lahir"), "tanggal_lahir", 20, "centre"),
    Column(("Agama",), "agama", 18),
    Column(("Pendidikan",), "pendidikan", 36),
    Column(("Jenis Pekerjaan",), "pekerjaan", 33),
    Column(("Gol.", "Darah"), "gol_darah", 11, "centre"),
)
STANDING = (
    Column(("Status Perkawinan",), "status_perkawinan", 29),
    Column(("Tanggal Perkawinan", "/ Perceraian"), "tanggal_perkawinan", 27, "centre"),
    Column(("Hubungan Dalam", "Keluarga"), "hubungan", 29),
    Column(("Kewarga-", "negaraan"), "kewarganegaraan", 17, "centre"),
    Column(("No. Paspor",), "no_paspor", 23, "centre"),
    Column(("No. KITAP",), "no_kitap", 23, "centre"),
    Column(("Ayah",), "ayah", 61),
    Column(("Ibu",), "ibu", 61),
)
GROUPS = {"no_paspor": ("Dokumen Imigrasi", 46.0), "ayah": ("Nama Orang Tua", 122.0)}  # over two columns each


def draw(content: Content) -> bytes:
    """The sheets as PDF; ContentError when there is no family in the content."""
    needed = ("nomor_kk", "nama_kepala_keluarga", "alamat", "rt_rw", "kel_desa", "kecamatan", "tanggal_terbit")
    need("kk", content, needed)
    members = content.get("anggota") or []
    if not members:
        raise ContentError("kk: the content has no 'anggota'")
    for member in members:
        need("kk, anggota", member, ("nama", "nik"))
    sheet = Sheet("Kartu Keluarga", content, lying=True)
    pages = page_count(content)
    for page in range(pages):
        if page:
            sheet.next_page()
        _head(sheet)
        first = page * ROWS
        rows = members[first : first + ROWS]
        below = _table(sheet, 46.5, PERSON, rows, first, 1)
        below = _table(sheet, below + 3.5, STANDING, rows, first, 1 + len(PERSON))
        _signatures(sheet, below + 5.5)
        sheet.foot(page + 1, pages, margin=MARGIN)
    return sheet.finish()


def page_count(content: Content) -> int:
    """Sheets for this family."""
    return -(-len(content.get("anggota") or [1]) // ROWS)


def _head(sheet: Sheet) -> None:
    content, middle = sheet.content, sheet.width / 2
    sheet.emblem(MARGIN + 9, 17, 16)
    sheet.text(middle, 15, "KARTU KELUARGA", 19, BOLD, align="centre")
    sheet.text(middle, 22.5, f"No. {value(content, 'nomor_kk')}", 14, MONO, align="centre")
    left = (
        ("Nama Kepala Keluarga", value(content, "nama_kepala_keluarga")),
        ("Alamat", value(content, "alamat")),
        ("RT/RW", value(content, "rt_rw")),
        ("Kode Pos", value(content, "kode_pos")),
    )
    right = (
        ("Desa/Kelurahan", value(content, "kel_desa")),
        ("Kecamatan", value(content, "kecamatan")),
        ("Kabupaten/Kota", value(content, "kabupaten", "TUBAN")),
        ("Provinsi", value(content, "provinsi", "JAWA TIMUR")),
    )
    for x, gap, room, pairs in ((MARGIN, 37, 128, left), (190, 27, 67, right)):
        for row, (label, words) in enumerate(pairs):
            y = 30 + row * 4.7
            sheet.text(x, y, label, 8.5, colour=SOFT)
            sheet.text(x + gap, y, ":", 8.5, colour=SOFT)
            sheet.text(x + gap + 3, y, words, 8.5, SEMI, fit=room)


def _table(
    sheet: Sheet, top: float, columns: Sequence[Column], rows: Sequence[Content], first: int, number: int
) -> float:
    """A table of ten rows, empty ones too; answers its lower edge."""
    number_width = sheet.width - 2 * MARGIN - sum(column.width for column in columns)
    grouped = any(column.key in GROUPS for column in columns)
    heading = 10.0 if grouped else 8.0
    bottom = top + heading + NUMBERS + ROWS * ROW
    sheet.box(MARGIN, top, sheet.width - 2 * MARGIN, heading, fill=SHADE)
    sheet.box(MARGIN, top, sheet.width - 2 * MARGIN, bottom - top)
    sheet.text(MARGIN + number_width / 2, top + heading / 2 + 1, "No", 7, SEMI, align="centre")
    for row in range(ROWS + 1):
        y = top + heading + NUMBERS + row * ROW
        sheet.line(MARGIN, y, sheet.width - MARGIN, y, 0.35)
        if row < ROWS:
            sheet.text(MARGIN + number_width / 2, y + 3.2, str(first + row + 1), 7, align="centre")
    sheet.line(MARGIN, top + heading, sheet.width - MARGIN, top + heading)
    x, inner = MARGIN + number_width, False
    for offset, column in enumerate(columns):
        group = GROUPS.get(column.key)
        in_group, inner = bool(group) or inner, bool(group)
        _heading(sheet, x, top, heading, column, group, in_group=in_group)
        start = top + heading / 2 if in_group and not group else top
        sheet.line(x, start, x, bottom, 0.35)
        sheet.text(x + column.width / 2, top + heading + 2.7, f"({number + offset})", 5.8, colour=SOFT, align="centre")
        for row, member in enumerate(rows):
            _cell(sheet, x, top + heading + NUMBERS + row * ROW + 3.2, column, value(member, column.key))
        x += column.width
    return bottom


def _heading(
    sheet: Sheet,
    x: float,
    top: float,
    height: float,
    column: Column,
    group: tuple[str, float] | None,
    *,
    in_group: bool,
) -> None:
    if group:
        title, width = group
        sheet.text(x + width / 2, top + 3.4, title, 7, SEMI, align="centre")
        sheet.line(x, top + height / 2, x + width, top + height / 2, 0.35)
    middle = top + (height * 0.75 if in_group else height / 2)
    y = middle + 0.9 - (len(column.heading) - 1) * 1.5
    for line in column.heading:
        sheet.text(x + column.width / 2, y, line, 7, SEMI, align="centre", fit=column.width - 1.5)
        y += 3.0


def _cell(sheet: Sheet, x: float, y: float, column: Column, words: str) -> None:
    centred = column.align == "centre" or words == "-"
    at = x + (column.width / 2 if centred else 1.2)
    font = MONO if column.mono else REGULAR
    sheet.text(at, y, words, 7.2, font, align="centre" if centred else "left", fit=column.width - 2.0)


def _signatures(sheet: Sheet, top: float) -> None:
    content = sheet.content
    sheet.text(MARGIN, top, f"Dikeluarkan tanggal {value(content, 'tanggal_terbit')}", 8.5)
    middle, right = 110.0, sheet.width - MARGIN - 22
    sheet.text(middle, top, "Kepala Keluarga", 8.5, align="centre")
    head = value(content, "nama_kepala_keluarga")
    sheet.text(middle, top + 17.5, head, 8.5, SEMI, align="centre", fit=80)
    sheet.line(middle - 35, top + 18.8, middle + 35, top + 18.8, 0.35)
    sheet.text(right - 5, top, "Kepala Dinas Kependudukan dan Pencatatan Sipil", 8.5, align="right")
    sheet.text(right - 5, top + 4.2, "Kabupaten Tuban", 8.5, align="right")
    sheet.text(
        right - 5, top + 13.3, value(content, "pejabat", "DRA. SPESIMEN WIDYANINGRUM"), 8.5, SEMI, align="right", fit=80
    )
    sheet.text(
        right - 5,
        top + 17.5,
        f"NIP {value(content, 'nip_pejabat', '19700101 199001 2 000')}",
        7.5,
        align="right",
        colour=SOFT,
    )
    sheet.qr(right, top - 3, 22)
