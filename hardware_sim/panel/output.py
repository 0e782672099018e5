"""What came out of the machine, as pictures: sheets, cards and receipts, newest first."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from hardware_sim.printers.store import read_ledger

KEPT = 24  # pictures that the page shows
SIDES = (480, 1600)  # longest side in pixels: among others, alone


@dataclass(frozen=True)
class Piece:
    """One thing that came out."""

    device: str
    file: str
    at: float  # seconds since the epoch
    serial: str = ""  # of a card


class Output:
    """The pictures of one world."""

    def __init__(self, where: Mapping[str, Any]) -> None:
        self._folders = {device: Path(where[device]["folder"]) / "out" for device in ("paper", "card")}
        self._ledgers = {device: Path(where[device]["folder"]) / "ledger.jsonl" for device in ("paper", "card")}
        self._folders["receipt"] = Path(where["receipt"]["receipts"])
        self._read: dict[str, tuple[int, list[Piece]]] = {}

    def pieces(self) -> list[Piece]:
        """All that came out, newest first. A picture that a machine still draws is not among them."""
        found = [*self._printed("paper"), *self._printed("card"), *self._receipts()]
        return sorted(found, key=lambda piece: piece.at, reverse=True)

    def picture(self, device: str, file: str, side: int, *, turned: bool = False) -> bytes:
        """It as PNG, at most ``side`` pixels long; ``turned`` to the right. LookupError when there is none."""
        path = self._folders[device] / file  # KeyError is a LookupError
        if side not in SIDES:
            raise LookupError(f"side {side}; expected one of {SIDES}")
        if Path(file).name != file or path.suffix != ".png" or not path.is_file():
            raise LookupError(f"no picture {file!r}")
        return _drawn(path, path.stat().st_mtime_ns, side, turned)

    def _printed(self, device: str) -> list[Piece]:
        path = self._ledgers[device]
        size = path.stat().st_size if path.exists() else 0
        if self._read.get(device, (-1, []))[0] != size:
            pieces = [_piece(device, line) for line in read_ledger(path) if line["event"] == "sheet"]
            self._read[device] = (size, pieces)
        return self._read[device][1]

    def _receipts(self) -> list[Piece]:
        files = self._folders["receipt"].glob("*.png")
        return [Piece("receipt", file.name, file.stat().st_mtime) for file in files]


def _piece(device: str, line: Mapping[str, Any]) -> Piece:
    return Piece(device, line["file"], line["time"], line.get("serial", ""))


@lru_cache(maxsize=3 * KEPT)
def _drawn(path: Path, _written: int, side: int, turned: bool) -> bytes:
    """By path and time: a file written anew is drawn anew."""
    with Image.open(path) as picture:
        drawn = picture.convert("RGB")
    drawn.thumbnail((side, side))
    if turned:
        drawn = drawn.transpose(Image.Transpose.ROTATE_270)
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    return stream.getvalue()


def for_page(pieces: list[Piece]) -> list[dict[str, Any]]:
    return [asdict(piece) for piece in pieces[:KEPT]]
