"""Error codes of the Cloud API, by what the Dinas has to do (domain 6.1)."""

from __future__ import annotations

import enum


class Remedy(enum.StrEnum):
    """What to do about an error."""

    RETRY = "retry"  # it passes by itself: again, with back-off
    OTHER_CHANNEL = "other_channel"  # this person cannot be reached by WhatsApp
    STOP = "stop"  # nothing can be sent to anybody until an administrator has mended it
    FAULT = "fault"  # this message is wrong: a mistake of ours


_CODES = {
    Remedy.RETRY: (4, 80007, 130429, 131000, 131016, 131056, 131057, 133016),
    Remedy.OTHER_CHANNEL: (131026, 131030, 131049, 131050, 130472, 130497),
    Remedy.STOP: (190, 10, 3, 368, 131031, 131042, 131044, 131045, 132001, 132015, 132016),
}
_REMEDIES = {code: remedy for remedy, codes in _CODES.items() for code in codes}


def remedy_of(code: int) -> Remedy:
    """What to do about this code; FAULT for one that is not listed."""
    return _REMEDIES.get(code, Remedy.FAULT)
