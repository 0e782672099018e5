"""The CUPS drivers as ``drivers.registry`` finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from drivers.card_printer.driver import CardPrinter
from drivers.options import DriverOptionError, Options
from drivers.paper_printer.driver import PaperPrinter

PRINTER_ADDRESS = re.compile(r"ipps?://[^/]+")


def card_printer(name: str, options: Mapping[str, Any], clock: Callable[[], float], state: Path) -> CardPrinter:
    """A card printer behind a CUPS queue. Raises DriverOptionError."""
    return CardPrinter(name, **_wiring(options), claims=state, clock=clock)


def paper_printer(name: str, options: Mapping[str, Any], clock: Callable[[], float], state: Path) -> PaperPrinter:
    """An A4 printer behind a CUPS queue. Raises DriverOptionError."""
    return PaperPrinter(name, **_wiring(options), claims=state, clock=clock)


def _wiring(given: Mapping[str, Any]) -> dict[str, Any]:
    options = Options(given)
    address = "the printer's own address, such as ipp://localhost:8631/ipp/print"
    wiring: dict[str, Any] = {
        "queue": options.text("queue", "the name of a CUPS queue"),
        "device": options.text("device", address),
        "server": options.text("server", "cupsd: the path of its socket, or host:port"),
        "media": options.text("media", "a PWG media name, such as iso_a4_210x297mm"),
        "stall_s": options.number("stall_s", 0.1, 3600, "seconds", 120.0),
    }
    options.end()
    if not PRINTER_ADDRESS.match(wiring["device"]):
        raise DriverOptionError("device", wiring["device"], address)
    return wiring
