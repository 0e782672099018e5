"""A paper printer on a real cupsd and a simulated machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from drivers.paper_printer.driver import PaperPrinter
from drivers.spooler import printer as spooled
from hardware_sim.printers.stand import MEDIA_NAMES, PAPER, PrintStand


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
async def printer(stand: PrintStand, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PaperPrinter]:
    """A started driver; see ``impatient``."""
    monkeypatch.setattr(spooled, "SETTLE_S", 3.0)
    driver = PaperPrinter(
        "paper printer",
        queue="adm-a4",
        device=stand.uri(PAPER),
        server=stand.cups.server,
        claims=stand.cups.claims,
        media=MEDIA_NAMES[PAPER],
        stall_s=20.0,  # a busy machine may draw a page for seconds
    )
    await driver.start()
    await driver.refresh()
    yield driver
    await driver.close()


@pytest.fixture
def impatient(printer: PaperPrinter) -> None:
    """The driver gives a job up after a second without progress."""
    printer._stall_s = 1.0
