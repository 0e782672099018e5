"""The engine takes the card printer's driver by the name in the settings, or does not start and says why."""

from __future__ import annotations

import pytest
from little_kiosk import LittleKiosk

from drivers.card_dispenser.driver import Crt591
from drivers.card_dispenser.fed_printer import FedPrinter
from drivers.card_dispenser.variants import R02
from drivers.card_printer.driver import CardPrinter
from kiosk.engine.devices import card_printer
from kiosk.settings import SettingsError

CUPS = {"queue": "adm-card", "device": "ipp://127.0.0.1:9/ipp/print"}


def clock() -> float:
    return 0.0


def test_the_driver_of_cups_is_taken_unless_another_is_named(kiosk: LittleKiosk) -> None:
    kiosk.tables["card_printer"] = dict(CUPS)

    assert type(card_printer(kiosk.settings(), clock)) is CardPrinter


def test_a_printer_without_feeder_is_taken_together_with_its_dispenser(kiosk: LittleKiosk) -> None:
    kiosk.tables["card_printer"] = dict(CUPS)
    kiosk.tables["card_dispenser"] = {"port": "/dev/adm-dispenser", "baud": 9600, "address": 3, "variant": "r02"}
    made = card_printer(kiosk.settings(), clock)

    assert isinstance(made, FedPrinter)
    assert type(made.printer) is CardPrinter
    assert isinstance(made.dispenser, Crt591)
    assert made.name == "card_printer"
    line = made.dispenser._line
    assert (line._path, line._bauds, line._address, line._variant) == ("/dev/adm-dispenser", [9600], 3, R02)


def test_a_dispenser_without_a_printer_is_named(kiosk: LittleKiosk) -> None:
    kiosk.tables["card_dispenser"] = {"port": "/dev/adm-dispenser"}

    with pytest.raises(
        SettingsError, match=r"card_dispenser: there is no printer .* expected a table \[card_printer\]"
    ):
        card_printer(kiosk.settings(), clock)


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
