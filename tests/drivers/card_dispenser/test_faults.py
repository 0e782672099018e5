"""What goes wrong in the dispenser: held for a person until the sensors agree that it is mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from drivers.card_dispenser.driver import Crt591
from drivers.card_dispenser.errors import DispenserRefusedError, ErrorCode
from drivers.card_dispenser.frames import CardAt
from drivers.device import Condition, DeviceState
from drivers.errors import DeviceRefusedError
from drivers.testing import until
from hardware_sim.card_dispenser.dispenser import SimulatedDispenser

pytestmark = pytest.mark.devices


CODES = [
    ("A0", lambda machine: machine.machine.set_stacker(0), lambda machine: machine.machine.refill(50), "media_empty"),
    ("10", lambda machine: machine.machine.jam(), lambda machine: machine.machine.jam(on=False), "media_jam"),
]


@pytest.mark.parametrize(("code", "spoil", "mend", "condition"), CODES, ids=[code for code, *_ in CODES])
async def test_a_fault_is_held_for_a_person_until_the_sensors_agree(
    dispenser: Crt591,
    machine: SimulatedDispenser,
    code: str,
    spoil: Callable[[SimulatedDispenser], None],
    mend: Callable[[SimulatedDispenser], None],
    condition: str,
) -> None:
    await until(lambda: dispenser.status.ready)
    spoil(machine)
    with pytest.raises(DispenserRefusedError) as caught:
        await dispenser.feed()
    assert caught.value.code == code
    await until(lambda: Condition(condition) in dispenser.status.conditions)
    assert dispenser.status.state is DeviceState.USER_ERROR
    feeds = machine.asked(0x32)
    with pytest.raises(DeviceRefusedError):
        await dispenser.feed()
    assert machine.asked(0x32) == feeds, "nothing is tried while a fault is held"

    mend(machine)
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()


async def test_a_card_that_stuck_where_no_sensor_sees_it_waits_for_the_power_switch(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.jam(seen=False)
    with pytest.raises(DispenserRefusedError, match="jam"):
        await dispenser.feed()
    machine.machine.jam(on=False)
    await asyncio.sleep(0.3)
    assert dispenser.status.conditions == {Condition.MEDIA_JAM}

    machine.restart()
    await until(lambda: dispenser.status.ready)


async def test_a_full_bin_takes_no_card_until_it_is_empty(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()
    machine.machine.fill_bin()
    await until(lambda: Condition.REJECT_BIN_FULL in dispenser.status.conditions)
    with pytest.raises(DispenserRefusedError, match="bin_full"):
        await dispenser.capture()

    machine.machine.empty_bin()
    await until(lambda: not dispenser.status.conditions)
    await dispenser.capture()


async def test_a_counter_at_its_end_is_set_back_by_a_person(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.set_counter(999)
    await dispenser.feed()
    with pytest.raises(DispenserRefusedError, match="counter_overflow"):
        await dispenser.capture()
    await until(lambda: Condition.REJECT_BIN_FULL in dispenser.status.conditions)

    await dispenser.reset_counter()
    assert not dispenser.status.conditions
    await dispenser.capture()
    assert (await dispenser.counters()).captured == 1


async def test_a_card_pulled_out_by_hand_is_told_and_the_machine_finds_itself_again(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()
    machine.machine.moved_by_hand()
    with pytest.raises(DispenserRefusedError, match="moved_by_hand"):
        await dispenser.feed()

    await until(lambda: dispenser.status.ready)
    await dispenser.feed()


async def test_a_motor_that_fails_waits_for_the_power_switch(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.motor_error()
    with pytest.raises(DispenserRefusedError, match="motor"):
        await dispenser.feed()
    assert dispenser.status.state is DeviceState.HARDWARE_ERROR
    await asyncio.sleep(0.3)
    assert dispenser.status.state is DeviceState.HARDWARE_ERROR

    machine.restart()
    await until(lambda: dispenser.status.ready)


async def test_a_machine_with_a_jam_at_the_start_is_there_and_says_so(
    machine: SimulatedDispenser, hurried: None
) -> None:
    machine.machine.card = CardAt.INSIDE
    machine.machine.jam()
    dispenser = Crt591("dispenser", str(machine.line.link), baud=9600)
    await dispenser.start()
    await until(lambda: dispenser.status.conditions == {Condition.MEDIA_JAM})
    assert dispenser.status.state is DeviceState.USER_ERROR

    machine.machine.jam(on=False)
    await until(lambda: dispenser.status.ready)
    await dispenser.close()


async def test_stacker_low_is_told(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    machine.machine.set_stacker(5)
    await until(lambda: dispenser.status.conditions == {Condition.MEDIA_LOW})
    assert dispenser.status.ready


def test_codes_that_this_test_uses_are_those_of_the_table() -> None:
    assert [ErrorCode(code).name for code, *_ in CODES] == ["STACKER_EMPTY", "JAM"]
