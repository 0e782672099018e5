"""Looks at what lies on the disk: folders, certificates, roots, ledger, fonts."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID
from PIL import ImageFont

from kiosk.ledger.database import FILE, LOCK
from kiosk.maintenance.findings import Finding, attention, broken, ok
from kiosk.settings import Settings

MEMORY_FILE_SYSTEMS = frozenset({"tmpfs", "ramfs"})
# SQLite's locks and fsync do not hold on these.
REMOTE_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "vfat", "exfat"})
LITTLE_ROOM = 1 << 30  # bytes
NO_ROOM = 200 << 20
NO_SPACE = 1 << 20  # the ledger cannot be written any more
RENEW_DAYS = 14  # a certificate is asked for while there is still time to bring it by hand


def folders(settings: Settings) -> Iterator[Finding]:
    """State on a disk of this machine, claims too, sockets in memory; all of them writable."""
    state, claims = Path(settings.paths.state), Path(settings.spooler.claims)
    yield _folder("Folder data", state, "Unit adm-kiosk-engine membuatnya: systemctl start adm-kiosk-engine")
    yield _folder("Folder klaim cetak", claims, "Buat dengan: systemd-tmpfiles --create")
    yield _runtime(Path(settings.paths.runtime))


def room(settings: Settings) -> Iterator[Finding]:
    """Free space where the ledger grows."""
    subject, state = "Ruang disk", Path(settings.paths.state)
    if not state.is_dir():
        return
    free = shutil.disk_usage(state).free
    text = f"{free / (1 << 30):.1f} GiB kosong di {state}"
    make_room = "Kosongkan disk: journalctl --vacuum-size=200M, lalu lihat isi /var/log."
    if free < NO_SPACE:
        yield broken(subject, f"disk penuh: anjungan tidak melayani ({state})", make_room)
    elif free < NO_ROOM:
        yield broken(subject, text, make_room)
    elif free < LITTLE_ROOM:
        yield attention(subject, text, "Disk hampir penuh. Kosongkan sebelum anjungan berhenti melayani.")
    else:
        yield ok(subject, text)


def _folder(subject: str, folder: Path, remedy: str) -> Finding:
    if not folder.is_dir():
        return broken(subject, f"{folder} tidak ada", remedy)
    kind = file_system(folder)
    if kind in MEMORY_FILE_SYSTEMS:
        what = f"{folder} ada di memori ({kind}): isinya hilang bila listrik padam"
        return broken(subject, what, "Pindahkan ke disk, atau ubah setelannya.")
    if kind in REMOTE_FILE_SYSTEMS:
        what = f"{folder} ada di {kind}: tulisan bisa hilang bila listrik padam"
        return broken(subject, what, "Pindahkan ke disk mesin ini sendiri (ext4).")
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        remedy = (
            "Sistem melakukannya sesudah gangguan disk: lihat dmesg, periksa disk (fsck), lalu hidupkan ulang mesin."
        )
        return broken(subject, f"{folder} ada di disk yang hanya dapat dibaca", remedy)
    if not os.access(folder, os.W_OK | os.X_OK):
        return broken(subject, f"{folder} tidak dapat ditulis", f"Lihat pemilik dan haknya: ls -ld {folder}")
    return ok(subject, f"{folder} ({kind})")


def _runtime(folder: Path) -> Finding:
    subject = "Folder soket"
    if not folder.is_dir():
        remedy = "Hidupkan: systemctl start adm-kiosk-engine"
        return attention(subject, f"{folder} tidak ada: program anjungan tidak berjalan", remedy)
    if file_system(folder) not in MEMORY_FILE_SYSTEMS:
        return attention(subject, f"{folder} ada di disk", "Sebaiknya di bawah /run, yang ada di memori.")
    return ok(subject, str(folder))


def file_system(path: Path) -> str:
    """Type of the file system that the path lies on, as in /proc/self/mountinfo (proc(5))."""
    real, best, kind = path.resolve(), -1, "?"
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        mounted, _, source = line.partition(" - ")
        point = Path(mounted.split()[4].replace("\\040", " "))
        # Of two on the same place the later one is seen.
        if real.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), source.split()[0]
    return kind


# ---------------------------------------------------------------------------------------------------------------
# Certificates


def certificates(settings: Settings) -> Iterator[Finding]:
    """The kiosk's own certificate and key, and the CA of the Dinas' server."""
    yield from _roots("CA Dinas", [settings.dinas.ca])
    subject = "Sertifikat anjungan"
    try:
        certificate = read_certificates(Path(settings.dinas.certificate))[0]
    except ValueError as error:
        yield broken(subject, str(error), "Minta sertifikat anjungan ini kepada Dinas dan salin ke tempat itu.")
        return
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not names:
        yield broken(subject, "tidak bernama (CN kosong)", "Minta sertifikat yang memuat nomor anjungan sebagai CN.")
        return
    yield _validity(subject, certificate, f"{names[0].value!s}, ")
    yield _key("Kunci anjungan", Path(settings.dinas.key), certificate)


def roots(settings: Settings) -> Iterator[Finding]:
    """The roots under which documents must be signed."""
    yield from _roots("Akar tanda tangan dokumen", settings.trust.document_roots)
    yield from _roots("Akar tanda tangan kartu", settings.trust.card_roots)


def _roots(subject: str, paths: Sequence[str]) -> Iterator[Finding]:
    for path in paths:
        try:
            found = read_certificates(Path(path))
        except ValueError as error:
            yield broken(subject, str(error), "Minta berkas itu kepada Dinas dan salin ke tempat itu.")
            continue
        for certificate in found:
            if not _may_sign(certificate):
                what = f"{path}: bukan sertifikat CA"
                yield broken(subject, what, "Minta sertifikat akar (CA) kepada Dinas.")
            else:
                yield _validity(subject, certificate, f"{Path(path).name}, ")


def read_certificates(path: Path) -> list[x509.Certificate]:
    """All certificates of a PEM file, at least one. ValueError with a sentence."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except FileNotFoundError:
        raise ValueError(f"{path} tidak ada") from None
    except OSError as error:
        raise ValueError(f"{path} tidak dapat dibaca ({error.strerror})") from error
    except ValueError:
        raise ValueError(f"{path} bukan sertifikat PEM") from None


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _validity(subject: str, certificate: x509.Certificate, head: str) -> Finding:
    now = datetime.now(UTC)
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begins:
        what = f"{head}baru berlaku mulai {begins:%d-%m-%Y %H.%M} UTC"
        return broken(subject, what, "Periksa jam mesin ini (timedatectl); bila jam benar, tanyakan kepada Dinas.")
    days = (ends - now).days
    if now >= ends:
        return broken(subject, f"{head}habis berlaku {ends:%d-%m-%Y}", "Minta yang baru kepada Dinas.")
    what = f"{head}berlaku sampai {ends:%d-%m-%Y} ({days} hari lagi)"
    if days < RENEW_DAYS:
        return attention(subject, what, "Minta yang baru kepada Dinas sekarang.")
    return ok(subject, what)


