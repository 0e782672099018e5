"""Attempts and doubts as text, for operators and auditors. No personal data: the ledger has none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from drivers.printer import Json
from kiosk.issuance.evidence import Evidence
from kiosk.ledger.phases import Phase
from kiosk.maintenance.findings import wrapped
from kiosk.maintenance.ledger import words
from kiosk.maintenance.ledger.books import Case, Report

LABEL = 28  # columns


def case(one: Case, width: int) -> str:
    """An attempt from its beginning to the Dinas."""
    attempt = one.attempt
    lines = [f"Percobaan {attempt.attempt_id}"]
    lines += field("Dokumen", f"{attempt.document} ({attempt.medium}) di {attempt.device}", width)
    lines += field("Izin cetak", attempt.permit_id, width)
    lines += field("Keadaan", f"{words.PHASES[attempt.phase]} ({attempt.phase})", width)
    lines += field("Hasil", _outcome(one), width)
    if attempt.reason:
        lines += field("Sebab", words.reason(attempt.reason), width)
    if attempt.blank:
        lines += field("Blanko", attempt.blank, width)
    if attempt.sheets is not None:
        lines += field("Lembar", str(attempt.sheets), width)
    if attempt.job_id is not None:
        lines += field("Tugas cetak", f"{attempt.job_id} {attempt.job_uuid or ''}".strip(), width)
    lines += [line for label, value in evidence(one) for line in field(label, value, width)]
    lines += ["  Jalannya:", *_history(one, width), "  Kabar kepada Dinas:"]
    lines += [line for report in one.reports for line in wrapped("    ", _reported(report), " " * 6, width)]
    if not one.reports:
        lines.append("    belum ada: percobaan ini belum berakhir")
    return "\n".join([*lines, ""])


def doubt(one: Case, width: int) -> str:
    """A doubt: the attempt, and what a person should look at."""
    attempt = one.attempt
    lines = [case(one, width).rstrip("\n"), "  Yang harus dilihat:"]
    for step in words.LOOK_AT[attempt.medium]:
        lines += wrapped("    - ", step, " " * 6, width)
    command = f"adm-kiosk ledger settle {attempt.attempt_id} --as ... --operator ID"
    return "\n".join([*lines, *wrapped("    Lalu: ", command, " " * 10, width), ""])


def listed(cases: Sequence[Case]) -> str:
    """One line for each attempt."""
    rows = [
        (
            one.attempt.attempt_id,
            words.moment(one.reserved_at),
            one.attempt.document,
            words.PHASES[one.attempt.phase],
            _at_dinas(one),
        )
        for one in cases
    ]
    return table(("percobaan", "mulai", "dokumen", "keadaan", "Dinas"), rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as what is in them."""
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    lines = ["  ".join(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "\n".join([line.rstrip() for line in lines] + [""])


def evidence(one: Case) -> Iterator[tuple[str, str]]:
    """What is known of the attempt's end, by its name for people."""
    record = Evidence.of(one.attempt)
    for name, label in words.EVIDENCE.items():
        value: Json = getattr(record, name)
        if value not in (None, "") and name != "spooler_job":
            yield label, _plain(value)
    for name, other in sorted(record.others.items()):
        if other not in (None, ""):
            yield name.replace("_", " "), _plain(other)


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value)


def field(label: str, value: str, width: int) -> list[str]:
    """A label and its value."""
    return wrapped(f"  {label:<{LABEL}}", value, " " * (LABEL + 2), width)


def _outcome(one: Case) -> str:
    attempt = one.attempt
    if attempt.outcome is None:
        return "belum berakhir"
    text = words.OUTCOMES[attempt.outcome]
    return f"{text}; dipertanggungjawabkan oleh {attempt.accounted_by}" if attempt.accounted_by else text


def _history(one: Case, width: int) -> Iterator[str]:
    for step in one.history:
        known = {name: value for name, value in step.detail.items() if name not in ("evidence", "outcome")}
        detail = f"  {json.dumps(known, sort_keys=True)}" if known else ""
        phase = f"{words.PHASES[Phase(step.phase)]} ({step.phase}), oleh {words.actor(step.actor)}{detail}"
        yield from wrapped(f"    {step.number:>2}  {words.moment(step.at)}  ", phase, " " * 33, width)


def _reported(report: Report) -> str:
    text = f"{words.OUTCOMES[report.outcome.outcome]}, ditulis {words.moment(report.queued_at)}: "
    if report.sent_at:
        return f"{text}diterima Dinas {words.moment(report.sent_at)}"
    if report.refused_at:
        return f"{text}DITOLAK Dinas {words.moment(report.refused_at)} ({report.refused}); hubungi Dinas"
    return f"{text}menunggu sambungan ke Dinas"


def _at_dinas(one: Case) -> str:
    if not one.reports:
        return "-"
    if any(report.refused_at for report in one.reports):
        return "ditolak"
    return "sudah" if all(report.sent_at for report in one.reports) else "menunggu"
