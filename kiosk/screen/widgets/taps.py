"""Things that are tapped. What a tap does is bound to ``on_release``."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, OptionProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.screen import theme
from kiosk.screen.widgets.basics import Panel
from kiosk.screen.widgets.described import Described


class Tap(ButtonBehavior, Panel, Described, AnchorLayout):
    """A rounded thing to tap, as large as its place. A tap that slides off does nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(always_release=False, **kwargs)


class ActButton(Tap):
    """The main act of a page (green) or another way on (white, outlined)."""

    text = StringProperty("")
    kind = OptionProperty("main", options=("main", "side"))
    icon_before = StringProperty("")
    icon_after = StringProperty("")
    tint = ColorProperty((1, 1, 1, 1))

    def ground(self, kind: str, state: str, disabled: bool) -> theme.Colour:
        look = theme.current()
        if disabled:
            return look.sand_soft
        if kind == "main":
            return look.primary_dark if state == "down" else look.primary
        return look.primary_soft if state == "down" else look.card

    def letters(self, kind: str, disabled: bool) -> theme.Colour:
        look = theme.current()
        if disabled:
            return look.ink_soft
        return look.white if kind == "main" else look.ink


class FootButton(Tap):
    """A help at the foot, in the same place on every page: icon above words."""

    text = StringProperty("")
    icon = StringProperty("hand")


class WayButton(Tap):
    """A large way in on the home page: tile, what it is, what it needs."""

    text = StringProperty("")
    more = StringProperty("")
    icon = StringProperty("keypad")
    kind = OptionProperty("main", options=("main", "side"))


class Key(Tap):
    """A key of the keypad."""

    text = StringProperty("")
    icon = StringProperty("")


class Keypad(GridLayout):
    """3x4: digits, clear all, erase one. Tells ``on_digit(str)``, ``on_erase`` and ``on_clear``; holds no digits."""

    __events__ = ("on_digit", "on_erase", "on_clear")  # type: ignore[assignment]  # Kivy adds up those of all bases

    def on_digit(self, digit: str) -> None:
        """A digit was tapped."""

    def on_erase(self) -> None:
        """Take back the last digit."""

    def on_clear(self) -> None:
        """Take back all digits."""


class Digit(AnchorLayout):
    """One place of a number: a digit, a dot for a hidden one, a small dot for one still missing."""

    text = StringProperty("")
    hidden = BooleanProperty(False)


class Digits(Panel, Described, BoxLayout):
    """The places of a number that is being typed."""


class Veil(FloatLayout):
    """Darkens what lies below and takes its taps."""

    def on_touch_down(self, touch: Any) -> bool:
        super().on_touch_down(touch)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        super().on_touch_up(touch)
        return True
