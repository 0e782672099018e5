"""The A4 printer: a driverless IPP printer behind a CUPS queue, with toner."""

from __future__ import annotations

from drivers.spooler import readings
from drivers.spooler.printer import SpooledPrinter


class PaperPrinter(SpooledPrinter):
    """Implements ``drivers.printer.Printer``; the arguments are those of SpooledPrinter."""

    SUPPLIES = readings.TONER_REASONS
