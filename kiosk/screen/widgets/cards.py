"""Cards and rows: documents, media, steps, numbered points."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ListProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.protocol import Became, Document, DocumentState, EndState, Medium, MediumState, StaffTask
from kiosk.screen import theme
from kiosk.screen.widgets.basics import Box, Words
from kiosk.screen.widgets.described import Described
from kiosk.screen.widgets.taps import Tap
from kiosk.screen.words import about, more_of, t, trouble

MEDIUM_ICONS = {Medium.CARD: "card", Medium.A4: "paper"}
CODE_ICONS = {"kia": "child", "biodata": "person"}
STATE_ICONS = {
    DocumentState.PRINTED: "check",
    DocumentState.COURIER: "truck",
    DocumentState.OFFICE: "house",
    DocumentState.NOT_HERE: "pin",
    DocumentState.BUSY: "clock",
    DocumentState.IN_DOUBT: "question",
    DocumentState.TROUBLE: "warning",
    DocumentState.EXPIRED: "clock",
}
END_ICONS = {
    EndState.TAKEN: "check",
    EndState.NOT_PRINTED: "clock",
    EndState.KEPT: "lock",
    EndState.IN_DOUBT: "question",
}


def icon_of(document: Document) -> str:
    """What stands on the tile of a document: its kind, or the way on where it cannot be printed."""
    if document.became is Became.KEPT and document.state is not DocumentState.READY:
        return "lock"
    kind = CODE_ICONS.get(document.code.split("-")[0], MEDIUM_ICONS[document.medium])
    return STATE_ICONS.get(document.state, kind)


class DocumentCard(Tap):
    """A document that can be chosen."""

    title = StringProperty("")
    more = StringProperty("")
    icon = StringProperty("paper")

    def __init__(self, document: Document, **kwargs: Any) -> None:
        self.document = document
        super().__init__(title=document.title, more=more_of(document), icon=icon_of(document), **kwargs)
        self.label = document.title
        self.spoken = t("documents.read", title=self.title, more=self.more)

    def on_release(self) -> None:
        self.checked = not self.checked


class GreyCard(Described, Box):
    """A document that cannot be chosen, with the reason and what to do."""

    title = StringProperty("")
    more = StringProperty("")
    icon = StringProperty("paper")

    def __init__(self, document: Document, **kwargs: Any) -> None:
        super().__init__(title=document.title, more=more_of(document), icon=icon_of(document), **kwargs)
        self.label = t("documents.read", title=self.title, more=self.more)


def fit(card: DocumentCard | GreyCard, width: float) -> float:
    """The height that a card needs at this width. Its texts are laid out now, not at the next frame."""
    look = theme.current()
    chosen = isinstance(card, DocumentCard)
    room = width - 2 * look.px("pad_small") - look.px("tile") - look.px("gap")
    room -= look.px("target") + look.px("gap") if chosen else 0
    text = 0.0
    for words in card.ids.texts.children:
        words.width = room
        words.text_size = (room, None)
        words.texture_update()
        text += words.texture_size[1]
    card.height = max(text, look.px("tile")) + 2 * look.pick(30, 14)
    return float(card.height)


class DocumentRow(Described, BoxLayout):
    """A document in a list that is only read."""

    title = StringProperty("")
    more = StringProperty("")
    icon = StringProperty("paper")
    tint = ListProperty([0, 0, 0, 1])
    ground = ListProperty([1, 1, 1, 1])
    small = BooleanProperty(False)


class StepRow(Described, BoxLayout):
    """One step of a document that is being made."""

    text = StringProperty("")
    state = OptionProperty("later", options=("done", "now", "later"))


class NumberedPoint(Described, BoxLayout):
    """A numbered point: what to do, and more about it."""

    number = NumericProperty(1)
    text = StringProperty("")
    more = StringProperty("")


class MediumCard(Described, Box):
    """What can be printed on one medium now."""

    title = StringProperty("")
    state = StringProperty("")
    icon = StringProperty("card")
    ready = BooleanProperty(True)
    roomy = BooleanProperty(False)


def medium_cards(media: tuple[MediumState, ...]) -> list[MediumCard]:
    """A card for each medium, all of one height: a reason takes two lines, "ready" one."""
    roomy = any(state.trouble is not None for state in media)
    return [_medium_card(state, roomy) for state in media]


def _medium_card(state: MediumState, roomy: bool) -> MediumCard:
    words = t("home.ready", time=about(state.seconds))
    if state.trouble is not None:
        words = t("home.for_some") if state.ready else trouble(state.trouble, state.medium)
    return MediumCard(
        title=t(f"home.media.{state.medium}"),
        state=words,
        icon=MEDIUM_ICONS[state.medium],
        ready=state.ready,
        roomy=roomy,
    )


class Notice(Described, Box):
    """A banner: something cannot be done now, why, and what still can."""

    title = StringProperty("")
    text = StringProperty("")


class StaffLine(Described, BoxLayout):
    """What an operator is to look after; small, since it is not for the applicant."""

    text = StringProperty("")


def staff_line(tasks: tuple[StaffTask, ...]) -> StaffLine | None:
    """The line, or none where there is nothing to do."""
    if not tasks:
        return None
    return StaffLine(text=t("staff.line", tasks=", ".join(t(f"staff.{task}") for task in tasks)))


def spacer() -> Words:
    """Empty room that takes what is left."""
    return Words(text="", size_hint_y=1)
