"""Who plays in a story."""

from __future__ import annotations

import msgspec

from hardware_sim.dinas.issuing import DOCUMENTS
from hardware_sim.dinas.seed import askings


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An applicant: a new one with permits for these documents, or a seeded one whose applications still wait."""

    permits: list[str] = []
    seeded: str = ""

    def __post_init__(self) -> None:
        if bool(self.permits) == bool(self.seeded):
            raise ValueError("a person has either permits (document codes) or seeded (a name of the Dinas' people)")
        for document in self.permits:
            if document not in DOCUMENTS:
                raise ValueError(f"no document {document!r}; there are {', '.join(DOCUMENTS)}")
        names = [asking.person.name for asking in askings()]
        if self.seeded and self.seeded not in names:
            raise ValueError(f"nobody seeded is called {self.seeded!r}; there are {', '.join(names)}")
