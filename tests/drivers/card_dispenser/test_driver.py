"""The dispenser over pyserial and a pseudo-terminal: what it does, and what it never does twice."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.card_dispenser import protocol
from drivers.card_dispenser.driver import Crt591
from drivers.card_dispenser.errors import DispenserRefusedError, ErrorCode
from drivers.card_dispenser.frames import CardAt, Command, Control
from drivers.card_dispenser.protocol import DispenserLine, NotAcknowledgedError, Within
from drivers.device import Condition, DeviceState
from drivers.dispenser import BlankPosition, CardDispenser, OutcomeUnknownError
from drivers.errors import DeviceError, DeviceRefusedError, DeviceTimeoutError
from hardware_sim.card_dispenser.dispenser import SimulatedDispenser

pytestmark = pytest.mark.devices

FEED = Command(0x32, 0x31)


async def until(condition: Callable[[], bool], within: float = 15.0) -> None:
    """Wait for something that comes by itself."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.01)


def asked(machine: SimulatedDispenser, cm: int) -> list[Command]:
    return [command for command in machine.heard if command.cm == cm]


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage().split(" (")[0] for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are waited for half a second."""

    monkeypatch.setitem(protocol.WITHIN_S, Within.MOVE, 0.5)
    monkeypatch.setitem(protocol.WITHIN_S, Within.QUICK, 0.5)


async def test_a_blank_is_fed_presented_and_taken(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    assert isinstance(dispenser, CardDispenser)
    assert not dispenser.status.ready, "never read is not ready"
    await until(lambda: dispenser.status.ready)
    assert await dispenser.position() is BlankPosition.NONE

    await dispenser.feed()
    assert await dispenser.position() is BlankPosition.HELD
    await dispenser.present()
    assert await dispenser.position() is BlankPosition.GATE
    assert dispenser.status.conditions == {Condition.MEDIA_PRESENTED}

    machine.machine.take_card()
    assert await dispenser.position() is BlankPosition.NONE
    assert (await dispenser.counters()).captured == 0
    assert machine.state()["fed"] == machine.state()["taken"] == 1


@pytest.mark.parametrize("presented", [False, True], ids=["from the path", "from the gate"])
async def test_a_captured_card_is_counted(dispenser: Crt591, machine: SimulatedDispenser, presented: bool) -> None:
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()
    if presented:
        await dispenser.present()
    await dispenser.capture()

    assert await dispenser.position() is BlankPosition.NONE
    assert (await dispenser.counters()).captured == 1
    assert machine.state()["bin"] == 1


async def test_at_the_start_no_card_moves(machine: SimulatedDispenser, hurried: None) -> None:
    machine.machine.card, machine.machine.serial = CardAt.INSIDE, "D000009"
    dispenser = Crt591("dispenser", str(machine.line.link), baud=9600)
    await dispenser.start()
    await until(lambda: dispenser.status.read_at is not None)

    assert await dispenser.position() is BlankPosition.HELD
    assert asked(machine, 0x30) == [Command(0x30, 0x33)]
    assert asked(machine, 0x32) == []
    await dispenser.close()


async def test_what_cannot_be_is_refused_and_moves_nothing(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    with pytest.raises(DeviceRefusedError, match="no card"):
        await dispenser.present()
    with pytest.raises(DeviceRefusedError, match="no card"):
        await dispenser.capture()
    await dispenser.feed()
    with pytest.raises(DeviceRefusedError, match="a card is in the path"):
        await dispenser.feed()

    assert asked(machine, 0x32) == [FEED]


# -- an answer that is lost


async def test_a_lost_answer_never_moves_twice_and_the_sensors_tell(
    dispenser: Crt591, machine: SimulatedDispenser, impatient: None
) -> None:
    await until(lambda: dispenser.status.ready)
    for motion in (dispenser.feed, dispenser.present, dispenser.capture):
        machine.lose_answer()
        await motion()

    assert [command.pm for command in asked(machine, 0x32)] == [0x31, 0x39, 0x33]
    assert machine.state()["fed"] == machine.state()["captured"] == 1


async def test_a_lost_ack_never_moves_twice(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.motion_s = 1.0  # three times the patience for an ACK
    machine.lose_ack()
    await dispenser.feed()

    assert asked(machine, 0x32) == [FEED]
    assert await dispenser.position() is BlankPosition.HELD


async def test_a_motion_that_did_not_arrive_is_sent_again_three_times_at_most(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.lose_command(times=2)
    await dispenser.feed()
    assert asked(machine, 0x32) == [FEED]
    await dispenser.capture()

    machine.lose_command(times=3)
    with pytest.raises(NotAcknowledgedError, match="nothing moved"):
        await dispenser.feed()
    assert machine._faults["lose_command motion"] == 0
    assert machine.state()["fed"] == 1


async def test_nak_asks_for_the_command_again_three_times_at_most(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.nak(times=2, motions=True)
    await dispenser.feed()
    machine.nak(times=3, motions=True)
    with pytest.raises(NotAcknowledgedError):
        await dispenser.present()

    assert asked(machine, 0x32) == [FEED]
    await dispenser.present()
    assert await dispenser.position() is BlankPosition.GATE


async def test_an_answer_with_a_wrong_check_byte_is_asked_for_again(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.wrong_bcc(times=3, motions=True)
    await dispenser.feed()

    assert asked(machine, 0x32) == [FEED]
    assert machine._faults["wrong_bcc motion"] == 0


async def test_an_answer_that_stays_broken_leaves_the_word_to_the_sensors(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.wrong_bcc(times=10, motions=True)
    await dispenser.feed()

    assert asked(machine, 0x32) == [FEED]
    assert machine._faults["wrong_bcc motion"] == 6  # sent once, and asked for three times


async def test_a_card_that_nobody_can_see_after_a_lost_answer_is_unknown(
    dispenser: Crt591, machine: SimulatedDispenser, impatient: None
) -> None:
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()
    machine.lose_answer()
    machine.machine.reached = lambda phase: machine.silence() if phase == "after" else None
    with pytest.raises(OutcomeUnknownError, match="present"):
        await dispenser.present()
    assert await dispenser.position() is BlankPosition.UNKNOWN
    assert dispenser.status.state is DeviceState.UNKNOWN

    machine.silence(on=False)
    await until(lambda: dispenser.status.conditions == {Condition.MEDIA_PRESENTED})
    assert len(asked(machine, 0x32)) == 2


async def test_a_plug_pulled_in_a_motion_leaves_its_outcome_unknown(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.reached = lambda phase: machine.line.unplug() if phase == "printing" else None
    with pytest.raises(OutcomeUnknownError):
        await dispenser.feed()
    await until(lambda: dispenser.status.state is DeviceState.NO_DEVICE)

    machine.line.plug()
    await until(lambda: dispenser.status.state is DeviceState.ONLINE)
    assert await dispenser.position() is BlankPosition.HELD
    assert asked(machine, 0x32) == [FEED]


async def test_a_card_that_the_machine_took_back_was_not_taken(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.take_back_s = 0.2
    before = await dispenser.counters()
    await dispenser.feed()
    await dispenser.present()
    await until(lambda: Condition.MEDIA_PRESENTED not in dispenser.status.conditions)

    assert await dispenser.position() is BlankPosition.NONE
    assert (await dispenser.counters()).captured == (before.captured or 0) + 1


# -- faults


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
    feeds = asked(machine, 0x32)
    with pytest.raises(DeviceRefusedError):
        await dispenser.feed()
    assert asked(machine, 0x32) == feeds, "nothing is tried while a fault is held"

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


# -- the line


async def test_a_machine_that_was_switched_off_and_on_is_initialised_before_a_look(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()
    machine.restart()
    assert await dispenser.position() is BlankPosition.HELD

    assert asked(machine, 0x30) == [Command(0x30, 0x33)] * 2
    assert asked(machine, 0x32) == [FEED]


@pytest.mark.parametrize(
    ("spoil", "mend"),
    [
        (lambda machine: machine.silence(), lambda machine: machine.silence(on=False)),
        (lambda machine: machine.wrong_bcc(times=100_000), lambda machine: machine.wrong_bcc(times=0)),
        (lambda machine: machine.slow_bytes(0.6), lambda machine: machine.slow_bytes(0)),
    ],
    ids=["silent", "wrong check byte", "slow"],
)
async def test_a_machine_that_is_not_understood_is_unknown_and_heals(
    dispenser: Crt591,
    machine: SimulatedDispenser,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[SimulatedDispenser], None],
    mend: Callable[[SimulatedDispenser], None],
) -> None:
    await until(lambda: dispenser.status.ready)
    with caplog.at_level(logging.WARNING):
        spoil(machine)
        await until(lambda: dispenser.status.state is DeviceState.UNKNOWN)
        with pytest.raises(DeviceError):
            await dispenser.feed()
        mend(machine)
        await until(lambda: dispenser.status.ready)

    assert said(caplog) == ["dispenser: lost", "dispenser: back"]
    assert asked(machine, 0x32) == []


async def test_noise_that_looks_like_an_acknowledgement_does_not_keep_the_line(
    machine: SimulatedDispenser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a speed that is only tried, the answer to it is not waited for as long as an INIT may take."""
    monkeypatch.setitem(protocol.WITHIN_S, Within.INIT, 300.0)
    monkeypatch.setitem(protocol.WITHIN_S, Within.MEET, 0.5)
    line = DispenserLine("dispenser", str(machine.line.link), None, 0, None)
    assert (await asyncio.to_thread(line.open)).baud == 9600
    hears_at = machine._hears_at

    def noisy(speed: int | None) -> bool:
        if speed == 115200:
            machine.line.write(bytes([Control.ACK]))
        return hears_at(speed) and speed != 9600

    monkeypatch.setattr(machine, "_hears_at", noisy)
    machine.restart()
    async with asyncio.timeout(60):
        assert (await asyncio.to_thread(line.open)).baud == 38400
    line.close()


