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
    path_was_blocked: bool = False  # seen so while the device worked on the job: a hand may have cleared it since
    device_idle: bool | None = None
    device_up_since: bool | None = None  # it was not switched off since before the job, so that it forgot nothing
    sender_gone: bool | None = None  # the backend that took the claim has ended: it sends nothing more

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
    if seen.active_at_device or seen.sender_gone is False:
        return Stage.GOING, ""  # also where cupsd has ended: an orphaned backend goes on
    why = _never_to_be_sent(seen, sent=sent) if seen.claim in (Claim.NONE, Claim.REVOKED) else _over_since_sent(seen)
    if not why and seen.queue_stopped and seen.queue_state != HELD:
        why = "queue-stopped"
    return (Stage.OVER, why) if why else (Stage.GOING, "")


def _never_to_be_sent(seen: Evidence, *, sent: bool) -> str:
    """Why an attempt without a claim is over; empty while it may still begin."""
    if seen.over_at_queue:
        return "not-in-queue" if seen.queue_state is None and not sent else "not-sent"
    if not sent and not seen.spooler_answers:
        return "spooler-away"
    return "not-sent" if not sent and seen.queue_state == HELD else ""


def _over_since_sent(seen: Evidence) -> str:
    """Why an attempt whose claim was taken is over, though the device does not say so; empty while it may go on."""
    if not seen.device_answers:
        return ""
    if seen.spooler_answers and seen.queue_state == HELD:
        return "refused-by-fence" if seen.sender_gone else ""  # the second run, after a crash of cupsd
    return _over_reason(seen) if seen.over_at_queue else ""


def _over_reason(seen: Evidence) -> str:
    if seen.queue_state is None:
        return "not-in-queue"  # gone with the spool
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
        return JobEnd.UNKNOWN if _past_the_fence(seen) else JobEnd.NOTHING
    if not seen.device_answers or seen.active_at_device:
        return JobEnd.UNKNOWN
    if seen.counted == seen.sheets and seen.device_state in (None, COMPLETED):
        # The device forgot its jobs (or does not count their sheets), and its counter remembers.
        return JobEnd.PRINTED
    if seen.counted != 0 or not seen.path_clear or seen.path_was_blocked or seen.sender_gone is False:
        return JobEnd.UNKNOWN  # no counter counts what somebody takes out of a jam
    if seen.device_state in (CANCELED, ABORTED) and seen.device_sheets == 0:
        # Its own job ended without a sheet, its counter stood still, and nothing was in its path: three that agree.
        return JobEnd.NOTHING
    if seen.device_state is None and seen.device_up_since and seen.device_idle and seen.sender_gone:
        # The backend died before the device had a job of it, and nobody else can send what has a claim.
        return JobEnd.NOTHING
    return JobEnd.UNKNOWN


def _past_the_fence(seen: Evidence) -> bool:
    """Somebody prints past the fence: it shows at the device, or at a queue that calls the job completed.

    cupsd says that of a job too whose fence was killed by a signal (seen with 2.4.2), and then the device knows better.
    """
    if seen.device_state is not None:
        return True
    return seen.queue_state == COMPLETED and not (seen.device_answers and seen.counted == 0)
