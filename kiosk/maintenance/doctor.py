"""``adm-kiosk doctor``: a table of what is there, what is missing, and what to do about it. For technicians."""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.maintenance import check_devices, check_dinas, check_documents, check_files, check_printing
from kiosk.maintenance.findings import Check, Finding, broken, examine, ok, table, width
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
    sys.stdout.write(table(findings, width()))
    return max(finding.level for finding in findings)
