"""``adm-kiosk audit verify --export``: are these the files that the kiosk wrote, and does their chain hold?"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from kiosk.ledger.chain_file import STEP, Verdict
from kiosk.ledger.chain_rows import COLUMNS, Broken, Checker, Row, Tip, Why
from kiosk.maintenance.findings import Finding, attention, broken, ok
from kiosk.maintenance.ledger.audit_verify import HANDED, chain_finding, compared, read_heads
from kiosk.maintenance.ledger.heads import ForgedError, Head, HeadError, Trusted, check_signature
from kiosk.maintenance.ledger.ledger_export import AUDIT, FORMAT, MANIFEST

FILES = "Berkas"
SIGNED = "Daftar isi"
ASK = "Minta salinan yang baru dari anjungan: adm-kiosk ledger export."


class FileSum(msgspec.Struct, frozen=True):
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, rename={"first_day": "from", "last_day": "to"}):
    """What the kiosk signed."""

    export: int
    kiosk: str
    at: str
    first_day: str
    last_day: str
    files: dict[str, FileSum]
    before: tuple[int, str] | None
    last: tuple[int, str] | None
    head: tuple[int, str] | None
    witness: str | None = None


def examine_export(folder: Path, tokens: Sequence[str], trusted: Trusted) -> Iterator[Finding]:
    """Signature, sums, and the chain of the stretch, against heads where one lies in it."""
    manifest = None
    for finding, found in _read_manifest(folder, trusted):
        manifest = found or manifest
        yield finding
    if manifest is None:
        return
    yield from _sums(folder, manifest)
    given = [*tokens, *([manifest.witness] if manifest.witness else [])]
    heads, complaints = read_heads(given, trusted)
    yield from complaints
    yield from _chain(folder, manifest, heads)


def _read_manifest(folder: Path, trusted: Trusted) -> Iterator[tuple[Finding, Manifest | None]]:
    path = folder / MANIFEST
    try:
        signed = check_signature(path.read_text(encoding="ascii").strip(), trusted)
        manifest = msgspec.convert(signed.claims, Manifest)
    except (OSError, UnicodeDecodeError) as error:
        yield broken(SIGNED, f"{path}: tidak dapat dibaca ({error})", ASK), None
        return
    except ForgedError as error:
        yield broken(SIGNED, str(error), ASK), None
        return
    except HeadError as error:
        yield attention(SIGNED, f"{path}: {error}", "Beri sertifikat anjungannya: --key BERKAS."), None
        return
    except msgspec.ValidationError as error:
        yield broken(SIGNED, f"{path}: isinya bukan daftar isi salinan buku ({error})", ASK), None
        return
    if manifest.export != FORMAT:
        what = f"bentuk {manifest.export}, program ini mengenal bentuk {FORMAT}"
        yield broken(SIGNED, what, "Pakai program dari versi yang membuatnya."), None
        return
    what = f"{manifest.kiosk}, {manifest.first_day} sampai {manifest.last_day}, ditandatangani {signed.signer}"
    yield ok(SIGNED, what), manifest


def _sums(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    for name, due in manifest.files.items():
        path = folder / Path(name).name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            yield broken(FILES, f"{path}: tidak dapat dibaca ({error.strerror})", ASK)
            continue
        if found == due.sha256:
            yield ok(FILES, f"{name}: {due.rows} baris, sama dengan daftar isi")
        else:
            yield broken(FILES, f"{name}: isinya diubah sesudah ditandatangani", ASK)


def _chain(folder: Path, manifest: Manifest, heads: Sequence[Head]) -> Iterator[Finding]:
    if manifest.before is None or manifest.last is None:
        yield attention(FILES, "tidak ada catatan audit pada hari-hari itu", "Periksa --from dan --to.")
        return
    before, last = manifest.before, manifest.last
    inside = [head for head in heads if before[0] < head.seq <= last[0]]
    verdict = _check(folder / AUDIT, before, last, {head.seq: head.hash for head in inside})
    yield chain_finding(folder, verdict)
    for head in heads:
        if head in inside:
            yield compared(HANDED, head, verdict)
        else:
            what = f"catatan {head.seq} di luar salinan ini ({before[0] + 1} sampai {last[0]})"
            yield attention(HANDED, what, "Minta salinan dengan hari kepala rantai itu di dalamnya.")


def _check(path: Path, before: Tip, last: Tip, heads: dict[int, str]) -> Verdict:
    checker = Checker(before, heads)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            if next(reader, None) != COLUMNS.split(", "):
                return Verdict(before, Broken(before[0] + 1, Why.UNREADABLE))
            while some := [_row(each) for each in islice(reader, STEP)]:
                if found := checker.take(some):
                    return Verdict(checker.tip, found)
    except (OSError, ValueError, csv.Error):
        return Verdict(checker.tip, Broken(checker.tip[0] + 1, Why.UNREADABLE))
    missing = None if checker.tip == last else Broken(min(checker.tip[0], last[0]) + 1, Why.GAP)
    return Verdict(checker.tip, missing or checker.end())


def _row(cells: list[str]) -> Row:
    seq, at, event, data, prev, found = cells
    return (int(seq), at, event, data, prev, found)
