"""Paper, toner, ribbon and film on the command line: what was put in, and what should be left."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from kiosk.command_line import CannotError
from kiosk.ledger import supplies
from kiosk.ledger.supplies import USES, Supply
from kiosk.maintenance.ledger import words
from kiosk.maintenance.ledger.ledger_show import table
from kiosk.maintenance.ledger.writing import operator, write

MOST = 1_000_000  # more is a slip of the keyboard
_UNITS = {"a4": "lembar", "card": "kartu"}


def change(name: str, amount: int, operator_id: str, folder: Path) -> str:
    """Write down that a supply was put in; the sentence that says so. Raises CannotError."""
    who = operator(operator_id)
    if name not in USES or not 0 <= amount <= MOST:
        raise CannotError(f"{name} {amount}: {words.BLANK_TROUBLES['supply']}.")
    write(folder, lambda ledger: ledger.blanks.change_supply(name, amount, who))
    now = f"untuk {amount} {_UNITS[USES[name]]}" if amount else "jumlahnya tidak diketahui"
    return f"Tercatat: {words.SUPPLIES[name]} diisi, sekarang {now}, oleh operator {who}."


def all_of(db: sqlite3.Connection) -> tuple[Supply, ...]:
    """The question for all supplies."""
    return tuple(supplies.read(db, name) for name in USES)


def listed(found: Sequence[Supply]) -> str:
    """One line for each supply."""
    text = table(("bahan", "terakhir diisi", "jumlahnya", "terpakai sejak itu", "sisa"), [_row(one) for one in found])
    if all(one.changed_at for one in found):
        return text
    return f"{text}Catat setiap kali mengisi, misalnya: adm-kiosk ledger supply paper 500 --operator ID\n"


def _row(one: Supply) -> tuple[str, ...]:
    name = f"{words.SUPPLIES[one.name]} ({one.name})"
    if one.changed_at is None:
        return (name, "belum pernah dicatat", "-", "-", "-")
    unit = _UNITS[USES[one.name]]
    left = "tidak diketahui" if one.left is None else f"{one.left} {unit}" if one.left else "habis; lihat mesinnya"
    amount = f"{one.amount} {unit}" if one.amount else "tidak diketahui"
    return (name, words.moment(one.changed_at), amount, f"{one.used} {unit}", left)
