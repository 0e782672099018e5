"""What this Dinas has chosen where the contract leaves it to a Dinas; scenarios may change it while it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class DinasSettings:
    """Times in seconds unless the name says otherwise."""

    session_s: int = 900  # longer than the longest visit at a kiosk
    report_s: int = 900  # a claim without outcome is suspect after this
    lock_s: int = 900  # first lock of a number; each further one is twice as long
    longest_lock_s: int = 86400
    busy_s: int = 5  # told with problems/busy
    resend_pause_s: int = 60  # a kiosk's wish to send a PIN again counts once in this time
    pin_days: int = 30
    permit_days: int = 90
