"""Cards: printed, held at the chip station, presented, taken, kept back."""

from __future__ import annotations

import asyncio
import subprocess
import uuid
from typing import Any

import pytest
from PIL import Image, ImageChops

from drivers.card_printer.driver import CardPrinter
from drivers.device import Condition
from drivers.errors import DeviceRefusedError, DeviceTimeoutError
from drivers.printer import CardPosition, JobEnd, JobReport
from hardware_sim.printers.stand import CARD, PrintStand
from kiosk.documents.card_faces import card_page

pytestmark = pytest.mark.devices

WIDTH, HEIGHT = 638, 1016  # CR80 at 300 dpi, upright


def face() -> Image.Image:
    """A face with every neighbour different, so that the least resampling shows."""
    picture = Image.effect_noise((WIDTH, HEIGHT), 120).convert("RGB")
    picture.paste((200, 30, 40), (0, 0, WIDTH, 60))
    picture.paste((0, 0, 0), (300, 100, 301, 900))
    return picture


def document(picture: Image.Image | None = None) -> bytes:
    """As the kiosk makes it: a driver alone could not show that a face arrives pixel by pixel."""
    return card_page(picture or Image.new("RGB", (WIDTH, HEIGHT), (90, 90, 200)))


async def print_card(printer: CardPrinter, picture: Image.Image | None = None) -> JobReport:
    before = await printer.counters()
    job = await printer.create(str(uuid.uuid4()))
    await printer.send(job, document(picture))
    return [report async for report in printer.follow(job, before, 1)][-1]


def cards(stand: PrintStand, event: str) -> list[dict[str, Any]]:
    return stand.printers.ledger(CARD, event)


async def test_a_card_is_printed_held_presented_and_taken(printer: CardPrinter, stand: PrintStand) -> None:
    report = await print_card(printer)
    assert report.end is JobEnd.PRINTED
    assert await printer.position() is CardPosition.STATION

    await printer.present()
    assert await printer.position() is CardPosition.EXIT
    assert Condition.MEDIA_PRESENTED in printer.status.conditions
    assert not printer.status.ready

    stand.hand(CARD).do("take_card")
    assert await printer.position() is CardPosition.NONE
    assert (await printer.refresh()).ready
    assert cards(stand, "taken")[-1]["serial"] == cards(stand, "sheet")[-1]["serial"]


async def test_the_card_arrives_pixel_by_pixel(printer: CardPrinter, stand: PrintStand) -> None:
    drawn = face()
    await print_card(printer, drawn)

    received = Image.open(stand.out(CARD) / cards(stand, "sheet")[-1]["file"])
    assert received.size == (WIDTH, HEIGHT)
    below_the_bleed = (0, 1, WIDTH, HEIGHT)  # of which the topmost row stays white
    assert ImageChops.difference(received.crop(below_the_bleed), drawn.crop(below_the_bleed)).getbbox() is None


