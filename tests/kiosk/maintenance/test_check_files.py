"""The doctor on folders, certificates and the ledger: what is wrong with a file is said, with a way out."""

from __future__ import annotations

import shutil
import subprocess
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.ledger.database import FILE, Database
from kiosk.maintenance import check_files
from kiosk.maintenance.findings import Level


def test_folders_in_order_are_ok(site, about, disk_folder) -> None:
    on_disk = {"paths": {"state": str(disk_folder)}, "spooler": {"claims": str(disk_folder)}}
    findings = list(check_files.folders(site.settings(**on_disk)))

    assert about(findings, "Folder data").level is Level.OK
    assert about(findings, "Folder klaim cetak").level is Level.OK


def test_a_missing_folder_is_named(site, about) -> None:
    (site.folder / "claims").rmdir()

    found = about(check_files.folders(site.settings()), "Folder klaim cetak")

    assert found.level is Level.BROKEN
    assert str(site.folder / "claims") in found.what


@pytest.mark.parametrize(
    ("table", "key", "subject"), [("paths", "state", "Folder data"), ("spooler", "claims", "Folder klaim cetak")]
)
def test_what_must_outlive_a_power_cut_may_not_lie_in_memory(site, about, memory_folder, table, key, subject) -> None:
    found = about(check_files.folders(site.settings(**{table: {key: str(memory_folder)}})), subject)

    assert found.level is Level.BROKEN
    assert "memori" in found.what


def test_sockets_belong_in_memory(site, about, memory_folder, disk_folder) -> None:
    on_disk = about(check_files.folders(site.settings(paths={"runtime": str(disk_folder)})), "Folder soket")
    in_memory = about(check_files.folders(site.settings(paths={"runtime": str(memory_folder)})), "Folder soket")

    assert (on_disk.level, in_memory.level) == (Level.ATTENTION, Level.OK)


def test_a_folder_that_cannot_be_written_is_broken(site, about) -> None:
    # /proc takes no files from anybody, root included.
    found = about(check_files.folders(site.settings(paths={"state": "/proc/self"})), "Folder data")

    assert found.level is Level.BROKEN
    assert "tidak dapat ditulis" in found.what


def test_a_read_only_disk_is_named_as_such(site, about, disk_folder, tmp_path) -> None:
    (tmp_path / "mounted").mkdir()
    where = str(tmp_path / "mounted")
    if subprocess.run(["mount", "--bind", disk_folder, where], capture_output=True, check=False).returncode:
        pytest.skip("cannot mount here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", where], check=True)
        found = about(check_files.folders(site.settings(paths={"state": where})), "Folder data")
    finally:
        subprocess.run(["umount", where], check=True)

    assert found.level is Level.BROKEN
    assert "hanya dapat dibaca" in found.what
    assert "fsck" in found.remedy


def test_a_full_disk_is_told_in_a_line_of_its_own(site, about, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1 << 40, 1 << 40, 0))

    found = about(check_files.room(site.settings()), "Ruang disk")

    assert found.level is Level.BROKEN
    assert found.what.startswith("disk penuh: anjungan tidak melayani")


@pytest.mark.parametrize(
    ("free", "level"), [(100 << 20, Level.BROKEN), (500 << 20, Level.ATTENTION), (5 << 30, Level.OK)]
)
def test_room_on_the_disk_is_judged(site, about, monkeypatch, free: int, level: Level) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1 << 40, 0, free))

    assert about(check_files.room(site.settings()), "Ruang disk").level is level


def test_certificates_in_order_are_ok_and_named(site, about) -> None:
    findings = list(check_files.certificates(site.settings()))

    assert [finding.level for finding in findings] == [Level.OK] * 3
    assert about(findings, "Sertifikat anjungan").what.startswith("adm-coba-1, berlaku sampai ")


@pytest.mark.parametrize(
    ("days", "level", "words"),
    [
        ((-400, -1), Level.BROKEN, "habis berlaku"),
        ((1, 365), Level.BROKEN, "baru berlaku mulai"),
        ((-1, 5.5), Level.ATTENTION, "(5 hari lagi)"),
    ],
)
def test_the_time_of_the_certificate_is_judged(site, about, days, level: Level, words: str) -> None:
    site.authority.issue(site.folder, "kiosk", "adm-coba-1", days)

    found = about(check_files.certificates(site.settings()), "Sertifikat anjungan")

    assert found.level is level
    assert words in found.what


