"""One last look at what will be printed, and how long it takes."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import Confirm, ConfirmView, View
from kiosk.screen import theme
from kiosk.screen.widgets.basics import Hint, Panel
from kiosk.screen.widgets.cards import DocumentRow, icon_of
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import about, more_of, t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

FEW = 5  # documents that stand one below the other at full size


class RowList(Panel, GridLayout):
    """What will be printed."""


class ConfirmPage(Page):
    with_back = True

    def build(self) -> None:
        self.rows = RowList()
        self.once = Hint(kind="heed", text=t("confirm.once"))
        self.main_act(t("confirm.print"), Confirm, icon_before="printer")

    def show(self, view: View) -> None:
        assert isinstance(view, ConfirmView)  # noqa: S101  # the registry of pages pairs them
        count = len(view.documents)
        title = t("confirm.title_one") if count == 1 else t("confirm.title_many", count=count)
        self.words(title, t("confirm.lead", time=about(view.seconds)))
        look = theme.current()
        few = count <= FEW
        self.rows.clear_widgets()
        self.rows.cols = 2 if self.landscape and not few else 1
        for document in view.documents:
            row = DocumentRow(
                title=document.title,
                more=more_of(document) if few or not self.landscape else document.holder,
                icon=icon_of(document),
                small=not few,
                size_hint_y=None,
                height=look.pick(150, 92) if few else look.pick(86, 70),
            )
            self.rows.add_widget(row)
        self.body.clear_widgets()
        for extra in self.head.children[:-1]:
            self.head.remove_widget(extra)
        self.body.add_widget(self.rows)
        if few or self.landscape:
            self.place(self.once, landscape="head")
