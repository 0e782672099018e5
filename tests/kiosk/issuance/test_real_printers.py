"""The saga over the real drivers, a real cupsd and simulated machines; the machine's own ledger is the oracle."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_kiosk import World
from PIL import Image

from drivers.card_printer.driver import CardPrinter
from drivers.paper_printer.driver import PaperPrinter
from drivers.spooler import printer as spooled
from hardware_sim.control import Hand
from hardware_sim.printers.stand import CARD, MEDIA_NAMES, PAPER, PrintStand
from kiosk.documents.prepared import Prepared
from kiosk.issuance.issue import issue
from kiosk.issuance.ports import Times
from kiosk.issuance.reconcile import reconcile
from kiosk.issuance.run import Issued
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, NoticeKind, Trouble

pytestmark = pytest.mark.devices
PATIENT, HURRIED = Times(take_card=20, take_paper=20), Times(take_card=0.3, take_paper=0.3)


@pytest.fixture(scope="module")
def module_stand() -> Iterator[PrintStand]:
    with PrintStand(page_s=0.05) as stand:
        yield stand


class Site:
    """A world whose printer is real."""

    def __init__(self, stand: PrintStand, ledger: Ledger, folder: Path, kind: str) -> None:
        driver, self.kind = (CardPrinter, "card") if kind == CARD else (PaperPrinter, "a4")
        self.printer = driver(
            f"{kind}_printer",
            queue=f"adm-{kind}",
            device=stand.uri(kind),
            server=stand.cups.server,
            claims=stand.cups.claims,
            media=MEDIA_NAMES[kind],
            stall_s=2.5,  # two cores are shared with everything else: a healthy job must never look stalled
        )
        self.world = World(ledger, folder, self.kind)
        self.ledger = ledger
        size, dots = ((638, 1016), 300) if kind == CARD else ((620, 877), 75)
        file = io.BytesIO()
        Image.new("L", size, 120).save(file, "PDF", resolution=dots)
        self.world.preparer.prepared = Prepared(file.getvalue(), 1, chip=False)

    def issue(self, times: Times) -> asyncio.Task[Issued]:
        cards = self.printer if isinstance(self.printer, CardPrinter) else None
        means = replace(self.world.means, printer=self.printer, cards=cards, times=times)
        return asyncio.ensure_future(issue(self.world.permit, "token", means, self.world.watcher))

    async def attempt(self, issued: Issued) -> Attempt:
        assert issued.attempt_id is not None
        return await self.ledger.attempt(issued.attempt_id)


@pytest.fixture
async def cards(
    module_stand: PrintStand, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    async for site in _site(module_stand, ledger, tmp_path, CARD, monkeypatch):
        yield site


@pytest.fixture
async def sheets(
    module_stand: PrintStand, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    async for site in _site(module_stand, ledger, tmp_path, PAPER, monkeypatch):
        yield site


async def _site(
    stand: PrintStand, ledger: Ledger, folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    monkeypatch.setattr(spooled, "SETTLE_S", 3.0)
    stand.repair()
    site = Site(stand, ledger, folder, kind)
    await site.printer.start()
    yield site
    await site.printer.close()


async def test_paper_is_printed_once_and_said_to_be_taken(sheets: Site, module_stand: PrintStand) -> None:
    issued = await sheets.issue(PATIENT)
    assert issued.state is EndState.TAKEN
    attempt = await sheets.attempt(issued)
    assert module_stand.printers.sheets(attempt.attempt_id, PAPER) == 1
    assert attempt.evidence["claim"] == "fence"
    assert attempt.evidence["counter_after"] == (attempt.before.printed or 0) + 1


async def test_a_card_is_printed_once_and_felt_when_taken(cards: Site, module_stand: PrintStand) -> None:
    issuing = cards.issue(PATIENT)
    async with asyncio.timeout(30):
        while not cards.world.watcher.shown:
            await asyncio.sleep(0.05)
    assert cards.world.trace.on_disk() == "presented"
    module_stand.hand(CARD).do("take_card")
    issued = await issuing
    assert issued.state is EndState.TAKEN
    assert module_stand.printers.sheets(issued.attempt_id or "", CARD) == 1


async def test_a_card_that_nobody_takes_lies_in_the_bin(cards: Site) -> None:
    before = await cards.printer.counters()
    issued = await cards.issue(HURRIED)
    assert (issued.state, issued.notice) == (EndState.KEPT, NoticeKind.NOT_TAKEN)
    after = await cards.printer.counters()
    assert (after.printed, after.rejected) == ((before.printed or 0) + 1, (before.rejected or 0) + 1)
    assert (await cards.printer.refresh()).ready


async def test_an_empty_tray_is_told_before_anything_is_begun(sheets: Site, module_stand: PrintStand) -> None:
    module_stand.hand(PAPER).do("condition", name="media_empty")
    issued = await sheets.issue(PATIENT)
    assert (issued.notice, issued.trouble, issued.attempt_id) == (
        NoticeKind.PRINTER_TROUBLE,
        Trouble.MEDIA_EMPTY,
        None,
    )


def _moves(state: dict[str, Any]) -> bool:
    """A card is inside, or the newest job of an A4 printer is being printed (job-state 5, RFC 8011)."""
    if state["kind"] == "card":
        return bool(state["position"] == "inside")
    return bool(state["jobs"]) and state["jobs"][-1]["state"] == 5


async def _while_it_moves(site: Site, hand: Hand, act: str, **arguments: object) -> None:
    """Do an act in the middle of the printing."""
    async with asyncio.timeout(30):
        while site.world.trace.on_disk() != "printing" or not _moves(hand.state()):
            await asyncio.sleep(0.05)
    hand.do(act, **arguments)


async def test_a_card_that_jams_is_kept_back_and_reported_as_spoiled(cards: Site, module_stand: PrintStand) -> None:
    hand = module_stand.hand(CARD)
    hand.do("page_time", seconds=3)
    issuing = cards.issue(PATIENT)
    await _while_it_moves(cards, hand, "condition", name="media_jam")
    issued = await issuing
    assert (issued.state, issued.notice) == (EndState.KEPT, NoticeKind.PRINTER_TROUBLE)
    assert (issued.trouble, (await cards.attempt(issued)).phase) == (Trouble.MEDIA_JAM, Phase.SPOILED)


async def test_paper_whose_printer_loses_power_is_in_doubt_and_stays_so(sheets: Site, module_stand: PrintStand) -> None:
    hand = module_stand.hand(PAPER)
    hand.do("page_time", seconds=3)
    issuing = sheets.issue(PATIENT)
    await _while_it_moves(sheets, hand, "power_off")
    issued = await issuing
    assert issued.state is EndState.IN_DOUBT
    assert sheets.ledger.in_doubt == {sheets.printer.name}
    module_stand.repair()
    async with asyncio.timeout(30):
        while not (await sheets.printer.refresh()).ready:
            await asyncio.sleep(0.1)
    again = await sheets.issue(PATIENT)
    assert (again.state, again.notice) == (EndState.IN_DOUBT, NoticeKind.IN_DOUBT)
    await asyncio.sleep(1)  # nothing comes out by itself
    assert module_stand.printers.sheets(issued.attempt_id or "", PAPER) <= 1


async def test_a_card_cut_off_at_its_station_goes_to_the_bin_at_the_next_start(cards: Site) -> None:
    """The engine ends while the printed card waits at the chip station."""
    stopped = asyncio.Event()

    async def wait_for_ever(*_: object) -> None:
        stopped.set()
        await asyncio.Event().wait()

    assert cards.world.reader is not None
    cards.world.preparer.prepared = replace(cards.world.preparer.prepared, chip=True)
    cards.world.reader.wait_for_card = wait_for_ever  # type: ignore[method-assign,assignment]  # a chip that is slow
    issuing = cards.issue(PATIENT)
    async with asyncio.timeout(30):
        await stopped.wait()
    issuing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await issuing

    before = await cards.printer.counters()
    assert isinstance(cards.printer, CardPrinter)
    [ended] = await reconcile(cards.ledger, None, cards.printer)
    assert (ended.phase, ended.evidence["job_end"]) == (Phase.SPOILED, "printed")
    assert (await cards.printer.counters()).rejected == (before.rejected or 0) + 1
    assert (await cards.printer.refresh()).ready
