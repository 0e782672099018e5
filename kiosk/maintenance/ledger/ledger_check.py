"""``adm-kiosk ledger check``: the promises of the ledger, I1 to I6, from the first row to the last."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from kiosk.ledger.chain_file import DamagedError, UnreadableError, read_only
from kiosk.ledger.database import FILE
from kiosk.ledger.invariants import violations
from kiosk.maintenance.findings import Finding, broken, ok

CANNOT_BE_JUDGED = "cannot be judged: "  # as `violations` begins such a sentence
PAGES = 256  # of one step: a megabyte, 2 ms of a shared lock
PROMISES = {
    "I1": "satu izin tidak dicetak dua kali",
    "I2": "tidak ada catatan yang hilang atau dibuat-buat",
    "I3": "semua blanko dapat dipertanggungjawabkan",
    "I4": "keraguan tetap keraguan sampai diputuskan orang",
    "I5": "rantai audit sambung dan sama dengan buku",
    "I6": "berkasnya utuh",
}
BROKEN = {
    "I1": "satu izin punya beberapa percobaan yang berjalan, meragukan, atau diserahkan: mungkin tercetak dua kali",
    "I2": "catatan percobaan hilang, dibuat-buat, atau tidak sama dengan jalannya; kabar kepada Dinas dapat salah",
    "I3": "jumlah blanko tidak cocok dengan jalannya masing-masing: ada blanko yang tidak jelas di mana",
    "I4": "keraguan tanpa bukti, atau mesin mencetak lagi sebelum keraguannya diputuskan orang",
    "I5": "rantai audit putus, atau ceritanya lain dari buku: ada yang menghapus atau mengubah catatan",
    "I6": "berkas buku ini cacat di media simpannya",
}
STOP = "Hentikan anjungan (systemctl stop adm-kiosk-engine) dan jangan hapus berkas apa pun."
WHAT_TO_DO = {
    "I1": "Tunjukkan percobaannya (adm-kiosk ledger show --permit ID) kepada Dinas: dokumen yang berlebih dicari dan "
    "ditarik. Jangan hidupkan anjungan sebelum Dinas menyetujui.",
    "I2": "Salin seluruh folder buku ke media lain dan serahkan kepada Dinas untuk dibandingkan dengan kabar di sana.",
    "I3": "Hitung wadah, bak tolak, dan lemari dengan tangan, catat nomornya di kertas, dan laporkan kepada Dinas.",
    "I4": "Lihat adm-kiosk ledger doubts, periksa mesinnya, dan laporkan kepada Dinas sebelum memutuskan.",
    "I5": "Minta kepala rantai terakhir kepada Dinas dan jalankan: adm-kiosk audit verify --head BERKAS. Salin seluruh "
    "folder buku ke media lain untuk Dinas.",
    "I6": "Salin seluruh folder buku ke media lain, ganti media simpannya, dan serahkan salinannya kepada Dinas.",
}
UNJUDGED = "tidak dapat diperiksa, karena sebagian buku ini tidak terbaca"
COPY = "Salin seluruh folder buku ke media lain dan serahkan kepada Dinas."


def examine_promises(folder: Path) -> Iterator[Finding]:
    """One finding for each promise. Raises UnreadableError.

    A copy is judged: all of it is read several times, and a reader's lock for so long would stop the engine's commits.
    """
    with tempfile.TemporaryDirectory(prefix="adm-ledger-") as copied:
        _copy(folder / FILE, Path(copied) / FILE)
        try:
            found = violations(Path(copied))
        except sqlite3.Error as error:
            raise DamagedError(folder / FILE, str(error)) from error
    for name, promise in PROMISES.items():
        against = [each.sentence for each in found if each.invariant == name]
        yield _not_held(name, against) if against else ok(name, promise)


def _not_held(name: str, against: Sequence[str]) -> Finding:
    """What is broken and what to do, in the words of operators; behind them what the technician needs."""
    judged = not all(sentence.startswith(CANNOT_BE_JUDGED) for sentence in against)
    what, remedy = (BROKEN[name], WHAT_TO_DO[name]) if judged else (UNJUDGED, COPY)
    return broken(name, f"{what}. (Untuk teknisi: {'; '.join(against)}.)", f"{STOP} {remedy}")


def _copy(source: Path, target: Path) -> None:
    """In short steps; SQLite begins anew by itself when the engine has written in between."""
    with closing(read_only(source)) as live, closing(sqlite3.connect(target)) as copy:
        try:
            live.backup(copy, pages=PAGES)
        except sqlite3.Error as error:
            raise UnreadableError(source, str(error)) from error
