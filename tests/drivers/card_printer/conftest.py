"""A card printer on a real cupsd and a simulated machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from drivers.card_printer import driver as card_driver
from drivers.card_printer.driver import CardPrinter
from drivers.spooler import printer as spooled
from hardware_sim.printers.stand import CARD, MEDIA_NAMES, PrintStand


@pytest.fixture(scope="module")
def module_stand() -> Iterator[PrintStand]:
    with PrintStand(page_s=0.05) as stand:
        yield stand


@pytest.fixture
def stand(module_stand: PrintStand) -> PrintStand:
    """The stand of this module, with all its machines as new."""
    module_stand.repair()
    return module_stand


@pytest.fixture
async def printer(stand: PrintStand, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CardPrinter]:
    """A started driver; see ``impatient``."""
    monkeypatch.setattr(spooled, "SETTLE_S", 3.0)
    monkeypatch.setattr(card_driver, "MOTION_S", 1.0)
    driver = CardPrinter(
        "card printer",
        queue="adm-card",
        device=stand.uri(CARD),
        server=stand.cups.server,
        claims=stand.cups.claims,
        media=MEDIA_NAMES[CARD],
        stall_s=20.0,  # a busy machine may draw a page for seconds
    )
    await driver.start()
    await driver.refresh()
    yield driver
    await driver.close()


@pytest.fixture
def impatient(printer: CardPrinter) -> None:
    """The driver gives a job up after a second without progress."""
    printer._stall_s = 1.0
