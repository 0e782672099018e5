"""What every driver of a card printer must keep to, as tests that run on any of them.

A vendor's package makes a ``CardRig`` of its machine (a real or a simulated one) and a class that inherits the tests
(docs/vendor-drivers.md)::

    class TestOurDriver(CardPrinterConformance):
        @pytest.fixture
        def rig(self) -> CardRig: ...

Needs pytest and pytest-asyncio (``asyncio_mode = "auto"``); nothing of the kiosk imports this module.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import pytest

from drivers.device import Condition
from drivers.errors import DeviceError, DeviceRefusedError
from drivers.printer import CardPosition, CardPrinter, Counters, JobEnd, JobReport, SpoolJob


class CardRig(Protocol):
    """A machine with a driver, as the tests need it. Each test gets one that is ready, with an empty path."""

    document: bytes
    """A page as the kiosk makes it (kiosk.documents.card_faces.card_page)."""

    def make(self) -> CardPrinter:
        """A new driver for the machine as it is now; the second one is the driver after a restart of the kiosk."""

    def fed(self) -> int:
        """Blanks that have left the feeder since the machine was made."""

    def take(self) -> None:
        """A hand takes the card out of the slot."""


@contextlib.asynccontextmanager
async def running(rig: CardRig) -> AsyncIterator[CardPrinter]:
    """A driver that was started and has read its machine, closed at the end."""
    printer = rig.make()
    await printer.start()
    try:
        await printer.refresh()
        yield printer
    finally:
        await printer.close()


async def until(condition: Callable[[], object], within: float = 15.0) -> None:
    """Wait until this is true, at most so many seconds: for what comes by itself. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  # any condition, which has no event
            await asyncio.sleep(0.01)


def new_attempt() -> str:
    return str(uuid.uuid4())


async def last_report(printer: CardPrinter, job: SpoolJob, before: Counters) -> JobReport:
    """Follow a job; only the last report has an end."""
    reports = [report async for report in printer.follow(job, before, 1)]
    assert reports, "follow yields at least the end"
    assert [report.end for report in reports[:-1]] == [None] * (len(reports) - 1), "an end before the last report"
    assert reports[-1].end is not None, "the last report has no end"
    return reports[-1]


async def print_card(printer: CardPrinter, rig: CardRig, attempt_id: str | None = None) -> tuple[SpoolJob, JobReport]:
    """As the kiosk does it: counters, create, send, follow."""
    before = await printer.counters()
    job = await printer.create(attempt_id or new_attempt())
    await printer.send(job, rig.document)
    return job, await last_report(printer, job, before)


