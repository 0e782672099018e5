"""NIK and PIN sent to the Dinas, to the answer understood: the Dinas' part of what an applicant waits for.

    python -m benchmarks.login [--runs N]

Against the simulated Dinas over TLS with a client certificate, each run another applicant: ``warm`` over the connection
that stands already, ``cold`` with a new one (as after a cut), ``raw`` the same request by plain requests on a warm
connection, for comparison. Medians in milliseconds. The whole way to the screen is measured by benchmarks.visit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.documents import first_kiosk, kiosk_settings
from hardware_sim.control import Hand
from hardware_sim.dinas.testing import KioskClient, RunningDinas, running
from kiosk.dinas.client import DinasClient


async def logged_in(client: DinasClient, hand: Hand) -> float:
    """Milliseconds of one login."""
    who = hand.do("prepare", document="kk", count=2)["result"]
    began = time.perf_counter()
    session = await client.log_in(nik=who["nik"], pin=who["pin"])
    taken = (time.perf_counter() - began) * 1000
    if len(session.permits) != 2:
        raise RuntimeError("not the permits that were prepared")
    return taken


def logged_in_raw(kiosk: KioskClient, hand: Hand) -> float:
    who = hand.do("prepare", document="kk", count=2)["result"]
    began = time.perf_counter()
    answer = kiosk.ask("POST /v1/sessions", body={"nik": who["nik"], "pin": who["pin"]})
    taken = (time.perf_counter() - began) * 1000
    answer.raise_for_status()
    return taken


async def run(dinas: RunningDinas, runs: int) -> dict[str, float | int]:
    settings, hand = kiosk_settings(dinas).dinas, Hand(dinas.world["control"])
    raw_client = KioskClient(dinas.world, first_kiosk(dinas.world))
    found: dict[str, list[float]] = {"warm": [], "cold": [], "raw": []}
    warm = DinasClient(settings)
    await warm.start()
    await warm.who_am_i()
    raw_client.ask("GET /v1/kiosk")
    for _ in range(runs):
        found["warm"].append(await logged_in(warm, hand))
        found["raw"].append(logged_in_raw(raw_client, hand))
        cold = DinasClient(settings)
        for line in (cold._people, cold._prefetch, cold._urgent):  # noqa: SLF001  # start() would warm it
            line.start()
        found["cold"].append(await logged_in(cold, hand))
        await cold.close()
    await warm.close()
    medians = {f"{name}_ms_median": round(statistics.median(taken), 1) for name, taken in found.items()}
    return {"runs": runs, **medians, **{f"{name}_ms_worst": round(max(taken), 1) for name, taken in found.items()}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=12)
    runs = parser.parse_args().runs
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adm-benchmark-")))
        dinas = stack.enter_context(running(folder))
        print(json.dumps(asyncio.run(run(dinas, runs)), indent=2))


if __name__ == "__main__":
    main()
