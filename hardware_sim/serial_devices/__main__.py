"""``python -m hardware_sim.serial_devices --dir DIR``: receipt printer, QR scanner or both, until SIGTERM or Ctrl-C.

The first line on standard output is JSON: where the control and the lines are.
"""

from __future__ import annotations

import json
import signal
from pathlib import Path

import click

from hardware_sim.serial_devices.tcp_line import TcpLine
from hardware_sim.serial_devices.world import DEVICES, SerialDevices


@click.command()
@click.option("--dir", "directory", type=click.Path(path_type=Path), required=True, help="Lines and receipts.")
@click.option("--width", default=576, help="Dots across the paper.")
@click.option("--only", type=click.Choice(DEVICES), help="One device; left out, both.")
@click.option("--receipt", type=click.Choice(["serial", "tcp"]), default="serial", help="How the printer is reached.")
@click.option("--receipt-port", default=0, help="Its TCP port on 127.0.0.1; 0 takes a free one.")
@click.option("--control-port", default=0, help="Port of the acts on 127.0.0.1; 0 takes a free one.")
def main(directory: Path, width: int, only: str | None, receipt: str, receipt_port: int, control_port: int) -> None:
    """Run simulated serial devices on pseudo-terminals, the receipt printer also behind a TCP port."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread: only the wait below takes them
    line = TcpLine(receipt_port) if receipt == "tcp" else None
    devices = SerialDevices(directory.resolve(), width, (only,) if only else DEVICES, line)
    control = devices.start(control_port)
    try:
        click.echo(json.dumps({"control": control, **devices.where()}))
        signal.sigwait(ends)
    finally:
        devices.close()


if __name__ == "__main__":
    main()
