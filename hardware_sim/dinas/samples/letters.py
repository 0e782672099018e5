"""Letters and extracts on standing A4: Biodata Penduduk, and the letter of a move (SKPWNI)."""

from __future__ import annotations

from collections.abc import Sequence

from hardware_sim.dinas.samples.akta import long_date
from hardware_sim.dinas.samples.paper import (
    BOLD,
    GREEN,
    MONO,
    OFFICE,
    SEMI,
    SHADE,
    SOFT,
    Content,
    Sheet,
    need,
    value,
)

LEFT, RIGHT = 20.0, 190.0
Field = tuple[str, str]  # label, key

BIODATA: tuple[tuple[str, tuple[Field, ...]], ...] = (
    (
        "Data diri",
        (
            ("Nama lengkap", "nama"),
            ("NIK", "nik"),
            ("Nomor KK", "nomor_kk"),
            ("Tempat lahir", "tempat_lahir"),
            ("Tanggal lahir", "tanggal_lahir"),
            ("Jenis kelamin", "jenis_kelamin"),
            ("Golongan darah", "gol_darah"),
            ("Agama", "agama"),
            ("Status perkawinan", "status_perkawinan"),
            ("Hubungan dalam keluarga", "hubungan"),
            ("Pendidikan terakhir", "pendidikan"),
            ("Jenis pekerjaan", "pekerjaan"),
            ("Kewarganegaraan", "kewarganegaraan"),
            ("Kelainan fisik/mental", "kelainan"),
            ("Penyandang disabilitas", "disabilitas"),
        ),
    ),
    (
        "Alamat",
        (
            ("Alamat", "alamat"),
            ("RT/RW", "rt_rw"),
            ("Desa/Kelurahan", "kel_desa"),
            ("Kecamatan", "kecamatan"),
            ("Kode pos", "kode_pos"),
        ),
    ),
    ("Orang tua", (("Nama ayah", "ayah"), ("NIK ayah", "nik_ayah"), ("Nama ibu", "ibu"), ("NIK ibu", "nik_ibu"))),
    (
        "Dokumen",
        (
            ("Nomor akta kelahiran", "akta_lahir"),
            ("Nomor akta perkawinan", "akta_kawin"),
            ("Nomor akta perceraian", "akta_cerai"),
        ),
    ),
)
MOVE: tuple[Field, ...] = (
    ("NIK pemohon", "nik"),
    ("Nama lengkap", "nama"),
    ("Nomor KK", "nomor_kk"),
    ("Nama kepala keluarga", "nama_kepala_keluarga"),
    ("Alamat asal", "alamat_asal"),
    ("Alamat tujuan", "alamat_tujuan"),
    ("Alasan pindah", "alasan"),
    ("Klasifikasi pindah", "klasifikasi"),
    ("Jenis kepindahan", "jenis_pindah"),
    ("Status KK yang tidak pindah", "status_kk_tetap"),
    ("Status KK yang pindah", "status_kk_pindah"),
    ("Berlaku sampai", "berlaku_sampai"),
)
DIGITS = {"nik", "nomor_kk", "nik_ayah", "nik_ibu"}
DATES = {"tanggal_lahir", "berlaku_sampai"}


def biodata(content: Content) -> bytes:
    """Biodata Penduduk of one person."""
    need("biodata", content, ("nik", "nama", "tanggal_terbit"))
    sheet = Sheet("Biodata Penduduk", content)
    _letterhead(sheet, "BIODATA PENDUDUK", f"NIK {value(content, 'nik')}")
    y = 72.0
    for title, fields in BIODATA:
        sheet.text(LEFT, y, title, 10, BOLD, colour=GREEN)
        y = _fields(sheet, y + 5.6, fields, 5.1, label_width=52) + 3
    _close(sheet, y)
    return sheet.finish()


