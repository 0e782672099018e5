"""A stock ippeveprinter in the place of the simulated A4 printer: nothing changes but the queue's address."""

from __future__ import annotations

import io
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from drivers.paper_printer.driver import PaperPrinter
from drivers.printer import JobEnd
from hardware_sim.printers.cups import PrivateCups, QueueSpec
from hardware_sim.printers.stand import MEDIA_NAMES, PAPER
from hardware_sim.printers.stock import StockPrinter, stock_printer

pytestmark = pytest.mark.devices


@pytest.fixture(params=[True, False], ids=["counts", "says nothing"])
def stock(request: pytest.FixtureRequest) -> Iterator[StockPrinter]:
    with stock_printer(counts=request.param) as printer:
        yield printer


async def test_it_prints_the_same_way_and_is_believed(stock: StockPrinter) -> None:
    picture = io.BytesIO()
    Image.new("L", (620, 877), 100).save(picture, "PDF", resolution=75)
    with tempfile.TemporaryDirectory(prefix="adm-ic-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with PrivateCups(folder, [QueueSpec("adm-a4", stock.uri, MEDIA_NAMES[PAPER])]) as cups:
            driver = PaperPrinter(
                "stock printer",
                queue="adm-a4",
                device=stock.uri,
                server=cups.server,
                claims=cups.claims,
                media=MEDIA_NAMES[PAPER],
                stall_s=20,
            )
            await driver.start()
            try:
                assert (await driver.refresh()).ready
                before = await driver.counters()
                job = await driver.create(str(uuid.uuid4()))
                await driver.send(job, picture.getvalue())
                reports = [report async for report in driver.follow(job, before, 1)]
            finally:
                await driver.close()

    assert reports[-1].end is JobEnd.PRINTED, reports[-1]
    assert len([file for file in stock.received.iterdir() if file.suffix == ".pdf"]) == 1
