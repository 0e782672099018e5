from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kiosk.dinas.contract import Applicant, BundleRef, Permit, PermitState, Session
from kiosk.protocol import Medium, MediumState, Trouble
from kiosk.session.machine import Machine

SOME_TIME = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def permit(permit_id: str, document: str = "kk", medium: str = "a4", state: PermitState = PermitState.READY) -> Permit:
    return Permit(
        permit_id=permit_id,
        document=document,
        medium=medium,
        title=document.upper(),
        holder="S*** A****",
        state=state,
        bundle=BundleRef(size=100, sha256="0" * 64),
    )


def session(*permits: Permit) -> Session:
    return Session("token", SOME_TIME, Applicant("S*** A****"), permits)


@pytest.fixture
def fit() -> Machine:
    """A machine on which everything works."""
    return Machine(
        site="Tuban",
        help="Loket 1",
        media=(MediumState(Medium.CARD, ready=True, seconds=120), MediumState(Medium.A4, ready=True, seconds=60)),
        scanner=True,
        dinas=True,
    )


@pytest.fixture
def no_paper(fit: Machine) -> Machine:
    card = fit.media[0]
    paper = MediumState(Medium.A4, ready=False, seconds=60, trouble=Trouble.MEDIA_EMPTY)
    return Machine(fit.site, fit.help, (card, paper), scanner=True, dinas=True)


@pytest.fixture
def make_permit() -> Callable[..., Permit]:
    return permit


@pytest.fixture
def make_session() -> Callable[..., Session]:
    return session
