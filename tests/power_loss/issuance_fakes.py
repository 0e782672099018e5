"""The fakes of the tests of issuance, which lie in another folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "kiosk" / "issuance"))

from fake_kiosk import FakePrinter, Trace, World, a_permit  # its folder had to be named first

__all__ = ["FakePrinter", "Trace", "World", "a_permit"]
