"""Where everything comes together: events in, a View out, effects on their way. Runs in the engine's loop only."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kiosk import settings
from kiosk.engine.patience import Verdict, judge
from kiosk.protocol import Said, Show, Touched
from kiosk.session.events import Effect, Event, TimedOut
from kiosk.session.machine import Machine
from kiosk.session.transitions import advance
from kiosk.session.views import view_of
from kiosk.session.visit import NOBODY, Page, Visit

log = logging.getLogger(__name__)


class Conductor:
    """Keeps the one visit, and shows what has changed.

    ``carry_out`` starts an effect and returns at once; what comes of it comes back through ``happened``. Effects of a
    visit that is over come back too: the number of the visit tells them apart, and they are dropped.
    """

    def __init__(
        self,
        machine: Machine,
        patience: settings.Visit,
        *,
        show: Callable[[Show], None],
        carry_out: Callable[[Effect, int], None],
        clock: Callable[[], float],
    ) -> None:
        self.machine = machine
        self._patience = patience
        self._show = show
        self._carry_out = carry_out
        self._clock = clock
        self.visit: Visit = NOBODY
        self.visit_number = 0
        self._page = 0
        self._shown: Show | None = None
        self._key: tuple[Page, type] | None = None
        now = clock()
        self._began = self._touched = self._page_since = now

    def said(self, said: Said) -> None:
        """The person did something on the screen."""
        self._touched = self._clock()
        if isinstance(said.intent, Touched):
            self._refresh()
            return
        if said.page != self._page:
            log.debug("a tap on a page that is gone; dropped")
            return
        self._apply(said.intent)

    def happened(self, event: Event, visit_number: int | None = None) -> None:
        """Something else happened; with the number of the visit that it belongs to, if it belongs to one."""
        if visit_number is not None and visit_number != self.visit_number:
            return
        self._apply(event)

    def machine_changed(self, machine: Machine) -> None:
        if machine != self.machine:
            self.machine = machine
            self._refresh()

    def tick(self) -> None:
        """Once a second: see whether patience has run out."""
        verdict = self._judge()
        if verdict.over:
            log.info("visit ended by time on page %s", self.visit.page)
            self._apply(TimedOut())
        else:
            self._refresh()

    def _apply(self, event: Event) -> None:
        before = self.visit
        self.visit, effects = advance(before, event, self.machine)
        if before.page is Page.HOME and self.visit.page is not Page.HOME:
            self.visit_number += 1
            self._began = self._clock()
        for effect in effects:
            self._carry_out(effect, self.visit_number)
        self._refresh()

    def _judge(self) -> Verdict:
        return judge(
            self.visit.page,
            began=self._began,
            touched=self._touched,
            shown=self._page_since,
            now=self._clock(),
            settings=self._patience,
        )

    def _refresh(self) -> None:
        view = view_of(self.visit, self.machine)
        if self._key != (self.visit.page, type(view)):
            self._key = (self.visit.page, type(view))
            self._page += 1
            self._page_since = self._clock()
        show = Show(self._page, self.machine.site, view, self._judge().ask_s)
        if show != self._shown:
            self._shown = show
            self._show(show)
