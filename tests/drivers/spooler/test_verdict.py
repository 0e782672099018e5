"""Evidence and verdict: the table, and what must hold for any evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.claims import Claim
from drivers.printer import JobEnd
from drivers.spooler.verdict import (
    ABORTED,
    CANCELED,
    COMPLETED,
    HELD,
    PROCESSING,
    Evidence,
    Stage,
    judge,
    stage,
)

PRINTED = Evidence(
    sheets=2,
    claim=Claim.FENCE,
    spooler_answers=True,
    queue_state=COMPLETED,
    device_answers=True,
    device_state=COMPLETED,
    device_sheets=2,
    counter_before=10,
    counter_after=12,
    path_clear=True,
)
NEVER_ARRIVED = replace(
    PRINTED,
    device_state=None,
    device_sheets=None,
    counter_after=10,
    device_idle=True,
    device_up_since=True,
    sender_gone=True,
)

TABLE = {
    "device and counter agree": (PRINTED, JobEnd.PRINTED),
    "the device forgot the job, its counter did not": (
        replace(PRINTED, device_state=None, device_sheets=None),
        JobEnd.PRINTED,
    ),
    "job complete, no counter": (replace(PRINTED, counter_before=None, counter_after=None), JobEnd.PRINTED),
    "a device that counts nothing, and says it went well": (
        replace(
            PRINTED,
            device_sheets=0,
            counter_before=None,
            counter_after=None,
            device_reasons="job-completed-successfully",
        ),
        JobEnd.PRINTED,
    ),
    "the same without saying so": (
        replace(PRINTED, device_sheets=0, counter_before=None, counter_after=None),
        JobEnd.UNKNOWN,
    ),
    "CUPS says completed, the device knows nothing": (
        replace(PRINTED, device_state=None, device_sheets=None, counter_after=10),
        JobEnd.UNKNOWN,
    ),
    "job complete, the counter stood still": (replace(PRINTED, counter_after=10), JobEnd.UNKNOWN),
    "one sheet of two": (
        replace(PRINTED, device_state=CANCELED, device_sheets=1, counter_after=11),
        JobEnd.UNKNOWN,
    ),
    "no device to ask": (replace(PRINTED, device_answers=False, device_state=None), JobEnd.UNKNOWN),
    "claim revoked before the fence": (
        Evidence(2, Claim.REVOKED, spooler_answers=True, queue_state=CANCELED),
        JobEnd.NOTHING,
    ),
    "claim revoked, and yet the device knows the job": (
        replace(PRINTED, claim=Claim.REVOKED, device_state=PROCESSING, device_sheets=0),
        JobEnd.UNKNOWN,
    ),
    "canceled at the device without a sheet": (
        replace(PRINTED, device_state=CANCELED, device_sheets=0, counter_after=10, queue_state=CANCELED),
        JobEnd.NOTHING,
    ),
    "canceled at the device, with something in the path": (
        replace(PRINTED, device_state=CANCELED, device_sheets=0, counter_after=10, path_clear=False),
        JobEnd.UNKNOWN,
    ),
    "canceled at the device, and somebody has cleared its jam meanwhile": (
        replace(PRINTED, device_state=CANCELED, device_sheets=0, counter_after=10, path_was_blocked=True),
        JobEnd.UNKNOWN,
    ),
    "aborted at the device, without a counter": (
        replace(PRINTED, device_state=ABORTED, device_sheets=0, counter_before=None),
        JobEnd.UNKNOWN,
    ),
    "the backend died before a device that was up all the time had a job": (NEVER_ARRIVED, JobEnd.NOTHING),
    "the same while the backend lives": (replace(NEVER_ARRIVED, sender_gone=False), JobEnd.UNKNOWN),
    "the same, and nobody knows of the backend": (replace(NEVER_ARRIVED, sender_gone=None), JobEnd.UNKNOWN),
    "the same with a device that may have forgotten": (replace(NEVER_ARRIVED, device_up_since=False), JobEnd.UNKNOWN),
    "the same with a device that works": (replace(NEVER_ARRIVED, device_idle=False), JobEnd.UNKNOWN),
    "the same with something in the path": (replace(NEVER_ARRIVED, path_clear=False), JobEnd.UNKNOWN),
    "the same, and a sheet was counted": (replace(NEVER_ARRIVED, counter_after=11), JobEnd.UNKNOWN),
    "the fence was killed before its claim, and CUPS says completed": (
        replace(NEVER_ARRIVED, claim=Claim.REVOKED),
        JobEnd.NOTHING,
    ),
    "the same, and a sheet was counted all the same": (
        replace(NEVER_ARRIVED, claim=Claim.REVOKED, counter_after=11),
        JobEnd.UNKNOWN,
    ),
    "canceled at the device without a sheet, and an orphaned backend lives": (
        replace(
            PRINTED, device_state=CANCELED, device_sheets=0, counter_after=10, queue_state=CANCELED, sender_gone=False
        ),
        JobEnd.UNKNOWN,
    ),
    "claims cannot be read": (
        Evidence(2, Claim.UNREADABLE, spooler_answers=True, queue_state=CANCELED, device_answers=True),
        JobEnd.UNKNOWN,
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_verdict(name: str) -> None:
    evidence, end = TABLE[name]
    assert judge(evidence) is end


states = st.none() | st.integers(3, 9)
evidence = st.builds(
    Evidence,
    sheets=st.integers(1, 3),
    claim=st.sampled_from(Claim),
    spooler_answers=st.booleans(),
    queue_state=states,
    queue_reasons=st.sampled_from(["", "job-incoming", "job-hold-until-specified"]),
    queue_stopped=st.booleans(),
    device_answers=st.booleans(),
    device_state=states,
    device_sheets=st.none() | st.integers(0, 3),
    counter_before=st.none() | st.just(10),
    counter_after=st.none() | st.integers(10, 13),
    path_clear=st.none() | st.booleans(),
    path_was_blocked=st.booleans(),
    device_idle=st.none() | st.booleans(),
    device_up_since=st.none() | st.booleans(),
    sender_gone=st.none() | st.booleans(),
)


@given(evidence)
def test_a_sheet_that_was_seen_is_never_called_nothing(seen: Evidence) -> None:
    if seen.device_answers and (seen.device_sheets or (seen.counted or 0) > 0) and seen.claim is not Claim.REVOKED:
        assert judge(seen) is not JobEnd.NOTHING


@given(evidence)
def test_nothing_is_printed_by_the_word_of_cups_alone(seen: Evidence) -> None:
    deaf = replace(seen, device_answers=False, queue_state=COMPLETED)
    assert judge(deaf) is not JobEnd.PRINTED


@given(evidence)
def test_a_counter_that_contradicts_is_never_printed(seen: Evidence) -> None:
    if seen.counted is not None and seen.counted != seen.sheets:
        assert judge(seen) is not JobEnd.PRINTED


@given(evidence, st.booleans())
def test_what_the_device_still_works_on_is_not_over(seen: Evidence, sent: bool) -> None:
    at, _ = stage(seen, sent=sent)
    if seen.active_at_device:
        assert at is Stage.GOING


@given(evidence, st.booleans())
def test_while_a_backend_lives_nothing_is_over_and_nothing_is_said_to_be_nothing(seen: Evidence, sent: bool) -> None:
    seen = replace(seen, claim=Claim.FENCE, sender_gone=False)
    at, _ = stage(seen, sent=sent)
    if seen.device_state not in (CANCELED, ABORTED, COMPLETED):
        assert at is Stage.GOING
    assert judge(seen) is not JobEnd.NOTHING


STAGES = {
    "held by the fence after a crash of cupsd, and the first backend is gone": (
        replace(NEVER_ARRIVED, queue_state=HELD),
        "refused-by-fence",
    ),
    "the same while the first backend lives": (replace(NEVER_ARRIVED, queue_state=HELD, sender_gone=False), ""),
    "gone with the spool while the device prints": (
        replace(PRINTED, queue_state=None, device_state=PROCESSING, device_sheets=0, counter_after=10),
        "",
    ),
    "gone with the spool, and nobody prints": (replace(NEVER_ARRIVED, queue_state=None), "not-in-queue"),
    "cupsd is dead, and nothing was sent": (Evidence(2, Claim.NONE, spooler_answers=False), "spooler-away"),
    "cupsd is dead, and the device prints": (
        replace(PRINTED, spooler_answers=False, queue_state=None, device_state=PROCESSING, counter_after=10),
        "",
    ),
}


@pytest.mark.parametrize("name", STAGES)
def test_what_is_over_after_a_restart(name: str) -> None:
    seen, why = STAGES[name]
    assert stage(seen, sent=False) == ((Stage.OVER, why) if why else (Stage.GOING, ""))


def test_the_record_holds_plain_values() -> None:
    assert PRINTED.record()["claim"] == "fence"
    assert all(value is None or isinstance(value, (str, int, bool)) for value in PRINTED.record().values())
