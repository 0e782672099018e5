"""What a disk's refusal means, and the way out: one sentence for a technician."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

LITTLE = 256 << 10  # bytes: less is left when SQLite gives up, since it asks for whole pages and a journal

FULL = "the disk is full; make room (journalctl --vacuum-size=200M, then look into /var/log)"
READ_ONLY = (
    "the disk is read-only, as the system makes it after an error; look at dmesg, check the disk (fsck), and mount it"
    " for writing again"
)
BROKEN = (
    "the disk does not read or write (input/output error); look at dmesg and replace the disk, keeping it for the Dinas"
)
DAMAGED = "the ledger is damaged; keep the file for the Dinas and do not delete it"
HELD = "another program holds the ledger; end it (fuser shows which)"

_BY_ERRNO = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY, errno.EIO: BROKEN}
_BY_CODE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: BROKEN,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_BUSY: HELD,
}
# SQLite keeps the errno to itself here, so that the disk is asked.
_ASK = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})


def sentence(path: Path, error: sqlite3.Error | OSError) -> str:
    """The file, what is wrong with the disk below it, how to mend it, and the words of the system."""
    meaning = _BY_ERRNO.get(error.errno or 0) if isinstance(error, OSError) else _of_sqlite(path, error)
    return f"{path}: {meaning} ({error})" if meaning else f"{path}: {error}"


def _of_sqlite(path: Path, error: sqlite3.Error) -> str | None:
    # The extended code has the plain one in its lowest byte; errors of the sqlite3 module itself have none.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return (_shown_by_disk(path) if code in _ASK else None) or _BY_CODE.get(code)


def _shown_by_disk(path: Path) -> str | None:
    try:
        disk = os.statvfs(path.parent)
    except OSError as error:
        return _BY_ERRNO.get(error.errno or 0)
    if disk.f_flag & os.ST_RDONLY:
        return READ_ONLY
    # Some file systems have no fixed number of files, and tell 0 of 0 free.
    return FULL if disk.f_bavail * disk.f_frsize < LITTLE or (disk.f_files and not disk.f_favail) else None
