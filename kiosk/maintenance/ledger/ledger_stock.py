"""Blanks on the command line: what an operator does to them, and how the books stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from drivers.printer import Counters
from kiosk.command_line import CannotError
from kiosk.ledger import blank_balance
from kiosk.ledger.blank_balance import Balance, Difference
from kiosk.ledger.blank_items import Act, SerialRange
from kiosk.ledger.errors import BlankError
from kiosk.maintenance.findings import wrapped
from kiosk.maintenance.ledger import words
from kiosk.maintenance.ledger.ledger_show import table
from kiosk.maintenance.ledger.writing import operator, write

_DONE = {
    "deliver": "{n} blanko diterima ke lemari operator: {serials}.",
    "load": "{n} blanko masuk wadah mesin: {serials}.",
    "unload": "{n} blanko kembali ke lemari operator: {serials}.",
}
COLUMNS = ("in_store", "in_feeder", "in_path", "delivered", "retracted", "spoiled", "destroyed", "missing")


def move(what: str, serials: str, operator_id: str, folder: Path) -> str:
    """Deliver, load or unload a range; the sentence that says it was done. Raises CannotError."""
    who = operator(operator_id)
    try:
        wanted = SerialRange.parse(serials)
        wanted.serials()  # before the ledger is opened
    except BlankError as error:
        raise CannotError(words.blank_trouble(error)) from error
    n = write(folder, lambda ledger: getattr(ledger.blanks, what)(wanted, who))
    return _DONE[what].format(n=n, serials=wanted)


def stocktake(
    counted: tuple[int | None, int | None, int | None, int | None], operator_id: str, folder: Path
) -> Balance:
    """Feeder, bin and the machine's two counters as somebody read them, against the books. Raises CannotError."""
    who = operator(operator_id)
    feeder, reject_bin, printed, rejected = counted
    return write(
        folder,
        lambda ledger: ledger.blanks.stocktake(
            who, feeder=feeder, reject_bin=reject_bin, counters=Counters(printed, rejected)
        ),
    )


def explain(number: int, reason: str, missing: Sequence[str], operator_id: str, folder: Path) -> str:
    """Settle a difference. Raises CannotError."""
    who = operator(operator_id)
    settled = write(folder, lambda ledger: ledger.blanks.settle_difference(number, who, reason, missing))
    return (
        f"Selisih {settled.number} ({words.DIFFERENCES.get(settled.kind, settled.kind)}) ditutup oleh operator {who}."
    )


def balance_of(day: str | None) -> Callable[[sqlite3.Connection], Balance | None]:
    """The question for the balance of a day (ISO date), or of now."""

    def ask(db: sqlite3.Connection) -> Balance | None:
        if day is not None:
            return blank_balance.of_day(db, day)
        return blank_balance.now(Act(db, datetime.now(UTC), "system:ledger", _writes_nothing))

    return ask


def _writes_nothing(_db: sqlite3.Connection, event: object) -> None:
    raise TypeError(f"{event}: the books are open for reading")


def balance(drawn: Balance) -> str:
    """The account as a table: loaded = in feeder + in path + delivered + kept back, and the open differences."""
    if not drawn.kept:
        return "Persediaan blanko belum dicatat di mesin ini; mulai dengan: adm-kiosk ledger deliver, lalu load.\n"
    counts = drawn.counts
    head = f"Neraca blanko {drawn.day or 'sekarang'} ({words.moment(drawn.at)})\n"
    rows = [
        (words.STATES[name], str(getattr(counts, name)), f"+{drawn.moved[name]}" if name in drawn.moved else "")
        for name in COLUMNS
    ]
    rows += [("pernah masuk wadah", str(counts.loaded), ""), ("di antaranya di bak tolak", str(counts.in_bin), "")]
    text = head + table(("blanko", "jumlah", "sejak neraca kemarin"), rows)
    counted = {
        "wadah dihitung tangan": drawn.counted.feeder,
        "bak tolak dihitung tangan": drawn.counted.reject_bin,
        "pencacah cetak mesin": drawn.counted.counters.printed,
        "pencacah tolak mesin": drawn.counted.counters.rejected,
    }
    known = [f"{name} {number}" for name, number in counted.items() if number is not None]
    text += f"Dihitung: {', '.join(known)}.\n" if known else ""
    if not drawn.open:
        return f"{text}Tidak ada selisih terbuka.\n"
    return f"{text}{len(drawn.open)} selisih terbuka: adm-kiosk ledger differences\n"


def differences(found: Sequence[Difference], width: int) -> str:
    """Each open difference with its evidence and the way to close it."""
    if not found:
        return "Tidak ada selisih terbuka.\n"
    lines: list[str] = []
    for one in found:
        kind = words.DIFFERENCES.get(one.kind, one.kind)
        lines.append(f"Selisih {one.number}: {kind} {one.amount:+d}, sejak {words.moment(one.opened_at)}")
        lines.append(f"  oleh {words.actor(one.opened_by)}")
        for name, value in sorted(one.evidence.items()):
            if value not in (None, [], ""):
                label = words.OF_DIFFERENCES.get(name, name.replace("_", " "))
                lines += wrapped(f"  {label}: ", _plain(value), " " * 4, width)
        command = f"adm-kiosk ledger explain {one.number} --reason SEBAB --operator ID"
        lines += wrapped("  Sesudah diketahui sebabnya: ", command, " " * 4, width)
    return "\n".join([*lines, ""])


def _plain(value: object) -> str:
    """Evidence for people: what the books expect is a range."""
    if isinstance(value, dict) and set(value) == {"least", "most"}:
        return f"{value['least']}" if value["least"] == value["most"] else f"{value['least']} sampai {value['most']}"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else str(value)
