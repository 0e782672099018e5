"""A million audit entries verified, beside a bare loop of hashlib over the same bytes.

    python -m benchmarks.audit_verify [--entries N] [--runs N]

A ledger file with entries as visits make them is written first (some 400 MB a million). ``verify`` is what ``adm-kiosk
audit verify`` does, with two processes; ``one_process`` the same in one; ``bare`` hashes the bytes from memory, and
neither reads nor compares. Medians in seconds, and the processor's load before, since a busy machine says little.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.ledger.chain_file import check_folder
from kiosk.ledger.chain_rows import BEGINNING, Row
from kiosk.ledger.database import FILE, migrations


def framed(seq: int, at: str, data: str, prev: str) -> bytes:
    return f'{{"at":"{at}","data":{data},"event":"attempt-advanced","prev":"{prev}","seq":{seq}}}'.encode()


def entries(count: int) -> Iterator[Row]:
    """Attempts that advance, which are most of any log."""
    chance, tip = random.Random(4), BEGINNING
    for seq in range(1, count + 1):
        attempt, permit = (uuid.UUID(int=chance.getrandbits(128)) for _ in range(2))
        at = f"2026-03-02T08:{seq // 60 % 60:02d}:{seq % 60:02d}.{seq % 1_000_000:06d}Z"
        data = (
            f'{{"actor":"system:issuance","attempt":"{attempt}","before":"submitted","device":"card-printer",'
            f'"document":"ktp-el","permit":"{permit}","phase":"printing"}}'
        )
        found = hashlib.sha256(framed(seq, at, data, tip)).hexdigest()
        yield (seq, at, "attempt-advanced", data, tip, found)
        tip = found


def make(folder: Path, count: int) -> None:
    """A ledger's tables, filled without waiting for the disk."""
    with sqlite3.connect(folder / FILE) as db:
        db.execute("PRAGMA journal_mode=OFF")
        db.execute("PRAGMA synchronous=OFF")
        for migration in migrations():
            db.executescript(migration.sql)
        db.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", entries(count))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare(folder: Path) -> float:
    """Seconds for the hashes alone."""
    with sqlite3.connect(folder / FILE) as db:
        rows = db.execute("SELECT seq, at, data, prev FROM audit ORDER BY seq")
        texts = [framed(*row) for row in rows]

    def hashed() -> None:
        for text in texts:
            hashlib.sha256(text).hexdigest()

    return timed(hashed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as made:
        folder = Path(made)
        make(folder, asked.entries)
        tip = check_folder(folder).tip  # and the file is in memory
        heads = {tip[0]: tip[1]}
        found: dict[str, list[float]] = {"verify": [], "one_process": [], "bare": []}
        load = os.getloadavg()[0]
        for _ in range(asked.runs):
            found["verify"].append(timed(lambda: check_folder(folder, heads, 2)))
            found["one_process"].append(timed(lambda: check_folder(folder, heads, 1)))
            found["bare"].append(bare(folder))
        if check_folder(folder, heads).broken or not check_folder(folder, {tip[0]: BEGINNING}).broken:
            raise RuntimeError("the check does not tell a good chain from a bad one")
    medians = {f"{name}_s_median": round(statistics.median(taken), 2) for name, taken in found.items()}
    best = {f"{name}_s_best": round(min(taken), 2) for name, taken in found.items()}
    print(json.dumps({"entries": asked.entries, "runs": asked.runs, "load_before": round(load, 1), **medians, **best}))


if __name__ == "__main__":
    main()
