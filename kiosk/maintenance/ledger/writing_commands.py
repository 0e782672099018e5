"""The commands ``ledger`` that write, while the engine stands still. Imports are in the commands: see `commands`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kiosk.command_line import CannotError, settings_option
from kiosk.maintenance.ledger.options import folder_of, folder_option, guarded, open_books

F = TypeVar("F", bound=Callable[..., Any])

SETTLEMENTS = ("taken", "retracted", "failed", "spoiled")

yes_option = click.option("--yes", is_flag=True, help="Tanpa bertanya lagi.")
serials_argument = click.argument("serials")
many_serials_argument = click.argument("serials", nargs=-1, required=True)


def _writing(name: str, text: str, **settings: Any) -> Callable[[F], click.Command]:
    """A command that an operator answers for with an id; ``settings`` are click's, of its context."""

    def decorate(function: F) -> click.Command:
        operator_option = click.option("--operator", "operator_id", required=True, help="Tanda pengenal operator.")
        command: Any = operator_option(settings_option(folder_option(guarded(function))))
        return click.command(name, help=text, context_settings=settings)(command)

    return decorate


def _confirmed(question: str, *, yes: bool) -> None:
    if not yes and not click.confirm(question):
        raise CannotError("Tidak ada yang ditulis.")


# -- attempts


@_writing("settle", "Putuskan satu keraguan sesudah melihat mesinnya. Hanya saat anjungan dihentikan.")
@click.argument("attempt")
@click.option("--as", "phase", type=click.Choice(SETTLEMENTS), required=True, help="Apa yang ternyata terjadi.")
@click.option("--blank", help="Nomor blanko yang dibaca dari kartu.")
@click.option("--reason", help="Sebab sebagai kode, misalnya jam-cleared.")
@yes_option
def settle(
    attempt: str,
    phase: str,
    blank: str | None,
    reason: str | None,
    operator_id: str,
    yes: bool,
    settings_path: Path,
    folder: Path | None,
) -> None:
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_settle, ledger_show, writing

    who = writing.operator(operator_id)
    where = folder_of(settings_path, folder)
    code = writing.reason(reason) if reason else None
    wanted = ledger_settle.Settlement(attempt.lower(), phase, who, writing.serial(blank), code)
    with open_books(where) as books:
        one = wanted.case(books)
    click.echo(ledger_show.case(one, width()))
    click.echo(wanted.consequences(one))
    _confirmed("Sudah dilihat di mesin, dan putuskan begitu?", yes=yes)
    after = writing.write(where, wanted.act)
    click.echo(f"Tercatat: percobaan {after.attempt_id} {after.phase}, oleh operator {who}.")


@_writing("account", "Bahan rusak dari satu percobaan sudah di tangan operator: pemohonnya dapat mencetak lagi.")
@click.argument("attempt")
@click.option("--blank", help="Nomor blanko yang dibaca dari kartu.")
@yes_option
def account(
    attempt: str, blank: str | None, operator_id: str, yes: bool, settings_path: Path, folder: Path | None
) -> None:
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_account, ledger_show, writing

    who = writing.operator(operator_id)
    where = folder_of(settings_path, folder)
    wanted = ledger_account.Accounting(attempt.lower(), who, writing.serial(blank))
    with open_books(where) as books:
        one = wanted.case(books)
    click.echo(ledger_show.case(one, width()))
    click.echo(wanted.consequences(one))
    _confirmed("Sudah ada di tangan Anda, dan catat begitu?", yes=yes)
    click.echo(wanted.told(writing.write(where, wanted.act)))


# -- blanks and supplies


@_writing("deliver", "Blanko diserahkan Dinas kepada operator: nomor A0012301-A0012800.")
@serials_argument
def deliver(serials: str, operator_id: str, settings_path: Path, folder: Path | None) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    click.echo(ledger_stock.move("deliver", serials, operator_id, folder_of(settings_path, folder)))


@_writing("load", "Blanko dimasukkan dari lemari ke wadah mesin.")
@serials_argument
def load(serials: str, operator_id: str, settings_path: Path, folder: Path | None) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    click.echo(ledger_stock.move("load", serials, operator_id, folder_of(settings_path, folder)))


@_writing("unload", "Blanko dikeluarkan dari wadah mesin, kembali ke lemari.")
@serials_argument
def unload(serials: str, operator_id: str, settings_path: Path, folder: Path | None) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    click.echo(ledger_stock.move("unload", serials, operator_id, folder_of(settings_path, folder)))