async def test_a_card_is_in_colour_on_a_queue_that_is_grey_by_default(printer: CardPrinter, stand: PrintStand) -> None:
    def default_colour(model: str) -> None:
        command = ["lpadmin", "-h", stand.cups.server, "-p", f"adm-{CARD}", "-o", f"ColorModel={model}"]
        subprocess.run(command, check=True, capture_output=True, timeout=30)

    default_colour("Gray")
    try:
        await print_card(printer)
    finally:
        default_colour("RGB")

    received = Image.open(stand.out(CARD) / cards(stand, "sheet")[-1]["file"])
    assert received.getpixel((WIDTH // 2, HEIGHT // 2)) == (90, 90, 200)


@pytest.mark.parametrize("presented", [False, True])
async def test_a_card_is_kept_back_and_counted(printer: CardPrinter, stand: PrintStand, presented: bool) -> None:
    await print_card(printer)
    if presented:
        await printer.present()
    before = await printer.counters()
    await printer.reject()
    after = await printer.counters()

    assert await printer.position() is CardPosition.NONE
    assert before.rejected is not None
    assert (after.rejected, after.printed) == (before.rejected + 1, before.printed)
    assert cards(stand, "moved")[-1]["to"] == "reject"


async def test_a_lost_answer_to_a_motion_moves_once_and_is_seen_by_the_sensors(
    printer: CardPrinter, stand: PrintStand
) -> None:
    await print_card(printer)
    moves = len(cards(stand, "moved"))
    stand.hand(CARD).do("lose_reply", operation="move-card")
    await printer.present()

    assert await printer.position() is CardPosition.EXIT
    assert len(cards(stand, "moved")) == moves + 1


async def test_without_a_card_there_is_nothing_to_present(printer: CardPrinter) -> None:
    with pytest.raises(DeviceRefusedError):
        await printer.present()


async def test_a_full_bin_takes_no_card(printer: CardPrinter, stand: PrintStand) -> None:
    await print_card(printer)
    stand.hand(CARD).do("condition", name="reject_bin_full")
    with pytest.raises(DeviceRefusedError):
        await printer.reject()
    assert Condition.REJECT_BIN_FULL in (await printer.refresh()).conditions
    assert await printer.position() is CardPosition.STATION


async def test_a_card_that_does_not_arrive_is_an_error(printer: CardPrinter, stand: PrintStand) -> None:
    await print_card(printer)
    stand.hand(CARD).do("page_time", seconds=60)  # a motion takes its share of that
    with pytest.raises(DeviceTimeoutError):
        await printer.present()
    stand.hand(CARD).do("page_time", seconds=0.05)


async def test_a_jam_spoils_the_blank_and_leaves_the_attempt_unknown(printer: CardPrinter, stand: PrintStand) -> None:
    hand = stand.hand(CARD)
    hand.do("page_time", seconds=0.6)
    stock = hand.state()["stock"]

    async def jam() -> None:
        while hand.state()["position"] != "inside":
            await asyncio.sleep(0.02)
        hand.do("condition", name="media_jam")

    report, _ = await asyncio.gather(print_card(printer), jam())

    assert report.end is JobEnd.UNKNOWN
    assert await printer.position() is CardPosition.INSIDE
    hand.do("condition", name="media_jam", on=False)
    hand.do("page_time", seconds=0.05)
    await printer.reject()
    assert hand.state()["stock"] == stock - 1
    assert len(cards(stand, "fed")) == len(cards(stand, "sheet")) + 1


async def test_power_lost_inside_leaves_the_card_in_the_path(printer: CardPrinter, stand: PrintStand) -> None:
    hand = stand.hand(CARD)
    hand.do("page_time", seconds=5)

    async def cut_the_power() -> None:
        while hand.state()["position"] != "inside":
            await asyncio.sleep(0.02)
        hand.do("power_off")
        await asyncio.sleep(0.2)
        hand.do("power_on")

    report, _ = await asyncio.gather(print_card(printer), cut_the_power())

    assert report.end is JobEnd.UNKNOWN
    assert await printer.position() is CardPosition.INSIDE
    hand.do("page_time", seconds=0.05)
    await printer.reject()
    assert await printer.position() is CardPosition.NONE


async def test_ribbon_and_hopper_are_told(printer: CardPrinter, stand: PrintStand) -> None:
    hand = stand.hand(CARD)
    hand.do("condition", name="ribbon_low")
    hand.do("condition", name="media_empty")
    status = await printer.refresh()

    assert status.conditions == {Condition.RIBBON_LOW, Condition.MEDIA_EMPTY}
    assert status.blocking == {Condition.MEDIA_EMPTY}


@pytest.mark.usefixtures("impatient")
async def test_an_empty_hopper_ends_with_nothing_and_no_blank_moved(printer: CardPrinter, stand: PrintStand) -> None:
    stand.hand(CARD).do("condition", name="media_empty")
    fed = len(cards(stand, "fed"))
    report = await print_card(printer)

    assert (report.end, report.reason) == (JobEnd.NOTHING, "media-empty")
    stand.hand(CARD).do("condition", name="media_empty", on=False)
    await asyncio.sleep(0.3)
    assert len(cards(stand, "fed")) == fed
