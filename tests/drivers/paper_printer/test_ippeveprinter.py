"""A stock ippeveprinter in the place of the simulated A4 printer: nothing changes but the queue's address."""

from __future__ import annotations

import io
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image

from drivers.paper_printer.driver import PaperPrinter
from drivers.printer import JobEnd
from hardware_sim.printers.cups import PrivateCups, QueueSpec
from hardware_sim.printers.stand import MEDIA_NAMES, PAPER

pytestmark = pytest.mark.devices


@pytest.fixture(params=["counts", "says nothing"])
def ippeveprinter(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """Its address, and the folder of what it received. Its avahi client wants a bus, so it gets one of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adm-ie-")))
        folder.chmod(0o711)
        bus = f"unix:path={folder}/bus"
        started(stack, ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={bus}"], {})
        wait_for(lambda: (folder / "bus").exists())
        command = folder / "print"
        tells = "echo 'ATTR: job-impressions-completed=1' >&2\n" if request.param == "counts" else ""
        command.write_text(f"#!/bin/sh\nsleep 0.2\n{tells}exit 0\n")
        command.chmod(0o755)
        received = folder / "received"
        received.mkdir()
        port = free_port()
        service = ["ippeveprinter", "-r", "off", "-n", "localhost", "-p", str(port)]
        files = ["-d", str(received), "-k", "-c", str(command), "-f", "application/pdf,image/urf,image/pwg-raster"]
        started(
            stack,
            [*service, *files, "Stock printer"],
            {"DBUS_SYSTEM_BUS_ADDRESS": bus, "PATH": "/usr/bin:/usr/sbin:/bin"},
        )
        wait_for(lambda: answers(port))
        yield f"ipp://localhost:{port}/ipp/print", received


async def test_it_prints_the_same_way_and_is_believed(ippeveprinter: tuple[str, Path]) -> None:
    uri, received = ippeveprinter
    picture = io.BytesIO()
    Image.new("L", (620, 877), 100).save(picture, "PDF", resolution=75)
    with tempfile.TemporaryDirectory(prefix="adm-ic-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with PrivateCups(folder, [QueueSpec("adm-a4", uri, MEDIA_NAMES[PAPER])]) as cups:
            driver = PaperPrinter(
                "stock printer",
                queue="adm-a4",
                device=uri,
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
    assert len([file for file in received.iterdir() if file.suffix == ".pdf"]) == 1


def started(stack: ExitStack, command: list[str], environment: dict[str, str]) -> None:
    process = subprocess.Popen(command, env=environment or None, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait, 5)
    stack.callback(process.terminate)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
