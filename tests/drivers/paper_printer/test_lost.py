"""What is lost between cupsd and the printer: connections, answers, power, patience."""

from __future__ import annotations

import asyncio
import io
import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from PIL import Image

from drivers.device import DeviceState
from drivers.errors import DeviceAwayError
from drivers.paper_printer.driver import PaperPrinter
from drivers.printer import Counters, JobEnd, JobReport, SpoolJob
from drivers.spooler import device
from drivers.spooler import printer as spooled
from drivers.spooler.queue import QueueJob
from drivers.spooler.verdict import PROCESSING
from hardware_sim.printers.stand import MEDIA_NAMES, PAPER, PrintStand

pytestmark = pytest.mark.devices


def document() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((1240, 1754), 90).save(file, "PDF", resolution=150)  # some hundred kB, so that it can be cut
    return file.getvalue()


async def print_and_follow(printer: PaperPrinter, before: Counters, sheets: int = 1) -> tuple[SpoolJob, JobReport]:
    job = await printer.create(str(uuid.uuid4()))
    await printer.send(job, document())
    report = [report async for report in printer.follow(job, before, sheets)][-1]
    return job, report


async def test_a_printer_switched_off_before_the_job_got_nothing_surely(
    printer: PaperPrinter, stand: PrintStand
) -> None:
    before = await printer.counters()
    stand.hand(PAPER).do("power_off")
    job, report = await print_and_follow(printer, before)

    assert (report.end, report.reason) == (JobEnd.NOTHING, "not-sent")
    assert report.evidence["claim"] == "revoked"
    assert (await printer.refresh()).state is DeviceState.NO_DEVICE
    stand.hand(PAPER).do("power_on")
    await asyncio.sleep(0.5)
    assert stand.printers.sheets(job.attempt_id, PAPER) == 0


async def test_a_printer_that_loses_power_in_the_job_leaves_it_unknown(
    printer: PaperPrinter, stand: PrintStand
) -> None:
    hand = stand.hand(PAPER)
    hand.do("page_time", seconds=5)
    before = await printer.counters()

    async def cut_the_power() -> None:
        while not hand.state()["jobs"] or hand.state()["jobs"][-1]["state"] != 5:  # a machine has no events
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        hand.do("power_off")
        await asyncio.sleep(0.3)
        hand.do("power_on")

    (_, report), _ = await asyncio.gather(print_and_follow(printer, before), cut_the_power())

    assert report.end is JobEnd.UNKNOWN
    assert report.evidence["device_state"] is None, "the printer forgot its jobs"


async def test_a_lost_answer_to_the_document_prints_once_and_is_proved(
    printer: PaperPrinter, stand: PrintStand
) -> None:
    stand.hand(PAPER).do("lose_reply", operation="send-document")
    job, report = await print_and_follow(printer, await printer.counters())

    assert stand.printers.sheets(job.attempt_id, PAPER) == 1
    assert report.end is JobEnd.PRINTED


@pytest.mark.usefixtures("impatient")
async def test_a_document_cut_in_the_middle_is_never_called_printed(printer: PaperPrinter, stand: PrintStand) -> None:
    stand.hand(PAPER).do("drop_after", n=20000, times=50)
    job, report = await print_and_follow(printer, await printer.counters())

    assert stand.printers.sheets(job.attempt_id, PAPER) == 0
    assert report.end in (JobEnd.UNKNOWN, JobEnd.NOTHING)


@pytest.mark.usefixtures("impatient")
async def test_a_silent_printer_is_unknown_and_its_job_is_given_up(
    printer: PaperPrinter, stand: PrintStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "ANSWER_S", 0.3)
    before = await printer.counters()
    stand.hand(PAPER).do("hang")
    assert (await printer.refresh()).state is DeviceState.UNKNOWN
    _, report = await print_and_follow(printer, before)

    assert (report.end, report.reason) == (JobEnd.UNKNOWN, "device-silent")


async def test_without_cupsd_the_printer_is_offline_and_takes_no_job(printer: PaperPrinter, stand: PrintStand) -> None:
    stand.cups.kill()
    try:
        assert (await printer.refresh()).state is DeviceState.OFFLINE
        with pytest.raises(DeviceAwayError):
            await printer.create(str(uuid.uuid4()))
    finally:
        stand.cups.start_daemon()
    assert (await printer.refresh()).state is DeviceState.ONLINE
    _, report = await print_and_follow(printer, await printer.counters())
    assert report.end is JobEnd.PRINTED


