"""How long each wait of an attempt may last: every one of them, in one table, by the phase in which it is waited.

A phase ends at the latest when all that may be waited for in it, one after the other, has taken its whole time. What a
call that outlived its deadline did is not known, so that only evidence decides then (verdict).
"""

from __future__ import annotations

from kiosk.issuance.ports import Times
from kiosk.ledger.phases import Phase

# Seconds.
ASK = 10.0  # a printer's status, counters or position
CLAIM = 60.0  # above the client's own deadlines
BUNDLE = 120.0  # 300 kB take 47 s over 64 kbit/s, where a bundle was not fetched ahead
PREPARE = 60.0
SPOOLER = 30.0  # a job is made, or looked for and taken away
SEND = 120.0
PRINT = 900.0  # the driver gives a stalled job up long before
FIND = 900.0  # a job that is still being printed is followed to its end
CARD_AT_STATION = 15.0
RELAY = 180.0  # all steps of writing a chip
READ_CHIP = 20.0
MOVE = 40.0  # a motion takes 15 s at most, and its answer may be lost before
ABANDON = 30.0
AWAY_AT_START = 60.0  # a printer that was switched on with the kiosk warms up
GRACE = 5.0  # for a driver that ends a call by itself: it knows better what was in the way

LAST_LOOK = 2 * ASK  # counters, position
END = ABANDON + LAST_LOOK  # whatever the end is, the queue is emptied and the machine is looked at
CHIP = CARD_AT_STATION + RELAY + READ_CHIP + 3 * GRACE


def longest(phase: Phase, times: Times) -> float:
    """Seconds after which an attempt has left this phase at the latest. Raises KeyError for a phase that is an end."""
    take = max(times.take_card, times.take_paper)
    table = {
        Phase.RESERVED: CLAIM + END,
        Phase.CLAIMED: BUNDLE + PREPARE + END,
        Phase.OPENED: SPOOLER + SPOOLER + END,
        Phase.SUBMITTED: SEND + FIND + LAST_LOOK + END,
        Phase.PRINTING: PRINT + FIND + LAST_LOOK + CHIP + END,
        Phase.PRESENTED: MOVE + ASK + take + LAST_LOOK + END,
        Phase.RETRACTED: ASK + MOVE + LAST_LOOK + END,
    }
    return table[phase]


def longest_attempt(times: Times) -> float:
    """Seconds from the first row to the last, if each wait takes its whole time."""
    return sum(longest(phase, times) for phase in Phase if phase in _LIVING)


_LIVING = frozenset(
    {
        Phase.RESERVED,
        Phase.CLAIMED,
        Phase.OPENED,
        Phase.SUBMITTED,
        Phase.PRINTING,
        Phase.PRESENTED,
        Phase.RETRACTED,
    }
)
