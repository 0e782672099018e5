"""The QR scanner over pyserial and a pseudo-terminal."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from drivers.device import DeviceState
from drivers.qr_scanner.driver import REPEAT_S, WAITING_SCANS, QrScanner
from drivers.qr_scanner.frames import Handle, Unreadable, parse_scan
from drivers.testing import until
from hardware_sim.serial_devices.qr_scanner import SimulatedQrScanner

pytestmark = pytest.mark.devices


class Clock:
    """Monotonic time that a test can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class Listener:
    """Collects what a consumer of the scanner gets."""

    def __init__(self, scanner: QrScanner) -> None:
        self.heard: list[str] = []
        self._task = asyncio.create_task(self._listen(scanner))

    async def _listen(self, scanner: QrScanner) -> None:
        async for text in scanner.scans():
            self.heard.append(text)

    async def wait_for(self, *texts: str) -> None:
        """Wait until exactly these were heard."""
        await until(lambda: len(self.heard) >= len(texts))
        assert self.heard == list(texts)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[SimulatedQrScanner]:
    machine = SimulatedQrScanner(tmp_path / "adm-scanner")
    machine.start()
    yield machine
    machine.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def scanner(machine: SimulatedQrScanner, clock: Clock) -> AsyncIterator[QrScanner]:
    scanner = QrScanner("scanner", str(machine.line.link), 9600, clock=clock)
    await scanner.start()
    await until(lambda: scanner.status.ready)
    yield scanner
    await scanner.close()


@pytest.fixture
async def listener(scanner: QrScanner) -> AsyncIterator[Listener]:
    listener = Listener(scanner)
    await until(lambda: len(scanner._consumers) == 1)
    yield listener
    await listener.close()


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
async def test_a_scanned_code_is_heard(listener: Listener, machine: SimulatedQrScanner, end: str) -> None:
    machine.scan("ADM1:k7Yw2pQz9", end)
    machine.scan("https://example.org", end)

    await listener.wait_for("ADM1:k7Yw2pQz9", "https://example.org")
    assert parse_scan(listener.heard[0]) == Handle("k7Yw2pQz9")


async def test_a_code_that_is_held_is_heard_once_and_again_after_a_pause(
    listener: Listener, scanner: QrScanner, machine: SimulatedQrScanner, clock: Clock
) -> None:
    async def hold(pause: float) -> None:
        clock.ahead += pause
        before = scanner._last
        machine.scan("ADM1:held")
        await until(lambda: scanner._last != before)

    for _ in range(4):  # longer than REPEAT_S in all, never so long between two
        await hold(REPEAT_S * 0.8)
    await listener.wait_for("ADM1:held")

    await hold(REPEAT_S * 1.1)
    await listener.wait_for("ADM1:held", "ADM1:held")


async def test_what_was_scanned_before_nobody_listened_is_not_heard(
    scanner: QrScanner, machine: SimulatedQrScanner
) -> None:
    first = Listener(scanner)
    await until(lambda: len(scanner._consumers) == 1)
    machine.scan("ADM1:earlier-person")
    await first.wait_for("ADM1:earlier-person")
    await first.close()

    second = Listener(scanner)
    await until(lambda: len(scanner._consumers) == 1)
    machine.scan("ADM1:this-person")
    await second.wait_for("ADM1:this-person")
    await second.close()


async def test_noise_is_unreadable_and_the_next_code_is_heard(listener: Listener, machine: SimulatedQrScanner) -> None:
    machine.garbage(count=300, seed=7)
    machine.scan("ADM1:after-noise")

    await until(lambda: "ADM1:after-noise" in listener.heard)
    assert listener.heard[-1] == "ADM1:after-noise"
    assert all(parse_scan(text) == Unreadable() for text in listener.heard[:-1])


async def test_a_flood_is_survived_and_the_next_code_is_heard(
    listener: Listener, scanner: QrScanner, machine: SimulatedQrScanner
) -> None:
    flooding = threading.Thread(target=machine.flood, args=(200_000,))
    flooding.start()
    await asyncio.to_thread(flooding.join)
    machine.scan("")  # the line end of the flood
    await asyncio.sleep(0.7)  # the line falls silent
    machine.scan("ADM1:after-flood")

    await listener.wait_for("ADM1:after-flood")
    assert scanner.status.ready


async def test_a_line_without_end_is_not_joined_to_the_next(listener: Listener, machine: SimulatedQrScanner) -> None:
    machine.partial("ADM1:half")
    await asyncio.sleep(0.8)  # longer than the driver waits for the rest of a line
    machine.scan("ADM1:whole")

    await listener.wait_for("ADM1:whole")


async def test_a_busy_consumer_gets_the_newest(scanner: QrScanner, machine: SimulatedQrScanner) -> None:
    scans = scanner.scans()
    first = asyncio.ensure_future(anext(scans))
    await until(lambda: len(scanner._consumers) == 1)
    machine.scan("ADM1:first")
    assert await first == "ADM1:first"

    for number in range(WAITING_SCANS + 5):
        machine.scan(f"ADM1:{number}")
    last = f"ADM1:{WAITING_SCANS + 4}"
    await until(lambda: scanner._last is not None and scanner._last[0] == last)

    waiting = [await anext(scans) for _ in range(WAITING_SCANS)]
    assert waiting[-1] == last
    await scans.aclose()


async def test_an_unplugged_scanner_comes_back_under_its_name(
    listener: Listener, scanner: QrScanner, machine: SimulatedQrScanner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "drivers.supervision"):
        machine.line.unplug()
        await until(lambda: scanner.status.state is DeviceState.NO_DEVICE)
        await asyncio.sleep(0.6)  # several tries meanwhile
        machine.line.plug()
        await until(lambda: scanner.status.ready)

    machine.scan("ADM1:again")
    await listener.wait_for("ADM1:again")
    supervision = [record for record in caplog.records if record.name == "drivers.supervision"]
    said = [record.getMessage().split(" (")[0] for record in supervision]
    assert said == ["scanner: lost", "scanner: back"]


async def test_scanned_texts_are_never_logged(
    listener: Listener, machine: SimulatedQrScanner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        machine.scan("ADM1:secret-handle")
        await listener.wait_for("ADM1:secret-handle")

    assert "secret-handle" not in caplog.text


async def test_the_scanner_may_come_after_the_kiosk(tmp_path: Path) -> None:
    scanner = QrScanner("scanner", str(tmp_path / "adm-scanner"), 9600)
    await scanner.start()
    await until(lambda: scanner.status.state is DeviceState.NO_DEVICE)

    machine = SimulatedQrScanner(tmp_path / "adm-scanner")
    machine.start()
    await until(lambda: scanner.status.ready)
    await scanner.close()
    machine.close()
