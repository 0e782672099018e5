"""How long the kiosk waits for a person: pure, in monotonic seconds."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.session.visit import AT_WORK, PERSONAL, Page
from kiosk.settings import Visit as VisitSettings


@dataclass(frozen=True)
class Verdict:
    """What time says: ask "still there?" with these seconds left, or end the visit; neither, and it goes on."""

    ask_s: int | None = None
    over: bool = False


GOES_ON = Verdict()


def judge(page: Page, *, began: float, touched: float, shown: float, now: float, settings: VisitSettings) -> Verdict:
    """Judge a visit on a page.

    ``began`` is when the visit began, ``touched`` when somebody last touched the screen, ``shown`` when the page came
    up: patience starts with the later of the two, because a page that came by itself has to be read first.
    """
    if page is Page.HOME or page in AT_WORK:
        return GOES_ON
    quiet = now - max(touched, shown)
    if page is Page.THANKS:
        return Verdict(over=quiet >= settings.thanks_s)
    if now - began >= settings.longest_s and page in PERSONAL:
        return Verdict(over=True)
    idle = settings.idle_personal_s if page in PERSONAL else settings.idle_s
    if quiet < idle:
        return GOES_ON
    left = idle + settings.still_there_s - quiet
    return Verdict(over=True) if left <= 0 else Verdict(ask_s=max(1, round(left)))