async def test_a_machine_that_takes_long_to_initialise_is_met_the_next_time(
    machine: SimulatedDispenser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(protocol.WITHIN_S, Within.MEET, 0.1)
    initialise = machine.machine.initialise

    def slowly(go: str) -> None:
        machine.machine.ending.wait(0.5)
        initialise(go)

    monkeypatch.setattr(machine.machine, "initialise", slowly)
    line = DispenserLine("dispenser", str(machine.line.link), None, 0, None)
    with pytest.raises(DeviceTimeoutError):
        await asyncio.to_thread(line.open)
    assert (await asyncio.to_thread(line.open)).baud == 9600
    line.close()


async def test_bytes_that_come_slowly_are_waited_for(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    machine.slow_bytes(0.02)
    await dispenser.feed()

    assert await dispenser.position() is BlankPosition.HELD


async def test_noise_before_an_answer_does_no_harm(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.reached = lambda phase: machine.line.write(b"\xf2\x00\x00\x30\x15\x06noise")
    await dispenser.feed()

    assert asked(machine, 0x32) == [FEED]
    assert await dispenser.position() is BlankPosition.HELD


async def test_the_speed_is_found_and_kept_after_a_loss(
    machine: SimulatedDispenser, hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "ACK_S", 0.05)
    machine._baud = 19200  # as a machine that was initialised by the engine before
    dispenser = Crt591("dispenser", str(machine.line.link))
    await dispenser.start()
    await until(lambda: dispenser.status.ready)
    assert dispenser.identity is not None
    assert (dispenser.identity.baud, dispenser.identity.firmware) == (19200, "CRT-591-M001")
    assert dispenser._line._bauds == [19200, 115200, 9600, 38400, 57600]

    await dispenser.close()


async def test_unplugged_and_plugged_in_again(
    dispenser: Crt591, machine: SimulatedDispenser, caplog: pytest.LogCaptureFixture
) -> None:
    async def replug() -> None:
        machine.line.unplug()
        await until(lambda: dispenser.status.state is DeviceState.NO_DEVICE)
        machine.line.plug()
        await until(lambda: dispenser.status.ready)

    await until(lambda: dispenser.status.ready)
    with caplog.at_level(logging.WARNING):
        await replug()
    assert said(caplog) == ["dispenser: lost", "dispenser: back"]
    before = (len(list(Path("/proc/self/fd").iterdir())), threading.active_count())
    for _ in range(3):
        await replug()

    assert (len(list(Path("/proc/self/fd").iterdir())), threading.active_count()) == before


async def test_another_address_is_another_machine(machine: SimulatedDispenser, hurried: None) -> None:
    machine.address = 5
    dispenser = Crt591("dispenser", str(machine.line.link), baud=9600, address=5)
    await dispenser.start()
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()
    await dispenser.close()


# -- variants


@pytest.mark.parametrize("name", ["r02", "h001"])
async def test_each_variant_is_known_by_its_answers_and_told_its_own_commands(
    machine: SimulatedDispenser, hurried: None, name: str
) -> None:
    machine.variant(name)
    dispenser = Crt591("dispenser", str(machine.line.link))
    await dispenser.start()
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()
    assert await dispenser.position() is BlankPosition.HELD
    await dispenser.present()
    assert await dispenser.position() is BlankPosition.GATE
    await dispenser.capture()
    assert await dispenser.position() is BlankPosition.NONE

    assert machine.state()["captured"] == 1
    assert (await dispenser.counters()).captured == (None if name == "h001" else 1)
    machine.machine.fill_bin()
    await until(lambda: dispenser.status.conditions == {Condition.REJECT_BIN_FULL})
    await dispenser.close()


async def test_an_unknown_variant_is_given_up_and_moves_nothing(
    machine: SimulatedDispenser, hurried: None, caplog: pytest.LogCaptureFixture
) -> None:
    machine.variant("x999")
    dispenser = Crt591("dispenser", str(machine.line.link))
    await dispenser.start()
    await until(lambda: dispenser.status.state is DeviceState.HARDWARE_ERROR)
    heard = len(machine.heard)
    await asyncio.sleep(0.5)

    assert len(machine.heard) == heard
    assert "variant that is not known ('CRT-591-X', 'C591_X99')" in caplog.text
    assert "set variant to one of m001, r02, h001" in caplog.text
    with pytest.raises(DeviceError):
        await dispenser.feed()
    await dispenser.close()


async def test_the_setting_decides_for_a_machine_that_does_not_say(machine: SimulatedDispenser, hurried: None) -> None:
    machine.variant("x999")
    dispenser = Crt591("dispenser", str(machine.line.link), variant="r02")
    await dispenser.start()
    await until(lambda: dispenser.status.ready)
    await dispenser.close()


async def test_a_wrong_variant_does_not_hide_a_card_in_the_bin(machine: SimulatedDispenser, hurried: None) -> None:
    machine.variant("r02")
    dispenser = Crt591("dispenser", str(machine.line.link), variant="m001")  # whose "present" is R02's "capture"
    await dispenser.start()
    await until(lambda: dispenser.status.ready)
    machine.machine.card = CardAt.INSIDE
    with pytest.raises(DeviceRefusedError, match="error bin"):
        await dispenser.present()

    assert machine.state()["captured"] == 1
    await dispenser.close()


def test_codes_that_this_test_uses_are_those_of_the_table() -> None:
    assert [ErrorCode(code).name for code, *_ in CODES] == ["STACKER_EMPTY", "JAM"]
