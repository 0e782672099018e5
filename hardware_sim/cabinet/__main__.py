"""``python -m hardware_sim.cabinet --dir DIR``: the cabinet's board, until SIGTERM or Ctrl-C.

The first line on standard output is JSON: where the control is, and the kiosk's table [cabinet].
"""

from __future__ import annotations

import json
import signal
from pathlib import Path

import click

from hardware_sim.cabinet.world import CabinetWorld


@click.command()
@click.option("--dir", "directory", type=click.Path(path_type=Path), required=True, help="Where the line is.")
@click.option("--control-port", default=0, help="Port of the acts on 127.0.0.1; 0 takes a free one.")
def main(directory: Path, control_port: int) -> None:
    """Run a simulated I/O board on a pseudo-terminal."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread: only the wait below takes them
    world = CabinetWorld(directory.resolve())
    control = world.start(control_port)
    try:
        click.echo(json.dumps({"control": control, "cabinet": world.settings()}))
        signal.sigwait(ends)
    finally:
        world.close()


if __name__ == "__main__":
    main()
