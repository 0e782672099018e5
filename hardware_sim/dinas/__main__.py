"""``python -m hardware_sim.dinas --dir DIR``: the Dinas in a process of its own, until SIGTERM.

When it is ready, ``DIR/dinas.json`` tells where everything is: addresses, roots, certificates of kiosks.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import click

from hardware_sim.dinas.world import Options, World


@click.command()
@click.option("--dir", "directory", type=click.Path(path_type=Path), required=True, help="Keys, database, world file.")
@click.option("--api-port", default=0, help="Port of the API (TLS); 0 takes a free one.")
@click.option("--web-port", default=0, help="Port of the pages and the control (plain, loopback); 0 takes a free one.")
@click.option("--verify-all", is_flag=True, help="Verify all applications at the start and send the PINs.")
def main(directory: Path, api_port: int, web_port: int, verify_all: bool) -> None:
    """Run the Dinas simulator."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    asyncio.run(World(Options(directory, api_port, web_port, verify_all)).run())


if __name__ == "__main__":
    main()
