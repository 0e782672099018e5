"""Quotations of civil registration (kutipan akta): standing A4, bilingual, English below the Indonesian."""

from __future__ import annotations

from collections.abc import Sequence

from hardware_sim.dinas.samples.paper import BOLD, GREEN, MONO, SEMI, SOFT, Content, Sheet, need, value

LEFT, LABELS, RIGHT = 22.0, 62.0, 188.0
Row = tuple[str, str, str]  # Indonesian, English, value

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def long_date(date: str) -> str:
    """DD-MM-YYYY in words of a document (7 Maret 2019); anything else as it came."""
    parts = date.split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts) and 1 <= int(parts[1]) <= 12:
        return f"{int(parts[0])} {MONTHS[int(parts[1]) - 1]} {parts[2]}"
    return date


def kelahiran(content: Content) -> bytes:
    """Kutipan Akta Kelahiran."""
    need("akta-kelahiran", content, ("nomor_akta", "nama", "tempat_lahir", "tanggal_lahir", "tanggal_terbit"))
    rows = (
        ("Nama", "Name", value(content, "nama")),
        ("Tempat lahir", "Place of birth", value(content, "tempat_lahir")),
        ("Tanggal lahir", "Date of birth", long_date(value(content, "tanggal_lahir"))),
        ("Jenis kelamin", "Sex", value(content, "jenis_kelamin")),
        ("Anak ke", "Child number", value(content, "anak_ke")),
        ("Nama ayah", "Father", value(content, "ayah")),
        ("Nama ibu", "Mother", value(content, "ibu")),
    )
    return _quotation(content, ("KELAHIRAN", "BIRTH"), "telah lahir:", "was born:", rows)


def kematian(content: Content) -> bytes:
    """Kutipan Akta Kematian."""
    need("akta-kematian", content, ("nomor_akta", "nama", "tempat_meninggal", "tanggal_meninggal", "tanggal_terbit"))
    rows = (
        ("Nama", "Name", value(content, "nama")),
        ("Tempat lahir", "Place of birth", value(content, "tempat_lahir")),
        ("Tanggal lahir", "Date of birth", long_date(value(content, "tanggal_lahir"))),
        ("Jenis kelamin", "Sex", value(content, "jenis_kelamin")),
        ("Tempat meninggal", "Place of death", value(content, "tempat_meninggal")),
        ("Tanggal meninggal", "Date of death", long_date(value(content, "tanggal_meninggal"))),
        ("Nama ayah", "Father", value(content, "ayah")),
        ("Nama ibu", "Mother", value(content, "ibu")),
    )
    return _quotation(content, ("KEMATIAN", "DEATH"), "telah meninggal dunia:", "has died:", rows)


def perkawinan(content: Content) -> bytes:
    """Kutipan Akta Perkawinan."""
    need("akta-perkawinan", content, ("nomor_akta", "suami", "istri", "tempat", "tanggal", "tanggal_terbit"))
    rows = (
        ("Nama suami", "Husband", value(content, "suami")),
        ("Nama istri", "Wife", value(content, "istri")),
        ("Tempat", "Place", value(content, "tempat")),
        ("Tanggal", "Date", long_date(value(content, "tanggal"))),
        ("Agama", "Religion", value(content, "agama")),
        ("Pemuka agama", "Officiant", value(content, "pemuka_agama")),
    )
    return _quotation(
        content, ("PERKAWINAN", "MARRIAGE"), "telah tercatat perkawinan:", "a marriage is recorded:", rows
    )


def perceraian(content: Content) -> bytes:
    """Kutipan Akta Perceraian."""
    keys = ("nomor_akta", "suami", "istri", "pengadilan", "nomor_putusan", "tanggal_putusan", "tanggal_terbit")
    need("akta-perceraian", content, keys)
    rows = (
        ("Nama suami", "Husband", value(content, "suami")),
        ("Nama istri", "Wife", value(content, "istri")),
        ("Putusan pengadilan", "Court", value(content, "pengadilan")),
        ("Nomor putusan", "Decision number", value(content, "nomor_putusan")),
        ("Tanggal putusan", "Decision date", long_date(value(content, "tanggal_putusan"))),
    )
    return _quotation(content, ("PERCERAIAN", "DIVORCE"), "telah tercatat perceraian:", "a divorce is recorded:", rows)


def _quotation(content: Content, kind: tuple[str, str], says: str, says_english: str, rows: Sequence[Row]) -> bytes:
    sheet = Sheet(f"Kutipan Akta {kind[0].title()}", content)
    middle = sheet.width / 2
    sheet.emblem(middle, 26, 24)
    sheet.text(middle, 46, "REPUBLIK INDONESIA", 12, BOLD, align="centre")
    sheet.text(middle, 52, "PENCATATAN SIPIL", 11, SEMI, align="centre")
    sheet.text(middle, 57, "CIVIL REGISTRATION", 8, align="centre", colour=SOFT)
    sheet.line(LEFT, 62, RIGHT, 62, 1.2, GREEN)
    sheet.text(middle, 74, f"KUTIPAN AKTA {kind[0]}", 20, BOLD, align="centre")
    sheet.text(middle, 80, f"EXCERPT OF {kind[1]} CERTIFICATE", 9, align="centre", colour=SOFT)
    y = 93.0
    number = (
        ("Akta nomor", "Certificate number", value(content, "nomor_akta")),
        ("NIK", "Identity number", value(content, "nik")),
    )
    for indonesian, english, words in number if content.get("nik") else number[:1]:
        y = _row(sheet, y, (indonesian, english, words), font=MONO)
    sheet.text(
        LEFT,
        y + 2,
        f"Berdasarkan akta tersebut, di Kabupaten {value(content, 'kabupaten', 'Tuban').title()} {says}",
        10.5,
    )
    sheet.text(LEFT, y + 6.4, f"By this certificate, in the Regency of Tuban {says_english}", 8, colour=SOFT)
    y += 16
    for row in rows:
        y = _row(sheet, y, row)
    y = max(y + 10, 205.0)
    sheet.paragraph(
        LEFT, y, "Kutipan ini dikeluarkan sesuai dengan register yang disimpan di kantor pencatatan sipil.", 78, 9
    )
    sheet.text(LEFT, y + 10.5, "This excerpt agrees with the register kept at the office.", 7.5, colour=SOFT)
    sheet.official(122, y, "Pejabat Pencatatan Sipil", qr=26)
    sheet.foot(1, 1)
    return sheet.finish()


def _row(sheet: Sheet, y: float, row: Row, font: str = SEMI) -> float:
    indonesian, english, words = row
    sheet.text(LEFT, y, indonesian, 10.5)
    sheet.text(LEFT, y + 4.1, english, 7.5, colour=SOFT)
    sheet.text(LABELS + 4, y, ":", 10.5)
    sheet.text(LABELS + 8, y, words, 11.5, font, fit=RIGHT - LABELS - 8)
    sheet.line(LABELS + 8, y + 1.6, RIGHT, y + 1.6, 0.3)
    return y + 11
