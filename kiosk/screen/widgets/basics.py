"""Panels, words, icons, bars: things that are looked at."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.properties import (
    AliasProperty,
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    ObjectProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.protocol import Part
from kiosk.screen import drawing, machine, theme
from kiosk.screen.widgets.described import Described


class Panel:
    """Mixin: a rounded ground with a border; ``lift`` shows that many pixels of an edge below it."""

    fill = ColorProperty((1, 1, 1, 1))
    edge = ColorProperty((0, 0, 0, 0))
    edge_width = NumericProperty(0)
    radius = NumericProperty(1)
    lift = NumericProperty(0)

    def _fill_texture(self) -> Texture:
        return drawing.rounded(int(self.radius))

    def _edge_texture(self) -> Texture:
        return drawing.rounded(int(self.radius), max(1, int(self.edge_width)))

    fill_texture = AliasProperty(_fill_texture, bind=("radius",))
    edge_texture = AliasProperty(_edge_texture, bind=("radius", "edge_width"))


class Box(Panel, BoxLayout):
    """A panel with things in it."""


class Words(Described, Label):
    """Text that wraps to the width it has, and is as high as it needs."""

    style = StringProperty("body")


class LineOfWords(Described, Label):
    """Text of one line, as wide as it needs."""

    style = StringProperty("body")


class Icon(Described, Widget):
    """One drawing, tinted."""

    name = StringProperty("check")
    tint = ColorProperty((0, 0, 0, 1))
    stroke = NumericProperty(drawing.STROKE)

    def _texture(self) -> Texture:
        return drawing.icon(self.name, max(8, int(min(self.size))), float(self.stroke))

    # rebind: KV reads the size of the texture, and would not see a new one.
    texture = AliasProperty(_texture, bind=("name", "width", "height", "stroke"), rebind=True)


class Tile(Panel, AnchorLayout):
    """An icon on a rounded ground."""

    name = StringProperty("card")
    tint = ColorProperty((0, 0, 0, 1))
    share = NumericProperty(0.55)


class Bar(Described, Widget):
    """How much is done, or left: from 0 to 1."""

    share = NumericProperty(0.0)
    fill = ColorProperty((0, 0, 0, 1))

    def _filled(self) -> float:
        # Never narrower than its round ends, or it would be no pill.
        return max(self.height, self.width * min(1.0, max(0.0, self.share))) if self.share > 0 else 0

    filled = AliasProperty(_filled, bind=("share", "width", "height"))

    def _ends(self) -> Texture:
        return drawing.rounded(max(1, int(self.height) // 2))

    ends = AliasProperty(_ends, bind=("width", "height"))


class Machine(Described, Widget):
    """The picture of the machine, as high as there is room; a part of it is lit and pointed at."""

    part = ObjectProperty(None, allownone=True)

    def _texture(self) -> Texture:
        high = min(self.height, self.width * machine.HEIGHT / machine.WIDTH)
        part: Part | None = self.part
        return machine.texture(max(100, int(high)), part)

    texture = AliasProperty(_texture, bind=("part", "width", "height"), rebind=True)


class Hint(Described, Box):
    """A sentence on a coloured ground, with an icon: what is right, wrong, or to be heeded."""

    kind = OptionProperty("calm", options=("calm", "good", "heed", "bad"))
    text = StringProperty("")
    icon = StringProperty("keypad")
    lines = NumericProperty(1)  # of room, at least: where a longer sentence would move what stands below

    ICONS = {"calm": "keypad", "good": "check", "heed": "warning", "bad": "warning"}  # noqa: RUF012  # Kivy class

    def on_kind(self, _: Any, kind: str) -> None:
        self.icon = self.ICONS[kind]

    def ground(self, kind: str) -> theme.Colour:
        look = theme.current()
        grounds = {
            "calm": look.sand_soft,
            "good": look.primary_soft,
            "heed": look.amber_soft,
            "bad": look.red_soft,
        }
        return grounds[kind]


class Ticker(Widget):
    """Five dots, one after the other, twice a second while something is waited for. Costs two frames a second."""

    PERIOD_S = 0.5

    running = BooleanProperty(False)
    step = NumericProperty(0)
    tint = ColorProperty((0, 0, 0, 1))
    track = ColorProperty((0, 0, 0, 1))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._event: Any = None

    def on_running(self, _: Any, running: bool) -> None:
        if self._event is not None:
            self._event.cancel()
            self._event = None
        self.step = 0
        if running:
            self._event = Clock.schedule_interval(self._advance, self.PERIOD_S)

    def _advance(self, _: float) -> None:
        self.step = (self.step + 1) % 5
