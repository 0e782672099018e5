"""An applicant's permits as they stand here and now: what the Dinas says of them, and what this machine can do."""

from __future__ import annotations

from kiosk.dinas.contract import Delivery, Permit, PermitState
from kiosk.protocol import Became, Document, DocumentState, Medium, MediumState, Trouble
from kiosk.session.machine import Machine
from kiosk.session.visit import Before

_BY_PERMIT_STATE = {
    PermitState.CLAIMED: DocumentState.BUSY,
    PermitState.PRINTED: DocumentState.PRINTED,
    PermitState.SUSPECT: DocumentState.IN_DOUBT,
    PermitState.SUPERSEDED: DocumentState.SUPERSEDED,
    PermitState.COURIER: DocumentState.COURIER,
    PermitState.OFFICE: DocumentState.OFFICE,
}


_CLOSED_HERE = frozenset({DocumentState.TROUBLE, DocumentState.NOT_HERE})
_OTHER_WAYS = _CLOSED_HERE | {DocumentState.COURIER, DocumentState.OFFICE}


# Where the Dinas says one of these, the ledger of this kiosk knows more; all else has happened since then.
_OPEN = frozenset({PermitState.READY, PermitState.CLAIMED, PermitState.SUSPECT})
_HELD_HERE = {
    Became.TAKEN: DocumentState.PRINTED,
    Became.LEFT: DocumentState.IN_DOUBT,
    Became.IN_DOUBT: DocumentState.IN_DOUBT,
}


def printable_now(permit: Permit, machine: Machine, before: Before | None = None) -> bool:
    """Whether the permit can be printed here now. ``before``: what became of the last attempt at it here."""
    return _state(permit, machine, before)[0] is DocumentState.READY


def document(permit: Permit, machine: Machine, before: Before | None = None) -> Document:
    """The permit as the screen shows it, with what became of the last attempt at it here."""
    state, trouble = _state(permit, machine, before)
    told = before if before and _tells(permit, before) else None
    medium = machine.medium(Medium(permit.medium))
    # Another way is told only where this one is closed: nobody sends a printed document to a second machine.
    delivery = permit.delivery if permit.delivery and state in _OTHER_WAYS else Delivery()
    courier = delivery.courier if state is not DocumentState.OFFICE else None
    office = delivery.office if state is not DocumentState.COURIER else None
    others = delivery.other_kiosks if state in _CLOSED_HERE else ()
    return Document(
        permit_id=permit.permit_id,
        code=permit.document,
        title=permit.title,
        holder=permit.holder,
        medium=Medium(permit.medium),
        state=state,
        seconds=medium.seconds if medium else 0,
        pages=permit.pages,
        trouble=trouble,
        courier_to=courier.to if courier else None,
        courier_on=courier.next_run if courier else None,
        office_at=office.at if office else None,
        office_needs=office.needs if office else None,
        other_kiosk=next((k.name for k in others if k.ready and k.name), None),
        became=told.became if told else None,
        became_at=told.at if told else None,
    )


def _tells(permit: Permit, before: Before) -> bool:
    """Whether what happened here is still the last word on the permit."""
    taken = permit.state is PermitState.PRINTED and before.became is Became.TAKEN
    return taken or permit.state in _OPEN


def _state(permit: Permit, machine: Machine, before: Before | None) -> tuple[DocumentState, Trouble | None]:
    if before and before.became in _HELD_HERE and permit.state in _OPEN:
        return _HELD_HERE[before.became], None
    if before and before.became is Became.NOTHING and permit.state is PermitState.SUSPECT:
        return DocumentState.BUSY, None  # until the Dinas has heard of it
    if permit.state is not PermitState.READY:
        return _BY_PERMIT_STATE[permit.state], None
    if machine.printable is not None and permit.document not in machine.printable:
        return DocumentState.NOT_HERE, None
    medium: MediumState | None = machine.medium(Medium(permit.medium))
    if medium is None:
        return DocumentState.NOT_HERE, None
    if not medium.ready:
        return DocumentState.TROUBLE, medium.trouble or Trouble.OTHER
    if medium.trouble is Trouble.RESERVED and not permit.cannot_wait:
        return DocumentState.TROUBLE, Trouble.RESERVED
    if permit.document in machine.with_chip and not machine.chips:
        return DocumentState.TROUBLE, Trouble.CHIP
    return DocumentState.READY, None
