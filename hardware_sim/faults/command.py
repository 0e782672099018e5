"""``adm-sim fault``: faults of a world that runs, from the command line."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import requests

from hardware_sim.faults.arming import Phase
from hardware_sim.faults.injector import Injector
from hardware_sim.faults.vocabulary import DEVICES, FAULTS

WORLD_FILE = "world.json"
WORLD = click.option(
    "--world", type=click.Path(path_type=Path), help="The world.json that `adm-sim up` told; left out, the newest one."
)


@click.group()
def fault() -> None:
    """Break the machine of a world that runs, and mend it."""


@fault.command(name="list")
@click.option("--device", type=click.Choice(list(DEVICES)), help="Only of this device.")
def list_faults(device: str | None) -> None:
    """Which faults there are, with the phases at which they can strike."""
    for name, found in FAULTS.items():
        if device in (None, found.device):
            phases = f"  [{', '.join(found.phases)}]" if found.phases else ""
            click.echo(f"{name:34} {found.sentence}{phases}")


@fault.command()
@click.argument("name")
@click.option("--at", type=click.Choice(list(Phase)), help="Wait until the device is there; left out, at once.")
@click.option("--of", type=click.Choice(list(DEVICES)), help="The device whose phase counts; left out, its own.")
@click.option("--times", default=1, show_default=True, help="How often; 0 is each time until it is mended.")
@WORLD
def strike(name: str, at: str | None, of: str | None, times: int, world: Path | None) -> None:
    """Let a fault happen."""
    _try(lambda: _injector(world).strike(name, at, of, times or None))


@fault.command()
@click.argument("name", required=False)
@WORLD
def mend(name: str | None, world: Path | None) -> None:
    """Mend a fault; without a name, everything."""
    _try(lambda: _injector(world).mend(name) if name else _injector(world).mend_all())


def _try(act: Callable[[], None]) -> None:
    try:
        act()
    except (ValueError, OSError, requests.RequestException) as error:
        sys.exit(str(error))


def _injector(world: Path | None) -> Injector:
    file = world or newest_world()
    return Injector(json.loads(file.read_text(encoding="utf-8")))


def newest_world() -> Path:
    """The world.json of the world that came up last on this machine. FileNotFoundError when none runs."""
    found = sorted(Path(tempfile.gettempdir()).glob(f"adm-*/{WORLD_FILE}"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise FileNotFoundError("no world runs here; `adm-sim up` starts one")
    return found[-1]
