"""Over any page: "still there?", with the time that is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.properties import NumericProperty

from kiosk.screen.widgets.taps import Veil


class StillThere(Veil):
    """Asks whether the person is still there; ``touched`` is called by its button."""

    seconds = NumericProperty(0)
    total = NumericProperty(1)  # seconds when it was first shown

    def __init__(self, touched: Callable[[], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._touched = touched

    def ask(self, seconds: int) -> None:
        """Show this many seconds. The bar is full at the first call after it was away."""
        if self.parent is None or seconds > self.total:
            self.total = max(1, seconds)
        self.seconds = seconds

    def yes(self) -> None:
        self._touched()
