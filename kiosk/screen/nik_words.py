"""What the digits typed so far say, in words, so that a typing error shows before it is sent."""

from __future__ import annotations

import calendar
import datetime as dt

from kiosk import nik
from kiosk.screen.words import month, t

YOUNGEST_APPLICANT = 17  # years; KTP-el from 17, and for a child a parent's NIK is typed
OLDEST = 100  # years


def birth_year(two_digits: int, day: int, month_number: int, today: dt.date) -> int:
    """The year that a NIK means, which says two digits of it.

    The age decides: from 17 to 100 if a century gives that, since adults stand here; otherwise the latest year that is
    not in the future. So in 2026 ``26`` is 1926 and ``10`` is 2010. The record at the Dinas knows; this is only to be
    read back.
    """
    years = [century + two_digits for century in (2000, 1900) if _exists(century + two_digits, month_number, day)]
    past = [year for year in years if dt.date(year, month_number, day) <= today] or years
    adults = [year for year in past if YOUNGEST_APPLICANT <= today.year - year <= OLDEST]
    return (adults or past)[0]


def _exists(year: int, month_number: int, day: int) -> bool:
    return day <= calendar.monthrange(year, month_number)[1]


def sentence(digits: str, today: dt.date) -> str:
    """The hint below the NIK: how far, from where, born when."""
    said = nik.hint(digits)
    if said.day is not None and said.month is not None and said.year is not None and said.region is not None:
        year = birth_year(said.year, said.day, said.month, today)
        key = "nik.right" if len(digits) == nik.LENGTH else "nik.born"
        return t(key, region=_capital(said.region), day=said.day, month=month(said.month), year=year)
    if said.region is not None:
        return t("nik.region", region=_capital(said.region))
    return t("nik.count", count=len(digits)) if digits else t("nik.empty")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
