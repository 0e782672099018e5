"""The CUPS driver keeps to what every card printer's driver must, on a real cupsd."""

from __future__ import annotations

import time

import pytest
from PIL import Image

from drivers import registry
from drivers.card_printer import driver as card_driver
from drivers.printer import CardPrinter
from drivers.spooler import printer as spooled
from drivers.testing import CardPrinterConformance
from hardware_sim.printers.stand import CARD, MEDIA_NAMES, PrintStand
from kiosk.documents.card_faces import card_page

pytestmark = pytest.mark.devices


class CupsRig:
    """See drivers.testing.CardRig."""

    def __init__(self, stand: PrintStand) -> None:
        self.stand = stand
        self.document = card_page(Image.new("RGB", (638, 1016), (90, 90, 200)))

    def make(self) -> CardPrinter:
        cups = self.stand.cups
        options = {"queue": "adm-card", "device": self.stand.uri(CARD), "server": cups.server}
        options |= {"media": MEDIA_NAMES[CARD]}
        return registry.make(CardPrinter, "cups-card", "card_printer", options, time.monotonic, cups.claims)

    def fed(self) -> int:
        return len(self.stand.printers.ledger(CARD, "fed"))

    def take(self) -> None:
        self.stand.hand(CARD).do("take_card")


class TestCups(CardPrinterConformance):
    @pytest.fixture
    def rig(self, stand: PrintStand, monkeypatch: pytest.MonkeyPatch) -> CupsRig:
        monkeypatch.setattr(spooled, "SETTLE_S", 3.0)
        monkeypatch.setattr(card_driver, "MOTION_S", 2.0)
        return CupsRig(stand)
