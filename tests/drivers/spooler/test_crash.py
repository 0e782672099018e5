"""cupsd is killed after the claim: with the fence nothing is printed twice, and without it the oracle shows two."""

from __future__ import annotations

import asyncio
import io
import time
import uuid
from collections.abc import Callable

import pytest
from PIL import Image

from drivers.errors import DeviceError
from drivers.paper_printer.driver import PaperPrinter
from drivers.printer import Counters, JobEnd
from hardware_sim.printers.stand import MEDIA_NAMES, PAPER, PrintStand

pytestmark = pytest.mark.devices
SHEETS = 2


def document() -> bytes:
    pages = [Image.new("L", (620, 877), 100) for _ in range(SHEETS)]
    file = io.BytesIO()
    pages[0].save(file, "PDF", resolution=75, save_all=True, append_images=pages[1:])
    return file.getvalue()


def wait_until(condition: Callable[[], bool], within: float = 10.0) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.02)


def driver_for(stand: PrintStand) -> PaperPrinter:
    return PaperPrinter(
        "paper printer",
        queue="adm-a4",
        device=stand.uri(PAPER),
        server=stand.cups.server,
        claims=stand.cups.claims,
        media=MEDIA_NAMES[PAPER],
        stall_s=3.0,
    )


async def create_and_send(stand: PrintStand) -> tuple[str, Counters]:
    driver = driver_for(stand)
    await driver.start()
    before = await driver.counters()
    job = await driver.create(str(uuid.uuid4()))
    await driver.send(job, document())
    await driver.close()
    return job.attempt_id, before


def starts(stand: PrintStand, attempt_id: str) -> int:
    return sum(line["name"] == attempt_id for line in stand.printers.ledger(PAPER, "job"))


async def test_cupsd_killed_while_the_printer_prints_prints_once_and_the_device_proves_it() -> None:
    with PrintStand(page_s=0.5) as stand:
        attempt_id, before = await create_and_send(stand)
        wait_until(lambda: starts(stand, attempt_id) == 1)
        stand.cups.kill()
        stand.cups.start_daemon()

        driver = driver_for(stand)  # the kiosk starts anew, too
        await driver.start()
        report = await driver.find(attempt_id, before, SHEETS)
        await driver.close()
        await asyncio.sleep(1.0)

        assert report.end is JobEnd.PRINTED
        assert (starts(stand, attempt_id), stand.printers.sheets(attempt_id, PAPER)) == (1, SHEETS)


async def test_cupsd_killed_while_the_printer_waits_for_paper_never_sends_it_again() -> None:
    with PrintStand(page_s=0.05) as stand:
        stand.hand(PAPER).do("condition", name="media_empty")
        attempt_id, before = await create_and_send(stand)
        wait_until(lambda: (stand.cups.claims / attempt_id).exists() and starts(stand, attempt_id) == 1)
        stand.cups.kill()
        stand.cups.start_daemon()
        wait_until(lambda: "was sent before" in stand.cups.error_log())
        stand.hand(PAPER).do("condition", name="media_empty", on=False)
        wait_until(lambda: stand.printers.sheets(attempt_id, PAPER) == SHEETS)

        driver = driver_for(stand)
        await driver.start()
        report = await driver.find(attempt_id, before, SHEETS)
        await driver.close()

        assert report.end is JobEnd.PRINTED
        assert starts(stand, attempt_id) == 1


def test_without_the_fence_the_same_kill_prints_twice() -> None:
    """The control: what the fence is for, and a proof that the oracle sees it."""
    with PrintStand(page_s=0.5, fenced=False) as stand:
        connection = stand.cups.connection()
        attempt_id = str(uuid.uuid4())
        job_id = connection.createJob("adm-a4", attempt_id, {"media": MEDIA_NAMES[PAPER]})
        data = document()
        connection.startDocument("adm-a4", job_id, attempt_id, "application/pdf", 1)
        connection.writeRequestData(data, len(data))
        connection.finishDocument("adm-a4")
        wait_until(lambda: starts(stand, attempt_id) == 1)
        stand.cups.kill()
        stand.cups.start_daemon()
        wait_until(lambda: starts(stand, attempt_id) == 2)


