"""Type the PIN. Its digits are here and nowhere else until they are sent, and are never shown."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.uix.boxlayout import BoxLayout

from kiosk.protocol import Act, Action, EnterPin, Intent, PinView, View, Way
from kiosk.screen import theme
from kiosk.screen.widgets.basics import Hint
from kiosk.screen.widgets.cards import spacer
from kiosk.screen.widgets.page import Page
from kiosk.screen.widgets.taps import ActButton, Digit, Digits, Keypad
from kiosk.screen.words import t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

LENGTH = 6


class PinDigits(Digits):
    """Six hidden places."""


class Checking(BoxLayout):
    """In the place of the keypad while the Dinas is asked."""


class PinPage(Page):
    with_back = True

    def build(self) -> None:
        self.words(t("pin.title"), t("pin.lead"))
        self.digits = ""
        self.view = PinView(Way.NIK)
        self.field = PinDigits()
        self.hint = Hint(icon="hand", lines=2)  # or the keys would move under the finger
        self.keypad = Keypad()
        self.keypad.bind(on_digit=self._typed, on_erase=self._erased, on_clear=self._cleared)
        self.checking = Checking()
        self.resend = ActButton(
            text=t("pin.resend"), kind="side", icon_before="message", height=theme.current().px("target")
        )
        self.resend.bind(on_release=self._saying(Act(Action.RESEND_PIN)))
        self.next = self.main_act(t("pin.next"), self._entered, icon_after="arrow-right")

    def begin(self) -> None:
        self.digits = ""

    def show(self, view: View) -> None:
        assert isinstance(view, PinView)  # noqa: S101  # the registry of pages pairs them
        if not view.checking:
            self.digits = ""  # sent and answered, or a fresh page
        self.view = view
        self.words(t("pin.title"), t("pin.lead_nik", tail=view.nik_tail) if view.nik_tail else t("pin.lead"))
        self._arrange(view)
        self._update()

    def _arrange(self, view: PinView) -> None:
        self.body.clear_widgets()
        for extra in self.head.children[:-1]:
            self.head.remove_widget(extra)
        self.body.add_widget(self.field)
        self.place(self.hint, landscape="head")
        self.body.add_widget(self.checking if view.checking else self.keypad)
        if view.nik_tail and not view.checking:
            if not self.landscape:
                self.body.add_widget(spacer())
            self.place(self.resend, landscape="head")
        if not self.landscape and not view.checking:
            self.body.add_widget(spacer())
        self.checking.running = view.checking

    def _typed(self, _: Keypad, digit: str) -> None:
        self._change((self.digits + digit)[:LENGTH])

    def _erased(self, _: Keypad) -> None:
        self._change(self.digits[:-1])

    def _cleared(self, _: Keypad) -> None:
        self._change("")

    def _change(self, digits: str) -> None:
        self.digits = digits
        self._update()

    def _entered(self) -> Intent | None:
        return EnterPin(self.digits) if not self.next.disabled else None

    def _update(self) -> None:
        places = [place for place in reversed(self.field.children) if isinstance(place, Digit)]
        for index, place in enumerate(places):
            # What is hidden is not even in the widget: a mark stands for it.
            place.text = "*" if index < len(self.digits) or self.view.checking else ""
        count = LENGTH if self.view.checking else len(self.digits)
        self.field.label = t("pin.field", count=count)
        wrong = self.view.wrong and not self.view.checking
        self.hint.kind = "bad" if wrong else "calm"
        self.hint.icon = "warning" if wrong else "hand"
        self.hint.text = _wrong(self.view.attempts_left) if wrong else t("pin.cover")
        for button in (self.back, *self.frame.ids.foot.children):
            button.disabled = self.view.checking  # the Dinas has been asked; the answer comes first
        self.next.disabled = len(self.digits) < LENGTH or self.view.checking


def _wrong(left: int | None) -> str:
    if left is None:
        return t("pin.wrong.plain")
    return t("pin.wrong.last") if left == 1 else t("pin.wrong.left", count=left)
