"""``adm-kiosk ledger export``: the ledger of some days as CSV files that can be checked again without the kiosk.

The manifest is a JWS by the kiosk's key over the SHA-256 of each file and the head of the chain. The audit entries are
those of the days, with the text that was hashed, so the chain of the stretch is checked from them alone.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from kiosk.documents.receipt import WIB
from kiosk.ledger.chain_file import STEP, ChainFile
from kiosk.ledger.chain_rows import COLUMNS, Row, Tip
from kiosk.ledger.past import first_id_of
from kiosk.maintenance.ledger.books import Books, Case
from kiosk.settings import Settings

MANIFEST = "manifest.jws"
AUDIT = "audit.csv"
FORMAT = 1
PAGE = 2000  # rows of one look

ATTEMPTS = ("attempt_id", "permit_id", "document", "medium", "device", "phase", "outcome", "reason", "blank", "sheets",
            "job_id", "job_uuid", "counter_printed", "counter_rejected", "accounted_by", "reserved_at", "changed_at",
            "evidence")  # fmt: skip
PHASES = ("attempt_id", "number", "phase", "at", "actor", "detail")
OUTCOMES = ("attempt_id", "outcome", "queued_at", "sent_at", "refused_at", "refused")
BLANKS = ("number", "serial", "was", "state", "at", "actor", "attempt_id")


class ExportError(Exception):
    """Nothing, or not all, was written; the text is Indonesian and says the way out."""


@dataclass(frozen=True)
class Span:
    """Days of the kiosk's place (WIB), both counted."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=WIB)

    @property
    def end(self) -> datetime:
        return datetime(self.last.year, self.last.month, self.last.day, tzinfo=WIB) + timedelta(days=1)


def write_export(folder: Path, books: Books, span: Span, out: Path, settings: Settings | None) -> dict[str, int]:
    """Write the files into a new folder, the manifest last; rows by file. Raises ExportError and UnreadableError."""
    kiosk, key = _signer(settings)
    try:
        if out.exists() and any(out.iterdir()):
            raise ExportError(f"{out}: sudah berisi; sebut folder yang baru.")
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        stretch = _Stretch()
        tables = {
            "attempts.csv": _Table(ATTEMPTS), "phases.csv": _Table(PHASES), "outcomes.csv": _Table(OUTCOMES),
        }  # fmt: skip
        for case in books.between(first_id_of(span.begin), first_id_of(span.end)):
            for name, rows in zip(tables, _rows_of(case), strict=True):
                tables[name].rows += rows
        written = {name: _write(out / name, each.columns, each.rows) for name, each in tables.items()}
        written["blanks.csv"] = _write(out / "blanks.csv", BLANKS, _moves(books, span))
        with ChainFile(folder) as files:
            written[AUDIT] = _write(out / AUDIT, COLUMNS.split(", "), stretch.through(files, span))
            head = files.tip(files.length())
        manifest = _manifest(kiosk, span, written, stretch, head, books)
        token = jws.serialize_compact({"alg": "ES256"}, rfc8785.dumps(manifest), key)
        _durable(out / MANIFEST, token + "\n")
    except OSError as error:
        raise ExportError(f"{error.filename or out}: tidak dapat ditulis ({error.strerror}).") from error
    return {name: one.rows for name, one in written.items()}


