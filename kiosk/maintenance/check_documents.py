"""Looks at what this kiosk prints: the catalogue, and a layout for each card in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.documents.card_layout import LayoutError, load_layout
from kiosk.documents.catalogue import Catalogue, CatalogueError, load_catalogue
from kiosk.maintenance.findings import Finding, attention, broken, ok
from kiosk.settings import Settings

CATALOGUE = "Katalog dokumen"
LAYOUTS = "Tata letak kartu"


def documents(settings: Settings) -> Iterator[Finding]:
    """Whether catalogue and layouts can be loaded, and the machine has a printer for what is in them."""
    try:
        catalogue = load_catalogue(Path(settings.documents.catalogue))
    except CatalogueError as error:
        yield broken(
            CATALOGUE, str(error), "Salin lagi berkas itu dari config/ (scripts/install-files), lalu sesuaikan."
        )
        return
    yield _printable(settings, catalogue)
    yield from _layouts(Path(settings.documents.card_layouts), catalogue)


def _printable(settings: Settings, catalogue: Catalogue) -> Finding:
    printers = {"card": settings.card_printer, "a4": settings.paper_printer}
    wanted = {code: entry.medium for code, entry in catalogue.documents.items()}
    without = [code for code, medium in wanted.items() if printers[medium] is None]
    if without:
        what = f"tidak ada pencetak untuk {', '.join(without)}"
        return attention(CATALOGUE, what, "Bila mesin ini memang tidak mencetaknya, hapus dari katalog.")
    return ok(CATALOGUE, f"{len(wanted)} dokumen")


def _layouts(folder: Path, catalogue: Catalogue) -> Iterator[Finding]:
    names = sorted({entry.layout for entry in catalogue.documents.values() if entry.layout})
    wrong = 0
    for name in names:
        path = folder / name
        try:
            load_layout(path)
        except LayoutError as error:
            wrong += 1
            yield broken(LAYOUTS, str(error), "Salin lagi berkas itu dari config/card_layouts.")
    if names and not wrong:
        yield ok(LAYOUTS, ", ".join(names))
