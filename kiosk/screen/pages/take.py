"""The document waits for a hand: where, and for how long."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import Taken, TakeView, View
from kiosk.screen.widgets.basics import Machine
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class Waiting(GridLayout):
    """What to do, the time that is left, and what comes next."""


class TakePage(Page):
    def build(self) -> None:
        self.picture = Machine()
        self.waiting = Waiting()
        self.body.add_widget(self.picture)
        self.place(self.waiting, landscape="head")
        self.taken = self.main_act(t("take.taken"), Taken, icon_before="check")

    def show(self, view: View) -> None:
        assert isinstance(view, TakeView)  # noqa: S101  # the registry of pages pairs them
        where = t(f"take.where.{view.part}")
        self.words(t("take.title", title=view.document.title), where)
        self.picture.part = view.part
        self.picture.label = where
        felt = "sensed" if view.sensed else "said"
        self.waiting.what = t(f"take.then.{view.document.medium}_{felt}", count=view.seconds_left)
        self.waiting.seconds = t("take.seconds", count=view.seconds_left)
        self.waiting.next = t("take.next", title=view.next_title) if view.next_title else ""
        bar = self.waiting.ids.bar
        bar.share = view.seconds_left / view.seconds_total if view.seconds_total else 0
        bar.label = t("take.bar")
        if view.sensed and self.taken.parent is not None:
            self.acts.remove_widget(self.taken)
        elif not view.sensed and self.taken.parent is None:
            self.acts.add_widget(self.taken)
