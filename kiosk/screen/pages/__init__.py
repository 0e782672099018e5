"""One page for each View: which class draws which."""

from __future__ import annotations

from importlib import import_module

from kiosk.screen.widgets.page import Page

# View tag -> module, class. Imported when first shown, so that the first frame waits for one page only.
PAGES: dict[str, tuple[str, str]] = {
    "home": ("home", "HomePage"),
    "how_to": ("how_to", "HowToPage"),
    "help": ("help", "HelpPage"),
    "scan": ("scan", "ScanPage"),
    "nik": ("nik", "NikPage"),
    "pin": ("pin", "PinPage"),
    "documents": ("documents", "DocumentsPage"),
    "confirm": ("confirm", "ConfirmPage"),
    "printing": ("printing", "PrintingPage"),
    "take": ("take", "TakePage"),
    "thanks": ("thanks", "ThanksPage"),
    "notice": ("notice", "NoticePage"),
    "out_of_service": ("out_of_service", "OutOfServicePage"),
}


def page_class(tag: str) -> type[Page]:
    """The class that draws Views of this tag."""
    module, name = PAGES[tag]
    found: type[Page] = getattr(import_module(f"{__name__}.{module}"), name)
    return found