def test_a_key_of_another_certificate_is_found(site, about) -> None:
    _, other = site.authority.issue(site.folder, "other", "adm-lain")

    found = about(check_files.certificates(site.settings(dinas={"key": str(other)})), "Kunci anjungan")

    assert found.level is Level.BROKEN
    assert "tidak cocok" in found.what


def test_a_key_that_everybody_can_read_is_found(site, about) -> None:
    (site.folder / "kiosk.key").chmod(0o644)

    found = about(check_files.certificates(site.settings()), "Kunci anjungan")

    assert found.level is Level.BROKEN
    assert "chmod 640" in found.remedy


def test_no_part_of_a_key_is_ever_shown(site) -> None:
    text = (site.folder / "kiosk.key").read_text()
    (site.folder / "kiosk.key").write_text(text.replace("BEGIN", "BEGIM"))

    findings = list(check_files.certificates(site.settings()))

    secret = text.splitlines()[1]
    assert not any(secret[:12] in finding.what + finding.remedy for finding in findings)
    assert any("bukan kunci PEM" in finding.what for finding in findings)


@pytest.mark.parametrize(("content", "words"), [(None, "tidak ada"), (b"SPESIMEN", "bukan sertifikat PEM")])
def test_a_root_that_is_none_is_named(site, about, content: bytes | None, words: str) -> None:
    if content:
        (site.folder / "root.pem").write_bytes(content)

    found = about(check_files.roots(site.settings(trust={"card_roots": ["root.pem"]})), "Akar tanda tangan kartu")

    assert found.level is Level.BROKEN
    assert f"{site.folder / 'root.pem'} {words}" in found.what


def test_a_certificate_that_may_not_sign_is_no_root(site, about) -> None:
    settings = site.settings(trust={"document_roots": ["kiosk.pem"]})

    found = about(check_files.roots(settings), "Akar tanda tangan dokumen")

    assert found.level is Level.BROKEN
    assert "bukan sertifikat CA" in found.what


# ---------------------------------------------------------------------------------------------------------------
# Ledger


@pytest.fixture
def book(site) -> Path:
    """The ledger as the engine makes it, and left it."""
    database = Database(site.folder / "state", datetime.now(UTC))
    database.close()
    return database.path


def test_a_whole_ledger_is_ok_and_stays_as_it_was(site, about, book: Path) -> None:
    before = book.read_bytes()

    assert about(check_files.ledger(site.settings()), "Buku besar").level is Level.OK
    assert book.read_bytes() == before


def test_a_ledger_that_the_engine_writes_is_left_alone(site, about) -> None:
    """A reader would make the engine's commits wait, and fail."""
    database = Database(site.folder / "state", datetime.now(UTC))
    with database.transaction():
        found = about(check_files.ledger(site.settings()), "Buku besar")
    database.close()

    assert found.level is Level.OK
    assert "sedang dipakai" in found.what
    assert "utuh" in about(check_files.ledger(site.settings()), "Buku besar").what


def test_a_damaged_ledger_is_found_and_must_not_be_deleted(site, about, book: Path) -> None:
    content = bytearray(book.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    book.write_bytes(content)

    found = about(check_files.ledger(site.settings()), "Buku besar")

    assert found.level is Level.BROKEN
    assert "jangan hapus" in found.remedy


def test_a_file_that_is_no_database_is_found(site, about) -> None:
    (site.folder / "state" / FILE).write_bytes(b"SPESIMEN" * 1000)

    assert about(check_files.ledger(site.settings()), "Buku besar").level is Level.BROKEN


def test_a_new_machine_has_no_ledger_yet(site, about) -> None:
    found = about(check_files.ledger(site.settings()), "Buku besar")

    assert found.level is Level.ATTENTION
    assert not (site.folder / "state" / FILE).exists()


def test_the_fonts_of_the_screen_can_be_drawn_with(site, about) -> None:
    assert about(check_files.fonts(site.settings()), "Huruf").level is Level.OK
