"""The way in: what the person is told, what is written down, and the kiosk's own budget of failures."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.dinas.contract import (
    Applicant,
    BundleRef,
    DinasAwayError,
    DinasError,
    DinasProblemError,
    Permit,
    PermitState,
    Problem,
    ProblemType,
    Session,
)
from kiosk.engine.way_in import WayIn
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.protocol import Action, Became, NikFault, NoticeKind
from kiosk.session import events as e

NIK, PIN = "3523165708790001", "271828"
TYPED = e.LogIn(NIK, None, PIN)
SCANNED = e.LogIn(None, "K7QW2M9ZX4TP", PIN)
SESSION = Session("token", datetime(2026, 11, 24, tzinfo=UTC), Applicant("S*** A****"), ())


class Dinas:
    """Answers what a test wants: a session, or an error."""

    def __init__(self) -> None:
        self.answer: Session | DinasError = SESSION
        self.asked: list[str] = []

    def _answer(self, call: str) -> Session:
        self.asked.append(call)
        if isinstance(self.answer, DinasError):
            raise self.answer
        return self.answer

    async def log_in(self, *, nik: str | None = None, handle: str | None = None, pin: str) -> Session:
        return self._answer("log_in")

    async def resend_pin(self, nik: str) -> None:
        self._answer("resend_pin")

    async def log_out(self, token: str) -> None:
        self._answer("log_out")


def problem(kind: ProblemType, status: int, **more: Any) -> DinasProblemError:
    return DinasProblemError(Problem(type=kind, status=status, **more), kind, status)


@pytest.fixture
def dinas() -> Dinas:
    return Dinas()


@pytest.fixture
def way_in(dinas: Dinas, ledger: Ledger) -> WayIn:
    return WayIn(dinas, ledger)  # type: ignore[arg-type]  # the three calls that it makes


async def written(ledger: Ledger) -> list[tuple[str, dict[str, Any]]]:
    return [(entry.event, entry.data) for entry in await ledger.audit_entries(0, 100)]


async def test_a_login_is_written_down_with_its_way_and_its_number_of_documents(way_in: WayIn, ledger: Ledger) -> None:
    assert await way_in.log_in(SCANNED) == e.LoggedIn(SESSION)
    assert await written(ledger) == [("logged-in", {"actor": "applicant", "way": "qr", "documents": 0})]


@pytest.mark.parametrize(
    ("error", "code", "counts"),
    [
        (problem(ProblemType.CREDENTIALS, 401, attempts_left=3), "credentials", True),
        (problem(ProblemType.LOCKED, 423, retry_after_s=900), "locked", True),
        (problem(ProblemType.PIN_EXPIRED, 410), "pin-expired", False),
        (problem(ProblemType.BUSY, 503, retry_after_s=5), "busy", False),
        (problem(ProblemType.KIOSK_DISABLED, 403), "kiosk-disabled", False),
        (problem(ProblemType.OTHER, 500), "other", False),
        (DinasAwayError("ConnectTimeout"), "dinas-away", False),
    ],
)
async def test_a_refusal_is_written_down_and_counts_only_where_the_pin_was_judged(
    way_in: WayIn, dinas: Dinas, ledger: Ledger, error: DinasError, code: str, counts: bool
) -> None:
    dinas.answer = error
    await way_in.log_in(TYPED)

    assert await written(ledger) == [("login-refused", {"actor": "applicant", "way": "nik", "problem": code})]
    assert ledger.login_failures == int(counts)


async def test_after_five_failures_the_dinas_is_not_asked_until_the_pause_is_over(
    way_in: WayIn, dinas: Dinas, ledger: Ledger, clock: Any
) -> None:
    dinas.answer = problem(ProblemType.CREDENTIALS, 401, attempts_left=3)
    for _ in range(5):
        await way_in.log_in(TYPED)
    clock.now += 5
    paused = await way_in.log_in(TYPED)

    assert isinstance(paused, e.Refused)
    assert (paused.notice.kind, paused.notice.seconds) == (NoticeKind.WAIT, 10)
    assert Action.RETRY in paused.notice.actions
    assert len(dinas.asked) == 5
    assert (await written(ledger))[-1] == ("login-paused", {"actor": "applicant", "failures": 5, "seconds": 10})

    clock.now += 10
    dinas.answer = SESSION
    assert isinstance(await way_in.log_in(TYPED), e.LoggedIn)
    assert ledger.login_failures == 0


async def test_a_try_is_charged_before_the_dinas_answers(way_in: WayIn, dinas: Dinas, ledger: Ledger) -> None:
    """A power cut while the Dinas is asked gives no try away."""
    charged: list[int] = []
    ask = dinas.log_in

    async def watching(**given: Any) -> Session:
        charged.append(ledger.login_failures)
        return await ask(**given)

    dinas.log_in = watching  # type: ignore[method-assign]  # looks at the budget on the way
    await way_in.log_in(TYPED)

    assert charged == [1]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (None, NoticeKind.PIN_SENT),
        (DinasAwayError("ReadTimeout"), NoticeKind.DINAS_AWAY),
        (problem(ProblemType.BUSY, 503, retry_after_s=5), NoticeKind.DINAS_BUSY),
        (problem(ProblemType.CREDENTIALS, 401), NoticeKind.DINAS_BUSY),
    ],
)
async def test_a_wish_for_the_pin_is_written_down_and_answered(
    way_in: WayIn, dinas: Dinas, ledger: Ledger, error: DinasError | None, kind: NoticeKind
) -> None:
    dinas.answer = error or SESSION
    answer = await way_in.resend_pin(e.ResendPin(NIK))

    assert isinstance(answer, e.Refused)
    assert answer.notice.kind is kind
    assert Action.FINISH in answer.notice.actions
    assert await written(ledger) == [("pin-requested", {"actor": "applicant"})]


async def test_a_goodbye_that_does_not_arrive_is_no_trouble(way_in: WayIn, dinas: Dinas, ledger: Ledger) -> None:
    dinas.answer = DinasAwayError("ConnectTimeout")
    await way_in.log_out(e.LogOut("token"))

    assert await written(ledger) == [("logged-out", {"actor": "applicant"})]


async def test_a_refused_nik_is_written_down_by_its_fault(way_in: WayIn, ledger: Ledger) -> None:
    await way_in.nik_refused(e.NikRefused(NikFault.REGION))

    assert await written(ledger) == [("nik-refused", {"actor": "applicant", "fault": "region"})]


async def test_nothing_of_the_person_reaches_the_disk(
    way_in: WayIn, dinas: Dinas, ledger: Ledger, tmp_path: Path
) -> None:
    await way_in.log_in(TYPED)
    dinas.answer = problem(ProblemType.CREDENTIALS, 401, attempts_left=3)
    await way_in.log_in(SCANNED)
    await way_in.resend_pin(e.ResendPin(NIK))
    await way_in.log_out(e.LogOut("token-of-a-session"))
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())

    assert b"login-refused" in kept
    for secret in (NIK, PIN, "K7QW2M9ZX4TP", "S*** A****", "token-of-a-session"):
        assert secret.encode() not in kept


async def test_what_was_tried_here_before_comes_with_the_list(ledger: Ledger, dinas: Dinas) -> None:
    one = Permit("0198f1de-0000-4000-8000-000000000001", "kk", "a4", "KK", "S***", PermitState.READY, BundleRef(1, ""))
    dinas.answer = msgspec.structs.replace(SESSION, permits=(one, msgspec.structs.replace(one, permit_id="other")))
    begun = await ledger.reserve(
        permit_id=one.permit_id, document="kk", medium="a4", device="paper_printer", actor="applicant"
    )
    await ledger.advance(begun.attempt_id, Phase.FAILED, "system:issuance")

    came = await WayIn(dinas, ledger).log_in(TYPED)  # type: ignore[arg-type]  # the part of the client that is needed

    assert isinstance(came, e.LoggedIn)
    assert {permit: before.became for permit, before in came.before.items()} == {one.permit_id: Became.NOTHING}
