"""``python -m hardware_sim.printers --config FILE``: the printers, until SIGTERM.

Prints one JSON line when all of them answer: name -> {uri, control, folder}.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import threading
from pathlib import Path

from hardware_sim.printers.config import PrintersConfig
from hardware_sim.printers.simulated import SimulatedPrinter


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m hardware_sim.printers", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="JSON file; see PrintersConfig")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    config = PrintersConfig.from_json(json.loads(arguments.config.read_text()))
    printers = [SimulatedPrinter(printer, config.folder, config.smart_cards) for printer in config.printers]
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    sys.stdout.write(json.dumps({printer.config.name: printer.where() for printer in printers}) + "\n")
    sys.stdout.flush()
    ended.wait()
    for printer in printers:
        printer.close()


if __name__ == "__main__":
    main()
