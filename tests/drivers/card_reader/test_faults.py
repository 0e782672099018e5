"""Each fault of a reader and its card gives the right status and error within its deadline, and ends with its cause."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from drivers.card_reader.driver import CLOSE_WITHIN_S, STALE_S, CardReader
from drivers.card_reader.errors import CardAbsentError, CardLostError, CardMuteError, ServiceAwayError
from drivers.card_reader.frames import FileId, read_binary, select
from drivers.card_reader.protocol import CardPresence
from drivers.device import DeviceState
from drivers.errors import DeviceError, DeviceTimeoutError
from hardware_sim.control import Hand

pytestmark = pytest.mark.devices

OPERATOR = "Kiosk Operator Reader"
SELECT_DF = select(FileId.KTP_EL).to_bytes()
SELECT_PHOTO = select(FileId.PHOTO).to_bytes()
READ_CHUNK = read_binary(0, 255).to_bytes()
SELECT_PIV = bytes.fromhex("00A4040009A0000003080000100000")
DEADLINE_S = 0.3
SLACK_S = 2.0  # of a busy machine

Until = Callable[..., Awaitable[None]]


@pytest.fixture
def until() -> Until:
    async def wait(condition: Callable[[], bool], within: float = 10.0) -> None:
        async with asyncio.timeout(within):
            while not condition():
                await asyncio.sleep(0.02)

    return wait


@pytest.fixture
async def operator(hand: Hand) -> AsyncIterator[CardReader]:
    reader = CardReader("operator reader", OPERATOR)
    await reader.start()
    yield reader
    await reader.close()


@pytest.fixture
def frozen(hand: Hand) -> Iterator[Callable[[], None]]:
    """Freezes pcscd, until the end of the test or until it is called again."""
    pid = hand.state()["pcscd_pid"]
    numbers = iter((signal.SIGSTOP, signal.SIGCONT))
    yield lambda: os.kill(pid, next(numbers))
    os.kill(pid, signal.SIGCONT)


async def card_in(reader: CardReader, hand: Hand, serial: str, **more: str) -> None:
    hand.do("insert", **{"slot": "encoder", "serial": serial, **more})
    await reader.wait_for_card(within=5)


async def test_a_reader_unplugged_in_mid_exchange_loses_the_card_and_comes_back(
    reader: CardReader, hand: Hand, serial: str, until: Until
) -> None:
    await card_in(reader, hand, serial)
    hand.do("fault", slot="encoder", delay_s=0.1)
    reading = asyncio.create_task(reader.transmit([SELECT_DF, SELECT_PHOTO, *[READ_CHUNK] * 200], within=30))
    await until(lambda: hand.state()["slots"]["encoder"]["apdus"] > 2)

    await asyncio.to_thread(hand.do, "unplug", slot="encoder")
    with pytest.raises((CardLostError, ServiceAwayError)):
        await asyncio.wait_for(reading, 5)
    await until(lambda: reader.status.state is DeviceState.NO_DEVICE)
    with pytest.raises(ServiceAwayError):
        await reader.transmit([SELECT_DF])

    await asyncio.to_thread(hand.do, "plug", slot="encoder")
    hand.do("fault", slot="encoder", delay_s=0.0)
    await reader.wait_for_card(within=10)
    assert await reader.transmit([SELECT_DF]) == [b"\x90\x00"]


async def test_a_reader_whose_card_hangs_can_be_unplugged(
    reader: CardReader, hand: Hand, serial: str, until: Until
) -> None:
    """The thread that hung in its pcscd is free again."""
    await card_in(reader, hand, serial)
    hand.do("fault", slot="encoder", hang=True)
    with pytest.raises(DeviceTimeoutError):
        await reader.transmit([SELECT_DF], within=DEADLINE_S)
    assert reader.status.state is DeviceState.OFFLINE

    await asyncio.to_thread(hand.do, "unplug", slot="encoder")
    await until(lambda: reader.status.state is DeviceState.NO_DEVICE)
    await asyncio.to_thread(hand.do, "plug", slot="encoder")
    hand.do("fault", slot="encoder", hang=False)
    await reader.wait_for_card(within=10)
    assert await reader.transmit([SELECT_DF]) == [b"\x90\x00"]


@pytest.mark.parametrize("after", [0, 1, 2, 20], ids=["at once", "in SELECT", "at the head", "in the photo"])
async def test_a_card_pulled_out_in_mid_exchange_is_lost(
    reader: CardReader,
    hand: Hand,
    serial: str,
    photo: bytes,
    personalize: Callable[..., Awaitable[bool]],
    after: int,
    until: Until,
) -> None:
    await card_in(reader, hand, serial)
    assert await personalize(reader, photo)
    hand.do("fault", slot="encoder", pull_after=after)

    with pytest.raises(CardLostError):
        await reader.read_photo(within=5)
    await until(lambda: reader.card is CardPresence.ABSENT)
    assert reader.status.ready, "the reader itself is well"
    with pytest.raises(CardAbsentError):
        await reader.read_photo(within=5)


async def test_a_mute_card_does_not_hide_the_next_one(
    reader: CardReader, hand: Hand, serial: str, until: Until
) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    hand.do("fault", slot="encoder", mute=True)
    await until(lambda: reader.card is CardPresence.MUTE)
    with pytest.raises(CardMuteError):
        await reader.transmit([SELECT_DF], within=DEADLINE_S)
    with pytest.raises(CardMuteError):
        await reader.atr()

    hand.do("remove", slot="encoder")
    await until(lambda: reader.card is CardPresence.ABSENT)
    await card_in(reader, hand, serial + "N")
    assert await reader.transmit([SELECT_DF]) == [b"\x90\x00"]


async def test_cards_in_two_readers_answer_each_for_itself(
    reader: CardReader, operator: CardReader, hand: Hand, serial: str
) -> None:
    hand.do("insert", slot="operator", serial=serial + "S", kind="piv")
    await card_in(reader, hand, serial)
    await operator.wait_for_card(within=5)

    blank, staff = await asyncio.gather(reader.transmit([SELECT_DF] * 20), operator.transmit([SELECT_PIV] * 20))

    assert set(blank) == {b"\x90\x00"}
    assert len(staff) == 20
    assert all(answer.startswith(b"\x61") and answer.endswith(b"\x90\x00") for answer in staff)
    assert (await operator.transmit([SELECT_DF]))[0] == b"\x6a\x82"
    assert (await reader.transmit([SELECT_PIV]))[0] == b"\x6a\x82"


async def test_a_card_lost_in_one_reader_does_not_disturb_the_other(
    reader: CardReader, operator: CardReader, hand: Hand, serial: str
) -> None:
    hand.do("insert", slot="operator", serial=serial + "S", kind="piv")
    await card_in(reader, hand, serial)
    await operator.wait_for_card(within=5)
    hand.do("fault", slot="encoder", pull_after=3)
    hand.do("fault", slot="operator", delay_s=0.01)

    lost, staff = await asyncio.gather(
        reader.transmit([SELECT_DF] * 20), operator.transmit([SELECT_PIV] * 20), return_exceptions=True
    )

    assert isinstance(lost, CardLostError)
    assert isinstance(staff, list)
    assert len(staff) == 20


async def test_two_contactless_cards_in_one_field_are_as_one_that_is_mute(
    reader: CardReader, hand: Hand, serial: str, until: Until
) -> None:
    await card_in(reader, hand, serial)
    await reader.transmit([SELECT_DF])

    hand.do("fault", slot="encoder", two_cards=True)
    with pytest.raises(DeviceError) as caught:
        await reader.transmit([SELECT_DF], within=5)
    assert isinstance(caught.value, CardLostError | CardAbsentError | CardMuteError)
    await until(lambda: reader.card is CardPresence.MUTE)
    with pytest.raises(CardMuteError):
        await reader.read_photo(within=5)

    hand.do("fault", slot="encoder", two_cards=False)  # the other card was taken away
    await reader.wait_for_card(within=5)
    assert await reader.transmit([SELECT_DF]) == [b"\x90\x00"]


async def test_calls_into_a_frozen_pcscd_end_at_their_deadlines(
    hand: Hand, encoder: str, serial: str, frozen: Callable[[], None], until: Until
) -> None:
    ahead = 0.0
    reader = CardReader("card reader", encoder, clock=lambda: time.monotonic() + ahead)
    await reader.start()
    await card_in(reader, hand, serial)
    await reader.transmit([SELECT_DF])
    frozen()
    began = time.monotonic()

    with pytest.raises(DeviceTimeoutError):
        await reader.transmit([SELECT_PHOTO], within=DEADLINE_S)
    with pytest.raises(DeviceTimeoutError):
        await reader.read_photo(within=DEADLINE_S)
    assert time.monotonic() - began < 2 * DEADLINE_S + SLACK_S
    assert reader.status.state is DeviceState.OFFLINE

    ahead = STALE_S + 1
    assert reader.status.state is DeviceState.UNKNOWN
    with pytest.raises(ServiceAwayError):
        await reader.wait_for_card(within=DEADLINE_S)
    with pytest.raises(ServiceAwayError):
        await reader.transmit([SELECT_DF], within=DEADLINE_S)

    frozen()
    await until(lambda: reader.status.ready)
    assert await reader.transmit([SELECT_DF]) == [b"\x90\x00"]
    await reader.close()


async def test_a_reader_starts_and_closes_while_pcscd_is_frozen(
    hand: Hand, encoder: str, frozen: Callable[[], None]
) -> None:
    frozen()
    reader = CardReader("card reader", encoder)
    await reader.start()
    with pytest.raises(ServiceAwayError):
        await reader.wait_for_card(within=DEADLINE_S)
    assert not reader.status.ready
    began = time.monotonic()
    await reader.close()
    assert time.monotonic() - began < 2 * CLOSE_WITHIN_S + SLACK_S


async def test_a_reader_closes_when_pcscd_freezes_under_it(
    hand: Hand, encoder: str, frozen: Callable[[], None], until: Until
) -> None:
    """SCardCancel waits for pcscd without a limit of its own: it must not be the event loop that does."""
    reader = CardReader("card reader", encoder)
    await reader.start()
    await until(lambda: reader.status.ready)
    frozen()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.05)
            ticks += 1

    ticking = asyncio.create_task(tick())
    began = time.monotonic()
    await reader.close()
    ticking.cancel()
    assert time.monotonic() - began < 2 * CLOSE_WITHIN_S + SLACK_S
    assert ticks > 5
