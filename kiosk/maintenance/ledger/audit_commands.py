"""The command group ``audit``. Light to import: what a command does is imported when it is called."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kiosk.command_line import CannotError, settings_option
from kiosk.maintenance.ledger.options import folder_and_settings, folder_option, guarded


@click.group()
def audit() -> None:
    """Rantai audit: catatan yang tidak dapat diubah tanpa ketahuan."""


@audit.command("verify")
@settings_option
@folder_option
@click.option("--head", "heads", multiple=True, type=click.Path(), help="Kepala rantai dari Dinas (JWS); - dari stdin.")
@click.option("--key", "keys", multiple=True, type=click.Path(path_type=Path), help="Kunci, sertifikat, atau CA (PEM).")
@click.option("--export", "export", type=click.Path(path_type=Path), help="Periksa hasil ledger export di folder ini.")
@guarded
def verify(
    settings_path: Path, folder: Path | None, heads: tuple[str, ...], keys: tuple[Path, ...], export: Path | None
) -> None:
    """Periksa apakah rantai audit utuh. Status: 0 utuh, 1 belum dapat dipastikan, 2 rusak."""
    from kiosk.maintenance.findings import table, width
    from kiosk.maintenance.ledger.audit_verify import examine_chain, read_tokens
    from kiosk.maintenance.ledger.export_verify import examine_export
    from kiosk.maintenance.ledger.heads import HeadError, Trusted

    where, settings = folder_and_settings(settings_path, export or folder)
    try:
        trusted, tokens = Trusted.read(settings, keys), read_tokens(heads)
    except HeadError as error:
        raise CannotError(f"{error}.") from error
    found = list(examine_export(where, tokens, trusted) if export else examine_chain(where, tokens, trusted))
    click.echo(table(found, width()), nl=False)
    sys.exit(max(finding.level for finding in found))
