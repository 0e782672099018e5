"""The card reader over the real pcscd and libpcsclite, with virtual cards below them."""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable

import pytest

from drivers.card_reader.driver import STALE_S, CardReader
from drivers.card_reader.errors import CardAbsentError, CardLostError, CardMuteError, NotKtpElError, ServiceAwayError
from drivers.card_reader.frames import FileId, get_challenge, read_binary, select
from drivers.card_reader.protocol import CardPresence
from drivers.device import DeviceState
from drivers.errors import DeviceTimeoutError
from drivers.testing import until
from hardware_sim.control import Hand

pytestmark = pytest.mark.devices

Personalize = Callable[..., Awaitable[bool]]

SELECT_DF = select(FileId.KTP_EL).to_bytes()
SELECT_PHOTO = select(FileId.PHOTO).to_bytes()
SELECT_BIODATA = select(FileId.BIODATA).to_bytes()
READ_HEAD = read_binary(0, 8).to_bytes()


async def test_a_card_put_in_is_seen_and_answers(reader: CardReader, hand: Hand, serial: str) -> None:
    await until(lambda: reader.status.ready)
    assert reader.card is CardPresence.ABSENT

    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)

    assert (await reader.atr()).startswith(b"\x3b\x88\x80\x01SPESIMEN")
    assert await reader.transmit([SELECT_DF, SELECT_PHOTO]) == [b"\x90\x00", b"\x90\x00"]

    hand.do("remove", slot="encoder")
    await until(lambda: reader.card is CardPresence.ABSENT)


async def test_the_photo_written_by_the_relay_is_read_back(
    reader: CardReader, hand: Hand, serial: str, photo: bytes, personalize: Personalize
) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)

    assert await personalize(reader, photo)
    assert await reader.read_photo(within=5) == photo
    assert hand.state()["cards"][serial]["personalized"]


async def test_the_photo_of_another_person_is_read_as_it_is(reader: CardReader, hand: Hand, serial: str) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    hand.do("put_photo", serial=serial, photo=base64.b64encode(b"another face").decode())
    await reader.wait_for_card(within=5)

    assert await reader.read_photo(within=5) == b"another face"


async def test_commands_stop_at_the_first_refusal(reader: CardReader, hand: Hand, serial: str) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)

    answers = await reader.transmit([SELECT_DF, SELECT_BIODATA, READ_HEAD, SELECT_PHOTO])

    assert answers == [b"\x90\x00", b"\x90\x00", b"\x69\x82"]


async def test_what_was_selected_lasts_from_call_to_call(reader: CardReader, hand: Hand, serial: str) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)

    await reader.transmit([SELECT_DF, SELECT_PHOTO])
    assert await reader.transmit([READ_HEAD]) == [bytes(8) + b"\x90\x00"]


@pytest.mark.parametrize(
    ("kind", "why"), [("foreign", "is no KTP-el"), ("ktp-el", "a blank")], ids=["another card", "a blank"]
)
async def test_a_card_without_photo_says_so(reader: CardReader, hand: Hand, serial: str, kind: str, why: str) -> None:
    hand.do("insert", slot="encoder", serial=serial, kind=kind)
    await reader.wait_for_card(within=5)

    with pytest.raises(NotKtpElError, match=why):
        await reader.read_photo(within=5)


async def test_an_empty_reader_says_so(reader: CardReader) -> None:
    await until(lambda: reader.status.ready)

    with pytest.raises(CardAbsentError):
        await reader.wait_for_card(within=0.05)
    with pytest.raises(CardAbsentError):
        await reader.atr()
    with pytest.raises(CardAbsentError):
        await reader.transmit([SELECT_DF])


async def test_a_mute_card_is_told_from_no_card(reader: CardReader, hand: Hand, serial: str) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    hand.do("fault", slot="encoder", mute=True)
    await until(lambda: reader.card is CardPresence.MUTE)

    with pytest.raises(CardMuteError):
        await reader.wait_for_card(within=0.05)
    with pytest.raises(CardMuteError):
        await reader.read_photo(within=5)
    assert reader.status.ready, "the reader itself is well"


async def test_a_card_pulled_out_in_mid_exchange_is_lost_and_the_next_one_is_read(
    reader: CardReader, hand: Hand, serial: str, photo: bytes, personalize: Personalize
) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)
    assert await personalize(reader, photo)
    hand.do("fault", slot="encoder", pull_after=10)

    with pytest.raises(CardLostError):
        await reader.read_photo(within=5)

    await until(lambda: reader.card is CardPresence.ABSENT)
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)
    assert await reader.read_photo(within=5) == photo


async def test_a_card_swapped_faster_than_the_poll_is_another_card(reader: CardReader, hand: Hand, serial: str) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    hand.do("put_photo", serial=serial, photo=base64.b64encode(b"first").decode())
    await reader.wait_for_card(within=5)
    assert await reader.read_photo(within=5) == b"first"

    hand.do("remove", slot="encoder")
    hand.do("insert", slot="encoder", serial=serial + "S")
    hand.do("put_photo", serial=serial + "S", photo=base64.b64encode(b"second").decode())
    seen = b""
    async with asyncio.timeout(10):
        while not seen:
            try:
                seen = await reader.read_photo(within=5)
            except (CardLostError, CardAbsentError):  # between the two cards; never the first photo again
                await asyncio.sleep(0.02)

    assert seen == b"second"


