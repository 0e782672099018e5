"""The saga over a card printer that a dispenser feeds: real cupsd, simulated pair, and every blank accounted for."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fake_kiosk import World
from PIL import Image

from drivers.card_dispenser import driver as dispenser_driver
from drivers.card_dispenser import fed_printer
from drivers.card_dispenser.driver import Crt591
from drivers.card_dispenser.fed_printer import FedPrinter
from drivers.card_printer.driver import CardPrinter
from drivers.spooler import printer as spooled
from hardware_sim.card_dispenser.world import DispenserWorld
from hardware_sim.printers.stand import CARD, MEDIA_NAMES, PrintStand
from kiosk.documents.prepared import Prepared
from kiosk.issuance.issue import issue
from kiosk.issuance.ports import Times
from kiosk.issuance.reconcile import reconcile
from kiosk.issuance.run import Issued
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, Trouble

pytestmark = pytest.mark.devices


@pytest.fixture(scope="module")
def stand() -> Iterator[PrintStand]:
    with PrintStand(page_s=0.05, feeder=False) as stand:
        yield stand


@pytest.fixture(scope="module")
def dispenser(stand: PrintStand, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DispenserWorld]:
    world = DispenserWorld(tmp_path_factory.mktemp("dispenser"), printer=stand.hand(CARD).url)
    world.start()
    yield world
    world.close()


@dataclass
class Site:
    """A world whose card printer is real, and fed."""

    printer: FedPrinter
    world: World
    ledger: Ledger

    def issue(self) -> asyncio.Task[Issued]:
        times = Times(take_card=20, take_paper=20)
        means = replace(self.world.means, printer=self.printer, cards=self.printer, times=times)
        return asyncio.ensure_future(issue(self.world.permit, "token", means, self.world.watcher))


@pytest.fixture
async def site(
    stand: PrintStand, dispenser: DispenserWorld, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    monkeypatch.setattr(spooled, "SETTLE_S", 3.0)
    monkeypatch.setattr(fed_printer, "HAND_OVER_S", 1.0)
    monkeypatch.setattr(dispenser_driver, "LOOK_EVERY_S", 0.1)
    stand.repair()
    dispenser.acts["repair"]()
    dispenser.acts["times"](motion_s=0.02)
    cups = stand.cups
    printer = CardPrinter(
        "card_printer",
        queue="adm-card",
        device=stand.uri(CARD),
        server=cups.server,
        claims=cups.claims,
        media=MEDIA_NAMES[CARD],
        stall_s=2.5,
    )
    fed = FedPrinter(printer, Crt591("card_dispenser", dispenser.settings()["port"], 57600), cups.claims)
    world = World(ledger, tmp_path, "card")
    file = io.BytesIO()
    Image.new("L", (638, 1016), 120).save(file, "PDF", resolution=300)
    world.preparer.prepared = Prepared(file.getvalue(), 1, chip=False)
    await fed.start()
    async with asyncio.timeout(15):
        while not (await fed.refresh()).ready:
            await asyncio.sleep(0.05)
    yield Site(fed, world, ledger)
    await fed.close()


async def test_a_card_is_fed_and_printed_once_and_felt_when_taken(
    site: Site, stand: PrintStand, dispenser: DispenserWorld
) -> None:
    fed = dispenser.state()["fed"]
    issuing = site.issue()
    async with asyncio.timeout(30):
        while not site.world.watcher.shown:
            await asyncio.sleep(0.05)
    stand.hand(CARD).do("take_card")
    issued = await issuing

    assert issued.state is EndState.TAKEN
    assert stand.printers.sheets(issued.attempt_id or "", CARD) == 1
    assert dispenser.state()["fed"] == fed + 1


async def test_an_empty_stacker_is_told_before_anything_is_begun(site: Site, dispenser: DispenserWorld) -> None:
    dispenser.acts["stacker"](n=0)
    issued = await site.issue()

    assert (issued.trouble, issued.attempt_id) == (Trouble.MEDIA_EMPTY, None)


async def test_a_blank_that_the_printer_does_not_take_is_kept_back_and_accounted_for(
    site: Site, stand: PrintStand, dispenser: DispenserWorld
) -> None:
    fed = dispenser.state()["fed"]
    dispenser.arming.arm("exit", "condition", {"name": "media_jam"}, url=stand.hand(CARD).url)
    issued = await site.issue()
    attempt = await site.ledger.attempt(issued.attempt_id or "")

    assert (attempt.phase, attempt.reason) == (Phase.SPOILED, "blank-not-handed-over")
    assert stand.printers.sheets(attempt.attempt_id, CARD) == 0
    state = dispenser.state()
    assert (state["fed"], state["bin"], state["card"]) == (fed + 1, 1, "none")


async def test_a_blank_of_which_nobody_knows_closes_the_machine_until_it_is_settled(
    site: Site, dispenser: DispenserWorld
) -> None:
    fed = dispenser.state()["fed"]
    dispenser.acts["jam"](seen=False)
    issued = await site.issue()
    attempt = await site.ledger.attempt(issued.attempt_id or "")

    assert (attempt.phase, attempt.reason) == (Phase.UNKNOWN, "blank-in-doubt")
    assert dispenser.state()["fed"] == fed + 1
    dispenser.acts["repair"]()
    dispenser.acts["restart"]()  # as a jam that no sensor saw wants it
    async with asyncio.timeout(30):
        while not (await site.printer.refresh()).ready:
            await asyncio.sleep(0.05)
    again = await site.issue()
    assert (again.attempt_id, again.state) == (None, EndState.IN_DOUBT)
    assert dispenser.state()["fed"] == fed + 1


async def test_a_blank_in_the_path_at_the_start_goes_to_the_bin_with_its_attempt(
    site: Site, stand: PrintStand, dispenser: DispenserWorld
) -> None:
    """The engine ends while the blank is on its way."""
    dispenser.acts["times"](motion_s=1.0)
    fed = dispenser.state()["fed"]
    issuing = site.issue()
    async with asyncio.timeout(30):
        while dispenser.state()["fed"] == fed:
            await asyncio.sleep(0.02)
    issuing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await issuing
    dispenser.acts["times"](motion_s=0.02)

    [ended] = await reconcile(site.ledger, None, site.printer)
    assert ended.phase is Phase.SPOILED
    assert stand.printers.sheets(ended.attempt_id, CARD) == 0
    state = dispenser.state()
    assert (state["fed"], state["bin"], state["card"]) == (fed + 1, 1, "none")
