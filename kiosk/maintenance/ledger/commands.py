"""The command groups ``audit`` and ``ledger``. Light to import: what a command does is imported when it is called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kiosk.command_line import SETTINGS, CannotError, load_settings, settings_option
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.maintenance.ledger.books import Books

F = TypeVar("F", bound=Callable[..., Any])

SETTLEMENTS = ("taken", "retracted", "failed", "spoiled")

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Folder buku besar (atau salinannya); bila tidak disebut: paths.state dari setelan.",
)
operator_option = click.option("--operator", "operator_id", required=True, help="Tanda pengenal operator.")
yes_option = click.option("--yes", is_flag=True, help="Tanpa bertanya lagi.")


def _where(settings_path: Path, folder: Path | None) -> tuple[Path, Settings | None]:
    """The ledger's folder, and the settings where there are any: a copy of a ledger is read without a kiosk."""
    if folder is not None and settings_path == SETTINGS and not settings_path.exists():
        return folder, None
    settings = load_settings(settings_path)
    return folder or Path(settings.paths.state), settings


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotError(f"{text!r}: bukan tanggal; tulis tahun-bulan-hari, misalnya 2026-03-02.") from None


def _books(folder: Path) -> Books:
    from kiosk.ledger.chain_file import UnreadableError
    from kiosk.maintenance.ledger.books import Books

    try:
        return Books(folder)
    except UnreadableError as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> CannotError:
    return CannotError(
        f"{error}. Periksa foldernya dan hak bacanya (sudo), atau coba lagi sebentar. Sesudah program diperbarui, "
        "hidupkan anjungan sekali; sesudah listrik padam juga."
    )


def _guarded(command: F) -> F:
    """A command whose reading may fail at any moment: then it ends with the sentence."""
    import functools

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        from kiosk.ledger.chain_file import UnreadableError

        try:
            return command(*args, **options)
        except UnreadableError as error:
            raise _unreadable(error) from error

    return run  # type: ignore[return-value]  # the same signature, which mypy cannot see through wraps


# -- audit


@click.group()
def audit() -> None:
    """Rantai audit: catatan yang tidak dapat diubah tanpa ketahuan."""


@audit.command("verify")
@settings_option
@folder_option
@click.option("--head", "heads", multiple=True, type=click.Path(), help="Kepala rantai dari Dinas (JWS); - dari stdin.")
@click.option("--key", "keys", multiple=True, type=click.Path(path_type=Path), help="Kunci, sertifikat, atau CA (PEM).")
@click.option("--export", "export", type=click.Path(path_type=Path), help="Periksa hasil ledger export di folder ini.")
@_guarded
def verify(
    settings_path: Path, folder: Path | None, heads: tuple[str, ...], keys: tuple[Path, ...], export: Path | None
) -> None:
    """Periksa apakah rantai audit utuh. Status: 0 utuh, 1 belum dapat dipastikan, 2 rusak."""
    from kiosk.maintenance.findings import table, width
    from kiosk.maintenance.ledger.audit_verify import examine_chain, read_tokens
    from kiosk.maintenance.ledger.export_verify import examine_export
    from kiosk.maintenance.ledger.heads import HeadError, Trusted

    where, settings = _where(settings_path, export or folder)
    try:
        trusted, tokens = Trusted.read(settings, keys), read_tokens(heads)
    except HeadError as error:
        raise CannotError(f"{error}.") from error
    found = list(examine_export(where, tokens, trusted) if export else examine_chain(where, tokens, trusted))
    click.echo(table(found, width()), nl=False)
    sys.exit(max(finding.level for finding in found))


# -- ledger: reading


@click.group()
def ledger() -> None:
    """Buku besar: percobaan cetak, keraguan, blanko. Tanpa data pribadi."""


