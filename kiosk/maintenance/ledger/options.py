"""What the commands ``audit`` and ``ledger`` share: their options, the folder they ask for, and how reading fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kiosk.command_line import SETTINGS, CannotError, load_settings
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.maintenance.ledger.books import Books

F = TypeVar("F", bound=Callable[..., Any])

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Folder buku besar (atau salinannya); bila tidak disebut: paths.state dari setelan.",
)


def folder_and_settings(settings_path: Path, folder: Path | None) -> tuple[Path, Settings | None]:
    """The ledger's folder, and the settings where there are any: a copy of a ledger is read without a kiosk."""
    if folder is not None and settings_path == SETTINGS and not settings_path.exists():
        return folder, None
    settings = load_settings(settings_path)
    return folder or Path(settings.paths.state), settings


def folder_of(settings_path: Path, folder: Path | None) -> Path:
    """The ledger's folder."""
    return folder_and_settings(settings_path, folder)[0]


def a_day(text: str) -> date:
    """An ISO date. Raises CannotError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotError(f"{text!r}: bukan tanggal; tulis tahun-bulan-hari, misalnya 2026-03-02.") from None


def open_books(folder: Path) -> Books:
    """The ledger, to be read. Raises CannotError."""
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


def guarded(command: F) -> F:
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
