"""How it works, in four points."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.boxlayout import BoxLayout

from kiosk.protocol import Back, View
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class Road(BoxLayout):
    """The four points."""


class HowToPage(Page):
    def build(self) -> None:
        self.words(t("how_to.title"), t("how_to.lead"))
        self.body.add_widget(Road())
        self.main_act(t("app.back"), Back, icon_before="arrow-left")

    def show(self, view: View) -> None:
        """Always the same."""
