"""The printers and the private cupsd together, in a folder of their own: what a test or a benchmark prints on."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from hardware_sim.control import Hand
from hardware_sim.printers.attributes import MEDIA
from hardware_sim.printers.config import Kind, PrinterConfig, PrintersConfig
from hardware_sim.printers.cups import PrivateCups, QueueSpec
from hardware_sim.printers.process import PrintersProcess

PAPER, CARD = "a4", "card"
MEDIA_NAMES = {PAPER: MEDIA[Kind.PAPER].name, CARD: MEDIA[Kind.CARD].name}


class PrintStand:
    """An A4 printer "a4" and a card printer "card", behind the queues "adm-a4" and "adm-card"."""

    def __init__(
        self, *, page_s: float = 0.05, fenced: bool = True, smart_cards: str | None = None, feeder: bool = True
    ) -> None:
        # Short, since the path of a socket has at most 107 bytes, and open to the user of the print system.
        self.folder = Path(tempfile.mkdtemp(prefix="adm-print-"))
        self.folder.chmod(0o711)
        printers = (
            PrinterConfig(PAPER, Kind.PAPER, page_s=page_s),
            PrinterConfig(CARD, Kind.CARD, page_s=page_s, feeder=feeder),
        )
        self.printers = PrintersProcess(PrintersConfig(self.folder / "printers", printers, smart_cards))
        self._fenced = fenced
        self.cups: PrivateCups

    def __enter__(self) -> PrintStand:
        try:
            self.printers.start()
            self.cups = PrivateCups(
                self.folder / "cups",
                [QueueSpec(f"adm-{name}", self.uri(name), MEDIA_NAMES[name], self._fenced) for name in (PAPER, CARD)],
            )
            self.cups.start()
        except BaseException:
            self.printers.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.cups.stop()
        self.printers.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def uri(self, name: str) -> str:
        return self.printers.where[name]["uri"]

    def hand(self, name: str) -> Hand:
        return self.printers.hand(name)

    def out(self, name: str) -> Path:
        """Where the printer puts what it printed."""
        return Path(self.printers.where[name]["folder"]) / "out"

    def repair(self) -> None:
        """Both printers as new and both queues empty and open, for the next test."""
        connection = self.cups.connection()
        for name in (PAPER, CARD):
            self.hand(name).do("repair")
            connection.cancelAllJobs(f"adm-{name}", purge_jobs=False)
            connection.enablePrinter(f"adm-{name}")
