"""The saga over the Evolis driver, on a simulated library: a machine without a spooler and without a bin counter."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "drivers" / "evolis"))

from evolis_rig import Rig
from fake_kiosk import World
from simulated_evolis import SimulatedMachine, library

from drivers.evolis import driver as evolis_driver
from drivers.evolis.driver import EvolisPrinter
from drivers.testing import until
from kiosk.documents.prepared import Prepared
from kiosk.issuance.issue import issue
from kiosk.issuance.ports import Times
from kiosk.issuance.reconcile import reconcile
from kiosk.issuance.run import Issued
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, NoticeKind, Trouble

PATIENT, HURRIED = Times(take_card=20), Times(take_card=0.3)


class Site:
    """A world whose card printer is the driver's."""

    def __init__(self, rig: Rig, ledger: Ledger, folder: Path) -> None:
        self.rig = rig
        self.machine = rig.machine
        self.ledger = ledger
        self.world = World(ledger, folder, "card")
        self.world.preparer.prepared = Prepared(rig.document, 1, chip=False)
        self.printer: EvolisPrinter = rig.make()

    def issue(self, times: Times) -> asyncio.Task[Issued]:
        means = replace(self.world.means, printer=self.printer, cards=self.printer, times=times)
        return asyncio.ensure_future(issue(self.world.permit, "token", means, self.world.watcher))

    async def restart(self) -> None:
        """The kiosk's process ends and begins again; the machine goes on."""
        await self.printer.close()
        self.printer = self.rig.make()
        await self.printer.start()


@pytest.fixture
async def site(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    machine = SimulatedMachine()
    monkeypatch.setitem(sys.modules, "evolis", library(machine))
    monkeypatch.setattr(evolis_driver, "MOTION_S", 2.0)
    monkeypatch.setattr(evolis_driver, "SETTLE_S", 2.0)
    claims = tmp_path / "claims"
    claims.mkdir()
    site = Site(Rig(machine, claims), ledger, tmp_path)
    await site.printer.start()
    await site.printer.refresh()
    yield site
    await site.printer.close()


async def test_a_card_is_printed_once_and_felt_when_taken(site: Site) -> None:
    issuing = site.issue(PATIENT)
    await until(lambda: site.machine.place == "slot" and bool(site.world.watcher.shown))
    assert site.world.trace.on_disk() == "presented"
    site.machine.take()
    issued = await issuing

    assert issued.state is EndState.TAKEN
    assert (site.machine.fed, site.machine.binned) == (1, 0)
    attempt = await site.ledger.attempt(issued.attempt_id or "")
    assert attempt.evidence["return_code"] == "OK"
    assert attempt.evidence["counter_after"] == (attempt.before.printed or 0) + 1


async def test_a_card_that_nobody_takes_lies_in_the_bin(site: Site) -> None:
    issued = await site.issue(HURRIED)

    assert (issued.state, issued.notice) == (EndState.KEPT, NoticeKind.NOT_TAKEN)
    assert (site.machine.place, site.machine.binned) == (None, 1)
    assert (await site.printer.refresh()).ready


async def test_a_jam_spoils_the_card_which_is_kept_back(site: Site) -> None:
    site.machine.print_code, site.machine.fails_at = "PRINT_EMECHANICAL", "middle"
    issued = await site.issue(PATIENT)

    assert (issued.state, issued.reason, issued.trouble) == (EndState.KEPT, "media-jam", Trouble.MEDIA_JAM)
    assert (site.machine.fed, site.machine.binned) == (1, 1)


async def test_an_empty_feeder_is_told_before_anything_is_begun(site: Site) -> None:
    site.machine.minor, site.machine.major = "DEF_FEEDER_EMPTY", "WARNING"
    issued = await site.issue(PATIENT)

    assert (issued.trouble, issued.attempt_id, site.machine.fed) == (Trouble.MEDIA_EMPTY, None, 0)


async def test_what_the_library_refuses_costs_no_blank_and_no_permit(site: Site) -> None:
    site.machine.print_code, site.machine.fails_at = "PRINT_NEEDACTION", "start"
    issued = await site.issue(PATIENT)

    assert (issued.state, issued.reason) == (EndState.NOT_PRINTED, "needs-action")
    assert site.machine.fed == 0


@pytest.mark.parametrize("where", ["print", "slot"])
async def test_a_kiosk_that_ends_in_the_middle_settles_it_at_the_next_start(site: Site, where: str) -> None:
    site.machine.print_s = 0.3
    issuing = site.issue(PATIENT)
    await until(lambda: site.machine.place == where)
    issuing.cancel()
    await asyncio.gather(issuing, return_exceptions=True)
    await site.restart()
    (ended,) = await reconcile(site.ledger, None, site.printer, patience_s=5)

    expected = {"print": (Phase.SPOILED, "spoiled"), "slot": (Phase.RETRACTED, "spoiled")}
    assert (ended.phase, ended.outcome) == expected[where]
    assert (site.machine.place, site.machine.fed, site.machine.binned) == (None, 1, 1)
