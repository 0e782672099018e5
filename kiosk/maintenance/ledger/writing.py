"""Acts of an operator that are written into the ledger: only while the engine, its one writer, stands still."""

from __future__ import annotations

import asyncio
import os
import pwd
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from kiosk.command_line import CannotError
from kiosk.ledger.blank_items import SerialRange
from kiosk.ledger.database import FILE, LOCK
from kiosk.ledger.errors import BlankError, LedgerError
from kiosk.ledger.events import code
from kiosk.ledger.ledger import Ledger
from kiosk.maintenance.check_files import is_locked
from kiosk.maintenance.ledger import words

T = TypeVar("T")

ENGINE = "adm-kiosk-engine"
_OPERATOR = re.compile(r"[A-Za-z0-9_.-]{1,32}")  # as in an actor of the audit log


def operator(text: str) -> str:
    """The operator's id. Raises CannotError for what is none."""
    if not _OPERATOR.fullmatch(text):
        raise CannotError(f"--operator {text!r}: tanda pengenal operator terdiri atas 1 sampai 32 huruf, angka, _ . -")
    return text


def reason(text: str) -> str:
    """A reason as the audit log takes it. Raises CannotError for another."""
    if code(text) != text:
        raise CannotError(
            f"--reason {text!r}: sebab ditulis sebagai kode dari huruf kecil, angka, dan tanda hubung, "
            "misalnya jam-cleared; tanpa nama orang."
        )
    return text


def serials(texts: Sequence[str]) -> list[str]:
    """Serials and ranges of them, one by one in order. Raises CannotError."""
    try:
        return [serial for text in texts for serial in SerialRange.parse(text).serials()]
    except BlankError as error:
        raise CannotError(words.blank_trouble(error)) from error


def serial(text: str | None) -> str | None:
    """The serial of one blank as it is printed on cards. Raises CannotError."""
    if text is None:
        return None
    found = serials([text])
    if len(found) != 1:
        raise CannotError(f"--blank {text}: sebut satu nomor, yang dibaca dari kartu.")
    return found[0]


def write(folder: Path, act: Callable[[Ledger], Awaitable[T]]) -> T:
    """What ``act`` answers, durable. Raises CannotError with the way out; nothing is written then."""
    _require_ours(folder / FILE)
    if is_locked(folder / LOCK):
        raise CannotError(
            f"Anjungan sedang berjalan, dan hanya satu program boleh menulis buku {folder / FILE}. Hentikan dahulu: "
            f"systemctl stop {ENGINE}. Jalankan perintah ini lagi, lalu hidupkan: systemctl start {ENGINE}."
        )
    try:
        return asyncio.run(_written(folder, act))
    except BlankError as error:
        raise CannotError(words.blank_trouble(error)) from error
    except LedgerError as error:
        raise CannotError(f"{error}. Tidak ada yang ditulis; lihat: adm-kiosk doctor.") from error


async def _written(folder: Path, act: Callable[[Ledger], Awaitable[T]]) -> T:
    ledger = await Ledger.open(folder)
    try:
        return await act(ledger)
    finally:
        await ledger.close()


def _require_ours(path: Path) -> None:
    """Files that somebody else's process makes beside the ledger would lock the engine out."""
    try:
        owner = path.stat().st_uid
    except OSError as error:
        raise CannotError(f"{path}: tidak ada buku besar di sini ({error.strerror}); periksa --folder.") from error
    if owner != os.geteuid():
        name = _name(owner)
        raise CannotError(f"{path}: buku ini milik {name}. Jalankan sebagai {name}: sudo -u {name} adm-kiosk ...")


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
