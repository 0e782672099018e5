"""The cells of the matrix: every fault of the vocabulary x when it strikes."""

from __future__ import annotations

from dataclasses import dataclass

from hardware_sim.faults.fault import Fault
from hardware_sim.faults.vocabulary import FAULTS

IDLE = "idle"  # before anybody begins; it lasts while an applicant comes, prints and leaves
CONFIRM = "confirm"  # by a hand, when the applicant has the last look at what will be printed
POWER_CUT = "machine.power_cut"
STALL_S = 4.0  # seconds without progress after which a job is given up; a site waits for two minutes

_PRINTERS = ("paper", "card")
# There is nothing in the path, and no card whose chip could be broken.
_NEVER_IDLE = ("dispenser.moved_by_hand", "cards.mute", "cards.chip_hangs", "cards.two_cards")
_TITLES = {"paper": "kk", "card": "ktp-el"}


@dataclass(frozen=True)
class Cell:
    """One fault at one moment of one visit."""

    fault: Fault
    when: str  # IDLE, CONFIRM, or a phase; of another device as DEVICE-PHASE
    printer: str  # whose medium the applicant prints

    @property
    def name(self) -> str:
        return f"{self.fault.full_name}:{self.when}"

    @property
    def dispenser(self) -> bool:
        """Whether the blanks come out of a dispenser."""
        return self.fault.device == "dispenser"

    @property
    def document(self) -> str:
        """The kind of document that is printed."""
        return _TITLES[self.printer]

    @property
    def armed(self) -> tuple[str, str] | None:
        """Device and phase at which the fault waits; None if a hand strikes."""
        if self.when in (IDLE, CONFIRM):
            return None
        device, _, phase = self.when.rpartition("-")
        return device or self.fault.device, phase


def cells_of(fault: Fault) -> list[Cell]:
    """Idle, and each moment at which this fault can make a difference."""
    printer = {"card": "card", "cards": "card", "dispenser": "card"}.get(fault.device, "paper")
    if fault.full_name == POWER_CUT:
        phases = [
            (p, f"{p}-{phase}") for p in _PRINTERS for phase in ("before", "transfer", "printing", "exit", "after")
        ]
        return [Cell(fault, IDLE, "paper"), *(Cell(fault, when, p) for p, when in phases)]
    if fault.full_name in _NEVER_IDLE:
        return [Cell(fault, when, printer) for when in fault.phases]
    if fault.phases:
        return [Cell(fault, when, printer) for when in (IDLE, *fault.phases)]
    moments = {
        "paper": (CONFIRM,),
        "card": (CONFIRM,),
        "dispenser": (CONFIRM,),
        "cards": ("card-printing",),
        "dinas": (CONFIRM, "paper-printing"),
        "machine": (CONFIRM, "paper-printing"),
    }.get(fault.device, ("paper-printing",))
    return [Cell(fault, when, printer) for when in (IDLE, *moments)]


CELLS: dict[str, Cell] = {cell.name: cell for fault in FAULTS.values() for cell in cells_of(fault)}
