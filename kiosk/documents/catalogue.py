"""Which documents this kiosk prints, and on what: ``config/documents.toml``. Never a list of 23 in the code."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document of the catalogue."""

    title: str
    medium: Literal["card", "a4"]
    layout: str | None = None
    chip: bool = False
    most_pages: Annotated[int, msgspec.Meta(ge=1, le=20)] = 2


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, by the code of the contract."""

    documents: dict[str, Entry]

    @property
    def with_chip(self) -> frozenset[str]:
        """The codes of those that have a chip."""
        return frozenset(code for code, entry in self.documents.items() if entry.chip)


class CatalogueError(Exception):
    """The catalogue cannot be used; the text names file, key and what was expected."""


def load_catalogue(path: Path) -> Catalogue:
    """Read and check the catalogue. Raises CatalogueError."""
    try:
        catalogue = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Catalogue)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    for code, entry in catalogue.documents.items():
        if (entry.medium == "card") != (entry.layout is not None):
            raise CatalogueError(f"{path}: documents.{code}.layout: expected for a card, and only for a card")
    return catalogue