async def test_a_job_stuck_in_a_stopped_queue_is_taken_out_before_the_queue_is_opened(
    printer: PaperPrinter, stand: PrintStand
) -> None:
    connection = stand.cups.connection()
    connection.disablePrinter("adm-a4")
    job, report = await print_and_follow(printer, await printer.counters())
    assert (report.end, report.reason) == (JobEnd.NOTHING, "queue-stopped")

    await printer.open_queue()
    await asyncio.sleep(0.5)
    assert stand.printers.sheets(job.attempt_id, PAPER) == 0
    assert (await printer.refresh()).ready


async def test_a_missing_printer_is_told_once_and_found_when_it_comes(
    stand: PrintStand, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stand.hand(PAPER).do("power_off")
    driver = PaperPrinter(
        "missing printer",
        queue="adm-a4",
        device=stand.uri(PAPER),
        server=stand.cups.server,
        claims=stand.cups.claims,
        media=MEDIA_NAMES[PAPER],
    )
    await driver.start()
    try:
        await asyncio.sleep(1.0)
        assert driver.status.state is DeviceState.NO_DEVICE
        stand.hand(PAPER).do("power_on")
        async with asyncio.timeout(8):
            while not driver.status.ready:
                await asyncio.sleep(0.05)
    finally:
        await driver.close()
    told = [r.getMessage() for r in caplog.records if r.getMessage().startswith("missing printer")]
    assert [message.split(":")[1].split()[0] for message in told] == ["lost", "back"]


async def test_a_reading_that_was_overtaken_is_no_return(
    printer: PaperPrinter, stand: PrintStand, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ask, answered, go_on = device.IppDevice.attributes, asyncio.Event(), asyncio.Event()

    async def held_up(asked: device.IppDevice, names: Sequence[str]) -> Mapping[str, Any]:
        answer = await ask(asked, names)
        answered.set()
        await go_on.wait()
        return answer

    await printer._supervision.close()  # nobody else asks
    monkeypatch.setattr(device.IppDevice, "attributes", held_up)
    early = asyncio.ensure_future(printer.refresh())
    await asyncio.wait_for(answered.wait(), 10)
    monkeypatch.setattr(device.IppDevice, "attributes", ask)
    stand.hand(PAPER).do("power_off")
    await printer.refresh()
    go_on.set()

    assert (await early).state is DeviceState.NO_DEVICE
    assert not [record for record in caplog.records if record.getMessage().endswith(": back")]


async def test_a_printer_that_says_that_it_is_busy_is_waited_for_and_not_given_up(
    printer: PaperPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer "busy" comes after ten seconds of CUPS' own; here its words are put in, to be quick."""
    before = await printer.counters()
    real, busy = printer._queued, [True]

    async def queued(job_id: int | None, attempt_id: str) -> QueueJob | None:
        if not busy[0]:
            return await real(job_id, attempt_id)
        return QueueJob(SpoolJob(job_id or 0, "", attempt_id), PROCESSING, "job-printing", in_use=True)

    monkeypatch.setattr(printer, "_queued", queued)
    monkeypatch.setattr(printer, "_stall_s", 0.5)
    job = await printer.create(str(uuid.uuid4()))

    async def free_after_a_while() -> None:
        await asyncio.sleep(2.5)  # five times as long as it would wait for a silent one
        await printer.send(job, document())
        printer._stall_s = 20.0
        busy[0] = False

    freeing = asyncio.create_task(free_after_a_while())
    report = [report async for report in printer.follow(job, before, 1)][-1]
    await freeing
    assert report.end is JobEnd.PRINTED


async def test_a_printer_that_stays_busy_is_given_up_in_the_end(
    printer: PaperPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def queued(job_id: int | None, attempt_id: str) -> QueueJob | None:
        return QueueJob(SpoolJob(job_id or 0, "", attempt_id), PROCESSING, "job-printing", in_use=True)

    monkeypatch.setattr(printer, "_queued", queued)
    monkeypatch.setattr(printer, "_stall_s", 0.3)
    monkeypatch.setattr(spooled, "BUSY_FOR_S", 1.0)
    job = await printer.create(str(uuid.uuid4()))
    report = [report async for report in printer.follow(job, await printer.counters(), 1)][-1]
    assert report.end is not JobEnd.PRINTED
    assert report.reason == "stalled"
