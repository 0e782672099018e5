"""A document is being made: real steps, remaining time, and what the machine waits for."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import Medium, PrintingView, Step, View
from kiosk.screen.widgets.basics import Machine
from kiosk.screen.widgets.cards import StepRow
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import duration, t, trouble

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

BY_MEDIUM = {Step.PRINT, Step.HAND_OUT}


class Making(GridLayout):
    """Time, bar, steps, and trouble if there is any."""


class PrintingPage(Page):
    def build(self) -> None:
        self.place(Machine(), landscape="head")
        self.making = Making()
        self.body.add_widget(self.making)

    def show(self, view: View) -> None:
        assert isinstance(view, PrintingView)  # noqa: S101  # the registry of pages pairs them
        lead = t("printing.lead", index=view.index, total=view.total) if view.total > 1 else t("printing.lead_one")
        self.words(t("printing.title", title=view.document.title), lead)
        ids = self.making.ids
        ids.time.text = (
            t("printing.left", time=duration(view.seconds_left)) if view.seconds_left > 0 else t("printing.soon")
        )
        ids.bar.share = view.progress
        ids.bar.label = t("printing.progress")
        medium = view.document.medium
        self.making.trouble = (
            t("printing.waits", trouble=trouble(view.trouble, medium)) if view.trouble is not None else ""
        )
        ids.steps.clear_widgets()
        now = view.steps.index(view.current) if view.current in view.steps else 0
        for index, step in enumerate(view.steps):
            state = "done" if index < now else ("now" if index == now else "later")
            ids.steps.add_widget(StepRow(text=_step(step, medium), state=state))


def _step(step: Step, medium: Medium) -> str:
    return t(f"printing.step.{step}.{medium}") if step in BY_MEDIUM else t(f"printing.step.{step}")
