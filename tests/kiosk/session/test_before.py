"""What the list says of a document that was tried here before: the ledger of this kiosk knows more than the Dinas."""

from __future__ import annotations

import pytest

from kiosk.dinas.contract import BundleRef, Permit, PermitState
from kiosk.protocol import Became, DocumentState, Medium, MediumState
from kiosk.session.documents import document, printable_now
from kiosk.session.machine import Machine
from kiosk.session.visit import Before

AT = "2026-11-24T16:40+07:00"
MACHINE = Machine("Tuban", "", (MediumState(Medium.A4, ready=True, seconds=60),))


def permit(state: PermitState) -> Permit:
    return Permit("p1", "kk", "a4", "KK", "S*** A****", state, BundleRef(100, "0" * 64))


# what became of the last attempt here, what the Dinas says now, what can be done, whether the attempt is told
CASES = [
    (Became.TAKEN, PermitState.READY, DocumentState.PRINTED, True),  # the outcome is on its way
    (Became.TAKEN, PermitState.CLAIMED, DocumentState.PRINTED, True),
    (Became.TAKEN, PermitState.PRINTED, DocumentState.PRINTED, True),
    (Became.NOTHING, PermitState.READY, DocumentState.READY, True),
    (Became.NOTHING, PermitState.CLAIMED, DocumentState.BUSY, True),
    (Became.NOTHING, PermitState.SUSPECT, DocumentState.BUSY, True),  # until the Dinas has heard of it
    (Became.NOTHING, PermitState.PRINTED, DocumentState.PRINTED, False),  # at another kiosk, later
    (Became.KEPT, PermitState.SUSPECT, DocumentState.IN_DOUBT, True),
    (Became.KEPT, PermitState.READY, DocumentState.READY, True),  # an operator has accounted for the blank
    (Became.KEPT, PermitState.COURIER, DocumentState.COURIER, False),
    (Became.LEFT, PermitState.SUSPECT, DocumentState.IN_DOUBT, True),
    (Became.LEFT, PermitState.READY, DocumentState.IN_DOUBT, True),
    (Became.IN_DOUBT, PermitState.CLAIMED, DocumentState.IN_DOUBT, True),
    (Became.IN_DOUBT, PermitState.PRINTED, DocumentState.PRINTED, False),  # settled at the Dinas
    (Became.IN_DOUBT, PermitState.SUPERSEDED, DocumentState.SUPERSEDED, False),
]


@pytest.mark.parametrize(("became", "dinas", "state", "told"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES])
def test_the_list_says_what_became_of_it(became: Became, dinas: PermitState, state: DocumentState, told: bool) -> None:
    one, before = permit(dinas), Before(became, AT)
    shown = document(one, MACHINE, before)
    assert (shown.state, shown.became, shown.became_at) == (state, became if told else None, AT if told else None)
    assert printable_now(one, MACHINE, before) is (state is DocumentState.READY)


def test_nothing_is_said_where_nothing_was_tried() -> None:
    assert document(permit(PermitState.READY), MACHINE).became is None
