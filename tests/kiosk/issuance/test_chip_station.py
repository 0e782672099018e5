"""A reader that is there while no chip answers costs a blank each time: after two in a row no third is used."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from fake_kiosk import PERMIT_ID, World

from drivers.card_reader.errors import CardMuteError
from drivers.device import DeviceState
from drivers.errors import DeviceTimeoutError
from kiosk.documents.prepared import Prepared
from kiosk.issuance import chip
from kiosk.issuance.run import Issued
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import EndState, NoticeKind, Trouble

MUTE = CardMuteError("reader", "no answer to power")


async def visit(world: World, number: int) -> Issued:
    """Another permit at the same machine."""
    permit = PERMIT_ID[:-1] + str(number)
    world.permit = msgspec.structs.replace(world.permit, permit_id=permit)
    issued: Issued = await world.issue()
    return issued


async def two_silent_cards(card: World) -> list[str]:
    assert card.reader
    card.reader.faults["wait_for_card"] = MUTE
    ended = [await visit(card, number) for number in (1, 2)]
    assert [(one.state, one.reason) for one in ended] == [(EndState.KEPT, "chip-silent")] * 2
    card.trace.acts.clear()
    return [str(one.attempt_id) for one in ended]


async def test_the_third_card_is_not_used(card: World) -> None:
    await two_silent_cards(card)
    third = await visit(card, 3)
    assert (third.state, third.notice, third.trouble) == (
        EndState.NOT_PRINTED,
        NoticeKind.PRINTER_TROUBLE,
        Trouble.CHIP,
    )
    assert card.trace.count("create") == 0


async def test_it_lasts_over_a_restart(card: World, tmp_path: Path) -> None:
    await two_silent_cards(card)
    await card.ledger.close()
    again = await Ledger.open(tmp_path)
    assert await chip.station_closed(again, "card_printer")
    await again.close()


async def test_cards_without_a_chip_go_on_and_open_nothing(card: World) -> None:
    await two_silent_cards(card)
    card.preparer.prepared = Prepared(b"%PDF", 1, chip=False)
    assert (await visit(card, 3)).state is EndState.TAKEN
    assert await chip.station_closed(card.ledger, "card_printer")


async def test_a_person_who_has_the_card_in_hand_opens_it_and_two_more_close_it_again(card: World) -> None:
    silent = await two_silent_cards(card)
    await card.ledger.account_for_blank(silent[1], "op-1")
    assert not await chip.station_closed(card.ledger, "card_printer")
    await visit(card, 3)
    assert not await chip.station_closed(card.ledger, "card_printer")
    await visit(card, 4)
    assert await chip.station_closed(card.ledger, "card_printer")


async def test_a_chip_that_was_read_in_between_begins_the_row_anew(card: World) -> None:
    assert card.reader
    for number in (1, 2, 3):
        card.reader.faults = {} if number == 2 else {"wait_for_card": MUTE}
        await visit(card, number)
    assert not await chip.station_closed(card.ledger, "card_printer")


@pytest.mark.parametrize("state", [DeviceState.NO_DEVICE, DeviceState.UNKNOWN])
async def test_a_reader_whose_cable_was_pulled_is_no_silent_chip(card: World, state: DeviceState) -> None:
    assert card.reader

    async def pulled(within: float) -> bytes:
        assert card.reader
        card.reader.state = state  # seen a moment after the call has failed
        raise DeviceTimeoutError("reader", "no answer")

    card.reader.read_photo = pulled  # type: ignore[method-assign]  # a cable in a hand
    for number in (1, 2):
        card.reader.state = DeviceState.ONLINE
        issued = await visit(card, number)
        assert (issued.reason, issued.notice) == ("reader-away", NoticeKind.READER_AWAY)
    assert not await chip.station_closed(card.ledger, "card_printer")
