"""Home: what can be printed now, and the ways in. What cannot is said before anybody types."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import Begin, HomeView, View, Way
from kiosk.screen.widgets.cards import Notice, medium_cards, spacer, staff_line
from kiosk.screen.widgets.page import Page
from kiosk.screen.widgets.taps import WayButton
from kiosk.screen.words import not_now, t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class MediaList(BoxLayout):
    """What can be printed in this machine now."""

    def title(self, *, shown: bool) -> None:
        """With its title, or without."""
        title = self.ids.title
        if shown and title.parent is None:
            self.add_widget(title, index=len(self.children))
        elif not shown and title.parent is not None:
            self.remove_widget(title)


class Steps(GridLayout):
    """The road in three steps."""


class HomePage(Page):
    foot = ("help", "how_to")

    def build(self) -> None:
        self.words(t("home.title"), t("home.lead"))
        self.ways = {
            Way.NIK: WayButton(text=t("home.nik"), more=t("home.nik_more"), icon="keypad"),
            Way.QR: WayButton(text=t("home.qr"), more=t("home.qr_more"), icon="qr", kind="side"),
        }
        for way, button in self.ways.items():
            button.bind(on_release=self._saying(Begin(way)))
        self.media = MediaList()
        self.steps = Steps()

    def show(self, view: View) -> None:
        assert isinstance(view, HomeView)  # noqa: S101  # the registry of pages pairs them
        self.body.clear_widgets()
        for extra in self.head.children[:-1]:
            self.head.remove_widget(extra)
        ready = [state for state in view.media if state.ready]
        broken = [state for state in view.media if not state.ready]
        # Beside a notice of what is broken there is room for no second one: then its card alone says it, shorter.
        few = [state for state in ready if state.trouble is not None and not broken]
        # The ways in come first and stay where they are: a notice that comes or goes must not move them under a finger.
        for way, button in self.ways.items():
            if way in view.ways:
                self.body.add_widget(button)
        for state in broken:
            self.place(Notice(title=t(f"home.not_now.{state.medium}"), text=not_now(state, ready)))
        for state in few:
            self.place(Notice(title=t(f"home.few.{state.medium}"), text=not_now(state, ())))
        cards = self.media.ids.cards
        cards.clear_widgets()
        for card in medium_cards(view.media):
            cards.add_widget(card)
        line = staff_line(view.staff)
        # Upright there is room for one of the two: what the cards are, they say themselves.
        self.media.title(shown=line is None or self.landscape)
        self.body.add_widget(self.media)
        if not broken and not few:
            self.place(self.steps, landscape="head")
        if line is not None:
            self.place(line, landscape="head")
        if line is None or self.landscape:
            self.body.add_widget(spacer())