def _key(subject: str, path: Path, certificate: x509.Certificate) -> Finding:
    renew = "Minta sertifikat dan kunci yang baru kepada Dinas."
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        return broken(subject, f"{path} tidak dapat dibaca ({error.strerror})", f"Lihat berkasnya: ls -l {path}")
    except (ValueError, TypeError):
        return broken(subject, f"{path} bukan kunci PEM tanpa sandi", renew)
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        return broken(subject, "tidak cocok dengan sertifikat anjungan", renew)
    if mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP):
        remedy = f"Tutup haknya: chown root:adm-engine {path} && chmod 640 {path}"
        return broken(subject, f"{path} terbuka bagi pengguna lain ({mode:o})", remedy)
    return ok(subject, "cocok dengan sertifikat")


# ---------------------------------------------------------------------------------------------------------------
# Ledger and fonts


def ledger(settings: Settings) -> Iterator[Finding]:
    """SQLite's own check of the ledger, read only, while nobody writes it.

    The engine checks it at each start. While it runs the doctor keeps away: a long reading would make a commit of the
    engine wait and, after some seconds, fail.
    """
    yield ok("SQLite", sqlite3.sqlite_version)
    subject, folder = "Buku besar", Path(settings.paths.state)
    path = folder / FILE
    if not path.exists():
        remedy = (
            "Wajar pada mesin baru: buku dibuat saat program anjungan pertama kali dihidupkan. Bila bukan baru, jangan"
        )
        yield attention(subject, f"{path} belum ada", f"{remedy} hidupkan anjungan; hubungi Dinas.")
    elif is_locked(folder / LOCK):
        yield ok(subject, f"{path} sedang dipakai program anjungan, yang memeriksanya saat dihidupkan")
    else:
        yield _whole(subject, path)


def is_locked(path: Path) -> bool:
    """Whether the ledger's one writer is there."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _whole(subject: str, path: Path) -> Finding:
    stop = "Hentikan anjungan (systemctl stop adm-kiosk-engine), jangan hapus berkas apa pun, dan hubungi Dinas."
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=3)
        try:
            complaints = [row[0] for row in connection.execute("PRAGMA quick_check(10)") if row[0] != "ok"]
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        return attention(
            subject, f"{path} sedang tidak dapat dibaca ({error})", "Coba lagi sebentar lagi, sebagai root."
        )
    except sqlite3.DatabaseError as error:
        return broken(subject, f"{path} rusak ({error})", stop)
    if complaints:
        return broken(subject, f"{path} rusak ({len(complaints)} keluhan dari SQLite)", stop)
    return ok(subject, f"{path} utuh ({path.stat().st_size // 1024} KiB)")


def fonts(_settings: Settings) -> Iterator[Finding]:
    """The fonts of the screen and of cards come with the program."""
    folder = files("kiosk").joinpath("fonts")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".ttf"))
    for name in names:
        font = BytesIO(folder.joinpath(name).read_bytes())
        ImageFont.truetype(font, 20).getbbox("Anjungan")
    if names:
        yield ok("Huruf", f"{len(names)} berkas")
    else:
        yield broken("Huruf", "tidak ada berkas huruf", "Pasang ulang program anjungan (docs/install.md).")
