"""``python -m hardware_sim.card_dispenser --dir DIR``: the card dispenser, until SIGTERM or Ctrl-C.

The first line on standard output is JSON: where the control is, and the kiosk's table [card_dispenser].
"""

from __future__ import annotations

import json
import signal
from pathlib import Path

import click

from hardware_sim.card_dispenser.dispenser import VARIANTS
from hardware_sim.card_dispenser.world import DispenserWorld


@click.command()
@click.option("--dir", "directory", type=click.Path(path_type=Path), required=True, help="Where the line is.")
@click.option("--control-port", default=0, help="Port of the acts on 127.0.0.1; 0 takes a free one.")
@click.option("--variant", type=click.Choice(sorted(VARIANTS)), default="m001", help="Which machine it is.")
@click.option("--printer", default=None, help="Control address of the card printer that it feeds.")
def main(directory: Path, control_port: int, variant: str, printer: str | None) -> None:
    """Run a simulated card dispenser on a pseudo-terminal."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread: only the wait below takes them
    world = DispenserWorld(directory.resolve(), variant, printer)
    control = world.start(control_port)
    try:
        click.echo(json.dumps({"control": control, "card_dispenser": world.settings()}))
        signal.sigwait(ends)
    finally:
        world.close()


if __name__ == "__main__":
    main()
