"""The commands of ``adm-sim`` that bring up the whole world: to keep it, to play stories in it, to show it."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from hardware_sim import demo as demo_module
from hardware_sim.display import Display
from hardware_sim.panel.app import Panel
from hardware_sim.scenarios import load, names, play
from hardware_sim.stage import Stage
from hardware_sim.world import WORLD_FILE, World, WorldOptions, fresh_folder, missing_programs

SIZES = {"portrait": (1080, 1920), "landscape": (1366, 768)}


def _require_programs() -> None:
    if missing := missing_programs():
        sys.exit(f"missing programs: {', '.join(missing)} (make setup installs them)")


@click.command()
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), help="Where the world is kept; a new folder if left out."
)
def up(folder: Path | None) -> None:
    """Bring the world up and keep it until Ctrl-C; world.json tells where everything is."""
    _require_programs()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        world = stack.enter_context(World(WorldOptions(folder or stack.enter_context(fresh_folder()))))
        panel = Panel(world.where)
        panel.start()
        stack.callback(panel.close)
        click.echo(f"{world.folder / WORLD_FILE}\n{panel.url}")
        signal.pause()


@click.command()
def stories() -> None:
    """Which stories there are to be played."""
    for name in names():
        click.echo(f"{name:34} {load(name).title}")


@click.command()
@click.argument("name", type=click.Choice(names()))
@click.option("--screen", type=click.Choice(sorted(SIZES)), default="portrait", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/scenario"), show_default=True)
@click.option("--window", is_flag=True, help="On this display, to be watched; left out, on a virtual one.")
@click.option("--pause", default=0.0, help="Seconds after each step, for whoever watches.")
def run(name: str, screen: str, out: Path, window: bool, pause: float) -> None:
    """Play a story against a kiosk, and say whether all went as it tells."""
    _require_programs()
    if window and not os.environ.get("DISPLAY"):
        sys.exit("no display here to open a window on")
    story = load(name)
    click.echo("\n".join((story.title, *(f"  {sentence}" for sentence in story.tells))))
    with fresh_folder() as folder:
        options = story.world.options(WorldOptions(folder, SIZES[screen]))
        with Stage(options, os.environ["DISPLAY"] if window else None, out / name, click.echo) as stage:
            play(stage, story, pause)
    click.echo("passed")


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--screen", type=click.Choice(sorted(SIZES)), help="Left out: upright, or lying where that is too high.")
def demo(out: Path, screen: str | None) -> None:
    """The whole world and the kiosk's window; plays by itself without a display or with DEMO=auto."""
    _require_programs()
    by_itself = not demo_module.has_display()
    size = SIZES[screen] if screen else SIZES["portrait"]
    if screen is None and not by_itself and not Display(os.environ["DISPLAY"]).holds(size):
        size = SIZES["landscape"]
    sys.exit(demo_module.run(out, by_itself=by_itself, screen=size))
