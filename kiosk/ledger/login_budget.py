"""The kiosk's own budget of failed logins, besides the Dinas' count: spraying many NIKs here takes for ever.

A try is charged before the Dinas is asked, so that a power cut gives none away. Only the count is kept: after a restart
the whole pause counts anew, and neither a restart nor a clock set back shortens it.
"""

from __future__ import annotations

FREE = 5  # failures in a row, whatever the NIK (contract, /v1/sessions)
FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 3600.0


def pause_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    if failures < FREE:
        return 0.0
    doublings = min(failures - FREE, 20)  # far past the cap; keeps the number small
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * (1 << doublings))