async def test_a_hanging_card_ends_in_a_timeout_and_blocks_nothing_else(
    reader: CardReader, hand: Hand, serial: str
) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)
    hand.do("fault", slot="encoder", hang=True)

    with pytest.raises(DeviceTimeoutError, match="no answer within"):
        await reader.transmit([SELECT_DF], within=0.2)
    with pytest.raises(DeviceTimeoutError):
        await reader.read_photo(within=0.2)
    assert reader.status.state is DeviceState.OFFLINE

    hand.do("remove", slot="encoder")
    await until(lambda: reader.status.ready and reader.card is CardPresence.ABSENT)
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)
    assert await reader.transmit([SELECT_DF]) == [b"\x90\x00"]


async def test_a_hanging_card_does_not_hold_up_the_other_reader(reader: CardReader, hand: Hand, serial: str) -> None:
    operator = CardReader("operator reader", "Kiosk Operator Reader")
    await operator.start()
    hand.do("insert", slot="encoder", serial=serial)
    hand.do("insert", slot="operator", serial=serial + "O")
    await reader.wait_for_card(within=5)
    hand.do("fault", slot="encoder", hang=True)
    with pytest.raises(DeviceTimeoutError):
        await reader.transmit([SELECT_DF], within=0.2)

    await operator.wait_for_card(within=5)
    assert await operator.transmit([SELECT_DF]) == [b"\x90\x00"]
    hand.do("remove", slot="encoder")
    await operator.close()


async def test_a_slow_card_is_not_talked_to_after_the_deadline(reader: CardReader, hand: Hand, serial: str) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)
    hand.do("fault", slot="encoder", delay_s=0.1)

    with pytest.raises(DeviceTimeoutError):
        await reader.transmit([SELECT_DF] * 50, within=0.5)

    hand.do("fault", slot="encoder", delay_s=0.0)
    await reader.transmit([SELECT_DF])
    assert hand.state()["slots"]["encoder"]["apdus"] < 10


async def test_the_reader_comes_back_after_pcscd_died_and_was_restarted(
    reader: CardReader,
    hand: Hand,
    serial: str,
    photo: bytes,
    personalize: Personalize,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)
    assert await personalize(reader, photo)

    with caplog.at_level(logging.WARNING, "drivers.supervision"):
        hand.do("kill_pcscd")  # kill -9
        await until(lambda: reader.status.state is DeviceState.NO_DEVICE)
        with pytest.raises(ServiceAwayError):
            await reader.read_photo(within=5)
        await asyncio.sleep(0.8)  # several tries meanwhile
        hand.do("start_pcscd")
        await reader.wait_for_card(within=10)

    assert await reader.read_photo(within=5) == photo
    supervision = [record for record in caplog.records if record.name == "drivers.supervision"]
    said = [record.getMessage().split(" (")[0] for record in supervision]
    assert said == ["card reader: lost", "card reader: back"]


async def test_pcscd_may_come_after_the_kiosk(hand: Hand, encoder: str, serial: str) -> None:
    hand.do("stop_pcscd")
    reader = CardReader("card reader", encoder)
    await reader.start()
    await until(lambda: reader.status.state is DeviceState.NO_DEVICE)

    hand.do("start_pcscd")
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=10)
    assert await reader.transmit([SELECT_DF]) == [b"\x90\x00"]
    await reader.close()


async def test_an_unplugged_reader_is_no_device_until_it_is_plugged_again(
    reader: CardReader, hand: Hand, serial: str
) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)
    hand.do("unplug", slot="encoder")
    await until(lambda: reader.status.state is DeviceState.NO_DEVICE)
    assert reader.card is None

    hand.do("plug", slot="encoder")
    await reader.wait_for_card(within=10)
    assert await reader.transmit([SELECT_DF]) == [b"\x90\x00"]


async def test_a_pcscd_that_hangs_makes_the_reading_unknown(hand: Hand, encoder: str) -> None:
    ahead = 0.0
    reader = CardReader("card reader", encoder, clock=lambda: time.monotonic() + ahead)
    await reader.start()
    await until(lambda: reader.status.ready)
    pid = hand.state()["pcscd_pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(1.2)  # a reading under way is still delivered
        ahead = STALE_S + 1
        assert reader.status.state is DeviceState.UNKNOWN
        with pytest.raises(ServiceAwayError):
            await reader.transmit([SELECT_DF], within=0.2)
    finally:
        os.kill(pid, signal.SIGCONT)
    await until(lambda: reader.status.ready)
    await reader.close()


async def test_another_program_on_the_same_pcscd_sees_the_same_card(
    hand: Hand, serial: str, reader: CardReader
) -> None:
    """opensc-tool is the independent witness that the virtual card is one to others as well."""
    if shutil.which("opensc-tool") is None:
        pytest.skip("opensc is not installed")
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)
    command = ["opensc-tool", "-r", "0", "-s", "00A40000027F0A", "-s", "00A40000026FF1", "-s", "00B0000008"]
    seen = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=20)

    assert seen.stdout.count("SW1=0x90, SW2=0x00") == 2
    assert "SW1=0x69, SW2=0x82" in seen.stdout


async def test_a_challenge_is_answered_through_the_reader(reader: CardReader, hand: Hand, serial: str) -> None:
    hand.do("insert", slot="encoder", serial=serial)
    await reader.wait_for_card(within=5)

    first, second = await reader.transmit([get_challenge().to_bytes()] * 2)

    assert len(first) == 10
    assert first != second
