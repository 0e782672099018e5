"""Where things stand on a card: a layout file in ``config/card_layouts/``, in millimetres."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

Mm = Annotated[float, msgspec.Meta(ge=0, le=90)]
Size = Annotated[float, msgspec.Meta(gt=0.5, le=10)]
Font = Literal["regular", "bold", "mono"]

CARD_MM = (85.60, 53.98)  # ISO/IEC 7810 ID-1


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Title(_Part, frozen=True):
    """One line of its own; set smaller until it fits its width."""

    text: str
    x: Mm
    y: Mm
    width: Mm
    size: Size
    align: Literal["left", "centre"] = "left"
    font: Font = "regular"


class Row(_Part, frozen=True):
    """A label with its value; a row whose fields are all missing is left out."""

    label: str
    value: str
    lines: Annotated[int, msgspec.Meta(ge=1, le=4)] = 1
    font: Font = "regular"
    beside: str | None = None  # at the right end of the same line


class Block(_Part, frozen=True):
    """The rows, one below the other."""

    x_label: Mm
    x_value: Mm
    width: Mm
    y: Mm
    height: Mm
    size: Size
    smallest: Size
    spacing: Annotated[float, msgspec.Meta(ge=1, le=2)] = 1.1


class Picture(_Part, frozen=True):
    """A box for a picture; it is fitted in whole and centred."""

    field: Literal["photo", "signature"]
    x: Mm
    y: Mm
    width: Mm
    height: Mm


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole card."""

    block: Block
    row: tuple[Row, ...]
    title: tuple[Title, ...] = ()
    picture: tuple[Picture, ...] = ()


class LayoutError(Exception):
    """A layout cannot be used; the text names file, key and what was expected."""


def load_layout(path: Path) -> Layout:
    """Read and check a layout. Raises LayoutError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Layout)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LayoutError(f"{path}: {error}") from error
