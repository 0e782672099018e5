"""What the commands of ``adm-kiosk`` share: the settings file, and how one that cannot go on says so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any

import click

from kiosk.settings import Settings, SettingsError, load

WRONG_SETTINGS = 78  # EX_CONFIG of sysexits.h: systemd shows it, and starting again cannot help

SETTINGS = Path("/etc/adm-kiosk/kiosk.toml")

settings_option = click.option(
    "--settings",
    "settings_path",
    type=click.Path(path_type=Path),
    default=SETTINGS,
    show_default=True,
    help="The kiosk's settings file.",
)


def load_settings(path: Path) -> Settings:
    """The settings, or the end of the process with the sentence that is wrong with them."""
    try:
        return load(path)
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_SETTINGS)


class CannotError(click.ClickException):
    """The command ends with status 1 and this sentence, which says what is wrong and the way out."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Without click's "Error: " in front: the sentence may be Indonesian."""
        click.echo(self.message, err=True, file=file)
