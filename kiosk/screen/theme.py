"""The look, in one place: colours, type scale, spacing, radii.

Two bases, upright 1080x1920 and lying 1366x768, each scaled as a whole to the window it gets. Colours are RGBA from 0
to 1, lengths are pixels. `use` makes a theme the current one, before pages are built; KV rules see it as ``theme``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

Colour = tuple[float, float, float, float]

FONTS = Path(__file__).parent.parent / "fonts"


def _hex(value: str) -> Colour:
    return (int(value[1:3], 16) / 255, int(value[3:5], 16) / 255, int(value[5:7], 16) / 255, 1.0)


COLOURS: dict[str, Colour] = {
    "paper": _hex("#F6F2EA"),
    "card": _hex("#FFFFFF"),
    "line": _hex("#D9D2C4"),
    "sand": _hex("#E4DCCA"),  # tracks of bars, what cannot be used now
    "sand_soft": _hex("#EFEADF"),
    "ink": _hex("#14213D"),
    "ink_soft": _hex("#3D4A63"),
    "primary": _hex("#0A5A46"),
    "primary_dark": _hex("#07402F"),  # pressed
    "primary_mid": _hex("#2C705D"),  # tiles on primary
    "primary_soft": _hex("#DCEBE4"),
    "primary_faint": _hex("#F2F9F6"),
    "amber": _hex("#FFC845"),  # never text
    "amber_soft": _hex("#FFF0CC"),
    "red": _hex("#9C1C1C"),
    "red_soft": _hex("#F9E1DE"),
    "white": _hex("#FFFFFF"),
}


@dataclass(frozen=True)
class Style:
    """Size and leading of one kind of text; ``leading`` multiplies the font's own line height of 1.31."""

    font: str
    portrait: int
    landscape: int
    leading: float


STYLES = {
    "title": Style("bold", 73, 46, 0.88),
    "heading": Style("bold", 60, 40, 0.9),
    "item": Style("bold", 46, 32, 0.92),
    "body": Style("regular", 40, 28, 1.02),
    "strong": Style("semibold", 40, 28, 1.02),
    "second": Style("regular", 34, 25, 1.0),
    "second-strong": Style("semibold", 34, 25, 1.0),
    "small": Style("regular", 32, 24, 0.96),
    "key": Style("bold", 72, 48, 1.0),
    "number": Style("mono", 72, 52, 1.0),
    "act": Style("bold", 54, 36, 1.0),
}

FONT_FILES = {
    "regular": "AtkinsonHyperlegibleNext-Regular.ttf",
    "semibold": "AtkinsonHyperlegibleNext-SemiBold.ttf",
    "bold": "AtkinsonHyperlegibleNext-Bold.ttf",
    "mono": "AtkinsonHyperlegibleMono-SemiBold.ttf",
}

# name: (upright, lying), pixels
LENGTHS = {
    "margin": (56, 36),
    "top": (28, 28),
    "bottom": (40, 28),
    "gap": (24, 14),
    "gap_small": (12, 6),
    "gap_large": (40, 22),
    "radius": (36, 26),
    "radius_small": (24, 18),
    "line": (3, 2),
    "line_strong": (5, 4),
    "header": (96, 72),
    "mark": (64, 54),
    "foot": (138, 104),
    "act": (152, 104),
    "target": (104, 100),  # the smallest thing a finger has to hit
    "key": (140, 100),
    "field": (148, 104),
    "icon": (64, 44),
    "icon_small": (48, 34),
    "tile": (112, 76),
    "pad": (40, 24),
    "pad_small": (28, 16),
    "bar": (36, 26),
    "column": (0, 476),
}


@dataclass(frozen=True)
class Theme:
    """What a page needs to draw itself."""

    landscape: bool
    scale: float

    paper: Colour = COLOURS["paper"]
    card: Colour = COLOURS["card"]
    line: Colour = COLOURS["line"]
    sand: Colour = COLOURS["sand"]
    sand_soft: Colour = COLOURS["sand_soft"]
    ink: Colour = COLOURS["ink"]
    ink_soft: Colour = COLOURS["ink_soft"]
    primary: Colour = COLOURS["primary"]
    primary_dark: Colour = COLOURS["primary_dark"]
    primary_mid: Colour = COLOURS["primary_mid"]
    primary_soft: Colour = COLOURS["primary_soft"]
    primary_faint: Colour = COLOURS["primary_faint"]
    amber: Colour = COLOURS["amber"]
    amber_soft: Colour = COLOURS["amber_soft"]
    red: Colour = COLOURS["red"]
    red_soft: Colour = COLOURS["red_soft"]
    white: Colour = COLOURS["white"]
    none: Colour = (0, 0, 0, 0)
    veil: Colour = (0.08, 0.13, 0.24, 0.72)  # over a page that waits

    def px(self, name: str) -> int:
        """A named length."""
        return self.length(LENGTHS[name][self.landscape])

    def length(self, pixels: float) -> int:
        """Pixels of the base, scaled."""
        return max(1, round(pixels * self.scale)) if pixels else 0

    def pick(self, portrait: float, landscape: float) -> int:
        """A length that only one page needs: upright or lying, scaled."""
        return self.length(landscape if self.landscape else portrait)

    def size(self, style: str) -> int:
        """Font size of a style."""
        return self.length(STYLES[style].landscape if self.landscape else STYLES[style].portrait)

    def leading(self, style: str) -> float:
        return STYLES[style].leading

    def font(self, style: str) -> str:
        return STYLES[style].font


# Pairs of text and ground that pages use; each is at least 7:1 (tests).
TEXT_PAIRS = (
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "sand_soft"),
    ("ink", "primary_soft"),
    ("ink", "primary_faint"),
    ("ink", "amber_soft"),
    ("ink", "red_soft"),
    ("ink_soft", "paper"),
    ("ink_soft", "card"),
    ("ink_soft", "primary_faint"),
    ("ink_soft", "sand_soft"),
    ("white", "primary"),
    ("white", "primary_dark"),
    ("primary", "card"),
    ("primary", "paper"),
)


def for_size(size: tuple[int, int]) -> Theme:
    """The theme of a window of this size."""
    width, height = size
    if width > height:
        return Theme(True, min(width / 1366, height / 768))
    return Theme(False, min(width / 1080, height / 1920))


_current = Theme(False, 1.0)


def current() -> Theme:
    """The theme of the pages that are built now."""
    return _current


def use(theme: Theme) -> Theme:
    """Make this the theme of all pages built from now on, here and in KV rules."""
    from kivy.lang import global_idmap

    global _current  # one window, one look; tests change it between roots
    _current = theme
    global_idmap["theme"] = theme  # type: ignore[assignment]  # Kivy's own first entry is all that mypy sees
    return theme


def register_fonts() -> None:
    """Make the shipped fonts known under the names of FONT_FILES."""
    from kivy.core.text import LabelBase

    for name, file in FONT_FILES.items():
        LabelBase.register(name, str(FONTS / file))
