"""One thing went otherwise than hoped: what, what now, and the ways on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kivy.lang import Builder
from kivy.uix.boxlayout import BoxLayout

from kiosk.protocol import Act, Action, Intent, NoticeKind, NoticeView, View
from kiosk.screen.widgets.page import Page
from kiosk.screen.widgets.taps import ActButton
from kiosk.screen.words import notice, t

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

ICONS = {
    NoticeKind.LOCKED: "lock",
    NoticeKind.PIN_SENT: "message",
    NoticeKind.WAIT: "clock",
    NoticeKind.DINAS_BUSY: "clock",
    NoticeKind.SESSION_EXPIRED: "clock",
    NoticeKind.PIN_EXPIRED: "clock",
    NoticeKind.PERMIT_EXPIRED: "clock",
    NoticeKind.PERMIT_BUSY: "clock",
    NoticeKind.PERMIT_SPENT: "check",
    NoticeKind.NOTHING_READY: "check",
    NoticeKind.NOT_ALLOWED_HERE: "pin",
    NoticeKind.IN_DOUBT: "question",
}
GOOD = {NoticeKind.PIN_SENT}
BAD = {NoticeKind.NOT_GENUINE, NoticeKind.DAMAGED, NoticeKind.CHIP_FAULT, NoticeKind.CHIP_SILENT}
ACTION_ICONS = {
    Action.RETRY: "arrow-right",
    Action.RESEND_PIN: "message",
    Action.TYPE_NIK: "keypad",
    Action.CONTINUE: "arrow-right",
    Action.DOCUMENTS: "paper",
    Action.HELP: "pin",
    Action.FINISH: "house",
}


class WhatHappened(BoxLayout):
    """Icon, title, sentence."""


class NoticePage(Page):
    def build(self) -> None:
        self.what = WhatHappened()
        self.body.add_widget(self.what)

    def show(self, view: View) -> None:
        assert isinstance(view, NoticeView)  # noqa: S101  # the registry of pages pairs them
        self.what.icon = ICONS.get(view.kind, "warning")
        self.what.mood = "good" if view.kind in GOOD else ("bad" if view.kind in BAD else "heed")
        title = t(f"notice.title.{view.kind}")
        self.words(title if self.landscape else "")  # lying, the title stands on the left as on every page
        self.what.title = "" if self.landscape else title
        self.what.about = view.title or ""
        self.what.text = notice(view)
        self.acts.clear_widgets()
        self.extra_acts.clear_widgets()
        for index, action in enumerate(view.actions):
            self._add(action, main=index == 0)

    def _add(self, action: Action, *, main: bool) -> None:
        button = ActButton(
            text=t(f"notice.action.{action}"), kind="main" if main else "side", icon_before=ACTION_ICONS[action]
        )
        button.bind(on_release=_acting(self.say, Act(action)))
        (self.acts if main else self.extra_acts).add_widget(button)


def _acting(say: Callable[[Intent], None], intent: Intent) -> Callable[[object], None]:
    return lambda _: say(intent)
