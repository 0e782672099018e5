"""The dispenser over pyserial and a pseudo-terminal: what it does, and what it never does twice."""

from __future__ import annotations

import pytest

from drivers.card_dispenser import protocol
from drivers.card_dispenser.driver import Crt591
from drivers.card_dispenser.frames import CardAt, Command
from drivers.card_dispenser.protocol import NotAcknowledgedError, Within
from drivers.device import Condition, DeviceState
from drivers.dispenser import BlankPosition, CardDispenser, OutcomeUnknownError
from drivers.errors import DeviceRefusedError
from drivers.testing import until
from hardware_sim.card_dispenser.dispenser import SimulatedDispenser

pytestmark = pytest.mark.devices

FEED = Command(0x32, 0x31)


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
    assert machine.asked(0x30) == [Command(0x30, 0x33)]
    assert machine.asked(0x32) == []
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

    assert machine.asked(0x32) == [FEED]


# -- an answer that is lost


async def test_a_lost_answer_never_moves_twice_and_the_sensors_tell(
    dispenser: Crt591, machine: SimulatedDispenser, impatient: None
) -> None:
    await until(lambda: dispenser.status.ready)
    for motion in (dispenser.feed, dispenser.present, dispenser.capture):
        machine.lose_answer()
        await motion()

    assert [command.pm for command in machine.asked(0x32)] == [0x31, 0x39, 0x33]
    assert machine.state()["fed"] == machine.state()["captured"] == 1


async def test_a_lost_ack_never_moves_twice(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.motion_s = 1.0  # three times the patience for an ACK
    machine.lose_ack()
    await dispenser.feed()

    assert machine.asked(0x32) == [FEED]
    assert await dispenser.position() is BlankPosition.HELD


async def test_a_motion_that_did_not_arrive_is_sent_again_three_times_at_most(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.lose_command(times=2)
    await dispenser.feed()
    assert machine.asked(0x32) == [FEED]
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

    assert machine.asked(0x32) == [FEED]
    await dispenser.present()
    assert await dispenser.position() is BlankPosition.GATE


async def test_an_answer_with_a_wrong_check_byte_is_asked_for_again(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.wrong_bcc(times=3, motions=True)
    await dispenser.feed()

    assert machine.asked(0x32) == [FEED]
    assert machine._faults["wrong_bcc motion"] == 0


async def test_an_answer_that_stays_broken_leaves_the_word_to_the_sensors(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    machine.wrong_bcc(times=10, motions=True)
    await dispenser.feed()

    assert machine.asked(0x32) == [FEED]
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
    assert len(machine.asked(0x32)) == 2


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
    assert machine.asked(0x32) == [FEED]


async def test_a_card_that_the_machine_took_back_was_not_taken(dispenser: Crt591, machine: SimulatedDispenser) -> None:
    await until(lambda: dispenser.status.ready)
    machine.machine.take_back_s = 0.2
    before = await dispenser.counters()
    await dispenser.feed()
    await dispenser.present()
    await until(lambda: Condition.MEDIA_PRESENTED not in dispenser.status.conditions)

    assert await dispenser.position() is BlankPosition.NONE
    assert (await dispenser.counters()).captured == (before.captured or 0) + 1
