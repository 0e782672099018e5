"""From the tap on print to the printer having the whole job, beside plain ``lp`` with the same pages in the same run.

    python -m benchmarks.print_path [--runs N]

Each run sends the same document once through the driver (create, send) and once through ``lp``, in turns, and measures
from the call to the moment the simulated printer has the whole document in its ledger (its "job" line). The kiosk's way
makes a durable claim before the first byte, and ``lp`` goes to a queue without the fence. Medians, and their ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import statistics
import subprocess
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

from PIL import Image

from drivers.card_printer.driver import CardPrinter
from drivers.paper_printer.driver import PaperPrinter
from drivers.spooler.printer import SpooledPrinter
from hardware_sim.printers.cups import PrivateCups, QueueSpec
from hardware_sim.printers.stand import CARD, MEDIA_NAMES, PAPER, PrintStand

LONGEST_S = 30.0
SIZES = {PAPER: (2480, 3508), CARD: (638, 1016)}  # pixels of a page at 300 dpi
DRIVERS: dict[str, type[SpooledPrinter]] = {PAPER: PaperPrinter, CARD: CardPrinter}


def document(name: str) -> bytes:
    """One page as the kiosk sends it: a picture at 300 dpi."""
    gradient = Image.radial_gradient("L").resize(SIZES[name]).convert("RGB")
    file = io.BytesIO()
    gradient.save(file, "PDF", resolution=300, quality=90)
    return file.getvalue()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that only shows when it is asked for."""
    deadline = time.monotonic() + LONGEST_S
    for _ in iter(condition, True):
        if time.monotonic() > deadline:
            raise TimeoutError("the printer is not done")
        await asyncio.sleep(0.005)


def begun(stand: PrintStand, name: str, title: str) -> list[float]:
    """The wall times at which the printer had the whole job."""
    return [float(line["time"]) for line in stand.printers.ledger(name, "job") if line["name"] == title]


async def measure(stand: PrintStand, name: str, print_it: Callable[[str], Awaitable[None]]) -> float:
    """Milliseconds from the call to the printer having the whole job. The printer is free again afterwards."""
    title = str(uuid.uuid4())
    began = time.time()
    await print_it(title)
    await until(lambda: bool(begun(stand, name, title)))
    took = begun(stand, name, title)[0] - began
    await until(lambda: stand.printers.sheets(title, name) > 0)
    if name == CARD:
        stand.hand(CARD).do("clear_path")
    return took * 1000


async def until_idle(cups: PrivateCups) -> None:
    """Until every job of that cupsd has ended: its backend looks once a second."""
    connection = cups.connection()
    await until(lambda: not connection.getJobs(which_jobs="not-completed"))


async def compare(stand: PrintStand, plain: PrivateCups, name: str, runs: int) -> dict[str, object]:
    """Both ways in turns, on the same printer with the same pages."""
    data = document(name)
    file = stand.folder / f"{name}.pdf"
    file.write_bytes(data)
    driver = DRIVERS[name](
        name,
        queue=f"adm-{name}",
        device=stand.uri(name),
        server=stand.cups.server,
        claims=stand.cups.claims,
        media=MEDIA_NAMES[name],
    )
    await driver.start()

    async def kiosk(title: str) -> None:
        await driver.send(await driver.create(title), data)

    async def lp(title: str) -> None:
        options = ["-o", f"media={MEDIA_NAMES[name]}", "-o", "print-scaling=none"]
        command = ["lp", "-h", plain.server, "-d", f"plain-{name}", "-t", title, *options, str(file)]
        await asyncio.to_thread(subprocess.run, command, check=True, stdout=subprocess.DEVNULL)

    times: dict[str, list[float]] = {"kiosk": [], "lp": []}
    for run in range(runs + 1):
        for way, print_it in (("kiosk", kiosk), ("lp", lp)):
            took = await measure(stand, name, print_it)
            await until_idle(stand.cups)
            await until_idle(plain)
            if run > 0:  # the first warms the caches of both ways
                times[way].append(took)
    await driver.close()
    medians = {way: statistics.median(values) for way, values in times.items()}
    return {
        "document_bytes": len(data),
        "runs": runs,
        **{f"{way}_ms_median": round(median, 1) for way, median in medians.items()},
        **{f"{way}_ms_all": [round(value, 1) for value in values] for way, values in times.items()},
        "ratio_kiosk_to_lp": round(medians["kiosk"] / medians["lp"], 2),
    }


async def run_all(runs: int) -> dict[str, object]:
    with PrintStand(page_s=0.01) as stand:
        folder = stand.folder / "plain"
        folder.mkdir(mode=0o711)
        queues = [
            QueueSpec(f"plain-{name}", stand.uri(name), MEDIA_NAMES[name], fenced=False) for name in (PAPER, CARD)
        ]
        with PrivateCups(Path(folder), queues) as plain:
            return {name: await compare(stand, plain, name, runs) for name in (PAPER, CARD)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=10)
    print(json.dumps(asyncio.run(run_all(parser.parse_args().runs)), indent=2))


if __name__ == "__main__":
    main()
