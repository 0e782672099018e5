"""From the Dinas' answer to what the person is told: each has a way on."""

from typing import Any

import pytest

from kiosk.dinas.contract import DinasAwayError, DinasProblemError, Problem, ProblemType
from kiosk.engine.refusals import kiosk_pause, login_refusal
from kiosk.protocol import Action, NoticeKind
from kiosk.session.events import Refused, WrongPin


def problem(kind: ProblemType, status: int, **more: Any) -> DinasProblemError:
    return DinasProblemError(Problem(type=kind, status=status, **more), kind, status)


@pytest.mark.parametrize("left", [4, 1, None])
def test_a_wrong_pin_is_asked_again(left: int | None) -> None:
    assert login_refusal(problem(ProblemType.CREDENTIALS, 401, attempts_left=left), nik_known=True) == WrongPin(left)


def test_the_last_wrong_pin_is_told_as_locked_and_not_asked_again() -> None:
    refusal = login_refusal(problem(ProblemType.CREDENTIALS, 401, attempts_left=0), nik_known=True)

    assert isinstance(refusal, Refused)
    assert (refusal.notice.kind, refusal.notice.actions) == (NoticeKind.LOCKED, (Action.HELP, Action.FINISH))


@pytest.mark.parametrize(
    ("error", "kind", "first", "seconds"),
    [
        (problem(ProblemType.LOCKED, 423, retry_after_s=900), NoticeKind.LOCKED, Action.HELP, 900),
        (problem(ProblemType.OTHER, 423), NoticeKind.LOCKED, Action.HELP, None),
        (problem(ProblemType.PIN_EXPIRED, 410), NoticeKind.PIN_EXPIRED, Action.RESEND_PIN, None),
        (problem(ProblemType.KIOSK_DISABLED, 403), NoticeKind.KIOSK_DISABLED, Action.HELP, None),
        (problem(ProblemType.BUSY, 503, retry_after_s=5), NoticeKind.DINAS_BUSY, Action.RETRY, 5),
        (problem(ProblemType.OTHER, 500), NoticeKind.DINAS_FAULT, Action.RETRY, None),
        (problem(ProblemType.OTHER, 503), NoticeKind.DINAS_BUSY, Action.RETRY, None),
        (DinasAwayError("ReadTimeout"), NoticeKind.DINAS_AWAY, Action.RETRY, None),
    ],
)
def test_each_refusal_has_its_notice_and_a_way_on(
    error: Exception, kind: NoticeKind, first: Action, seconds: int | None
) -> None:
    refusal = login_refusal(error, nik_known=True)  # type: ignore[arg-type]  # a DinasError, each of them

    assert isinstance(refusal, Refused)
    notice = refusal.notice
    assert (notice.kind, notice.actions[0], notice.seconds) == (kind, first, seconds)
    assert Action.FINISH in notice.actions


@pytest.mark.parametrize("kind", [ProblemType.PIN_EXPIRED, ProblemType.INVALID])
def test_without_a_nik_no_pin_can_be_sent_and_the_nik_is_asked_for(kind: ProblemType) -> None:
    refusal = login_refusal(problem(kind, 410), nik_known=False)

    assert isinstance(refusal, Refused)
    assert refusal.notice.actions[0] is Action.TYPE_NIK
    assert Action.RESEND_PIN not in refusal.notice.actions


@pytest.mark.parametrize("status", [401, 404])
def test_a_type_that_is_not_known_goes_by_its_status(status: int) -> None:
    assert isinstance(login_refusal(problem(ProblemType.OTHER, status), nik_known=True), WrongPin)


def test_a_pause_says_at_least_a_second() -> None:
    assert kiosk_pause(0.2).notice.seconds == 1