def skpwni(content: Content) -> bytes:
    """Surat Keterangan Pindah WNI, with the members of the family who move."""
    keys = (
        "nomor",
        "nomor_kk",
        "nama_kepala_keluarga",
        "nik",
        "nama",
        "alamat_asal",
        "alamat_tujuan",
        "tanggal_terbit",
    )
    need("skpwni", content, keys)
    sheet = Sheet("SKPWNI", content)
    _letterhead(sheet, "SURAT KETERANGAN PINDAH WNI", f"Nomor {value(content, 'nomor')}")
    y = sheet.paragraph(
        LEFT,
        73,
        "Yang bertanda tangan di bawah ini menerangkan permohonan pindah penduduk WNI sebagai berikut:",
        170,
        10,
    )
    y = _fields(sheet, y + 3, MOVE, 6.6, label_width=56) + 4
    members = content.get("anggota") or [
        {"nik": content["nik"], "nama": content["nama"], "hubungan": "KEPALA KELUARGA"}
    ]
    sheet.text(LEFT, y, "Keluarga yang pindah", 10, BOLD, colour=GREEN)
    y = _movers(sheet, y + 3, members)
    _close(sheet, y + 8)
    return sheet.finish()


def _letterhead(sheet: Sheet, title: str, number: str) -> None:
    middle = sheet.width / 2 + 10
    sheet.emblem(LEFT + 11, 25, 22)
    sheet.text(middle, 19, "PEMERINTAH KABUPATEN TUBAN", 12, SEMI, align="centre")
    sheet.text(middle, 26, OFFICE.upper().replace(" KABUPATEN TUBAN", ""), 13, BOLD, align="centre", fit=140)
    sheet.text(middle, 32, "Tuban, Jawa Timur", 9, align="centre", colour=SOFT)
    sheet.line(LEFT, 39, RIGHT, 39, 1.6, GREEN)
    sheet.line(LEFT, 40.2, RIGHT, 40.2, 0.5, GREEN)
    sheet.text(sheet.width / 2, 52, title, 16, BOLD, align="centre")
    sheet.text(sheet.width / 2, 59, number, 11, MONO, align="centre")


def _fields(sheet: Sheet, y: float, fields: Sequence[Field], step: float, label_width: float) -> float:
    content = sheet.content
    start = LEFT + label_width + 4
    for label, key in fields:
        words = value(content, key)
        if key in DATES:
            words = long_date(words)
        font = MONO if key in DIGITS else SEMI
        sheet.text(LEFT, y, label, 9.5, colour=SOFT)
        sheet.text(LEFT + label_width, y, ":", 9.5, colour=SOFT)
        for number, line in enumerate(sheet.wrapped(words, 9.5, font, RIGHT - start)):
            y += step * 0.75 if number else 0
            sheet.text(start, y, line, 9.5, font, fit=RIGHT - start)
        y += step
    return y


def _movers(sheet: Sheet, top: float, members: Sequence[Content]) -> float:
    edges = (LEFT, LEFT + 10, LEFT + 52, LEFT + 128, RIGHT)
    row = 6.0
    sheet.box(LEFT, top, RIGHT - LEFT, row, fill=SHADE)
    for x, words in zip(edges, ("No", "NIK", "Nama", "Hubungan"), strict=False):
        sheet.text(x + 2, top + 4.2, words, 8.5, SEMI)
    for number, member in enumerate(members, 1):
        y = top + number * row + 4.2
        sheet.text(edges[0] + 2, y, str(number), 8.5)
        sheet.text(edges[1] + 2, y, value(member, "nik"), 8.5, MONO)
        sheet.text(edges[2] + 2, y, value(member, "nama"), 8.5, fit=edges[3] - edges[2] - 4)
        sheet.text(edges[3] + 2, y, value(member, "hubungan"), 8.5, fit=edges[4] - edges[3] - 4)
        sheet.line(LEFT, top + number * row, RIGHT, top + number * row, 0.35)
    bottom = top + (len(members) + 1) * row
    sheet.box(LEFT, top, RIGHT - LEFT, bottom - top)
    for x in edges[1:-1]:
        sheet.line(x, top, x, bottom, 0.35)
    return bottom


def _close(sheet: Sheet, y: float) -> None:
    """The official at the lower right; never so low that the foot is touched (the block is 46 mm high)."""
    sheet.official(126, min(max(y, 214.0), 230.0), "Kepala Dinas Kependudukan dan Pencatatan Sipil", qr=24)
    sheet.foot(1, 1)