class CardPrinterConformance:
    """The tests; ``rig`` comes from the class that inherits them."""

    @pytest.fixture
    def rig(self) -> CardRig:
        raise NotImplementedError("a fixture rig that gives a CardRig")

    async def test_it_is_a_card_printer_and_read_after_a_refresh(self, rig: CardRig) -> None:
        unread = rig.make()
        assert isinstance(unread, CardPrinter)
        assert not unread.status.ready, "never read is not ready"
        async with running(rig) as printer:
            assert printer.status.read_at is not None
            assert printer.status.ready
            assert await printer.position() is CardPosition.NONE

    async def test_create_moves_nothing_and_abandon_takes_it_back(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            fed, before = rig.fed(), await printer.counters()
            attempt = new_attempt()
            job = await printer.create(attempt)
            assert job.attempt_id == attempt
            await printer.abandon(job)

            assert (rig.fed(), await printer.counters()) == (fed, before)
            assert await printer.position() is CardPosition.NONE
            assert (await printer.find(attempt, before, 1)).end is JobEnd.NOTHING

    async def test_a_printed_card_is_counted_and_held_at_the_station(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            fed, before = rig.fed(), await printer.counters()
            _, report = await print_card(printer, rig)

            assert report.end is JobEnd.PRINTED
            assert report.reason == ""
            assert rig.fed() == fed + 1
            assert await printer.position() is CardPosition.STATION
            if before.printed is not None:
                assert (await printer.counters()).printed == before.printed + 1

    async def test_the_evidence_is_kept_as_plain_values(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            _, report = await print_card(printer, rig)
            assert report.evidence
            assert json.loads(json.dumps(dict(report.evidence))) == dict(report.evidence)

    async def test_a_presented_card_waits_in_the_slot_until_it_is_taken(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            await print_card(printer, rig)
            await printer.present()
            assert await printer.position() is CardPosition.EXIT
            status = await printer.refresh()
            assert Condition.MEDIA_PRESENTED in status.conditions
            assert not status.ready, "nothing new while a card waits for a hand"

            rig.take()
            assert await printer.position() is CardPosition.NONE
            assert (await printer.refresh()).ready

    @pytest.mark.parametrize("presented", [False, True], ids=["from the station", "from the slot"])
    async def test_a_rejected_card_is_gone_and_counted_where_the_bin_has_a_counter(
        self, rig: CardRig, presented: bool
    ) -> None:
        async with running(rig) as printer:
            await print_card(printer, rig)
            if presented:
                await printer.present()
            before = await printer.counters()
            await printer.reject()
            after = await printer.counters()

            assert await printer.position() is CardPosition.NONE
            assert after.printed == before.printed
            assert after.rejected == (None if before.rejected is None else before.rejected + 1)

    async def test_without_a_card_nothing_is_presented_and_none_is_fed(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            fed = rig.fed()
            with pytest.raises(DeviceRefusedError):
                await printer.present()
            assert rig.fed() == fed

    async def test_an_attempt_is_sent_once(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            job, _ = await print_card(printer, rig)
            await printer.reject()
            fed = rig.fed()
            with contextlib.suppress(DeviceError):
                await printer.send(job, rig.document)
            with pytest.raises(DeviceRefusedError):
                await printer.create(job.attempt_id)
            await printer.refresh()

            assert rig.fed() == fed
            assert await printer.position() is CardPosition.NONE

    async def test_an_attempt_is_sent_once_over_a_restart_too(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            job, _ = await print_card(printer, rig)
            await printer.reject()
        fed = rig.fed()
        async with running(rig) as after:
            with pytest.raises(DeviceRefusedError):
                await after.create(job.attempt_id)
            with contextlib.suppress(DeviceError):
                await after.send(job, rig.document)
            await after.refresh()

        assert rig.fed() == fed

    async def test_what_was_never_sent_surely_came_to_nothing_and_never_will(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            before = await printer.counters()
            job = await printer.create(new_attempt())
        fed = rig.fed()
        async with running(rig) as after:
            assert (await after.find(job.attempt_id, before, 1)).end is JobEnd.NOTHING
            with contextlib.suppress(DeviceError):
                await after.send(job, rig.document)
            assert (await after.find(job.attempt_id, before, 1)).end is JobEnd.NOTHING
            assert await after.position() is CardPosition.NONE

        assert rig.fed() == fed

    async def test_an_attempt_that_nobody_knows_came_to_nothing(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            report = await printer.find(new_attempt(), await printer.counters(), 1)
            assert report.end is JobEnd.NOTHING

    async def test_a_printed_card_is_found_after_a_restart(self, rig: CardRig) -> None:
        async with running(rig) as printer:
            before = await printer.counters()
            job, _ = await print_card(printer, rig)
        async with running(rig) as after:
            report = await after.find(job.attempt_id, before, 1)
            assert report.end is JobEnd.PRINTED
            assert report.evidence
            assert await after.position() is CardPosition.STATION

    async def test_a_restart_in_the_middle_neither_prints_again_nor_says_nothing(self, rig: CardRig) -> None:
        fed = rig.fed()
        async with running(rig) as printer:
            before = await printer.counters()
            job = await printer.create(new_attempt())
            await printer.send(job, rig.document)
        async with running(rig) as after:
            report = await after.find(job.attempt_id, before, 1)
            assert report.end in (JobEnd.PRINTED, JobEnd.UNKNOWN)
            assert await after.position() is not CardPosition.NONE

        assert rig.fed() == fed + 1
