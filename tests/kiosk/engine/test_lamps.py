"""The lamp at the part that the page points at burns, and no other."""

from __future__ import annotations

import pytest

from drivers.cabinet.frames import Lamp
from kiosk import protocol as p
from kiosk.engine.lamps import LAMPS, lamp_of, light

DOCUMENT = p.Document("a", "kk", "Kartu Keluarga", "S***", p.Medium.A4, p.DocumentState.READY, 60)


class Cabinet:
    """Remembers which lamps are wanted."""

    def __init__(self) -> None:
        self.lit: set[Lamp] = set()

    def lamp(self, lamp: Lamp, on: bool) -> None:
        (self.lit.add if on else self.lit.discard)(lamp)


def test_every_part_has_its_own_lamp() -> None:
    assert set(LAMPS) == set(p.Part)
    assert sorted(LAMPS.values()) == sorted(Lamp)


@pytest.mark.parametrize("part", list(p.Part))
def test_the_lamp_burns_where_the_document_waits(part: p.Part) -> None:
    assert lamp_of(p.TakeView(DOCUMENT, part, 40, 45, sensed=True)) == part.value


def test_from_page_to_page_one_lamp_burns_at_most() -> None:
    cabinet = Cabinet()
    seen = []
    for view in (
        p.HomeView((), (p.Way.QR,)),
        p.ScanView(),
        p.PinView(p.Way.QR),
        p.TakeView(DOCUMENT, p.Part.PAPER_TRAY, 40, 45, sensed=False),
        p.TakeView(DOCUMENT, p.Part.CARD_SLOT, 40, 45, sensed=True),
        p.ThanksView((), p.ReceiptState.PRINTED),
    ):
        light(cabinet, view)  # type: ignore[arg-type]  # the one call that it makes
        seen.append(sorted(cabinet.lit))

    assert seen == [[], ["scanner"], [], ["paper_tray"], ["card_slot"], []]
