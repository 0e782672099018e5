"""The commands ``ledger`` that read, also beside a running engine. Imports are in the commands: see `commands`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kiosk.command_line import CannotError, settings_option
from kiosk.maintenance.ledger.options import (
    a_day,
    folder_and_settings,
    folder_of,
    folder_option,
    guarded,
    open_books,
)


@click.command("show")
@click.argument("attempt", required=False)
@click.option("--permit", help="Semua percobaan atas satu izin cetak.")
@click.option("--day", help="Semua percobaan pada satu hari (2026-03-02, WIB).")
@settings_option
@folder_option
@guarded
def show(attempt: str | None, permit: str | None, day: str | None, settings_path: Path, folder: Path | None) -> None:
    """Tunjukkan satu percobaan dengan jalannya dan buktinya, atau daftar percobaan."""
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_show

    if sum(each is not None for each in (attempt, permit, day)) != 1:
        raise CannotError("Sebut satu: nomor percobaan, --permit ID, atau --day TANGGAL.")
    with open_books(folder_of(settings_path, folder)) as books:
        if attempt is not None:
            one = books.case(attempt.lower())
            if one is None:
                raise CannotError(f"{attempt}: tidak ada percobaan bernomor ini. Cari dengan --day atau --permit.")
            click.echo(ledger_show.case(one, width()), nl=False)
        elif permit is not None:
            cases = books.of_permit(permit.lower())
            text = "\n".join(ledger_show.case(one, width()) for one in cases)
            click.echo(text or f"Tidak ada percobaan atas izin {permit}.\n", nl=False)
        else:
            cases = books.of_day(a_day(day or ""))
            click.echo(ledger_show.listed(cases) if cases else f"Tidak ada percobaan pada {day}.\n", nl=False)


@click.command("doubts")
@settings_option
@folder_option
@guarded
def doubts(settings_path: Path, folder: Path | None) -> None:
    """Percobaan yang belum jelas hasilnya, buktinya, dan apa yang harus dilihat. Status 1 bila ada."""
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_show

    with open_books(folder_of(settings_path, folder)) as books:
        cases = books.doubts()
    if not cases:
        click.echo("Tidak ada keraguan.")
        return
    click.echo("\n".join(ledger_show.doubt(one, width()) for one in cases), nl=False)
    sys.exit(1)


@click.command("unaccounted")
@settings_option
@folder_option
@guarded
def unaccounted(settings_path: Path, folder: Path | None) -> None:
    """Bahan rusak yang belum dipertanggungjawabkan operator, dan apa yang harus dilakukan. Status 1 bila ada."""
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_account

    with open_books(folder_of(settings_path, folder)) as books:
        cases = books.unaccounted()
    if not cases:
        click.echo("Semua bahan yang rusak atau ditarik kembali sudah dipertanggungjawabkan.")
        return
    click.echo("\n".join(ledger_account.waiting(one, width()) for one in cases), nl=False)
    sys.exit(1)


@click.command("balance")
@click.option("--day", help="Neraca pada akhir hari itu (2026-03-02); bila tidak disebut: sekarang.")
@settings_option
@folder_option
@guarded
def balance(day: str | None, settings_path: Path, folder: Path | None) -> None:
    """Neraca blanko menurut buku. Status 1 bila ada selisih terbuka."""
    from kiosk.maintenance.ledger import ledger_stock

    wanted = a_day(day).isoformat() if day else None
    with open_books(folder_of(settings_path, folder)) as books:
        drawn = books.ask(ledger_stock.balance_of(wanted))
    if drawn is None:
        raise CannotError(f"{day}: tidak ada neraca hari itu; mesin membuatnya pada akhir hari selama berjalan.")
    click.echo(ledger_stock.balance(drawn), nl=False)
    sys.exit(1 if drawn.open else 0)


@click.command("differences")
@settings_option
@folder_option
@guarded
def differences(settings_path: Path, folder: Path | None) -> None:
    """Selisih blanko yang menunggu penjelasan operator. Status 1 bila ada."""
    from kiosk.ledger.blank_balance import open_differences
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_stock

    with open_books(folder_of(settings_path, folder)) as books:
        found = books.ask(open_differences)
    click.echo(ledger_stock.differences(found, width()), nl=False)
    sys.exit(1 if found else 0)


@click.command("supplies")
@settings_option
@folder_option
@guarded
def supplies(settings_path: Path, folder: Path | None) -> None:
    """Kertas, toner, pita, dan film: kapan terakhir diisi, terpakai berapa, sisa berapa."""
    from kiosk.maintenance.ledger import ledger_supplies

    with open_books(folder_of(settings_path, folder)) as books:
        click.echo(ledger_supplies.listed(books.ask(ledger_supplies.all_of)), nl=False)


@click.command("check")
@settings_option
@folder_option
@guarded
def check(settings_path: Path, folder: Path | None) -> None:
    """Periksa janji buku besar (I1 sampai I6) dari awal sampai akhir. Status 2 bila ada yang dilanggar."""
    from kiosk.maintenance.findings import table, width
    from kiosk.maintenance.ledger.ledger_check import examine_promises

    found = list(examine_promises(folder_of(settings_path, folder)))
    click.echo(table(found, width()), nl=False)
    sys.exit(max(finding.level for finding in found))


@click.command("export")
@click.option("--from", "first", required=True, help="Hari pertama (2026-03-01).")
@click.option("--to", "last", required=True, help="Hari terakhir, ikut (2026-03-31).")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder baru untuk berkasnya.")
@settings_option
@folder_option
@guarded
def export(first: str, last: str, out: Path, settings_path: Path, folder: Path | None) -> None:
    """Salin buku besar menjadi CSV dengan daftar isi bertanda tangan. Tanpa data pribadi."""
    from kiosk.maintenance.ledger.ledger_export import ExportError, Span, write_export

    span = Span(a_day(first), a_day(last))
    if span.last < span.first:
        raise CannotError(f"--to {last} sebelum --from {first}; tukar keduanya.")
    where, settings = folder_and_settings(settings_path, folder)
    with open_books(where) as books:
        try:
            written = write_export(where, books, span, out, settings)
        except ExportError as error:
            raise CannotError(str(error)) from error
    for name, rows in written.items():
        click.echo(f"{out / name}: {rows} baris")
    click.echo(f"{out / 'manifest.jws'}\nPeriksa dengan: adm-kiosk audit verify --export {out}")


READING = (show, doubts, unaccounted, balance, differences, supplies, check, export)
