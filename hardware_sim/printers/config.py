"""What printers there are: the file that ``python -m hardware_sim.printers --config`` takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class Kind(StrEnum):
    PAPER = "paper"
    CARD = "card"


DEFAULT_STOCK = {Kind.PAPER: 250, Kind.CARD: 100}
DEFAULT_PAGE_S = {Kind.PAPER: 3.0, Kind.CARD: 25.0}  # 20 sheets a minute; a colour card with overlay
LOW_BELOW = {Kind.PAPER: 20, Kind.CARD: 10}


@dataclass(frozen=True)
class PrinterConfig:
    """One printer. Ports are of 127.0.0.1, and 0 takes a free one; times are seconds."""

    name: str
    kind: Kind
    port: int = 0
    control_port: int = 0
    page_s: float = -1.0  # below 0: the default of its kind
    stock: int = -1
    reject_bin_holds: int = 50
    serial_prefix: str = "B"
    feeder: bool = True  # of a card printer; without one each blank is handed over to it (act hand_over)
    pdf_dpi: int = 150  # at which a PDF's pages are drawn for the output folder
    compressions: tuple[str, ...] = ()  # "gzip", "deflate": offered, and unpacked

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
        object.__setattr__(self, "compressions", tuple(self.compressions))
        if self.page_s < 0:
            object.__setattr__(self, "page_s", DEFAULT_PAGE_S[self.kind])
        if self.stock < 0:
            object.__setattr__(self, "stock", DEFAULT_STOCK[self.kind])


@dataclass(frozen=True)
class PrintersConfig:
    """All printers of the process. Each has a folder of its name below ``folder``."""

    folder: Path
    printers: tuple[PrinterConfig, ...]
    smart_cards: str | None = None  # control address of the smart-card simulator, whose encoder sees the blanks

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> PrintersConfig:
        """Read the file's content; TypeError or ValueError for keys and values that are not known."""
        printers = tuple(PrinterConfig(**printer) for printer in value["printers"])
        unknown = set(value) - {"folder", "printers", "smart_cards"}
        if unknown:
            raise ValueError(f"unknown keys {sorted(unknown)}")
        return cls(Path(value["folder"]), printers, value.get("smart_cards"))
