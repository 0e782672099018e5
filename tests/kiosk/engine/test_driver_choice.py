"""The engine takes the card printer's driver by the name in the settings, or does not start and says why."""

from __future__ import annotations

import pytest
from little_kiosk import LittleKiosk

from drivers.card_printer.driver import CardPrinter
from kiosk.engine.devices import card_printer

CUPS = {"queue": "adm-card", "device": "ipp://127.0.0.1:9/ipp/print"}


def clock() -> float:
    return 0.0


def test_the_driver_of_cups_is_taken_unless_another_is_named(kiosk: LittleKiosk) -> None:
    kiosk.tables["card_printer"] = dict(CUPS)

    assert type(card_printer(kiosk.settings(), clock)) is CardPrinter


WRONG = [
    ({**CUPS, "driver": "zebra"}, "card_printer.driver = 'zebra'; expected an installed driver: cups-card, "),
    ({"device": CUPS["device"]}, "card_printer.queue is missing; expected the name of a CUPS queue"),
    ({"driver": "cups-paper"}, "card_printer.options.queue is missing; expected the name of a CUPS queue"),
]


@pytest.mark.parametrize(("table", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_driver_that_cannot_be_had_stops_the_start(kiosk: LittleKiosk, table: dict[str, str], sentence: str) -> None:
    kiosk.tables["card_printer"] = table
    status = kiosk.start().wait(30)

    assert status == 78
    assert f"{kiosk.folder / 'kiosk.toml'}: {sentence}" in kiosk.log
