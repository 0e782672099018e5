"""What became of a card, from every kind of evidence that there can be."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from drivers.claims import Claim
from drivers.evolis.verdict import BEFORE_ANY_MOTION, Evidence, judge
from drivers.printer import CardPosition, JobEnd

PRINTED = Evidence(
    1,
    Claim.FENCE,
    return_code="OK",
    device_answers=True,
    minor="PRINTER_READY",
    counter_before=7,
    counter_after=8,
    position=CardPosition.INSIDE,
)
REFUSED = replace(PRINTED, return_code="PRINT_NEEDACTION", counter_after=7, position=CardPosition.NONE)

CASES = [
    ("counted and said so", PRINTED, JobEnd.PRINTED, ""),
    ("counted before a restart", replace(PRINTED, return_code=None), JobEnd.PRINTED, ""),
    ("no counter, but word and sensor", replace(PRINTED, counter_after=None), JobEnd.PRINTED, ""),
    (
        "no counter and no card",
        replace(PRINTED, counter_after=None, position=CardPosition.NONE),
        JobEnd.UNKNOWN,
        "no-evidence",
    ),
    ("said so, and did not count", replace(PRINTED, counter_after=7), JobEnd.UNKNOWN, "counters-disagree"),
    ("counted twice", replace(PRINTED, counter_after=9), JobEnd.UNKNOWN, "counters-disagree"),
    ("never sent", replace(PRINTED, claim=Claim.REVOKED, return_code=None), JobEnd.NOTHING, "not-sent"),
    ("feeder empty", replace(PRINTED, claim=Claim.REVOKED, refused="media-empty"), JobEnd.NOTHING, "media-empty"),
    ("refused by the library", REFUSED, JobEnd.NOTHING, "needs-action"),
    ("refused, with a card inside", replace(REFUSED, position=CardPosition.INSIDE), JobEnd.UNKNOWN, "needs-action"),
    ("refused, without a counter", replace(REFUSED, counter_before=None), JobEnd.UNKNOWN, "needs-action"),
    ("jam", replace(REFUSED, return_code="PRINT_EMECHANICAL"), JobEnd.UNKNOWN, "media-jam"),
    ("line cut", replace(REFUSED, return_code="PRINTER_ENOCOM"), JobEnd.UNKNOWN, "device-away"),
    ("no answer", replace(PRINTED, device_answers=False), JobEnd.UNKNOWN, "device-silent"),
    ("still busy", replace(PRINTED, busy=True), JobEnd.UNKNOWN, "stalled"),
    ("folder of claims gone", replace(PRINTED, claim=Claim.UNREADABLE), JobEnd.UNKNOWN, "no-claim-readable"),
]


@pytest.mark.parametrize(("seen", "end", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_end_by_the_evidence(seen: Evidence, end: JobEnd, reason: str) -> None:
    assert judge(seen) == (end, reason)


def test_nothing_is_never_said_of_a_card_that_may_have_moved() -> None:
    codes = (None, "OK", "PRINT_EMECHANICAL", "PRINTER_ENOCOM", "ETIMEOUT", "EUNDEFINED", *BEFORE_ANY_MOTION)
    for code, after, place, answers in product(codes, (None, 7, 8, 9), CardPosition, (True, False)):
        seen = replace(PRINTED, return_code=code, counter_after=after, position=place, device_answers=answers)
        if judge(seen)[0] is JobEnd.NOTHING:
            assert (code in BEFORE_ANY_MOTION, after, place, answers) == (True, 7, CardPosition.NONE, True)
