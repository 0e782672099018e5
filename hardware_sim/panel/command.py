"""``adm-sim panel``: the panel of a world that runs elsewhere."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click

from hardware_sim.faults.command import WORLD, newest_world
from hardware_sim.panel.app import Panel
from hardware_sim.panel.live_screen import LiveScreen


@click.command()
@WORLD
@click.option("--display", help="The display on which the kiosk runs; left out, there is no live screen.")
def panel(world: Path | None, display: str | None) -> None:
    """Show the machine of a world that runs, as a web page, until Ctrl-C."""
    try:
        where = json.loads((world or newest_world()).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    shown = Panel(where, LiveScreen(display))
    shown.start()
    try:
        click.echo(shown.url)
        signal.pause()
    except KeyboardInterrupt:
        click.echo("")
    finally:
        shown.close()
