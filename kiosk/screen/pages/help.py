"""Where the operator is found."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import Back, HelpView, View
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class Place(GridLayout):
    """The place in the site's own words, and what to do on the way there."""


class HelpPage(Page):
    foot = ("finish",)  # "Panggil petugas" would do nothing here

    def build(self) -> None:
        self.words(t("help.title"), t("help.lead"))
        self.where = Place()
        self.body.add_widget(self.where)
        self.main_act(t("app.back"), Back, icon_before="arrow-left")

    def show(self, view: View) -> None:
        assert isinstance(view, HelpView)  # noqa: S101  # the registry of pages pairs them
        self.where.where = view.where
