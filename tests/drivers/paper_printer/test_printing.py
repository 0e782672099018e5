"""Documents on paper, through a real cupsd, and what the driver says of them beside what came out."""

from __future__ import annotations

import asyncio
import io
import uuid

import pytest
from PIL import Image, ImageChops, ImageStat

from drivers.device import Condition, DeviceState
from drivers.errors import DeviceRefusedError
from drivers.paper_printer.driver import PaperPrinter
from drivers.printer import JobEnd, JobReport, SpoolJob
from hardware_sim.printers.stand import PAPER, PrintStand

pytestmark = pytest.mark.devices
GREYS = (40, 120, 200)  # a page is told from another by its grey


def document(pages: int) -> bytes:
    pictures = [Image.new("L", (620, 877), GREYS[n]) for n in range(pages)]
    file = io.BytesIO()
    pictures[0].save(file, "PDF", resolution=75, save_all=True, append_images=pictures[1:])
    return file.getvalue()


async def begin(printer: PaperPrinter, pages: int) -> tuple[SpoolJob, asyncio.Task[list[JobReport]]]:
    """Create, send, and follow in a task."""
    before = await printer.counters()
    job = await printer.create(str(uuid.uuid4()))
    await printer.send(job, document(pages))

    async def follow() -> list[JobReport]:
        return [report async for report in printer.follow(job, before, pages)]

    return job, asyncio.create_task(follow())


async def test_a_document_is_printed_once_in_order_and_proved_by_the_device(
    printer: PaperPrinter, stand: PrintStand
) -> None:
    job, following = await begin(printer, 3)
    reports = await following

    assert reports[-1].end is JobEnd.PRINTED
    assert reports[-1].sheets_out == 3
    assert all(report.end is None for report in reports[:-1])
    assert stand.printers.sheets(job.attempt_id, PAPER) == 3
    lines = [line for line in stand.printers.ledger(PAPER, "sheet") if line["name"] == job.attempt_id]
    greys = [Image.open(stand.out(PAPER) / line["file"]).convert("L").getpixel((600, 800)) for line in lines]
    assert [abs(int(grey) - want) < 6 for grey, want in zip(greys, GREYS, strict=True)] == [True] * 3


async def test_the_page_arrives_as_it_was_drawn(printer: PaperPrinter, stand: PrintStand) -> None:
    drawn = Image.radial_gradient("L").resize((1240, 1754))
    file = io.BytesIO()
    drawn.save(file, "PDF", resolution=150)
    before = await printer.counters()
    job = await printer.create(str(uuid.uuid4()))
    await printer.send(job, file.getvalue())
    reports = [report async for report in printer.follow(job, before, 1)]

    assert reports[-1].end is JobEnd.PRINTED
    line = stand.printers.ledger(PAPER, "sheet")[-1]
    received = Image.open(stand.out(PAPER) / line["file"]).convert("L").resize(drawn.size)
    assert ImageStat.Stat(ImageChops.difference(received, drawn)).mean[0] < 3


async def test_the_same_attempt_is_never_created_twice(printer: PaperPrinter, stand: PrintStand) -> None:
    job, following = await begin(printer, 1)
    with pytest.raises(DeviceRefusedError):
        await printer.create(job.attempt_id)
    await following
    with pytest.raises(DeviceRefusedError):
        await printer.create(job.attempt_id)
    assert stand.printers.sheets(job.attempt_id, PAPER) == 1


async def test_paper_out_while_idle_is_seen_without_a_job(printer: PaperPrinter, stand: PrintStand) -> None:
    stand.hand(PAPER).do("condition", name="media_empty")
    status = await printer.refresh()

    assert Condition.MEDIA_EMPTY in status.conditions
    assert status.state is DeviceState.USER_ERROR
    assert not status.ready


@pytest.mark.usefixtures("impatient")
async def test_paper_out_before_the_first_sheet_ends_with_nothing(printer: PaperPrinter, stand: PrintStand) -> None:
    stand.hand(PAPER).do("condition", name="media_empty")
    job, following = await begin(printer, 1)
    reports = await following

    assert (reports[-1].end, reports[-1].reason) == (JobEnd.NOTHING, "media-empty")
    stand.hand(PAPER).do("condition", name="media_empty", on=False)
    await asyncio.sleep(0.5)
    assert stand.printers.sheets(job.attempt_id, PAPER) == 0, "it came out later, for the next person to find"


async def test_paper_out_in_the_middle_goes_on_after_a_refill(printer: PaperPrinter, stand: PrintStand) -> None:
    hand = stand.hand(PAPER)
    hand.do("page_time", seconds=0.4)
    job, following = await begin(printer, 2)
    await sheets_out(stand, job, 1)
    hand.do("condition", name="media_empty")
    await asyncio.sleep(0.5)
    hand.do("refill", n=10)
    reports = await following

    assert reports[-1].end is JobEnd.PRINTED
    assert any(Condition.MEDIA_EMPTY in report.status.conditions for report in reports)
    assert stand.printers.sheets(job.attempt_id, PAPER) == 2


@pytest.mark.usefixtures("impatient")
async def test_half_a_document_is_unknown_and_never_printed_nor_nothing(
    printer: PaperPrinter, stand: PrintStand
) -> None:
    hand = stand.hand(PAPER)
    hand.do("page_time", seconds=0.4)
    job, following = await begin(printer, 2)
    await sheets_out(stand, job, 1)
    hand.do("condition", name="media_jam")
    reports = await following

    assert (reports[-1].end, reports[-1].reason) == (JobEnd.UNKNOWN, "media-jam")
    assert reports[-1].evidence["counter_after"] == int(str(reports[-1].evidence["counter_before"])) + 1


async def test_a_job_cancelled_at_the_queue_before_a_sheet_ends_with_nothing(
    printer: PaperPrinter, stand: PrintStand
) -> None:
    stand.hand(PAPER).do("condition", name="cover_open")
    job, following = await begin(printer, 1)
    await asyncio.sleep(0.5)
    await printer.abandon(job)
    stand.hand(PAPER).do("condition", name="cover_open", on=False)
    reports = await following

    assert reports[-1].end in (JobEnd.NOTHING, JobEnd.UNKNOWN)
    await asyncio.sleep(0.3)
    assert stand.printers.sheets(job.attempt_id, PAPER) == 0


async def test_a_job_that_holds_no_data_yet_is_abandoned_without_a_trace(
    printer: PaperPrinter, stand: PrintStand
) -> None:
    before = await printer.counters()
    job = await printer.create(str(uuid.uuid4()))
    await printer.abandon(job)
    report = await printer.find(job.attempt_id, before, 1)

    assert report.end is JobEnd.NOTHING
    assert stand.printers.sheets(job.attempt_id, PAPER) == 0


@pytest.mark.parametrize("refusal", ["unavailable", "reset"])
async def test_a_job_is_abandoned_whatever_the_device_says_to_it(
    refusal: str, printer: PaperPrinter, stand: PrintStand
) -> None:
    before = await printer.counters()
    job = await printer.create(str(uuid.uuid4()))
    stand.hand(PAPER).do(refusal, on=True)
    try:
        await printer.abandon(job)
    finally:
        stand.hand(PAPER).do(refusal, on=False)

    assert (await printer.find(job.attempt_id, before, 1)).end is JobEnd.NOTHING


async def sheets_out(stand: PrintStand, job: SpoolJob, n: int) -> None:
    """Wait until so many sheets are out."""
    async with asyncio.timeout(10):
        while stand.printers.sheets(job.attempt_id, PAPER) < n:
            await asyncio.sleep(0.02)
