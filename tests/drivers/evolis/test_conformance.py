"""The Evolis driver keeps to what every card printer's driver must."""

from __future__ import annotations

import pytest
from evolis_rig import Rig

from drivers.testing import CardPrinterConformance


class TestEvolis(CardPrinterConformance):
    @pytest.fixture
    def rig(self, rig: Rig) -> Rig:
        return rig
