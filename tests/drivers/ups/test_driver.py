"""The UPS over a real upsd with dummy-ups; and over a peer that is no upsd, for what a real one never does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest

from drivers.device import Condition, DeviceState
from drivers.errors import DeviceAwayError, DeviceTimeoutError
from drivers.testing import until
from drivers.ups import protocol
from drivers.ups.driver import Ups
from drivers.ups.frames import NOT_KNOWN, PowerState, Source
from drivers.ups.protocol import UpsdLink
from hardware_sim.ups.nut import UPS, SimulatedUps

pytestmark = pytest.mark.devices


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage().split(" (")[0] for record in caplog.records if record.levelno >= logging.WARNING]


# ---------------------------------------------------------------------------------------------------------------
# a real upsd


async def test_mains_battery_low_and_back(ups: Ups, supply: SimulatedUps) -> None:
    assert ups.power == NOT_KNOWN
    await until(lambda: ups.power == PowerState(Source.MAINS, 100.0, 1800.0))
    assert ups.status.ready
    assert not ups.status.conditions

    supply.battery(charge=80, runtime=1200)
    await until(lambda: ups.power == PowerState(Source.BATTERY, 80.0, 1200.0))
    assert ups.status.conditions == {Condition.ON_BATTERY}
    assert ups.status.ready

    supply.low(charge=9, runtime=60)
    await until(lambda: ups.power == PowerState(Source.LOW, 9.0, 60.0))
    assert ups.status.conditions == {Condition.ON_BATTERY, Condition.BATTERY_LOW}
    assert not ups.status.ready

    supply.mains(charge=12)
    await until(lambda: ups.power == PowerState(Source.MAINS, 12.0, 1800.0))
    assert ups.status.ready


async def test_a_worn_battery_and_a_ups_that_tells_no_charge(ups: Ups, supply: SimulatedUps) -> None:
    await asyncio.to_thread(lambda: supply.say(**{"ups.status": "OL RB"}))

    await until(lambda: ups.power == PowerState(Source.MAINS, replace_battery=True))
    assert ups.status.conditions == {Condition.BATTERY_WORN}
    assert ups.status.ready


async def test_the_ups_is_unplugged_and_plugged_in_again(
    ups: Ups, supply: SimulatedUps, caplog: pytest.LogCaptureFixture
) -> None:
    await until(lambda: ups.status.ready)
    with caplog.at_level(logging.WARNING):
        await asyncio.to_thread(supply.unplug)
        await until(lambda: ups.status.state is DeviceState.UNKNOWN)
        assert ups.power == NOT_KNOWN
        await asyncio.sleep(0.3)
        await asyncio.to_thread(supply.plug)
        await until(lambda: ups.status.ready)

    assert said(caplog) == ["ups: lost", "ups: back"]


async def test_upsd_is_killed_and_started_again(
    ups: Ups, supply: SimulatedUps, caplog: pytest.LogCaptureFixture
) -> None:
    await until(lambda: ups.status.ready)
    with caplog.at_level(logging.WARNING):
        await asyncio.to_thread(supply.kill_upsd)
        await until(lambda: ups.status.state is DeviceState.NO_DEVICE)
        assert ups.power == NOT_KNOWN
        before = len(list(Path("/proc/self/fd").iterdir()))
        await asyncio.sleep(0.7)  # several tries meanwhile
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1  # that of a try that is under way
        await asyncio.to_thread(supply.start_upsd)
        await until(lambda: ups.status.ready)

    assert said(caplog) == ["ups: lost", "ups: back"]


async def test_an_upsd_that_hangs_is_no_device(ups: Ups, supply: SimulatedUps, monkeypatch: pytest.MonkeyPatch) -> None:
    await until(lambda: ups.status.ready)
    monkeypatch.setattr(protocol, "ANSWER_WITHIN_S", 0.3)
    pid = supply._processes["upsd"].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        await until(lambda: ups.status.state is DeviceState.NO_DEVICE)
        assert ups.power == NOT_KNOWN
    finally:
        os.kill(pid, signal.SIGCONT)
    await until(lambda: ups.status.ready)


async def test_another_name_is_given_up(supply: SimulatedUps, caplog: pytest.LogCaptureFixture) -> None:
    ups = Ups("ups", "127.0.0.1", supply.port, "other")
    await ups.start()
    await until(lambda: ups.status.state is DeviceState.HARDWARE_ERROR)

    assert said(caplog) == ["ups: given up: upsd says UNKNOWN-UPS of 'other'"]
    assert ups.power == NOT_KNOWN
    await ups.close()


# ---------------------------------------------------------------------------------------------------------------
# a peer that is no upsd

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]


@contextlib.asynccontextmanager
async def link_to(peer: Peer) -> AsyncIterator[UpsdLink]:
    ended: list[asyncio.Task[None]] = []

    def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(asyncio.ensure_future(peer(reader, writer)))

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    link = UpsdLink("ups", "127.0.0.1", server.sockets[0].getsockname()[1], UPS)
    await link.open()
    try:
        yield link
    finally:
        await link.close()
        server.close()
        await asyncio.gather(*ended)


def says(*pieces: bytes, pause: float = 0.0) -> Peer:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.readline()
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(pause)
        writer.close()

    return peer


LIST = b'BEGIN LIST VAR adm\nVAR adm ups.status "OB LB"\nVAR adm device.model "a \\"b\\""\nEND LIST VAR adm\n'


async def test_a_list_that_comes_byte_by_byte_is_read() -> None:
    async with link_to(says(*(LIST[at : at + 1] for at in range(len(LIST))), pause=0.001)) as link:
        assert await link.variables() == {"ups.status": "OB LB", "device.model": 'a "b"'}


@pytest.mark.parametrize(
    ("bytes_", "reason"),
    [
        (b"", "closed the connection"),
        (LIST[:40], "closed the connection"),
        (b"HTTP/1.1 400 Bad Request\r\n", "not understood"),
        (b'VAR adm ups.status "OL"\n', "not understood"),
        (b"BEGIN LIST VAR adm\nERR DATA-STALE\n", "not understood"),
        (b"BEGIN LIST VAR adm\n" + b'VAR adm a "b"\n' * 1001, "list without end"),
        (b"x" * 5000, "not understood"),
        (b"\xff\xfe\n", "not understood"),
    ],
)
async def test_what_no_upsd_says_ends_the_connection(bytes_: bytes, reason: str) -> None:
    async with link_to(says(bytes_)) as link:
        with pytest.raises(DeviceAwayError, match=reason):
            await link.variables()


async def test_a_trickle_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "ANSWER_WITHIN_S", 0.2)
    async with link_to(says(*[b"B"] * 20, pause=0.05)) as link:
        with pytest.raises(DeviceTimeoutError, match=r"within 0\.2 s"):
            await link.variables()
