"""Choose what to print. As many documents as fit, and large buttons for the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import Choose, Document, DocumentState, DocumentsView, Intent, View
from kiosk.screen import theme
from kiosk.screen.widgets.cards import DocumentCard, GreyCard, fit
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

Card = DocumentCard | GreyCard


class CardList(GridLayout):
    """The cards that are seen now."""


class Pager(BoxLayout):
    """Up and down."""


class DocumentsPage(Page):
    def build(self) -> None:
        self.words(t("documents.title"))
        self.cards: list[Card] = []
        self.documents: tuple[Document, ...] = ()
        self.starts = [0]  # first card of each screenful that was seen, the last is the one seen now
        self.shown = 0
        self.list = CardList()
        self.body.add_widget(self.list)
        self.pager = Pager()
        self.pager.ids.up.bind(on_release=self._up)
        self.pager.ids.down.bind(on_release=self._down)
        self.print = self.main_act(t("documents.none"), self._chosen, icon_after="arrow-right")
        self._arranging = Clock.create_trigger(self._arrange)
        self.list.bind(size=self._arranging)

    def forget(self) -> None:
        # Not at each new page number: who comes back from "Cetak dokumen ini?" finds the choice as it was.
        self.documents = ()
        self.cards = []
        self.list.clear_widgets()
        self.starts = [0]

    def show(self, view: View) -> None:
        assert isinstance(view, DocumentsView)  # noqa: S101  # the registry of pages pairs them
        self.words(t("documents.title"), t("documents.lead", name=view.applicant))
        if view.documents != self.documents:
            chosen = self.chosen_ids()
            self.documents = view.documents
            self.cards = [_card(document) for document in view.documents]
            for card in self.cards:
                if isinstance(card, DocumentCard):
                    card.checked = card.document.permit_id in chosen
                    card.bind(checked=self._count)
            self.starts = [0]
        self._count()
        self._arranging()

    def chosen_ids(self) -> tuple[str, ...]:
        """Permits of the chosen documents, in the order of the list."""
        return tuple(c.document.permit_id for c in self.cards if isinstance(c, DocumentCard) and c.checked)

    def _chosen(self) -> Intent | None:
        chosen = self.chosen_ids()
        return Choose(chosen) if chosen else None

    def _count(self, *_: Any) -> None:
        count = len(self.chosen_ids())
        self.print.disabled = count == 0
        self.print.text = t("documents.print", count=count) if count else t("documents.none")

    def _arrange(self, *_: Any) -> None:
        """Show the cards that fit, from the first of this screenful on."""
        gap = theme.current().px("gap")
        heights = [fit(card, self.list.width) for card in self.cards]
        all_fit = sum(heights) + gap * (len(heights) - 1) <= self._room(with_pager=False)
        self._show_pager(not all_fit)
        room = self._room(with_pager=not all_fit)
        first = 0 if all_fit else self.starts[-1]
        self.list.clear_widgets()
        self.shown = 0
        for card, height in zip(self.cards[first:], heights[first:], strict=True):
            if height > room and self.shown:
                break
            self.list.add_widget(card)
            self.shown += 1
            room -= height + gap
        left = len(self.cards) - first - self.shown
        self.pager.ids.up.disabled = first == 0
        self.pager.ids.down.disabled = left == 0
        self.pager.ids.down.text = t("documents.down", count=left) if left else t("documents.end")

    def _room(self, *, with_pager: bool) -> float:
        """Height for cards; upright the buttons stand below them and take their part."""
        room = float(self.body.height)
        if with_pager and not self.landscape:
            room -= self.pager.height + theme.current().px("gap")
        return room

    def _show_pager(self, wanted: bool) -> None:
        home = self.head if self.landscape else self.body
        if wanted and self.pager.parent is None:
            home.add_widget(self.pager)
        elif not wanted and self.pager.parent is not None:
            home.remove_widget(self.pager)

    def _down(self, _: Any) -> None:
        self.starts.append(self.starts[-1] + self.shown)
        self._arrange()

    def _up(self, _: Any) -> None:
        if len(self.starts) > 1:
            self.starts.pop()
        self._arrange()


def _card(document: Document) -> Card:
    return DocumentCard(document) if document.state is DocumentState.READY else GreyCard(document)