async def test_a_queue_without_the_fence_is_refused() -> None:
    with PrintStand(fenced=False) as stand:
        driver = driver_for(stand)
        await driver.start()
        with pytest.raises(Exception, match="adm-fence") as refused:
            await driver.create(str(uuid.uuid4()))
        await driver.close()
    assert type(refused.value).__name__ == "PermanentDeviceError"


async def test_an_engine_that_died_before_sending_finds_surely_nothing() -> None:
    with PrintStand() as stand:
        driver = driver_for(stand)
        await driver.start()
        before = await driver.counters()
        job = await driver.create(str(uuid.uuid4()))
        await driver.close()

        after_restart = driver_for(stand)
        await after_restart.start()
        report = await after_restart.find(job.attempt_id, before, SHEETS)
        never = await after_restart.find(str(uuid.uuid4()), before, SHEETS)
        await after_restart.close()

        assert (report.end, report.reason) == (JobEnd.NOTHING, "not-sent")
        assert (never.end, never.reason) == (JobEnd.NOTHING, "not-in-queue")


async def test_an_engine_that_died_while_the_printer_prints_follows_it_to_its_end() -> None:
    with PrintStand(page_s=0.4) as stand:
        attempt_id, before = await create_and_send(stand)
        driver = driver_for(stand)
        await driver.start()
        report = await driver.find(attempt_id, before, SHEETS)
        await driver.close()

        assert (report.end, report.sheets_out) == (JobEnd.PRINTED, SHEETS)


async def test_a_job_that_went_with_the_spool_is_followed_to_its_end_at_the_printer() -> None:
    """The unit empties the spool at each start of cupsd; what the printer has is not cancelled for that."""
    with PrintStand(page_s=0.5) as stand:
        attempt_id, before = await create_and_send(stand)
        wait_until(lambda: starts(stand, attempt_id) == 1)
        stand.cups.kill()
        stand.cups.kill_orphans()
        stand.cups.empty_spool()
        stand.cups.start_daemon()
        driver = driver_for(stand)
        await driver.start()
        report = await driver.find(attempt_id, before, SHEETS)
        await driver.close()

        assert report.evidence["queue_state"] is None
        assert (report.end, starts(stand, attempt_id)) == (JobEnd.PRINTED, 1)


async def test_a_job_given_up_while_cupsd_is_dead_never_comes_out_of_the_spool_it_left() -> None:
    with PrintStand() as stand:
        driver = driver_for(stand)
        await driver.start()
        before = await driver.counters()
        job = await driver.create(str(uuid.uuid4()))
        await driver.send(job, document())
        stand.cups.kill()
        stand.cups.kill_orphans()
        report = await driver.find(job.attempt_id, before, SHEETS)
        with pytest.raises(DeviceError):
            await driver.abandon(job)
        stand.cups.start_daemon()
        wait_until(lambda: "was sent before" in stand.cups.error_log())
        await driver.close()

        assert (report.end, report.reason) == (JobEnd.NOTHING, "spooler-away")
        assert starts(stand, job.attempt_id) == 0


async def test_after_the_power_is_cut_no_backend_of_cupsd_lives() -> None:
    with PrintStand(page_s=0.5) as stand:
        attempt_id, _ = await create_and_send(stand)
        wait_until(lambda: starts(stand, attempt_id) == 1)
        assert any("ipp" in command for command in stand.cups.started().values())
        stand.cups.cut_power()
        wait_until(lambda: not stand.cups.started())


async def test_a_spool_that_was_wiped_leaves_the_answer_to_the_printer() -> None:
    """The spool lies on tmpfs: after a power cut the queue knows nothing, the fence and the printer do."""
    with PrintStand() as stand:
        attempt_id, before = await create_and_send(stand)
        wait_until(lambda: stand.printers.sheets(attempt_id, PAPER) == SHEETS)
        stand.cups.kill()
        for file in (stand.folder / "cups" / "spool").glob("[cd]0*"):
            file.unlink()
        (stand.folder / "cups" / "cache" / "job.cache").unlink(missing_ok=True)
        stand.cups.start_daemon()
        driver = driver_for(stand)
        await driver.start()
        report = await driver.find(attempt_id, before, SHEETS)
        await driver.close()

        assert report.evidence["queue_state"] is None
        assert report.end is JobEnd.PRINTED
