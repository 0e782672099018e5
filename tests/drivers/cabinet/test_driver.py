"""The cabinet over pymodbus, pyserial and a pseudo-terminal."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.cabinet.driver import Cabinet, Change
from drivers.cabinet.frames import Contact, Lamp
from drivers.device import Condition, DeviceState
from drivers.testing import until
from hardware_sim.cabinet.board import PROFILE, SimulatedBoard

pytestmark = pytest.mark.devices


class Listener:
    """Collects what a consumer of the cabinet gets."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.heard: list[Change] = []
        self._task = asyncio.create_task(self._listen(cabinet))

    async def _listen(self, cabinet: Cabinet) -> None:
        async for change in cabinet.changes():
            self.heard.append(change)

    async def wait_for(self, *changes: Change) -> None:
        """Wait until exactly these were heard."""
        await until(lambda: len(self.heard) >= len(changes))
        assert self.heard == list(changes)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture
async def listener(cabinet: Cabinet) -> AsyncIterator[Listener]:
    listener = Listener(cabinet)
    await until(lambda: len(cabinet._consumers) == 1)
    yield listener
    await listener.close()


def lit(board: SimulatedBoard) -> list[str]:
    return board.state()["lit"]


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage().split(" (")[0] for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_cabinet_at_rest_is_ready(cabinet: Cabinet) -> None:
    assert cabinet.inputs is None
    await until(lambda: cabinet.status.ready)

    assert cabinet.inputs == frozenset()


async def test_doors_button_and_key_are_told_when_they_change(
    cabinet: Cabinet, board: SimulatedBoard, listener: Listener
) -> None:
    await until(lambda: cabinet.status.ready)
    board.open_door("paper_door")
    await until(lambda: cabinet.inputs == {Contact.PAPER_DOOR})
    assert cabinet.status.conditions == {Condition.COVER_OPEN}
    assert not cabinet.status.ready
    board.key(True)
    await until(lambda: cabinet.inputs == {Contact.PAPER_DOOR, Contact.KEY_SWITCH})
    board.close_door("paper_door")
    await until(lambda: cabinet.inputs == {Contact.KEY_SWITCH})
    await asyncio.to_thread(board.press_call)

    await listener.wait_for(
        Change(Contact.PAPER_DOOR, active=True),
        Change(Contact.KEY_SWITCH, active=True),
        Change(Contact.PAPER_DOOR, active=False),
        Change(Contact.CALL_BUTTON, active=True),
        Change(Contact.CALL_BUTTON, active=False),
    )
    assert cabinet.status.ready


async def test_a_door_that_stands_open_at_the_start_is_told(tmp_path: Path, board: SimulatedBoard) -> None:
    board.open_door("service_door")
    cabinet = Cabinet("cabinet", str(board.line.link), 115200, "none", PROFILE)
    await cabinet.start()
    listener = Listener(cabinet)

    await listener.wait_for(Change(Contact.SERVICE_DOOR, active=True))
    await listener.close()
    await cabinet.close()


async def test_lamps_burn_as_wanted_and_are_dark_after_the_close(tmp_path: Path, board: SimulatedBoard) -> None:
    cabinet = Cabinet("cabinet", str(board.line.link), 115200, "none", PROFILE)
    await cabinet.start()
    cabinet.lamp(Lamp.CARD_SLOT, on=True)
    await until(lambda: lit(board) == ["card_slot"])
    cabinet.lamp(Lamp.SCANNER, on=True)
    cabinet.lamp(Lamp.CARD_SLOT, on=False)
    await until(lambda: lit(board) == ["scanner"])

    await cabinet.close()
    assert lit(board) == []


async def test_a_board_that_was_restarted_gets_its_lamps_back(cabinet: Cabinet, board: SimulatedBoard) -> None:
    cabinet.lamp(Lamp.PAPER_TRAY, on=True)
    await until(lambda: lit(board) == ["paper_tray"])

    board.restart()
    await until(lambda: lit(board) == ["paper_tray"])


async def test_lamps_left_burning_by_an_engine_that_died_are_put_out_by_the_next(
    board: SimulatedBoard, cabinet: Cabinet
) -> None:
    board._coils[PROFILE.lamps[Lamp.CARD_SLOT]] = True

    await until(lambda: lit(board) == [])


async def test_the_board_puts_its_lamps_out_when_the_engine_is_lost(tmp_path: Path, board: SimulatedBoard) -> None:
    profile = replace(PROFILE, watchdog=(0, 5))  # half a second
    cabinet = Cabinet("cabinet", str(board.line.link), 115200, "none", profile)
    await cabinet.start()
    cabinet.lamp(Lamp.CARD_SLOT, on=True)
    await until(lambda: lit(board) == ["card_slot"])
    await asyncio.sleep(0.8)  # longer than the watchdog is patient: the polls keep it quiet
    assert board.watchdog_bites == 0

    hang = threading.Event()
    cabinet._owner.submit(hang.wait)  # nothing is asked any more, as of an engine that was stopped or killed
    await until(lambda: lit(board) == [])
    assert board.watchdog_bites == 1
    hang.set()
    await cabinet.close()


