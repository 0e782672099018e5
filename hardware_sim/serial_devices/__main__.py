"""``python -m hardware_sim.serial_devices --dir DIR``: receipt printer and QR scanner, until SIGTERM or Ctrl-C.

The first line on standard output is JSON: where the control and the lines are.
"""

from __future__ import annotations

import json
import signal
from pathlib import Path

import click

from hardware_sim.serial_devices.world import SerialDevices


@click.command()
@click.option("--dir", "directory", type=click.Path(path_type=Path), required=True, help="Lines and receipts.")
@click.option("--width", default=576, help="Dots across the paper.")
@click.option("--control-port", default=0, help="Port of the acts on 127.0.0.1; 0 takes a free one.")
def main(directory: Path, width: int, control_port: int) -> None:
    """Run simulated serial devices on pseudo-terminals."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread: only the wait below takes them
    devices = SerialDevices(directory.resolve(), width)
    control = devices.start(control_port)
    try:
        where = {
            "control": control,
            "receipt": {"port": str(devices.receipt.line.link), "receipts": str(devices.receipt.receipts.folder)},
            "scanner": {"port": str(devices.scanner.line.link)},
        }
        click.echo(json.dumps(where))
        signal.sigwait(ends)
    finally:
        devices.close()


if __name__ == "__main__":
    main()
