"""A simulated machine with its driver, as the tests of every card printer need it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PIL import Image
from simulated_evolis import SimulatedMachine

from drivers import registry
from drivers.evolis.driver import EvolisPrinter
from drivers.printer import CardPrinter
from kiosk.documents.card_faces import card_page

FACE = Image.effect_noise((638, 1016), 120).convert("RGB")


class Rig:
    """See drivers.testing.CardRig."""

    def __init__(self, machine: SimulatedMachine, claims: Path) -> None:
        self.machine = machine
        self.claims = claims
        self.document = card_page(FACE)
        self.options: dict[str, Any] = {"printer": machine.name, "stall_s": 5.0}

    def make(self) -> EvolisPrinter:
        made = registry.make(CardPrinter, "evolis", "card_printer", self.options, time.monotonic, self.claims)
        assert isinstance(made, EvolisPrinter)
        return made

    def fed(self) -> int:
        return self.machine.fed

    def take(self) -> None:
        self.machine.take()
