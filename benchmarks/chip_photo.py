"""The photo of a KTP-el, read through our driver and, beside it, by opensc-tool that sends the same APDUs.

    python -m benchmarks.chip_photo [--runs N] [--photo BYTES] [--delay-ms N]

Virtual cards behind a real pcscd, and nothing else running in this program. Each run reads the same chip twice, the one
after the other, each first in every second run:

- ``ours``: ``CardReader.read_photo``, as the engine does it: from the event loop through the thread that owns the card.
- ``opensc``: one process of opensc-tool with one ``-s`` for each APDU; beside it the same with one APDU only, so that
  its start can be taken off (the median of those runs). Its card driver is given (``-c default``), so that it tries no
  other; what it prints goes to /dev/null.

Speed is 1 / time; ``speed_of_opensc`` above 1 means that ours is faster. ``--delay-ms`` lets each APDU take as long as
on a real contactless chip (5 to 30 ms), where only the number of APDUs counts.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.card_reader.driver import CardReader
from drivers.card_reader.frames import Answer, Command
from drivers.card_reader.protocol import read_photo
from hardware_sim.control import Hand

SLOT, READER = "encoder", "Kiosk CardPrinter Encoder"
TARGET = 0.9
WITHIN_S = 60.0


def apdus_of(photo: bytes) -> list[str]:
    """What our driver sends for that photo, seen by a chip in this process."""
    sent: list[str] = []
    file = len(photo).to_bytes(2, "big") + photo

    def chip(command: Command) -> Answer:
        sent.append(command.to_bytes().hex().upper())
        return Answer(file[command.offset : command.offset + command.le] if command.le else b"", 0x9000)

    assert read_photo("benchmark", chip) == photo
    return sent


def opensc(apdus: list[str]) -> Callable[[], None]:
    command = ["opensc-tool", "-r", "0", "-c", "default", *(part for apdu in apdus for part in ("-s", apdu))]

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=WITHIN_S)

    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=WITHIN_S).stdout
    assert said.count("SW1=0x90, SW2=0x00") == len(apdus), said
    return run


def timed(call: Callable[[], None]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


async def measure(hand: Hand, photo: bytes, runs: int, delay_s: float) -> list[dict[str, float]]:
    """Seconds of each run, after one that warms everything."""
    hand.do("insert", slot=SLOT, serial="BENCHMARK")
    hand.do("put_photo", serial="BENCHMARK", photo=base64.b64encode(photo).decode())
    reader = CardReader("card reader", READER)
    await reader.start()
    await reader.wait_for_card(within=WITHIN_S)
    whole, one = opensc(apdus_of(photo)), opensc(apdus_of(photo)[:1])
    hand.do("fault", slot=SLOT, delay_s=delay_s)

    async def ours() -> float:
        began = time.perf_counter()
        assert await reader.read_photo(within=WITHIN_S) == photo
        return time.perf_counter() - began

    taken = []
    for number in range(runs + 1):
        run = {"ours": await ours()} if number % 2 else {}
        run |= {"opensc": timed(whole), "opensc_start": timed(one)}
        run.setdefault("ours", await ours() if not number % 2 else 0.0)
        taken.append(run)
    await reader.close()
    return taken[1:]


def report(taken: list[dict[str, float]], photo: bytes) -> dict[str, Any]:
    milliseconds = {name: statistics.median(run[name] for run in taken) * 1000 for name in taken[0]}
    net = milliseconds["opensc"] - milliseconds["opensc_start"]
    return {
        "runs": len(taken),
        "photo_bytes": len(photo),
        "apdus": len(apdus_of(photo)),
        "ours_ms_median": round(milliseconds["ours"], 2),
        "opensc_ms_median": round(milliseconds["opensc"], 2),
        "opensc_start_ms_median": round(milliseconds["opensc_start"], 2),
        "opensc_without_start_ms": round(net, 2),
        "speed_of_opensc": round(milliseconds["opensc"] / milliseconds["ours"], 2),
        "speed_of_opensc_without_start": round(net / milliseconds["ours"], 2),
        "target": TARGET,
        "all_ms": [{name: round(value * 1000, 2) for name, value in run.items()} for run in taken],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--photo", type=int, default=10_000, help="bytes of the photo")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="how long the chip takes over each APDU")
    options = parser.parse_args()
    photo = (b"\xff\xd8SPESIMEN" * options.photo)[: options.photo]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hardware_sim.smart_cards", "--dir", str(Path(folder) / "cards")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            where = json.loads(process.stdout.readline())
            os.environ["PCSCLITE_CSOCK_NAME"] = where["PCSCLITE_CSOCK_NAME"]
            try:
                hand = Hand(where["control"])
                taken = asyncio.run(measure(hand, photo, options.runs, options.delay_ms / 1000))
            finally:
                process.terminate()
    print(json.dumps(report(taken, photo), indent=2))


if __name__ == "__main__":
    main()