@dataclass
class _Table:
    columns: Sequence[str]
    rows: list[Sequence[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Written:
    rows: int
    sha256: str


@dataclass
class _Stretch:
    """The entries of the days, and where the chain stood before them."""

    before: Tip | None = None
    last: Tip | None = None

    def through(self, files: ChainFile, span: Span) -> Iterator[Row]:
        """Each entry from the first to the last of the span; a clock set back in between leaves no gap."""
        ends = _ends(files, span)
        if ends is None:
            return
        first, last = ends
        after = first - 1
        while after < last and (rows := files.rows(after, min(STEP, last - after))):
            if self.before is None:
                self.before = (rows[0][0] - 1, rows[0][4])
            yield from rows
            after = rows[-1][0]
            self.last = (after, rows[-1][5])


def _ends(files: ChainFile, span: Span) -> tuple[int, int] | None:
    """Seq of the first and the last entry whose time lies in the span."""
    begin, end = (moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") for moment in (span.begin, span.end))
    first = last = after = 0
    while rows := files.rows(after, PAGE):
        inside = [row[0] for row in rows if begin <= row[1] < end]
        if inside:
            first, last = first or inside[0], inside[-1]
        after = rows[-1][0]
    return (first, last) if first else None


def _rows_of(case: Case) -> tuple[list[Sequence[Any]], ...]:
    attempt = case.attempt
    known = {"counter_printed": attempt.before.printed, "counter_rejected": attempt.before.rejected,
             "reserved_at": case.reserved_at, "changed_at": case.changed_at,
             "evidence": json.dumps(attempt.evidence, sort_keys=True)}  # fmt: skip
    one = [known[name] if name in known else getattr(attempt, name) for name in ATTEMPTS]
    key = attempt.attempt_id
    phases = [
        (key, step.number, step.phase, step.at, step.actor, json.dumps(step.detail, sort_keys=True))
        for step in case.history
    ]
    outcomes = [
        (key, report.outcome.outcome, report.queued_at, report.sent_at, report.refused_at, report.refused)
        for report in case.reports
    ]
    return [one], list(phases), list(outcomes)


def _moves(books: Books, span: Span) -> Iterator[Sequence[Any]]:
    """Moves of blanks in the span."""
    begin, end = span.begin.astimezone(UTC), span.end.astimezone(UTC)
    after = 0
    while rows := books.ask(partial(_some_moves, after=after)):
        for row in rows:
            if begin <= datetime.fromisoformat(row["at"]) < end:
                yield [row[name] for name in BLANKS]
        after = rows[-1]["number"]


def _some_moves(db: sqlite3.Connection, after: int) -> list[sqlite3.Row]:
    statement = (
        "SELECT m.number, b.serial, m.was, m.state, m.at, m.actor, m.attempt_id FROM blank_moves m"
        " JOIN blanks b USING (item) WHERE m.number > ? ORDER BY m.number LIMIT ?"
    )
    return db.execute(statement, (after, PAGE)).fetchall()


def _manifest(
    kiosk: str, span: Span, written: dict[str, _Written], stretch: _Stretch, head: Tip | None, books: Books
) -> dict[str, Any]:
    witness = books.ask(lambda db: db.execute("SELECT witness FROM audit_handover").fetchone())
    return {
        "export": FORMAT,
        "kiosk": kiosk,
        "at": datetime.now(UTC).isoformat(),
        "from": span.first.isoformat(),
        "to": span.last.isoformat(),
        "files": {name: {"rows": one.rows, "sha256": one.sha256} for name, one in written.items()},
        "before": list(stretch.before) if stretch.before else None,  # seq and hash of the entry before the stretch
        "last": list(stretch.last) if stretch.last else None,
        "head": list(head) if head else None,  # of the whole chain when this was made
        "witness": witness["witness"] if witness else None,
    }


def _signer(settings: Settings | None) -> tuple[str, ECKey]:
    from kiosk.maintenance.ledger.heads import HeadError, Trusted

    if settings is None:
        raise ExportError("Daftar isi ditandatangani dengan kunci anjungan; sebut setelannya: --settings BERKAS.")
    try:
        kiosk = Trusted.read(settings, []).kiosk
        key = ECKey.import_key(Path(settings.dinas.key).read_bytes())
        jws.serialize_compact({"alg": "ES256"}, b"{}", key)
    except OSError as error:
        raise ExportError(
            f"{settings.dinas.key}: kunci anjungan tidak dapat dibaca ({error.strerror}); jalankan dengan sudo."
        ) from error
    except (HeadError, JoseError, ValueError, TypeError) as error:
        raise ExportError(f"{settings.dinas.key}: bukan kunci anjungan (P-256 dalam PEM).") from error
    if kiosk is None:
        raise ExportError(f"{settings.dinas.certificate}: sertifikat anjungan tidak dapat dibaca.")
    return kiosk, key


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> _Written:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        count = 0
        for row in rows:
            writer.writerow(row)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        return _Written(count, hashlib.file_digest(file, "sha256").hexdigest())


def _durable(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
