"""``adm-kiosk doctor``: a table of what is there, what is missing, and what to do about it. For technicians."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from kiosk.maintenance import check_devices, check_dinas, check_documents, check_files, check_printing
from kiosk.maintenance.findings import Check, Finding, Level, broken, examine, ok
from kiosk.settings import SettingsError, load

CHECKS: tuple[Check, ...] = (
    Check("Folder", check_files.folders),
    Check("Ruang disk", check_files.room),
    Check("Buku besar", check_files.ledger, within=60.0),  # reads all of it
    Check("Sertifikat", check_files.certificates),
    Check("Akar tanda tangan", check_files.roots),
    Check("Katalog dokumen", check_documents.documents),
    Check("Dinas", check_dinas.dinas, within=30.0),  # the line may be slow
    Check("CUPS", check_printing.spooler, within=15.0),
    Check("Pencetak kartu", check_printing.card_printer),
    Check("Pencetak kertas", check_printing.paper_printer),
    Check("Pembaca kartu", check_devices.card_reader),
    Check("Jalur serial", check_devices.serial_lines),
    Check("Huruf", check_files.fonts),
    Check("Layar", check_devices.display),
)
NARROWEST = 60  # columns
TERMINAL = (100, 24)


def doctor(settings_path: Path) -> list[Finding]:
    """Look at everything that the settings name. Never raises; reads only, and nothing moves."""
    try:
        settings = load(settings_path)
    except SettingsError as error:
        return [
            broken("Setelan", str(error), f"Betulkan {settings_path}; tiap setelan dijelaskan di config/kiosk.toml.")
        ]
    return [ok("Setelan", f"{settings_path} ({settings.site.name})"), *examine(CHECKS, settings)]


def run(settings_path: Path) -> int:
    """Print the table; the exit code is that of the worst finding: 0 ok, 1 attention, 2 broken."""
    findings = doctor(settings_path)
    width = max(NARROWEST, shutil.get_terminal_size(TERMINAL).columns)
    sys.stdout.write(table(findings, width))
    return max(finding.level for finding in findings)


def table(findings: Sequence[Finding], width: int) -> str:
    """One line for each finding, and one below it with the way out where there is one."""
    subject_width = max(len(finding.subject) for finding in findings)
    indent = " " * (12 + subject_width + 2)
    lines: list[str] = []
    for finding in findings:
        head = f"{finding.level.word:<10}  {finding.subject:<{subject_width}}  "
        lines += _wrapped(head, finding.what, indent, width)
        if finding.remedy:
            lines += _wrapped(f"{indent}-> ", finding.remedy, f"{indent}   ", width)
    counts = [f"{sum(f.level is level for f in findings)} {level.word}" for level in reversed(Level)]
    return "\n".join([*lines, "", f"Kesimpulan: {', '.join(counts)}.", ""])


def _wrapped(head: str, text: str, indent: str, width: int) -> list[str]:
    # Paths and options are copied from the table, so they are never broken.
    return textwrap.wrap(
        text, width, initial_indent=head, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