@pytest.mark.parametrize(
    ("spoil", "mend"),
    [
        (lambda board: board.silence(True), lambda board: board.silence(False)),
        (lambda board: board.wrong_crc(True), lambda board: board.wrong_crc(False)),
        (lambda board: board.slow_bytes(0.4), lambda board: board.slow_bytes(0)),
    ],
    ids=["silent", "wrong crc", "slow"],
)
async def test_a_board_that_is_not_understood_is_unknown_and_heals(
    cabinet: Cabinet,
    board: SimulatedBoard,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[SimulatedBoard], None],
    mend: Callable[[SimulatedBoard], None],
) -> None:
    await until(lambda: cabinet.status.ready)
    with caplog.at_level(logging.WARNING):
        spoil(board)
        await until(lambda: cabinet.status.state is DeviceState.UNKNOWN)
        assert cabinet.inputs is None
        assert not cabinet.status.conditions
        await asyncio.sleep(0.8)
        cabinet.lamp(Lamp.SCANNER, on=True)
        mend(board)
        await until(lambda: cabinet.status.ready and lit(board) == ["scanner"])

    assert said(caplog) == ["cabinet: lost", "cabinet: back"]


async def test_bytes_that_come_slowly_are_waited_for(cabinet: Cabinet, board: SimulatedBoard) -> None:
    await until(lambda: cabinet.status.ready)
    board.slow_bytes(0.02)
    board.open_door("card_door")

    await until(lambda: cabinet.inputs == {Contact.CARD_DOOR})


async def test_what_changed_while_the_board_was_away_is_told_when_it_is_back(
    cabinet: Cabinet, board: SimulatedBoard, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    await until(lambda: cabinet.status.ready)
    with caplog.at_level(logging.WARNING):
        board.line.unplug()
        await until(lambda: cabinet.status.state is DeviceState.NO_DEVICE)
        assert cabinet.inputs is None
        board.open_door("service_door")
        await asyncio.sleep(0.6)  # several tries meanwhile
        board.line.plug()
        await until(lambda: cabinet.status.state is DeviceState.ONLINE)

    await listener.wait_for(Change(Contact.SERVICE_DOOR, active=True))
    assert said(caplog) == ["cabinet: lost", "cabinet: back"]


async def test_replugging_leaves_no_descriptor_and_no_thread_behind(cabinet: Cabinet, board: SimulatedBoard) -> None:
    async def replug() -> None:
        board.line.unplug()
        await until(lambda: cabinet.status.state is DeviceState.NO_DEVICE)
        board.line.plug()
        await until(lambda: cabinet.status.ready)

    await until(lambda: cabinet.status.ready)
    await replug()
    before = (len(list(Path("/proc/self/fd").iterdir())), threading.active_count())
    for _ in range(5):
        await replug()

    assert (len(list(Path("/proc/self/fd").iterdir())), threading.active_count()) == before


async def test_a_board_without_the_addresses_is_given_up(
    board: SimulatedBoard, caplog: pytest.LogCaptureFixture
) -> None:
    profile = replace(PROFILE, contacts={Contact.CALL_BUTTON: 100})
    cabinet = Cabinet("cabinet", str(board.line.link), 115200, "none", profile)
    await cabinet.start()
    await until(lambda: cabinet.status.state is DeviceState.HARDWARE_ERROR)
    asked = board.requests
    await asyncio.sleep(0.5)

    assert board.requests == asked
    assert said(caplog) == ["cabinet: given up: the board has not what the profile says"]
    await cabinet.close()


async def test_a_fault_of_the_board_itself_is_an_error_of_hardware_and_heals(
    cabinet: Cabinet, board: SimulatedBoard
) -> None:
    await until(lambda: cabinet.status.ready)
    board.answer_exception(4)  # server device failure
    await until(lambda: cabinet.status.state is DeviceState.HARDWARE_ERROR)
    assert cabinet.inputs is None

    board.answer_exception(0)
    await until(lambda: cabinet.status.ready)


async def test_the_board_may_come_after_the_kiosk(tmp_path: Path) -> None:
    cabinet = Cabinet("cabinet", str(tmp_path / "adm-cabinet"), 19200, "even", PROFILE)
    await cabinet.start()
    await until(lambda: cabinet.status.state is DeviceState.NO_DEVICE)

    board = SimulatedBoard(tmp_path / "adm-cabinet")
    board.start()
    await until(lambda: cabinet.status.ready)
    await cabinet.close()
    board.close()
