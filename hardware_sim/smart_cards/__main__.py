"""``python -m hardware_sim.smart_cards --dir DIR``: the virtual cards and their pcscd, until SIGTERM or Ctrl-C.

The first line on standard output is JSON: where the control, the socket for PC/SC clients and the readers are.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click

from hardware_sim.smart_cards.pcscd import PcscdError
from hardware_sim.smart_cards.world import READERS, SmartCards


@click.command()
@click.option("--dir", "directory", type=click.Path(path_type=Path), required=True, help="Everything is kept here.")
@click.option("--control-port", default=0, help="Port of the acts on 127.0.0.1; 0 takes a free one.")
def main(directory: Path, control_port: int) -> None:
    """Run virtual smart cards behind a private pcscd."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread: only the wait below takes them
    cards = SmartCards(directory)
    try:
        control = cards.start(control_port)
    except PcscdError as error:
        sys.exit(f"smart cards: {error}")
    try:
        where = {"control": control, "PCSCLITE_CSOCK_NAME": str(cards.pcscd.socket), "readers": READERS}
        click.echo(json.dumps(where))
        signal.sigwait(ends)
    finally:
        cards.close()


if __name__ == "__main__":
    main()
