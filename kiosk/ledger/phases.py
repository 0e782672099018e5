"""The phases of one attempt, and which may follow which: one table (specification: design, section 5).

A phase is durable before the act that it names: *submitted* before the first byte of the document, *presented* before a
card moves to the slot, *retracted* before it moves to the bin.
"""

from __future__ import annotations

import enum

from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger.errors import IllegalTransitionError


class Phase(enum.StrEnum):
    RESERVED = "reserved"  # the attempt has its id
    CLAIMED = "claimed"  # the Dinas gave the key
    OPENED = "opened"  # the content is genuine and drawn
    SUBMITTED = "submitted"  # the spooler has a job, still without data
    PRINTING = "printing"  # all data was handed over
    PRESENTED = "presented"  # proved by the device; from here on the person may have access
    TAKEN = "taken"
    RETRACTED = "retracted"  # offered, and kept back
    FAILED = "failed"  # surely nothing came out
    SPOILED = "spoiled"  # a blank or sheets were used up and kept back
    UNKNOWN = "unknown"  # until an operator has looked


_P = Phase

TRANSITIONS: dict[Phase, frozenset[Phase]] = {
    _P.RESERVED: frozenset({_P.CLAIMED, _P.FAILED}),
    _P.CLAIMED: frozenset({_P.OPENED, _P.FAILED}),
    # Unknown already here: after a restart the device may tell what this ledger does not.
    _P.OPENED: frozenset({_P.SUBMITTED, _P.FAILED, _P.UNKNOWN}),
    _P.SUBMITTED: frozenset({_P.PRINTING, _P.FAILED, _P.SPOILED, _P.UNKNOWN}),
    _P.PRINTING: frozenset({_P.PRESENTED, _P.FAILED, _P.SPOILED, _P.UNKNOWN}),
    _P.PRESENTED: frozenset({_P.TAKEN, _P.RETRACTED, _P.UNKNOWN}),
    # Written before the motion, and once more, with its outcome, when the machine has shown that it happened: a hand
    # may have been faster than the motor, and the Dinas takes back no other outcome than unknown.
    _P.RETRACTED: frozenset({_P.RETRACTED, _P.UNKNOWN}),
    _P.TAKEN: frozenset(),
    _P.FAILED: frozenset(),
    _P.SPOILED: frozenset(),
    _P.UNKNOWN: frozenset(),
}

SETTLEMENTS = frozenset({_P.TAKEN, _P.RETRACTED, _P.FAILED, _P.SPOILED})
"""What an operator may find that an unknown attempt was."""

_OUTCOMES = {
    _P.TAKEN: OutcomeKind.PRINTED,
    _P.FAILED: OutcomeKind.NOT_PRINTED,
    _P.SPOILED: OutcomeKind.SPOILED,
    _P.RETRACTED: OutcomeKind.SPOILED,
    _P.UNKNOWN: OutcomeKind.UNKNOWN,
}


def outcome_of(before: Phase, after: Phase) -> OutcomeKind | None:
    """What the Dinas is told when this transition happens; None: the attempt has not ended."""
    if after is Phase.RETRACTED and before is Phase.PRESENTED:
        return None
    return _OUTCOMES.get(after)


def check(before: Phase, after: Phase, *, ended: bool) -> None:
    """Raise IllegalTransitionError unless ``after`` may follow. ``ended``: the attempt has its outcome already."""
    if ended or after not in TRANSITIONS[before]:
        state = f"{before} and ended" if ended else before
        raise IllegalTransitionError(f"an attempt that is {state} cannot become {after}")


def check_settlement(before: Phase, after: Phase) -> None:
    """Raise IllegalTransitionError unless an operator may settle it so."""
    if before is not Phase.UNKNOWN or after not in SETTLEMENTS:
        raise IllegalTransitionError(f"an attempt that is {before} cannot be settled as {after}")
