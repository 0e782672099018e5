"""Hold the QR code of the WhatsApp message before the scanner."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.gridlayout import GridLayout

from kiosk.protocol import Begin, Part, ScanView, View, Way
from kiosk.screen.widgets.basics import Machine
from kiosk.screen.widgets.page import Page
from kiosk.screen.words import t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class ScanSteps(GridLayout):
    """How to hold the phone, and what went wrong."""


class ScanPage(Page):
    with_back = True

    def build(self) -> None:
        self.words(t("scan.title"), t("scan.lead"))
        self.place(Machine(part=Part.SCANNER, label=t("scan.picture")), landscape="head")
        self.steps = ScanSteps()
        self.body.add_widget(self.steps)
        self.main_act(t("scan.type"), lambda: Begin(Way.NIK), kind="side", icon_before="keypad")

    def show(self, view: View) -> None:
        assert isinstance(view, ScanView)  # noqa: S101  # the registry of pages pairs them
        self.steps.fault = t(f"scan.fault.{view.fault}") if view.fault else ""
