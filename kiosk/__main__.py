"""``adm-kiosk``: one command tree for the two processes and for the people who look after them.

Each command imports what it needs when it is called: the screen's first frame does not wait for the engine's libraries.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kiosk.command_line import WRONG_SETTINGS, load_settings, settings_option
from kiosk.maintenance.ledger.commands import audit, ledger
from kiosk.settings import SettingsError


@click.group()
def main() -> None:
    """Anjungan Dukcapil Mandiri: print an identity card or a family document at a kiosk."""


@main.command()
@settings_option
def engine(settings_path: Path) -> None:
    """Run the engine: devices, network, ledger. Needs no display."""
    settings = load_settings(settings_path)
    from kiosk.engine.app import run

    try:
        status = run(settings)
    except SettingsError as error:  # of a driver, which only the engine loads
        click.echo(f"{settings_path}: {error}", err=True)
        status = WRONG_SETTINGS
    sys.exit(status)


@main.command()
@settings_option
def screen(settings_path: Path) -> None:
    """Run the screen: draws what the engine shows, and tells it what is touched."""
    settings = load_settings(settings_path)
    from kiosk.screen.app import run

    run(
        Path(settings.paths.runtime) / "screen.sock",
        size=(settings.screen.width, settings.screen.height),
        fullscreen=settings.screen.fullscreen,
        tree_socket=Path(settings.screen.tree_socket) if settings.screen.tree_socket else None,
    )


@main.command()
@settings_option
def doctor(settings_path: Path) -> None:
    """Tell in a table what is there, what is missing and what to do about it."""
    from kiosk.maintenance.doctor import run

    sys.exit(run(settings_path))


main.add_command(audit)
main.add_command(ledger)


if __name__ == "__main__":
    main()
