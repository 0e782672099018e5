"""What checking and drawing takes, from the sealed bundle to the print document.

    python -m benchmarks.documents [--runs N]

A Kartu Keluarga of one page (checked and drawn in its own process: one that was waiting, and one that must be started
first) and a KTP-el (checked and drawn in a thread), signed and sealed by the simulated Dinas. Medians in milliseconds,
with a second between the runs, as between two applicants, in which the next process starts.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hardware_sim.control import Hand
from hardware_sim.dinas.testing import KioskClient, RunningDinas, running
from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import ContentKey, Session
from kiosk.documents.prepare import Preparer
from kiosk.settings import (
    CardPrinterSettings,
    Dinas,
    Documents,
    LocalPath,
    PaperPrinter,
    Paths,
    Settings,
    Site,
    Spooler,
    Trust,
)

BETWEEN_S = 1.0
CONFIG = Path(__file__).parents[1] / "config"


class Lists:
    """The revocation lists of the Dinas, as they are now."""

    def __init__(self, crls: list[str]) -> None:
        self.crls = tuple(base64.b64decode(crl) for crl in crls)


def kiosk_settings(dinas: RunningDinas) -> Settings:
    """Settings of the first kiosk of this Dinas; the devices are not used."""
    world, nowhere = dinas.world, LocalPath("/nonexistent")
    kiosk = world["kiosks"][first_kiosk(world)]
    return Settings(
        site=Site("Uji", "Loket 1"),
        paths=Paths(nowhere, nowhere),
        dinas=Dinas(
            world["api"], LocalPath(world["roots"]["tls"]), LocalPath(kiosk["certificate"]), LocalPath(kiosk["key"])
        ),
        trust=Trust([LocalPath(world["roots"]["document"])], [LocalPath(world["roots"]["card"])]),
        documents=Documents(LocalPath(CONFIG / "documents.toml"), LocalPath(CONFIG / "card_layouts")),
        spooler=Spooler("/run/cups/cups.sock", nowhere),
        paper_printer=PaperPrinter("a4", "ipp://localhost/ipp/print"),
        card_printer=CardPrinterSettings("card", "ipp://localhost/ipp/print"),
    )


def first_kiosk(world: dict[str, Any]) -> str:
    return str(next(iter(world["kiosks"])))


async def claimed(client: DinasClient, hand: Hand, document: str, number: int) -> tuple[str, bytes, ContentKey]:
    """A permit, its sealed bundle and its key, as an attempt has them before it prepares."""
    who = hand.do("prepare", document=document)["result"]
    session: Session = await client.log_in(nik=who["nik"], pin=who["pin"])
    permit = session.permits[0].permit_id
    sealed = (await client.bundle(permit)).content
    claim = await client.claim(permit, f"0197a000-0000-7000-8000-{number:012d}", session.session_token)
    return permit, sealed, claim.content_key


async def measure(preparer: Preparer, document: str, given: tuple[str, bytes, ContentKey], runs: int) -> list[float]:
    taken = []
    for _ in range(runs):
        await asyncio.sleep(BETWEEN_S)
        began = time.perf_counter()
        await preparer.prepare(document, *given)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def measure_cold(
    settings: Settings, lists: Lists, given: tuple[str, bytes, ContentKey], runs: int
) -> list[float]:
    """With a process that is started only when it is needed."""
    taken = []
    for _ in range(runs):
        preparer = Preparer(settings, lists)
        preparer.close()
        began = time.perf_counter()
        await preparer.prepare("kk", *given)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def run(dinas: RunningDinas, runs: int) -> dict[str, float | int]:
    settings, hand = kiosk_settings(dinas), Hand(dinas.world["control"])
    crls = KioskClient(dinas.world, first_kiosk(dinas.world)).ask("GET /v1/revocations").json()["crls"]
    client = DinasClient(settings.dinas)
    await client.start()
    preparer = Preparer(settings, Lists(crls))
    try:
        paper = await claimed(client, hand, "kk", 1)
        card = await claimed(client, hand, "ktp-el", 2)
        await measure(preparer, "ktp-el", card, 1)  # fonts are read once
        found = {
            "kk_waiting": await measure(preparer, "kk", paper, runs),
            "kk_started": await measure_cold(settings, Lists(crls), paper, runs),
            "ktp_el": await measure(preparer, "ktp-el", card, runs),
        }
    finally:
        preparer.close()
        await client.close()
    medians = {f"{name}_ms_median": round(statistics.median(taken), 1) for name, taken in found.items()}
    return {"runs": runs, **medians, **{f"{name}_ms_worst": round(max(taken), 1) for name, taken in found.items()}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adm-benchmark-")))
        dinas = stack.enter_context(running(folder))
        print(json.dumps(asyncio.run(run(dinas, runs)), indent=2))


if __name__ == "__main__":
    main()
