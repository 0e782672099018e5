"""``python -m hardware_sim.ups --dir DIR``: upsd with a dummy UPS, until SIGTERM or Ctrl-C.

The first line on standard output is JSON: where the control is, and the kiosk's table [ups].
"""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path

import click

from hardware_sim.ups.world import UpsWorld


@click.command()
@click.option("--dir", "directory", type=click.Path(path_type=Path), required=True, help="Configuration and sockets.")
@click.option("--control-port", default=0, help="Port of the acts on 127.0.0.1; 0 takes a free one.")
def main(directory: Path, control_port: int) -> None:
    """Run a private upsd with one dummy UPS."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())  # not blocked: upsd would inherit that, and could not be ended
    world = UpsWorld(directory.resolve())
    try:
        control = world.start(control_port)
        click.echo(json.dumps({"control": control, "ups": world.settings()}))
        ended.wait()
    finally:
        world.close()


if __name__ == "__main__":
    main()
