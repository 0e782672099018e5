"""What a card printer with a dispenser lets the kiosk do now, by the settings alone: real cupsd, simulated machines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from drivers.testing import until
from hardware_sim.card_dispenser.world import DispenserWorld
from hardware_sim.printers.stand import CARD, PAPER, PrintStand
from kiosk.engine.devices import Devices
from kiosk.protocol import Medium, Trouble
from kiosk.settings import (
    CardDispenser,
    CardPrinterSettings,
    Documents,
    PaperPrinter,
    Paths,
    Settings,
    Site,
    Spooler,
    Trust,
)
from kiosk.settings import Dinas as Line
from kiosk.settings import LocalPath as P

pytestmark = pytest.mark.devices


@pytest.fixture
def stand() -> Iterator[PrintStand]:
    with PrintStand(feeder=False) as stand:
        yield stand


@pytest.fixture
def dispenser(stand: PrintStand, tmp_path: Path) -> Iterator[DispenserWorld]:
    world = DispenserWorld(tmp_path, printer=stand.hand(CARD).url)
    world.start()
    yield world
    world.close()


@pytest.fixture
async def devices(stand: PrintStand, dispenser: DispenserWorld) -> AsyncIterator[Devices]:
    somewhere = P(stand.folder)
    settings = Settings(
        site=Site("Tuban", "Loket 1"),
        paths=Paths(somewhere, somewhere),
        dinas=Line("https://127.0.0.1:9", somewhere, somewhere, somewhere),
        trust=Trust([somewhere], [somewhere]),
        documents=Documents(somewhere, somewhere),
        spooler=Spooler(stand.cups.server, P(stand.cups.claims)),
        paper_printer=PaperPrinter("adm-a4", stand.uri(PAPER)),
        card_printer=CardPrinterSettings("adm-card", stand.uri(CARD)),
        card_dispenser=msgspec.convert(dispenser.settings(), CardDispenser),
    )
    devices = Devices(settings, asyncio.get_running_loop().time)
    await devices.start()
    await devices.first_readings(15)
    yield devices
    await devices.close()


async def test_a_dispenser_in_trouble_takes_the_cards_away_and_leaves_the_paper(
    devices: Devices, dispenser: DispenserWorld
) -> None:
    def troubles() -> dict[Medium, Trouble | None]:
        return {state.medium: state.trouble for state in devices.media(frozenset())}

    await until(lambda: troubles() == {Medium.CARD: None, Medium.A4: None})
    assert [printer.name for printer in devices.queued] == ["paper_printer", "card_printer"]
    dispenser.acts["stacker"](n=0)
    await until(lambda: troubles() == {Medium.CARD: Trouble.MEDIA_EMPTY, Medium.A4: None})
    dispenser.acts["refill"](n=50)
    await until(lambda: troubles() == {Medium.CARD: None, Medium.A4: None})
    dispenser.acts["unplug"]()
    await until(lambda: troubles() == {Medium.CARD: Trouble.AWAY, Medium.A4: None})
    dispenser.acts["plug"]()
    await until(lambda: troubles() == {Medium.CARD: None, Medium.A4: None})
