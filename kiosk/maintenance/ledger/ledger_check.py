"""``adm-kiosk ledger check``: the promises of the ledger, I1 to I6, from the first row to the last."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from kiosk.ledger.chain_file import DamagedError, UnreadableError, read_only
from kiosk.ledger.database import FILE
from kiosk.ledger.invariants import violations
from kiosk.maintenance.findings import Finding, broken, ok

PAGES = 256  # of one step: a megabyte, 2 ms of a shared lock
PROMISES = {
    "I1": "satu izin tidak dicetak dua kali",
    "I2": "tidak ada catatan yang hilang atau dibuat-buat",
    "I3": "semua blanko dapat dipertanggungjawabkan",
    "I4": "keraguan tetap keraguan sampai diputuskan orang",
    "I5": "rantai audit sambung dan sama dengan buku",
    "I6": "berkasnya utuh",
}
STOP = "Hentikan anjungan (systemctl stop adm-kiosk-engine), jangan hapus berkas apa pun, dan hubungi Dinas."


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
        yield broken(name, f"{promise}: {'; '.join(against)}", STOP) if against else ok(name, promise)


def _copy(source: Path, target: Path) -> None:
    """In short steps; SQLite begins anew by itself when the engine has written in between."""
    with closing(read_only(source)) as live, closing(sqlite3.connect(target)) as copy:
        try:
            live.backup(copy, pages=PAGES)
        except sqlite3.Error as error:
            raise UnreadableError(source, str(error)) from error