@ledger.command("show")
@click.argument("attempt", required=False)
@click.option("--permit", help="Semua percobaan atas satu izin cetak.")
@click.option("--day", help="Semua percobaan pada satu hari (2026-03-02, WIB).")
@settings_option
@folder_option
@_guarded
def show(attempt: str | None, permit: str | None, day: str | None, settings_path: Path, folder: Path | None) -> None:
    """Tunjukkan satu percobaan dengan jalannya dan buktinya, atau daftar percobaan."""
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_show

    if sum(each is not None for each in (attempt, permit, day)) != 1:
        raise CannotError("Sebut satu: nomor percobaan, --permit ID, atau --day TANGGAL.")
    with _books(_where(settings_path, folder)[0]) as books:
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
            cases = books.of_day(_day(day or ""))
            click.echo(ledger_show.listed(cases) if cases else f"Tidak ada percobaan pada {day}.\n", nl=False)


@ledger.command("doubts")
@settings_option
@folder_option
@_guarded
def doubts(settings_path: Path, folder: Path | None) -> None:
    """Percobaan yang belum jelas hasilnya, buktinya, dan apa yang harus dilihat. Status 1 bila ada."""
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_show

    with _books(_where(settings_path, folder)[0]) as books:
        cases = books.doubts()
    if not cases:
        click.echo("Tidak ada keraguan.")
        return
    click.echo("\n".join(ledger_show.doubt(one, width()) for one in cases), nl=False)
    sys.exit(1)


@ledger.command("balance")
@click.option("--day", help="Neraca pada akhir hari itu (2026-03-02); bila tidak disebut: sekarang.")
@settings_option
@folder_option
@_guarded
def balance(day: str | None, settings_path: Path, folder: Path | None) -> None:
    """Neraca blanko menurut buku. Status 1 bila ada selisih terbuka."""
    from kiosk.maintenance.ledger import ledger_stock

    wanted = _day(day).isoformat() if day else None
    with _books(_where(settings_path, folder)[0]) as books:
        drawn = books.ask(ledger_stock.balance_of(wanted))
    if drawn is None:
        raise CannotError(f"{day}: tidak ada neraca hari itu; mesin membuatnya pada akhir hari selama berjalan.")
    click.echo(ledger_stock.balance(drawn), nl=False)
    sys.exit(1 if drawn.open else 0)


@ledger.command("differences")
@settings_option
@folder_option
@_guarded
def differences(settings_path: Path, folder: Path | None) -> None:
    """Selisih blanko yang menunggu penjelasan operator. Status 1 bila ada."""
    from kiosk.ledger.blank_balance import open_differences
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_stock

    with _books(_where(settings_path, folder)[0]) as books:
        found = books.ask(open_differences)
    click.echo(ledger_stock.differences(found, width()), nl=False)
    sys.exit(1 if found else 0)


@ledger.command("check")
@settings_option
@folder_option
@_guarded
def check(settings_path: Path, folder: Path | None) -> None:
    """Periksa janji buku besar (I1 sampai I6) dari awal sampai akhir. Status 2 bila ada yang dilanggar."""
    from kiosk.maintenance.findings import table, width
    from kiosk.maintenance.ledger.ledger_check import examine_promises

    found = list(examine_promises(_where(settings_path, folder)[0]))
    click.echo(table(found, width()), nl=False)
    sys.exit(max(finding.level for finding in found))


@ledger.command("export")
@click.option("--from", "first", required=True, help="Hari pertama (2026-03-01).")
@click.option("--to", "last", required=True, help="Hari terakhir, ikut (2026-03-31).")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder baru untuk berkasnya.")
@settings_option
@folder_option
@_guarded
def export(first: str, last: str, out: Path, settings_path: Path, folder: Path | None) -> None:
    """Salin buku besar menjadi CSV dengan daftar isi bertanda tangan. Tanpa data pribadi."""
    from kiosk.maintenance.ledger.ledger_export import ExportError, Span, write_export

    span = Span(_day(first), _day(last))
    if span.last < span.first:
        raise CannotError(f"--to {last} sebelum --from {first}; tukar keduanya.")
    where, settings = _where(settings_path, folder)
    with _books(where) as books:
        try:
            written = write_export(where, books, span, out, settings)
        except ExportError as error:
            raise CannotError(str(error)) from error
    for name, rows in written.items():
        click.echo(f"{out / name}: {rows} baris")
    click.echo(f"{out / 'manifest.jws'}\nPeriksa dengan: adm-kiosk audit verify --export {out}")


