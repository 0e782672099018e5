"""What sixteen digits can tell: the structure of a NIK, ``PPRRSS DDMMYY XXXX`` (PP 37/2007, article 37).

Refused is only what no NIK can be. The region is that of the first registration and a NIK never changes, even when
birth date or sex in it were wrong (PP 40/2019, article 30): so another region than Tuban, or a date that differs from
the record, is never a refusal. There is no check digit.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass

from kiosk.protocol import NikFault
from kiosk.regions import name_of

LENGTH = 16
FEMALE_DAY_OFFSET = 40


@dataclass(frozen=True)
class NikHint:
    """What the digits say, to be named back so that typing errors show. None: not typed yet, or not known here."""

    region: str | None  # "Kecamatan Tuban", "luar Kabupaten Tuban"
    day: int | None
    month: int | None  # 1 to 12
    year: int | None  # two digits; the century is not in a NIK


def fault(nik: str) -> NikFault | None:
    """Why these characters cannot be a NIK, or None if they can."""
    if len(nik) != LENGTH or not (nik.isascii() and nik.isdigit()):
        return NikFault.LENGTH
    return _region_fault(nik) or _date_fault(nik) or (NikFault.SERIAL if nik[12:] == "0000" else None)


def partial_fault(digits: str) -> NikFault | None:
    """Why the digits typed so far cannot become a NIK, or None: known as soon as a group is complete."""
    if len(digits) >= 6 and _region_fault(digits):
        return NikFault.REGION
    if len(digits) >= 12 and _date_fault(digits):
        return NikFault.DATE
    if len(digits) == LENGTH and digits[12:] == "0000":
        return NikFault.SERIAL
    return None


def hint(digits: str) -> NikHint:
    """What the digits typed so far say."""
    region = name_of(digits[:6]) if len(digits) >= 6 else None
    if len(digits) < 12 or _date_fault(digits):
        return NikHint(region, None, None, None)
    day = int(digits[6:8])
    return NikHint(
        region, day - FEMALE_DAY_OFFSET if day > FEMALE_DAY_OFFSET else day, int(digits[8:10]), int(digits[10:12])
    )


def _region_fault(digits: str) -> NikFault | None:
    # Province codes run from 11 (Aceh) to 99; regency and district are never 00.
    province, regency, district = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return NikFault.REGION if province < 11 or regency == 0 or district == 0 else None


def _date_fault(digits: str) -> NikFault | None:
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    if day > FEMALE_DAY_OFFSET:
        day -= FEMALE_DAY_OFFSET
    if not 1 <= month <= 12 or day < 1:
        return NikFault.DATE
    # 29 February counts when either century has it.
    longest = max(calendar.monthrange(century + year, month)[1] for century in (1900, 2000))
    return NikFault.DATE if day > longest else None
