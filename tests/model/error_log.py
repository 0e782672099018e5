"""What the engine says when something failed that must not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class ErrorLog(logging.Handler):
    """Keeps what the engine says when something failed that must not."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.name.startswith("kiosk.engine") and ("failed:" in text or " ended: " in text):
            self.found.append(text)
        elif record.name == "kiosk.issuance.issue" and " while " in text:
            self.found.append(text)  # an exception that nobody thought of


@contextmanager
def hearing(errors: ErrorLog) -> Iterator[None]:
    """Only what failed is kept; the rest of what a kiosk under so much bad luck says fills no log."""
    levels = {name: logging.getLogger(name).level for name in ("kiosk", "drivers", "stamina")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.ERROR)
        logging.getLogger(name).addHandler(errors)
        logging.getLogger(name).propagate = False
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
            logging.getLogger(name).removeHandler(errors)
            logging.getLogger(name).propagate = True
