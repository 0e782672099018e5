"""How an attempt ended, from the evidence alone: pure, one table, and nothing is guessed.

PRINTED needs the device's own word, since CUPS' "completed" means *handed over* (a connection cut in mid-document was
called completed with nothing printed in half of the runs). NOTHING needs certainty. All else is UNKNOWN, and a person
looks into the machine.
"""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass

from drivers.claims import Claim
from drivers.printer import JobEnd, Json

# job-state, RFC 8011 5.3.7; the same for CUPS and for the device.
PENDING, HELD, PROCESSING, PROCESSING_STOPPED, CANCELED, ABORTED, COMPLETED = 3, 4, 5, 6, 7, 8, 9
ENDED = frozenset({CANCELED, ABORTED, COMPLETED})


@dataclass(frozen=True)
class Evidence:
    """What spooler, fence and device say of one attempt now. None: not known, or no such thing."""

    sheets: int  # as many as the attempt has
    claim: Claim
    spooler_answers: bool
    queue_state: int | None = None  # job-state at the queue; None: the queue does not know the job
    queue_reasons: str = ""
    queue_stopped: bool = False
    device_answers: bool = False
    device_state: int | None = None  # job-state at the device; None: the device does not know the job
    device_reasons: str = ""
    device_sheets: int | None = None
    counter_before: int | None = None
    counter_after: int | None = None
    path_clear: bool | None = None  # no jam, no open cover, no card in the path

    @property
    def counted(self) -> int | None:
        """Sheets by the machine's own counter since before the job."""
        if self.counter_before is None or self.counter_after is None:
            return None
        return self.counter_after - self.counter_before

    @property
    def over_at_queue(self) -> bool:
        return self.spooler_answers and (self.queue_state is None or self.queue_state in ENDED)

    @property
    def active_at_device(self) -> bool:
        return self.device_answers and self.device_state is not None and self.device_state not in ENDED

    def record(self) -> dict[str, Json]:
        """The evidence as plain values, to be kept with the attempt."""
        return {**asdict(self), "claim": self.claim.value}


class Stage(enum.Enum):
    """Where an attempt stands while it is watched."""

    GOING = enum.auto()
    PRINTED = enum.auto()
    OVER = enum.auto()  # no more will happen by itself: cancel what is left, and judge


def device_says_printed(seen: Evidence) -> bool:
    """The device's own job of that name is completed with all its sheets, and its counter does not contradict.

    A device that counts nothing at all (a stock ippeveprinter) is believed when it calls the job completed
    *successfully*: all its sheets were stacked (RFC 8011 5.3.7). One that counts must have counted.
    """
    if not seen.device_answers or seen.device_state != COMPLETED:
        return False
    if seen.counter_after is None and not seen.device_sheets:
        return "job-completed-successfully" in seen.device_reasons
    complete = seen.device_sheets is not None and seen.device_sheets >= seen.sheets
    return complete and seen.counted in (None, seen.sheets)


def stage(seen: Evidence, *, sent: bool) -> tuple[Stage, str]:
    """Whether to go on watching, and otherwise the code of the reason.

    ``sent`` is False after a restart that found the job without its data: nobody will send the rest.
    """
    if device_says_printed(seen):
        return Stage.PRINTED, ""
    if seen.device_answers and seen.device_state in (CANCELED, ABORTED):
        return Stage.OVER, "canceled-at-device" if seen.device_state == CANCELED else "aborted-at-device"
    if seen.queue_state == HELD and seen.spooler_answers:
        if "job-incoming" in seen.queue_reasons and not sent:
            return Stage.OVER, "not-sent"
        # Else held by the fence, after a crash of cupsd: the first run may be on its way to the device still.
        return Stage.GOING, ""
    if seen.over_at_queue and not seen.active_at_device:
        if seen.claim in (Claim.NONE, Claim.REVOKED):
            return Stage.OVER, "not-sent"
        if seen.device_answers:
            return Stage.OVER, _over_reason(seen)
    if seen.queue_stopped and not seen.active_at_device:
        return Stage.OVER, "queue-stopped"
    return Stage.GOING, ""


def _over_reason(seen: Evidence) -> str:
    if seen.queue_state == CANCELED:
        return "canceled"
    if seen.queue_state == ABORTED:
        return "aborted"
    return "not-known-to-device" if seen.device_state is None else "counters-disagree"


def judge(seen: Evidence) -> JobEnd:
    """How the attempt ended, once nothing of it is active any more (or nobody can be asked)."""
    if device_says_printed(seen):
        return JobEnd.PRINTED
    if seen.claim is Claim.REVOKED:
        # Unless somebody prints past the fence, which then shows at the queue or at the device.
        past_the_fence = seen.queue_state == COMPLETED or seen.device_state is not None
        return JobEnd.UNKNOWN if past_the_fence else JobEnd.NOTHING
    if not seen.device_answers or seen.active_at_device:
        return JobEnd.UNKNOWN
    if seen.counted == seen.sheets and seen.device_state in (None, COMPLETED):
        # The device forgot its jobs (or does not count their sheets), and its counter remembers.
        return JobEnd.PRINTED
    nothing_by_device = seen.device_state in (CANCELED, ABORTED) and seen.device_sheets == 0 and seen.counted == 0
    if nothing_by_device and seen.path_clear:
        # Its own job ended without a sheet, its counter stood still, and nothing is in its path: three that agree.
        return JobEnd.NOTHING
    return JobEnd.UNKNOWN
