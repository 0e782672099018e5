"""The command groups ``audit`` and ``ledger``. Light to import: what a command does is imported when it is called."""

from __future__ import annotations

import click

from kiosk.maintenance.ledger.audit_commands import audit
from kiosk.maintenance.ledger.reading_commands import READING
from kiosk.maintenance.ledger.writing_commands import WRITING

__all__ = ["audit", "ledger"]


@click.group()
def ledger() -> None:
    """Buku besar: percobaan cetak, keraguan, blanko. Tanpa data pribadi."""


for command in (*READING, *WRITING):
    ledger.add_command(command)
