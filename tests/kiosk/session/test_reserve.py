"""The last cards: who may have one, and what everybody else is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from kiosk.dinas.contract import Courier, Delivery, OtherKiosk, Permit
from kiosk.protocol import DocumentState, Trouble
from kiosk.session.documents import document, printable_now
from kiosk.session.machine import Machine

ELSEWHERE = Delivery(Courier("Kantor Kecamatan Jenu", "2026-11-26"), None, (OtherKiosk("MPP Tuban", None, ready=True),))


@pytest.fixture
def few(fit: Machine) -> Machine:
    """Only the reserve of cards is left."""
    cards, paper = fit.media
    return replace(fit, media=(msgspec.structs.replace(cards, trouble=Trouble.RESERVED), paper))


@pytest.mark.parametrize(
    ("priority", "printable"), [(None, False), ("urgent", True), ("first", True), ("somebody's cousin", False)]
)
def test_the_reserve_is_for_those_who_cannot_wait(
    few: Machine, make_permit: Callable[..., Permit], priority: str | None, printable: bool
) -> None:
    permit = msgspec.structs.replace(make_permit("p1", "ktp-el", "card"), priority=priority)
    assert printable_now(permit, few) is printable


def test_an_ordinary_card_is_told_another_way(few: Machine, make_permit: Callable[..., Permit]) -> None:
    shown = document(msgspec.structs.replace(make_permit("p1", "kia", "card"), delivery=ELSEWHERE), few)
    assert (shown.state, shown.trouble) == (DocumentState.TROUBLE, Trouble.RESERVED)
    assert (shown.other_kiosk, shown.courier_to) == ("MPP Tuban", "Kantor Kecamatan Jenu")


def test_paper_and_the_machine_as_a_whole_go_on(few: Machine, make_permit: Callable[..., Permit]) -> None:
    assert printable_now(make_permit("p1"), few)
    assert few.out_of_service is None
