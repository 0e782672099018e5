"""The driver passes what every card printer's driver must, and the few tests that only this machine can have."""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from contoh_cp1 import frames
from contoh_cp1.driver import Cp1Printer, card_printer
from PIL import Image
from simulated_cp1 import SimulatedCp1

from drivers.device import Condition, DeviceState
from drivers.errors import DeviceRefusedError
from drivers.options import DriverOptionError
from drivers.printer import CardPosition, JobEnd
from drivers.testing import CardPrinterConformance, new_attempt, print_card, running
from kiosk.documents.card_faces import card_page


class Rig:
    """See drivers.testing.CardRig."""

    def __init__(self, machine: SimulatedCp1, address: str, state: Path) -> None:
        self.machine = machine
        self.address = address
        self.state = state
        self.document = card_page(Image.new("RGB", (638, 1016), (90, 90, 200)))

    def make(self) -> Cp1Printer:
        return card_printer("card_printer", {"address": self.address, "stall_s": 5.0}, time.monotonic, self.state)

    def fed(self) -> int:
        return self.machine.fed

    def take(self) -> None:
        self.machine.take()


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    machine = SimulatedCp1()
    yield Rig(machine, await machine.start(), tmp_path)
    await machine.stop()


class TestCp1(CardPrinterConformance):
    @pytest.fixture
    def rig(self, rig: Rig) -> Rig:
        return rig


@pytest.mark.parametrize("address", ["printer", ":9300", "printer:cups"])
def test_a_wrong_address_is_named(address: str, tmp_path: Path) -> None:
    with pytest.raises(DriverOptionError, match="expected the printer's address, host:port"):
        card_printer("card_printer", {"address": address}, time.monotonic, tmp_path)


async def test_a_jam_leaves_the_attempt_unknown(rig: Rig) -> None:
    async with running(rig) as printer:
        before = await printer.counters()
        job = await printer.create(new_attempt())
        await printer.send(job, rig.document)
        rig.machine.conditions.add("jam")
        report = [report async for report in printer.follow(job, before, 1)][-1]

        assert (report.end, report.reason) == (JobEnd.UNKNOWN, "job-failed")
        assert Condition.MEDIA_JAM in (await printer.refresh()).conditions


async def test_a_lost_answer_to_a_motion_moves_once(rig: Rig) -> None:
    async with running(rig) as printer:
        await print_card(printer, rig)
        rig.machine.lost_answers.add("MOVE")
        await printer.present()
        assert await printer.position() is CardPosition.EXIT
        assert rig.machine.moves == ["slot"]


async def test_an_empty_feeder_is_refused_before_any_claim(rig: Rig) -> None:
    rig.machine.conditions.add("no-blanks")
    async with running(rig) as printer:
        job = await printer.create(new_attempt())
        with pytest.raises(DeviceRefusedError):
            await printer.send(job, rig.document)
        assert list(rig.state.iterdir()) == []


async def test_a_machine_that_is_switched_off_is_absent(rig: Rig) -> None:
    await rig.machine.stop()
    async with running(rig) as printer:
        assert printer.status.state is DeviceState.NO_DEVICE


@pytest.mark.parametrize("line", [b"", b"ok", b"maybe\n", b"\xff\n", b"ok " + b"x" * 300 + b"\n"])
def test_garbage_is_no_answer(line: bytes) -> None:
    with pytest.raises(frames.FrameError):
        frames.answer(line)


@pytest.mark.parametrize("words", ["", "idle none 1 2", "idle none x 2 -", "idle moon 1 2 -", "idle none 1 2 fire"])
def test_garbage_is_no_status(words: str) -> None:
    with pytest.raises(frames.FrameError):
        frames.status(words.split())