# -- ledger: writing


@ledger.command("settle")
@click.argument("attempt")
@click.option("--as", "phase", type=click.Choice(SETTLEMENTS), required=True, help="Apa yang ternyata terjadi.")
@click.option("--blank", help="Nomor blanko yang dibaca dari kartu.")
@click.option("--reason", help="Sebab sebagai kode, misalnya jam-cleared.")
@operator_option
@yes_option
@settings_option
@folder_option
@_guarded
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
    """Putuskan satu keraguan sesudah melihat mesinnya. Hanya saat anjungan dihentikan."""
    from kiosk.maintenance.findings import width
    from kiosk.maintenance.ledger import ledger_settle, ledger_show, writing

    who = writing.operator(operator_id)
    where = _where(settings_path, folder)[0]
    wanted = ledger_settle.Settlement(attempt.lower(), phase, who, blank, reason)
    wanted.check()
    with _books(where) as books:
        one = wanted.case(books)
    click.echo(ledger_show.case(one, width()))
    click.echo(wanted.consequences(one))
    if not yes and not click.confirm("Sudah dilihat di mesin, dan putuskan begitu?"):
        raise CannotError("Tidak ada yang ditulis.")
    after = writing.write(where, wanted.act)
    click.echo(f"Tercatat: percobaan {after.attempt_id} {after.phase}, oleh operator {who}.")


def _stock_command(name: str, text: str) -> Callable[[F], F]:
    """A command that an operator does to blanks in one go."""

    def decorate(function: F) -> F:
        command: Any = operator_option(settings_option(folder_option(_guarded(function))))
        ledger.command(name, help=text)(command)
        return function

    return decorate


serials_argument = click.argument("serials")


@_stock_command("deliver", "Blanko diserahkan Dinas kepada operator: nomor A0012301-A0012800.")
@serials_argument
def deliver(serials: str, operator_id: str, settings_path: Path, folder: Path | None) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    click.echo(ledger_stock.move("deliver", serials, operator_id, _where(settings_path, folder)[0]))


@_stock_command("load", "Blanko dimasukkan dari lemari ke wadah mesin.")
@serials_argument
def load(serials: str, operator_id: str, settings_path: Path, folder: Path | None) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    click.echo(ledger_stock.move("load", serials, operator_id, _where(settings_path, folder)[0]))


@_stock_command("unload", "Blanko dikeluarkan dari wadah mesin, kembali ke lemari.")
@serials_argument
def unload(serials: str, operator_id: str, settings_path: Path, folder: Path | None) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    click.echo(ledger_stock.move("unload", serials, operator_id, _where(settings_path, folder)[0]))


@_stock_command("stocktake", "Hitung blanko dengan tangan dan bandingkan dengan buku.")
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
    drawn = ledger_stock.stocktake(counted, operator_id, _where(settings_path, folder)[0])
    click.echo(ledger_stock.balance(drawn), nl=False)
    sys.exit(1 if drawn.open else 0)


@_stock_command("explain", "Tutup satu selisih blanko dengan sebabnya.")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Apa yang ternyata terjadi.")
@click.option("--missing", multiple=True, help="Nomor blanko yang tidak ditemukan lagi.")
def explain(
    number: int, reason: str, missing: tuple[str, ...], operator_id: str, settings_path: Path, folder: Path | None
) -> None:
    from kiosk.maintenance.ledger import ledger_stock

    click.echo(ledger_stock.explain(number, reason, missing, operator_id, _where(settings_path, folder)[0]))
