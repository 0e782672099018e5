"""From an answer of the Dinas at the way in to what the person is told, with the ways on."""

from __future__ import annotations

from kiosk.dinas.contract import DinasAwayError, DinasError, DinasProblemError, ProblemType
from kiosk.protocol import Action, NoticeKind
from kiosk.session.events import Refused, WrongPin
from kiosk.session.visit import Notice

_ASK = (Action.HELP, Action.FINISH)


def login_refusal(error: DinasError, *, nik_known: bool) -> WrongPin | Refused:
    """What a failed login means for the visit. ``nik_known``: a NIK was typed, so a PIN can be sent again."""
    if isinstance(error, DinasProblemError):
        return _problem(error, nik_known=nik_known)
    return Refused(Notice(NoticeKind.DINAS_AWAY, (Action.RETRY, Action.HELP, Action.FINISH)))


def resend_answer(error: DinasError | None) -> Refused:
    """What came of sending the PIN again; the answer is the same whether or not the NIK is known."""
    if error is None:
        return Refused(Notice(NoticeKind.PIN_SENT, (Action.RETRY, Action.FINISH)))
    if isinstance(error, DinasAwayError):
        return Refused(Notice(NoticeKind.DINAS_AWAY, (Action.RESEND_PIN, Action.HELP, Action.FINISH)))
    refusal = login_refusal(error, nik_known=True)
    return refusal if isinstance(refusal, Refused) else Refused(Notice(NoticeKind.DINAS_BUSY, _ASK))


def kiosk_pause(seconds: float) -> Refused:
    """The kiosk's own pause after failures in a row, whatever the NIK."""
    return Refused(Notice(NoticeKind.WAIT, (Action.RETRY, *_ASK), seconds=max(1, round(seconds))))


def _problem(error: DinasProblemError, *, nik_known: bool) -> WrongPin | Refused:
    retry_after = error.problem.retry_after_s
    match error.kind:
        case ProblemType.CREDENTIALS if error.problem.attempts_left == 0:
            # The Dinas says "locked" only from the next try on; nobody is asked for a PIN that cannot be right.
            return Refused(Notice(NoticeKind.LOCKED, _ASK, seconds=retry_after))
        case ProblemType.CREDENTIALS:
            return WrongPin(error.problem.attempts_left)
        case ProblemType.LOCKED:
            return Refused(Notice(NoticeKind.LOCKED, _ASK, seconds=retry_after))
        case ProblemType.PIN_EXPIRED:
            resend = (Action.RESEND_PIN,) if nik_known else (Action.TYPE_NIK,)
            return Refused(Notice(NoticeKind.PIN_EXPIRED, (*resend, *_ASK)))
        case ProblemType.KIOSK_DISABLED:
            return Refused(Notice(NoticeKind.KIOSK_DISABLED, _ASK))
        case ProblemType.BUSY:
            return Refused(Notice(NoticeKind.DINAS_BUSY, (Action.RETRY, *_ASK), seconds=retry_after))
        case ProblemType.INVALID:
            # The kiosk checks the form of NIK and PIN itself; what is left is a QR whose handle is none.
            return WrongPin(None) if nik_known else Refused(Notice(NoticeKind.DAMAGED, (Action.TYPE_NIK, *_ASK)))
    return _by_status(error)


def _by_status(error: DinasProblemError) -> WrongPin | Refused:
    """An answer of a type that this kiosk does not know, or that has no business at the way in."""
    retry_after = error.problem.retry_after_s
    match error.status:
        case 401 | 404:
            return WrongPin(error.problem.attempts_left)
        case 423:
            return Refused(Notice(NoticeKind.LOCKED, _ASK, seconds=retry_after))
        case 429 | 503:
            return Refused(Notice(NoticeKind.DINAS_BUSY, (Action.RETRY, *_ASK), seconds=retry_after))
    return Refused(Notice(NoticeKind.DINAS_FAULT, (Action.RETRY, *_ASK), seconds=retry_after))
