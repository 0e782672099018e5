"""The kiosk serves nobody now: why, whether the right to print stands, and where help is."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import OutOfServiceView, OutReason, View
from kiosk.screen import theme
from kiosk.screen.widgets.basics import Machine
from kiosk.screen.widgets.cards import StaffLine, medium_cards, staff_line
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

ICONS = {OutReason.STARTING: "clock", OutReason.DINAS_AWAY: "clock"}


class Closed(GridLayout):
    """Icon, title, sentence, and the state of the media."""


class HelpBox(BoxLayout):
    """Where help is found."""


class OutOfServicePage(Page):
    foot = ()  # the engine takes nothing now; where help is stands on the page itself

    def build(self) -> None:
        self.closed = Closed()
        self.picture = Machine(label="", role="")  # says nothing, is only to be looked at
        self.place(self.closed, landscape="head")
        self.body.add_widget(self.picture)
        self.media = BoxLayout(size_hint_y=None, spacing=theme.current().px("gap"))
        self.media.bind(minimum_height=self.media.setter("height"))
        self.body.add_widget(self.media)
        self.help_box = HelpBox()
        self.staff: StaffLine | None = None

    def show(self, view: View) -> None:
        assert isinstance(view, OutOfServiceView)  # noqa: S101  # the registry of pages pairs them
        self._say_closed(ICONS.get(view.reason, "warning"), t(f"out.title.{view.reason}"), t(f"out.what.{view.reason}"))
        self.media.clear_widgets()
        for card in medium_cards(view.media):
            self.media.add_widget(card)
        if not view.media:
            self.media.height = 0  # a box is 100 pixels high until its contents say otherwise, and none say nothing
        self._say_to_staff(view)
        if self.help_box.parent is not None:
            self.acts.remove_widget(self.help_box)
        if view.help:
            self.help_box.text = view.help
            self.acts.add_widget(self.help_box)

    def _say_to_staff(self, view: OutOfServiceView) -> None:
        if self.staff is not None:
            self.body.remove_widget(self.staff)
        self.staff = staff_line(view.staff)
        if self.staff is not None:
            self.body.add_widget(self.staff)

    def _say_closed(self, icon: str, title: str, text: str) -> None:
        self.closed.icon = icon
        self.closed.title = title
        self.closed.text = text


class LostPage(OutOfServicePage):
    """The engine is lost: the screen's own page, until it is back."""

    def build(self) -> None:
        super().build()
        self._say_closed("clock", t("out.lost_title"), t("out.lost_what"))