@_writing("spoil", "Blanko dari lemari atau wadah tidak layak lagi, tanpa percobaan cetak: bengkok, habis dicoba.")
@many_serials_argument
@click.option("--reason", required=True, help="Sebab sebagai kode, misalnya bent atau test-print.")
@yes_option
def spoil(
    serials: tuple[str, ...], reason: str, operator_id: str, yes: bool, settings_path: Path, folder: Path | None
) -> None:
    from kiosk.maintenance.ledger import ledger_unfit, writing

    wanted = ledger_unfit.Spoiling(writing.serials(serials), writing.reason(reason), writing.operator(operator_id))
    click.echo(wanted.consequences())
    _confirmed("Sudah ada di tangan Anda, dan catat rusak?", yes=yes)
    n = writing.write(folder_of(settings_path, folder), wanted.act)
    click.echo(f"Tercatat: {n} blanko rusak, oleh operator {wanted.operator_id}.")


@_writing("destroy", "Blanko rusak atau ditarik kembali sudah dimusnahkan, dengan nomor berita acaranya.")
@many_serials_argument
@click.option("--record", required=True, help="Nomor berita acara pemusnahan, misalnya 470/12/BA/2026.")
@yes_option
def destroy(
    serials: tuple[str, ...], record: str, operator_id: str, yes: bool, settings_path: Path, folder: Path | None
) -> None:
    from kiosk.maintenance.ledger import ledger_unfit, writing

    number = ledger_unfit.record_number(record)
    wanted = ledger_unfit.Destruction(writing.serials(serials), number, writing.operator(operator_id))
    click.echo(wanted.consequences())
    _confirmed("Sudah dimusnahkan semuanya, dan catat begitu?", yes=yes)
    n = writing.write(folder_of(settings_path, folder), wanted.act)
    click.echo(f"Tercatat: {n} blanko dimusnahkan, berita acara {number}, oleh operator {wanted.operator_id}.")


@_writing("stocktake", "Hitung blanko dengan tangan dan bandingkan dengan buku.")
@click.option("--feeder", type=int, help="Blanko di wadah mesin, dihitung dengan tangan.")
@click.option("--bin", "reject_bin", type=int, help="Kartu di bak tolak dan yang diangkat dari jalur.")
@click.option("--printed", type=int, help="Pencacah cetak pada mesin.")
@click.option("--rejected", type=int, help="Pencacah tolak pada mesin.")
def stocktake(
    feeder: int | None,
    reject_bin: int | None,
    printed: int | None,
    rejected: int | None,
    operator_id: str,
    settings_path: Path,
    folder: Path | None,
) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    counted = (feeder, reject_bin, printed, rejected)
    if all(each is None for each in counted):
        raise CannotError("Sebut yang dihitung: --feeder, --bin, --printed, --rejected.")
    drawn = ledger_stock.stocktake(counted, operator_id, folder_of(settings_path, folder))
    click.echo(ledger_stock.balance(drawn), nl=False)
    sys.exit(1 if drawn.open else 0)


@_writing("explain", "Tutup satu selisih blanko dengan sebabnya.")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Apa yang ternyata terjadi.")
@click.option("--missing", multiple=True, help="Nomor blanko yang tidak ditemukan lagi.")
def explain(
    number: int, reason: str, missing: tuple[str, ...], operator_id: str, settings_path: Path, folder: Path | None
) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    click.echo(ledger_stock.explain(number, reason, missing, operator_id, folder_of(settings_path, folder)))


@_writing(
    "supply",
    "Kertas (paper), toner, pita (ribbon), atau film diisi: AMOUNT seluruhnya sekarang, 0 bila tidak tahu.",
    ignore_unknown_options=True,  # -1 is an amount, which is refused with a sentence
)
@click.argument("name", metavar="paper|toner|ribbon|film")
@click.argument("amount", type=int)
def supply(name: str, amount: int, operator_id: str, settings_path: Path, folder: Path | None) -> None:
    from kiosk.maintenance.ledger import ledger_supplies

    click.echo(ledger_supplies.change(name.lower(), amount, operator_id, folder_of(settings_path, folder)))


WRITING = (settle, account, deliver, load, unload, spoil, destroy, stocktake, explain, supply)
