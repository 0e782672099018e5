"""From a sealed bundle to what the printer takes: opened, checked, drawn. All of it in memory."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

from kiosk.dinas.contract import ContentKey
from kiosk.documents.bundle import ContentType, Opened, open_bundle
from kiosk.documents.card_check import check_card
from kiosk.documents.card_faces import card_document
from kiosk.documents.card_layout import Layout, load_layout
from kiosk.documents.catalogue import Entry, load_catalogue
from kiosk.documents.pdf_pages import PageDrawer
from kiosk.documents.prepared import DocumentError, Prepared
from kiosk.documents.trust import load_roots, parse_crls
from kiosk.protocol import NoticeKind
from kiosk.settings import Settings

DEFAULT_DPI = 300
DEFAULT_CARD_PX = (1016, 638)


class RevocationSource(Protocol):
    """Where the revocation lists come from (kiosk.dinas.revocations)."""

    @property
    def crls(self) -> tuple[bytes, ...]:
        """X.509 CRLs in DER."""


class Preparer:
    """Reads catalogue, layouts and roots once. Raises CatalogueError, LayoutError or TrustError when they are wrong.

    A process that draws the first A4 document is started with it; ``close`` ends the one that waits.
    """

    def __init__(self, settings: Settings, revocations: RevocationSource) -> None:
        self.catalogue = load_catalogue(Path(settings.documents.catalogue))
        folder = Path(settings.documents.card_layouts)
        self._layouts: dict[str, Layout] = {
            entry.layout: load_layout(folder / entry.layout)
            for entry in self.catalogue.documents.values()
            if entry.layout is not None
        }
        self._document_roots = load_roots(settings.trust.document_roots)
        self._card_roots = load_roots(settings.trust.card_roots)
        self._revocations = revocations
        self._drawer = PageDrawer()
        self._dpi = DEFAULT_DPI
        if settings.paper_printer:
            self._dpi = settings.paper_printer.dpi
            self._drawer.warm_up()
        cards = settings.card_printer
        self._card_px = (cards.width_px, cards.height_px) if cards else DEFAULT_CARD_PX

    def close(self) -> None:
        """Nothing more will be prepared."""
        self._drawer.close()

    async def prepare(self, document: str, permit_id: str, jwe: bytes, key: ContentKey) -> Prepared:
        """Open, check and draw. Raises DocumentError.

        A PDF is checked and drawn in a process of its own, a card in a thread: both take longer than a finger on the
        screen may wait.
        """
        entry = self.catalogue.documents.get(document)
        if entry is None:
            raise DocumentError(NoticeKind.NOT_ALLOWED_HERE, "not-in-catalogue")
        opened = await asyncio.to_thread(open_bundle, jwe, key, permit_id)
        if (opened.kind is ContentType.PDF) != (entry.medium == "a4"):
            raise DocumentError(NoticeKind.DAMAGED, "wrong-content")
        if opened.kind is ContentType.PDF:
            return await self._paper(entry, opened)
        return await asyncio.to_thread(lambda: asyncio.run(self._card(entry, document, permit_id, opened)))

    async def _paper(self, entry: Entry, opened: Opened) -> Prepared:
        drawn = await self._drawer.draw(
            opened.content,
            roots=[root.dump() for root in self._document_roots],
            crls=self._revocations.crls,
            most_pages=entry.most_pages,
            dpi=self._dpi,
        )
        return Prepared(document=drawn.document, sheets=drawn.pages, chip=False)

    async def _card(self, entry: Entry, document: str, permit_id: str, opened: Opened) -> Prepared:
        crls = parse_crls(self._revocations.crls)
        content = await check_card(opened.content, self._card_roots, crls, permit_id=permit_id, document=document)
        if entry.layout is None:
            raise DocumentError(NoticeKind.NOT_ALLOWED_HERE, "no-layout")
        drawn = card_document(content, self._layouts[entry.layout], self._card_px)
        return Prepared(document=drawn, sheets=1, chip=entry.chip, photo=content.photo if entry.chip else None)
