"""What is on the window: the page of the View, the question "still there?" over it, and the guard of its buttons.

Same View, same pixels: `apply` is the only way in, `say` the only way out. Must be used on the UI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from kivy.uix.floatlayout import FloatLayout

from kiosk.protocol import Intent, Said, Show, Touched
from kiosk.screen import theme
from kiosk.screen.pages import page_class
from kiosk.screen.widgets.page import Page, load_rules
from kiosk.screen.widgets.still_there import StillThere

LOST = "lost"
OVER = {"home", "thanks", "out_of_service"}  # Views that come after a visit: nothing of it stays in the screen
TOUCHED_EVERY_S = 2.0  # the engine only needs to know that somebody is there
GUARD_S = 1.5  # an act that the engine has not answered by then may be tried again


class Root(FloatLayout):
    """The whole window. ``say`` sends to the engine; ``now`` is monotonic, in seconds."""

    def __init__(self, say: Callable[[Said], None], now: Callable[[], float], size: tuple[int, int]) -> None:
        theme.use(theme.for_size(size))
        load_rules()
        super().__init__()
        self._send = say
        self._now = now
        self._pages: dict[str, Page] = {}
        self._current: Page | None = None
        self._still_there = StillThere(self._still_here)
        self.page_number = -1
        self.showing: Show | None = None
        self._site = ""
        self._touched_at = float("-inf")
        self._said_at = float("-inf")
        self.lost()

    @property
    def tag(self) -> str:
        """Tag of the View that is on the window, or "lost"."""
        return str(self.current_page.name)

    @property
    def current_page(self) -> Page:
        assert self._current is not None, "a window without a page"  # noqa: S101  # the constructor brings the first
        return self._current

    @property
    def still_there(self) -> StillThere | None:
        """The question over the page, if it is asked now."""
        return self._still_there if self._still_there.parent is not None else None

    def apply(self, show: Show) -> None:
        """Draw what the engine wants seen."""
        before, self.showing = self.showing, show
        if before is None or before.page != show.page or before.view != show.view:
            self._said_at = float("-inf")  # answered: buttons act again
        tag = _tag(show)
        page = self._page(tag)
        self._site = page.site = show.site
        if show.page != self.page_number:
            self.page_number = show.page
            for other in self._pages.values():
                other.begin()
        if tag in OVER:
            self._forget()
        page.show(show.view)
        self._bring(page)
        self._ask_still_there(show.still_there_s)

    def lost(self) -> None:
        """The engine is lost: say so at once, and keep nothing of the person."""
        self.showing = None
        self.page_number = -1
        self._forget()
        page = self._page(LOST)
        page.site = self._site
        self._bring(page)
        self._ask_still_there(None)

    def say(self, intent: Intent) -> None:
        """Send what a person did, once: a second tap does nothing until the engine has answered or time has passed."""
        if self.showing is None or self._now() - self._said_at < GUARD_S:
            return
        self._said_at = self._now()
        self._send(Said(self.page_number, intent))

    def touched(self) -> None:
        """Somebody touches the screen, anywhere."""
        if self.showing is None or self._now() - self._touched_at < TOUCHED_EVERY_S:
            return
        self._still_here()

    def _still_here(self) -> None:
        self._touched_at = self._now()
        self._send(Said(self.page_number, Touched()))

    def _forget(self) -> None:
        """Digits, choices, names of every page go, also of those not seen now."""
        for page in self._pages.values():
            page.forget()

    def _page(self, tag: str) -> Page:
        if tag not in self._pages:
            page = _lost_class()(self.say, name=tag) if tag == LOST else page_class(tag)(self.say, name=tag)
            self._pages[tag] = page
        return self._pages[tag]

    def _bring(self, page: Page) -> None:
        """Put the page on the window, and the one before away, within one frame.

        Not by a ScreenManager: even without a transition it takes the old screen away a frame after it brought the new
        one, and for that frame a person sees both, one through the other.
        """
        if page is self._current:
            return
        if self._current is not None:
            self.remove_widget(self._current)
        self.add_widget(page, index=len(self.children))  # below the question, if it is asked
        self._current = page

    def _ask_still_there(self, seconds: int | None) -> None:
        if seconds is None:
            if self._still_there.parent is not None:
                self.remove_widget(self._still_there)
            return
        self._still_there.ask(seconds)
        if self._still_there.parent is None:
            self.add_widget(self._still_there)


def _tag(show: Show) -> str:
    return str(type(show.view).__struct_config__.tag)


def _lost_class() -> type[Page]:
    from kiosk.screen.pages.out_of_service import LostPage

    return LostPage
