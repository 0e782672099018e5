"""What an applicant waits for, through the whole engine: the list of documents, and the printer having the whole job.

    python -m benchmarks.visit [--runs N]

A world with a kiosk's engine in it, and this program in the place of the screen, on its socket. Each run is one
applicant with a Kartu Keluarga:

- ``documents``: NIK and PIN sent, to the list of documents arriving at the screen (TLS to the Dinas, its count of
  tries, the kiosk's own budget written to the ledger, audit).
- ``print``: "Cetak sekarang" sent, to the A4 printer having the whole job (claim, bundle from the vault, signature,
  drawing, four durable rows, the fence); beside it, in the same run, plain ``lp`` with the very pages that came out,
  on a queue of the same printer without the fence.

Medians, and the ratio.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.screen import LONGEST_S, Screen
from hardware_sim.display import Display
from hardware_sim.kiosk_processes import Kiosk
from hardware_sim.printers.cups import PrivateCups, QueueSpec
from hardware_sim.printers.store import read_ledger
from hardware_sim.world import PAPER_MEDIA, World, WorldOptions, fresh_folder
from kiosk import protocol as p

LOOK_EVERY_S = 0.002


def run_once(world: World, screen: Screen, plain: PrivateCups) -> dict[str, float]:
    """Milliseconds of one visit, and of ``lp`` after it."""
    applicant = world.hand("dinas").do("prepare", document="kk")["result"]
    screen.wait(p.HomeView)
    screen.say(p.Begin(p.Way.NIK))
    screen.wait(p.NikView)
    screen.say(p.EnterNik(applicant["nik"]))
    screen.wait(p.PinView, lambda view: not view.checking)

    began = time.perf_counter()
    screen.say(p.EnterPin(applicant["pin"]))
    documents = screen.wait(p.DocumentsView)
    shown = time.perf_counter() - began

    screen.say(p.Choose((documents.documents[0].permit_id,)))
    screen.wait(p.ConfirmView)
    jobs = len(begun(world))
    pressed = time.time()
    screen.say(p.Confirm())
    printed = _next_job(world, jobs) - pressed
    screen.wait(p.TakeView)
    screen.say(p.Taken())
    screen.wait(p.ThanksView)
    screen.say(p.Finish())

    pages = max((Path(world.where["paper"]["folder"])).rglob("*.pdf"), key=lambda file: file.stat().st_mtime)
    jobs = len(begun(world))
    pressed = time.time()
    command = ["lp", "-h", plain.server, "-d", "plain", "-o", f"media={PAPER_MEDIA}", "-o", "print-scaling=none"]
    subprocess.run([*command, str(pages)], check=True, stdout=subprocess.DEVNULL)
    by_lp = _next_job(world, jobs) - pressed
    time.sleep(1.5)  # its backend looks once a second whether the printer is done
    return {"documents": shown * 1000, "print": printed * 1000, "lp": by_lp * 1000}


def begun(world: World) -> list[float]:
    """When the A4 printer had each whole job, in wall time."""
    lines = read_ledger(Path(world.where["paper"]["folder"]) / "ledger.jsonl")
    return [float(line["time"]) for line in lines if line["event"] == "job"]


def _next_job(world: World, before: int) -> float:
    deadline = time.monotonic() + LONGEST_S
    while len(found := begun(world)) <= before:
        if time.monotonic() > deadline:
            raise TimeoutError("the job did not arrive")
        time.sleep(LOOK_EVERY_S)
    return found[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    with ExitStack() as stack:
        world = stack.enter_context(World(WorldOptions(stack.enter_context(fresh_folder()), sheet_s=0.01)))
        queue = QueueSpec("plain", world.where["paper"]["uri"], PAPER_MEDIA, fenced=False)
        (world.folder / "plain").mkdir(mode=0o711)
        plain = stack.enter_context(PrivateCups(world.folder / "plain", [queue]))
        kiosk = Kiosk(world, Display("none"))
        stack.callback(kiosk.stop)
        kiosk.start_engine()
        screen = Screen(world.folder / "run" / "screen.sock")
        taken = [run_once(world, screen, plain) for _ in range(runs + 1)][1:]  # the first warms everything
    medians = {name: round(statistics.median(run[name] for run in taken), 1) for name in taken[0]}
    print(
        json.dumps(
            {
                "runs": runs,
                "documents_ms_median": medians["documents"],
                "print_ms_median": medians["print"],
                "lp_ms_median": medians["lp"],
                "ratio_print_to_lp": round(medians["print"] / medians["lp"], 2),
                "all_ms": [{name: round(value, 1) for name, value in run.items()} for run in taken],
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
