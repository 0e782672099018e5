"""Type the NIK. Its digits are here and nowhere else until they are sent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kivy.lang import Builder

from kiosk.nik import LENGTH, partial_fault
from kiosk.protocol import EnterNik, Intent, NikFault, NikView, View
from kiosk.screen.nik_words import sentence
from kiosk.screen.widgets.basics import Hint
from kiosk.screen.widgets.page import Page
from kiosk.screen.widgets.taps import Digit, Digits, Keypad
from kiosk.screen.words import t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class NikDigits(Digits):
    """Sixteen places in groups of 6, 6 and 4."""


def today() -> dt.date:
    """The date here; the age in the hint needs no more than the day."""
    return dt.datetime.now().astimezone().date()


class NikPage(Page):
    with_back = True

    def build(self) -> None:
        self.words(t("nik.title"), t("nik.lead"))
        self.digits = ""
        self.refused: NikFault | None = None
        self.field = NikDigits()
        self.hint = Hint(lines=2)  # or the keys would move under the finger
        keypad = Keypad()
        keypad.bind(on_digit=self._typed, on_erase=self._erased, on_clear=self._cleared)
        self.body.add_widget(self.field)
        self.place(self.hint, landscape="head")
        self.body.add_widget(keypad)
        self.next = self.main_act(t("nik.next"), self._entered, icon_after="arrow-right")
        self._update()

    def begin(self) -> None:
        self.digits = ""
        self.refused = None
        self._update()

    def show(self, view: View) -> None:
        assert isinstance(view, NikView)  # noqa: S101  # the registry of pages pairs them
        self.refused = view.fault
        self._update()

    def _typed(self, _: Keypad, digit: str) -> None:
        self._change((self.digits + digit)[:LENGTH])

    def _erased(self, _: Keypad) -> None:
        self._change(self.digits[:-1])

    def _cleared(self, _: Keypad) -> None:
        self._change("")

    def _change(self, digits: str) -> None:
        self.refused = None
        self.digits = digits
        self._update()

    def _entered(self) -> Intent | None:
        return EnterNik(self.digits) if not self.next.disabled else None

    def _update(self) -> None:
        places = [place for place in reversed(self.field.children) if isinstance(place, Digit)]
        for index, place in enumerate(places):
            place.text = self.digits[index : index + 1]
        self.field.label = t("nik.field", count=len(self.digits))
        fault = partial_fault(self.digits) or self.refused
        self.hint.kind = "bad" if fault else ("good" if len(self.digits) >= 6 else "calm")
        self.hint.text = t(f"nik.fault.{fault}") if fault else sentence(self.digits, today())
        # A dead button explains nothing: the engine answers with a sentence, and keeps a record of it.
        self.next.disabled = not self.digits
