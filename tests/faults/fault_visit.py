"""One visit, as an applicant makes it who reads what is shown and presses the button that is meant for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from fault_screen import NotShownError, TheScreen

from kiosk import protocol as p

VISIT_WITHIN_S = 150.0


@dataclass(frozen=True)
class Applicant:
    """Somebody with a PIN and one permit."""

    nik: str
    pin: str
    permit_id: str


class Visit:
    """``make`` plays it from home to home; it ends early when the screen goes dark or nobody is served."""

    def __init__(
        self,
        screen: TheScreen,
        applicant: Applicant,
        take_card: Callable[[], bool],
        before_confirming: Callable[[], None] = lambda: None,
    ) -> None:
        self._screen = screen
        self._applicant = applicant
        self._take_card = take_card
        self._before_confirming = before_confirming
        self._answered: int | None = None
        self._begun = False

    def make(self) -> None:
        """NotShownError if it has not come to an end after two and a half minutes."""
        deadline = time.monotonic() + VISIT_WITHIN_S
        while (show := self._screen.show) is not None:
            home = isinstance(show.view, p.HomeView | p.OutOfServiceView)
            if home and (self._begun or isinstance(show.view, p.OutOfServiceView)):
                return
            self._react(show)
            self._screen.wait_for_news(show, max(0.0, min(1.0, deadline - time.monotonic())))
            if time.monotonic() > deadline:
                raise NotShownError(f"the visit does not end; seen {[codes for codes, _ in self._screen.seen]}")

    def _react(self, show: p.Show) -> None:
        if isinstance(show.view, p.TakeView) and show.view.sensed:
            self._take_card()  # each second anew: there may be nothing in the slot yet
            return
        if show.page == self._answered:
            return
        intent = self._answer(show.view)
        if intent is not None:
            self._answered = show.page
            self._screen.say(intent)

    def _answer(self, view: p.View) -> p.Intent | None:
        match view:
            case p.HomeView() | p.ScanView():
                self._begun = True
                return p.Begin(p.Way.NIK)
            case p.NikView():
                return p.EnterNik(self._applicant.nik)
            case p.PinView(checking=False):
                return p.Finish() if view.wrong else p.EnterPin(self._applicant.pin)
            case p.DocumentsView():
                ready = [d.permit_id for d in view.documents if d.state is p.DocumentState.READY]
                return p.Choose(tuple(ready)) if ready else p.Finish()
            case p.ConfirmView():
                self._before_confirming()
                return p.Confirm()
            case p.TakeView():
                return p.Taken()
            case p.NoticeView():
                onward = p.Action.CONTINUE if p.Action.CONTINUE in view.actions else p.Action.FINISH
                return p.Act(onward)
            case p.ThanksView() if view.receipt is not p.ReceiptState.PRINTING:
                return p.Finish()
        return None
