"""What came of the visit, document by document. Names no person."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import Ended, EndState, Finish, ReceiptState, ThanksView, View
from kiosk.screen import theme
from kiosk.screen.widgets.basics import Hint, Panel
from kiosk.screen.widgets.cards import END_ICONS, DocumentRow
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import ended, t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

FEW = 5  # documents that stand one below the other at full size


class EndedList(Panel, GridLayout):
    """The documents and what became of them."""


class ThanksPage(Page):
    def build(self) -> None:
        self.rows = EndedList()
        self.receipt = Hint(icon="receipt")
        self.body.add_widget(self.rows)
        self.main_act(t("thanks.done"), Finish, icon_before="check")

    def show(self, view: View) -> None:
        assert isinstance(view, ThanksView)  # noqa: S101  # the registry of pages pairs them
        few = len(view.ended) <= FEW
        self.rows.clear_widgets()
        self.rows.cols = 2 if self.landscape and not few else 1
        for one in view.ended:
            self.rows.add_widget(_row(one, few))
        self.receipt.kind = "good" if view.receipt is ReceiptState.PRINTED else "calm"
        self.receipt.icon = "receipt"
        self.receipt.text = t(f"thanks.receipt.{view.receipt}")
        if self.receipt.parent is not None:
            self.receipt.parent.remove_widget(self.receipt)
        if few or self.landscape:
            self.place(self.receipt, landscape="head")
            self.words(t("thanks.title"), _lead(view.ended))
        else:  # no room for a hint of its own
            self.words(t("thanks.title"), f"{_lead(view.ended)} {self.receipt.text}")


def _lead(ended: tuple[Ended, ...]) -> str:
    taken = sum(one.state is EndState.TAKEN for one in ended)
    if taken == 0:
        return t("thanks.lead_none") if all(e.state is EndState.NOT_PRINTED for e in ended) else t("thanks.lead_mixed")
    return t("thanks.lead") if taken == len(ended) else t("thanks.lead_mixed")


def _row(one: Ended, few: bool) -> DocumentRow:
    look = theme.current()
    good = one.state is EndState.TAKEN
    return DocumentRow(
        title=one.title,
        more=ended(one),
        icon=END_ICONS[one.state],
        tint=look.white if good else look.ink,
        ground=look.primary if good else look.amber_soft,
        small=not few,
        size_hint_y=None,
        height=look.pick(170, 116) if few else look.pick(86, 70),
    )
