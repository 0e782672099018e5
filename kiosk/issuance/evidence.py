"""What spooler, fence, device, sensors, chip and bin said of an attempt: kept with its end, the good ones too.

The ledger keeps plain values by name (`Attempt.evidence`). `Evidence.of` reads them back as a record with the counters
on both sides of the job, and `lines` says them for a person. A driver may keep what it likes: what has no place in the
record is said by its own name, so that nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from drivers.printer import CardPrinter, Counters, Json, Printer
from kiosk.issuance import card_path
from kiosk.ledger.attempts import Attempt

Value = int | str | bool | None


@dataclass(frozen=True)
class Evidence:
    """One attempt's. None: not known, or there is no such thing."""

    # spooler and fence
    spooler_job: int | None = None
    job_end: str | None = None  # by all that spooler, fence and device say: printed, nothing, unknown
    claim: str | None = None  # who holds the claim of the fence
    queue_state: int | None = None  # job-state at the queue, RFC 8011 5.3.7
    queue_reasons: str | None = None
    # the device's own word
    device_state: int | None = None  # job-state at the device
    device_reasons: str | None = None
    device_sheets: int | None = None
    # counters of the machine, before the job and at the end
    printed_before: int | None = None
    printed_after: int | None = None
    rejected_before: int | None = None
    rejected_after: int | None = None
    # sensors at the end
    state_after: str | None = None
    conditions_after: str | None = None
    position_after: str | None = None
    path: str | None = None
    path_clear: bool | None = None
    path_was_blocked: bool | None = None  # seen while the device worked on the job
    seen_in_slot: bool | None = None
    # chip
    chip_read: bool | None = None
    chip_photo_compared: bool | None = None
    chip_personalized: bool | None = None
    chip_fault: str | None = None
    # bin and hand
    binned: bool | None = None
    reject_obstacle: str | None = None
    taken: str | None = None  # said: by the person's own tap
    # how it was judged
    verdict: str | None = None
    others: dict[str, Json] = field(default_factory=dict)  # what only the driver knows

    @classmethod
    def of(cls, attempt: Attempt) -> Evidence:
        """The record of an attempt, ended or not."""
        names = {one.name for one in fields(cls)} - {"others"}
        known: dict[str, Any] = {name: value for name, value in attempt.evidence.items() if name in names}
        known |= {"spooler_job": attempt.job_id}
        known |= {"printed_before": attempt.before.printed, "rejected_before": attempt.before.rejected}
        known.setdefault("printed_after", attempt.evidence.get("counter_after"))
        others = {k: v for k, v in attempt.evidence.items() if k not in names and k not in _SAID_ELSEWHERE}
        return cls(**known, others=others)

    @property
    def printed(self) -> int | None:
        """Sheets or cards by the machine's own counter since before the job."""
        return _since(self.printed_before, self.printed_after)

    @property
    def rejected(self) -> int | None:
        """Cards in the bin since before the job."""
        return _since(self.rejected_before, self.rejected_after)

    def lines(self) -> list[tuple[str, str]]:
        """Name and value of all that is known, in the order of the record; what is not known is left out."""
        said = [(name, getattr(self, name)) for name in _NAMES]
        said += sorted(self.others.items())
        return [(name.replace("_", " "), _plain(value)) for name, value in said if value not in (None, "")]


_NAMES = tuple(one.name for one in fields(Evidence) if one.name != "others")
_SAID_ELSEWHERE = frozenset({"counter_before", "counter_after", "sheets"})


def last_reading(printer: Printer) -> dict[str, Json]:
    """What the machine said of itself last, without asking it."""
    conditions = " ".join(sorted(str(condition) for condition in printer.status.conditions))
    return {"state_after": str(printer.status.state), "conditions_after": conditions}


async def last_look(printer: Printer, cards: CardPrinter | None) -> dict[str, Json]:
    """Counters and sensors as the machine shows them when an attempt ends; who does not answer says nothing.

    Two questions, each with its deadline (deadlines.LAST_LOOK).
    """
    seen = last_reading(printer)
    seen |= counted(await card_path.counters(printer))
    if cards is not None:
        seen["position_after"] = str(await card_path.position(cards))
    return seen


def counted(now: Counters) -> dict[str, Json]:
    """The counters at the end, by their names in the record."""
    return {"printed_after": now.printed, "rejected_after": now.rejected}


def _since(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
