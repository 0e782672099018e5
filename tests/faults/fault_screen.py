"""The test in the place of the screen: reads each Show from the engine's socket, remembers it, sends Intents."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kiosk import protocol as p
from kiosk.screen import words

DARK = "dark"  # nothing is shown: the engine is gone
Test = Callable[[p.View], bool]


class NotShownError(Exception):
    """What was waited for did not come."""


class TheScreen:
    """One connection at a time; ``seen`` holds what a person saw since ``forget``: View as codes, and its sentence."""

    __test__ = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket: socket.socket | None = None
        self.show: p.Show | None = None
        self.seen: list[tuple[str, str]] = []
        self._changed = threading.Condition()
        self._changed_at = time.monotonic()

    def connect(self, within: float) -> None:
        """To an engine that is starting."""
        deadline = time.monotonic() + within
        while True:
            line = socket.socket(socket.AF_UNIX)
            try:
                line.connect(str(self._path))
                break
            except OSError:
                line.close()
                if time.monotonic() > deadline:
                    raise NotShownError(f"no engine listens within {within:g} s") from None
                time.sleep(0.05)
        self._socket = line
        threading.Thread(target=self._read, args=(line,), name="screen", daemon=True).start()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def forget(self) -> None:
        """Begin a new record, with what is shown now."""
        with self._changed:
            self.seen = []
            if self.show is not None:
                self._remember(self.show.view)

    def say(self, intent: p.Intent) -> None:
        """Answer the page that is shown now."""
        assert self._socket is not None
        assert self.show is not None
        self._socket.sendall(p.encode(p.Said(self.show.page, intent)))

    def wait(self, wanted: Test, within: float, what: str) -> p.View:
        """Wait for a View; NotShownError if it does not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.show is not None and wanted(self.show.view), within):
                raise NotShownError(f"not within {within:g} s: {what}; seen {[codes for codes, _ in self.seen]}")
            assert self.show is not None
            return self.show.view

    def wait_for_news(self, after: p.Show | None, within: float) -> bool:
        """Wait until something else is shown."""
        with self._changed:
            return self._changed.wait_for(lambda: self.show is not after, within)

    def wait_for_dark(self, within: float) -> bool:
        """Wait until the engine is gone."""
        with self._changed:
            return self._changed.wait_for(lambda: self.show is None, within)

    def wait_until_quiet(self, quiet: float, within: float) -> None:
        """Wait until from now on nothing has changed for so long."""
        began = time.monotonic()
        while (now := time.monotonic()) < began + within and now - max(began, self._changed_at) < quiet:
            time.sleep(0.05)

    def _read(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as lines:
            try:
                for text in lines:
                    self._shown(p.decode_show(text))
            except OSError:
                pass
        with self._changed:
            self.show = None
            self._note(DARK, "")
            self._changed_at = time.monotonic()
            self._changed.notify_all()

    def _shown(self, show: p.Show) -> None:
        with self._changed:
            before = self.seen[-1:]
            self.show = show
            self._remember(show.view)
            if self.seen[-1:] != before:
                self._changed_at = time.monotonic()
            self._changed.notify_all()

    def _remember(self, view: p.View) -> None:
        if not _passes(view):
            self._note(label(view), sentence(view))

    def _note(self, seen: str, sentence: str) -> None:
        if not self.seen or self.seen[-1][0] != seen:
            self.seen.append((seen, sentence))


def without_the_usual(seen: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The record without the pages of every visit, and without what depends on who was read first.

    Of pages for nobody that follow each other the last one counts; of troubles while a document is made, each one once.
    """
    kept: list[tuple[str, str]] = []
    for number, (codes, said) in enumerate(seen):
        page = codes.partition(" ")[0]
        following = seen[number + 1][0].partition(" ")[0] if number + 1 < len(seen) else ""
        if page in _FOR_NOBODY:
            usual = following in _FOR_NOBODY or (codes == "home" and following != "")
        else:
            usual = codes in _USUAL or (page == "printing" and codes in _run_of_printing(kept))
        if not usual:
            kept.append((codes, said))
    return kept


_FOR_NOBODY = ("home", "out")
_USUAL = ("nik", "pin", "documents", "confirm", "scan")


def _run_of_printing(kept: list[tuple[str, str]]) -> list[str]:
    run = []
    for codes, _ in reversed(kept):
        if not codes.startswith("printing"):
            break
        run.append(codes)
    return run


def label(view: p.View) -> str:
    """The View as codes."""
    match view:
        case p.HomeView():
            wrong = [f"{state.medium}: {state.trouble}" for state in view.media if not state.ready]
            wrong += [] if p.Way.QR in view.ways else ["no qr"]
            return _with("home", *wrong)
        case p.OutOfServiceView():
            return _with("out", view.reason)
        case p.ScanView():
            return _with("scan", *[view.fault] * bool(view.fault))
        case p.PinView():
            return _with("pin", *["wrong"] * view.wrong)
        case p.DocumentsView():
            states = [d.state + (f" {d.trouble}" if d.trouble else "") for d in view.documents]
            return _with("documents", *(state for state in states if state != p.DocumentState.READY))
        case p.PrintingView():
            return _with("printing", *[view.trouble] * bool(view.trouble))
        case p.NoticeView():
            return _with("notice", view.kind, *[view.trouble] * bool(view.trouble))
        case p.ThanksView():
            return _with("thanks", *(one.state for one in view.ended), f"receipt {view.receipt}")
    return str(type(view).__struct_config__.tag)


def _passes(view: p.View) -> bool:
    """A View that is not recorded: a person sees through it."""
    return isinstance(view, p.HelpView) or (isinstance(view, p.ThanksView) and view.receipt is p.ReceiptState.PRINTING)


def _with(page: str, *details: str) -> str:
    return f"{page} ({', '.join(details)})" if details else page


def sentence(view: p.View) -> str:
    """What the screen says of something that is not as it should be, without dates; empty if all is well."""
    return _DATE.sub("HARI", _sentence(view))


_DATE = re.compile(rf"({'|'.join(words.catalogue()['time.weekdays'])}) \d+ \w+")


def _sentence(view: p.View) -> str:
    match view:
        case p.HomeView():
            ready = [state for state in view.media if state.ready]
            broken = [state for state in view.media if not state.ready]
            return " ".join(f"{words.t(f'home.not_now.{s.medium}')}: {words.not_now(s, ready)}" for s in broken)
        case p.OutOfServiceView():
            return f"{words.t(f'out.title.{view.reason}')}. {words.t(f'out.what.{view.reason}')}"
        case p.ScanView(fault=fault) if fault:
            return words.t(f"scan.fault.{fault}")
        case p.DocumentsView():
            return " ".join(words.more_of(d) for d in view.documents if d.state is not p.DocumentState.READY)
        case p.PrintingView(trouble=trouble) if trouble:
            return words.t("printing.waits", trouble=words.trouble(trouble, view.document.medium))
        case p.NoticeView():
            return f"{words.t(f'notice.title.{view.kind}')}. {words.notice(view)}"
        case p.ThanksView():
            bad = [words.ended(one) for one in view.ended if one.state is not p.EndState.TAKEN]
            bad += [words.t("thanks.receipt.none")] if _no_receipt(view) else []
            return " ".join(bad)
    return ""


def _no_receipt(view: p.ThanksView) -> bool:
    """A receipt was due, and did not come."""
    due = any(one.state is not p.EndState.NOT_PRINTED for one in view.ended)
    return due and view.receipt is p.ReceiptState.NONE
