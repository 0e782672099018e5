"""The line of the dispenser and its variants: silence, noise, speed, address, and whom it does not understand."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.card_dispenser import protocol
from drivers.card_dispenser.driver import Crt591
from drivers.card_dispenser.frames import CardAt, Command, Control
from drivers.card_dispenser.protocol import DispenserLine, Within
from drivers.device import Condition, DeviceState
from drivers.dispenser import BlankPosition
from drivers.errors import DeviceError, DeviceRefusedError, DeviceTimeoutError
from drivers.testing import until
from hardware_sim.card_dispenser.dispenser import SimulatedDispenser

pytestmark = pytest.mark.devices

FEED = Command(0x32, 0x31)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage().split(" (")[0] for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_machine_that_was_switched_off_and_on_is_initialised_before_a_look(
    dispenser: Crt591, machine: SimulatedDispenser
) -> None:
    await until(lambda: dispenser.status.ready)
    await dispenser.feed()
    machine.restart()
    assert await dispenser.position() is BlankPosition.HELD

    assert machine.asked(0x30) == [Command(0x30, 0x33)] * 2
    assert machine.asked(0x32) == [FEED]


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
    assert machine.asked(0x32) == []


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

    assert machine.asked(0x32) == [FEED]
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
