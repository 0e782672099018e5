"""The frame of every page: who we are, what this is, the main act low, the helps at the foot.

Upright it is one column; lying it is two: what is said on the left with the helps below, what is done on the right.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.screenmanager import Screen
from kivy.uix.widget import Widget

from kiosk.protocol import AskHelp, AskHowTo, Back, Finish, Intent, View
from kiosk.screen import theme
from kiosk.screen.widgets.taps import ActButton, FootButton
from kiosk.screen.words import t

LONG_TITLE = 44  # characters; more than two lines at full size
LONGER_TITLE = 66
HERE = Path(__file__).parent

# What the foot can hold: words, icon, Intent.
FOOT: dict[str, tuple[str, str, Callable[[], Intent]]] = {
    "help": ("app.help", "hand", AskHelp),
    "how_to": ("app.how_to", "question", AskHowTo),
    "finish": ("app.finish", "leave", Finish),
}


def load_rules() -> None:
    """Load the rules of all widgets, once: rules that are loaded twice pile up."""
    from kivy.lang import global_idmap

    global_idmap["t"] = t  # type: ignore[assignment]  # as for the theme
    for name in ("basics", "taps", "cards", "page", "still_there"):
        path = str(HERE / f"{name}.kv")
        if path not in Builder.files:
            Builder.load_file(path)


class Portrait(BoxLayout):
    """The frame in one column."""


class Landscape(BoxLayout):
    """The frame in two columns."""


class Page(Screen):
    """A page of the screen for one View. Kept for ever once built; `show` brings it up to a View."""

    site = StringProperty("")
    frame = ObjectProperty(None)
    foot: tuple[str, ...] = ("help", "finish")
    with_back = False  # "Kembali" stands beside the main act

    def __init__(self, say: Callable[[Intent], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.say = say
        self.landscape = theme.current().landscape
        self.frame = Landscape() if self.landscape else Portrait()
        self.add_widget(self.frame)
        self.bind(site=self.frame.setter("site"))
        self.head: GridLayout = self.frame.ids.head
        self.body: GridLayout = self.frame.ids.body
        self.acts: BoxLayout = self.frame.ids.acts
        self.extra_acts: BoxLayout = self.frame.ids.extra_acts
        for name in self.foot:
            words, icon, intent = FOOT[name]
            button = FootButton(text=t(words), icon=icon)
            button.bind(on_release=self._saying(intent()))
            self.frame.ids.foot.add_widget(button)
        if self.with_back:
            self.back = ActButton(text=t("app.back"), kind="side", icon_before="arrow-left", size_hint_x=None)
            self.back.width = theme.current().pick(304, 244)
            self.back.bind(on_release=self._saying(Back()))
            self.acts.add_widget(self.back)
        self.build()

    def _saying(self, intent: Intent) -> Callable[[Widget], None]:
        # Held by a button that lives as long as the page: nothing leaks.
        return lambda _: self.say(intent)

    def build(self) -> None:
        """Make what the page holds; called once."""

    def begin(self) -> None:
        """The page number is another one: forget what was typed."""

    def forget(self) -> None:
        """The visit is over: nothing of the person stays."""
        self.begin()

    def show(self, view: View) -> None:
        """Bring the page up to this View."""
        raise NotImplementedError

    def place(self, widget: Widget, *, landscape: str = "body") -> None:
        """Put a widget into the body, or lying into the part of the frame that is named."""
        part: GridLayout = getattr(self, landscape) if self.landscape else self.body
        part.add_widget(widget)

    def main_act(self, text: str, intent: Callable[[], Intent | None], **look: Any) -> ActButton:
        """Add the page's main act; ``intent`` is asked at the tap."""
        button = ActButton(text=text, **look)

        def tapped(_: Widget) -> None:
            said = intent()
            if said is not None:
                self.say(said)

        button.bind(on_release=tapped)
        self.acts.add_widget(button)
        return button

    def words(self, title: str, lead: str = "") -> None:
        """Say what the page is about."""
        self.frame.title = title
        long = "heading" if len(title) <= LONGER_TITLE else "item"
        self.frame.title_style = "title" if len(title) <= LONG_TITLE else long
        self.frame.lead = lead
