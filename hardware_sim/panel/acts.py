"""What a hand does at the machine, by the names that the page uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class NaturalAct:
    """An act of a device's control. ``refusal`` is said to people when the device cannot do it now."""

    device: str
    act: str
    refusal: str
    fixed: Mapping[str, Any] = field(default_factory=dict)
    free: frozenset[str] = frozenset()  # arguments that the page gives

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """ValueError for one that the page may not give."""
        if unknown := set(given) - self.free:
            raise ValueError(f"unknown arguments {sorted(unknown)}; expected {sorted(self.free)}")
        return {**self.fixed, **given}


def _act(device: str, act: str, refusal: str, *free: str, **fixed: Any) -> NaturalAct:
    return NaturalAct(device, act, refusal, fixed, frozenset(free))


ACTS: dict[str, NaturalAct] = {
    "take_card": _act("card", "take_card", "Tidak ada kartu di celah."),
    "take_paper": _act("paper", "take_paper", "Laci kertas tidak menjawab."),
    "refill_paper": _act("paper", "refill", "Kertas tidak bisa diisi.", n=100),
    "refill_cards": _act("card", "refill", "Kartu tidak bisa diisi.", n=50),
    "refill_dispenser": _act("dispenser", "refill", "Penyalur sudah penuh.", n=50),
    "empty_bin": _act("card", "empty_reject_bin", "Kotak kartu gagal tidak bisa dikosongkan."),
    "clear_path": _act("card", "clear_path", "Tidak ada kartu di jalur."),
    "press_call": _act("cabinet", "press_call", "Tombol tidak bisa ditekan."),
    "open_door": _act("cabinet", "open_door", "Pintu tidak bisa dibuka.", "door"),
    "close_door": _act("cabinet", "close_door", "Pintu tidak bisa ditutup.", "door"),
    "key": _act("cabinet", "key", "Kunci tidak bisa diputar.", "on"),
    "cut_mains": _act("ups", "battery", "Listrik tidak bisa diputus."),
    "restore_mains": _act("ups", "mains", "Listrik tidak bisa disambung."),
    "scan": _act("scanner", "scan", "Pemindai tidak membaca.", "text"),
    "insert": _act("cards", "insert", "Sudah ada kartu di pembaca.", "serial", "kind", slot="operator"),
    "remove": _act("cards", "remove", "Tidak ada kartu di pembaca.", slot="operator"),
}
