"""Blanks that nobody may use any more: spoiled without an attempt, and destroyed with a berita acara."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.command_line import CannotError
from kiosk.ledger.events import code
from kiosk.ledger.ledger import Ledger

_FEW = 5  # serials that are named one by one
_UNREADABLE = code("")  # what the ledger makes of a text that it does not take


def record_number(text: str) -> str:
    """The number of a berita acara as the audit log keeps it. Raises CannotError for one that it would not keep."""
    kept = code(text)
    if kept == _UNREADABLE:
        raise CannotError(
            f"--record {text!r}: nomor berita acara terdiri atas sampai 64 huruf, angka, dan tanda / : . - tanpa 16 "
            "angka berurutan, misalnya 470/12/BA/2026."
        )
    return kept


@dataclass(frozen=True)
class Spoiling:
    """What is asked for."""

    serials: Sequence[str]
    reason: str
    operator_id: str

    def consequences(self) -> str:
        """What follows, told before it is done."""
        lines = [
            f"Bila {_named(self.serials)} dicatat rusak ({self.reason}):",
            "  - Blanko ini tidak dapat kembali ke lemari atau wadah, dan tidak dicetak lagi.",
            "  - Bahannya ada di tangan Anda sampai dimusnahkan dengan berita acara: adm-kiosk ledger destroy.",
            f"  - Catatan ini tidak dapat dicabut, dan tercatat di rantai audit atas nama {self.operator_id}.",
        ]
        return "\n".join(lines)

    async def act(self, ledger: Ledger) -> int:
        """Write it. Answers how many they are."""
        return await ledger.blanks.spoil(self.serials, self.operator_id, self.reason)


@dataclass(frozen=True)
class Destruction:
    """What is asked for."""

    serials: Sequence[str]
    record: str
    operator_id: str

    def consequences(self) -> str:
        """What follows, told before it is done."""
        lines = [
            f"Bila {_named(self.serials)} dicatat dimusnahkan (berita acara {self.record}):",
            "  - Tidak ada lagi yang mencarinya: blanko yang sebenarnya masih ada dapat dipakai memalsukan KTP-el.",
            f"  - Catatan ini tidak dapat dicabut, dan tercatat di rantai audit atas nama {self.operator_id}.",
        ]
        return "\n".join(lines)

    async def act(self, ledger: Ledger) -> int:
        """Write it. Answers how many they are."""
        return await ledger.blanks.destroy(self.serials, self.record, self.operator_id)


def _named(serials: Sequence[str]) -> str:
    few = ", ".join(serials[:_FEW])
    return f"{len(serials)} blanko ({few}{', ...' if len(serials) > _FEW else ''})"
