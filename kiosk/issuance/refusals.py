"""Why an attempt ended before anything was printed: from the Dinas' answer to the code in the ledger and the notice."""

from __future__ import annotations

from kiosk.dinas.contract import DinasError, DinasProblemError, ProblemType
from kiosk.issuance.run import Stop
from kiosk.ledger.phases import Phase
from kiosk.protocol import NoticeKind

_NOTICES = {
    ProblemType.SESSION_EXPIRED: NoticeKind.SESSION_EXPIRED,
    ProblemType.SPENT: NoticeKind.PERMIT_SPENT,
    ProblemType.SUPERSEDED: NoticeKind.PERMIT_SUPERSEDED,
    ProblemType.EXPIRED: NoticeKind.PERMIT_EXPIRED,
    ProblemType.NOT_READY: NoticeKind.PERMIT_BUSY,
    ProblemType.CLAIMED_ELSEWHERE: NoticeKind.PERMIT_BUSY,
    ProblemType.ATTEMPT_CLOSED: NoticeKind.PERMIT_BUSY,
    ProblemType.NOT_ALLOWED_HERE: NoticeKind.NOT_ALLOWED_HERE,
    ProblemType.UNKNOWN_PERMIT: NoticeKind.PERMIT_EXPIRED,
    ProblemType.BUSY: NoticeKind.DINAS_BUSY,
    ProblemType.KIOSK_DISABLED: NoticeKind.KIOSK_DISABLED,
}
_BY_STATUS = {
    401: NoticeKind.SESSION_EXPIRED,
    403: NoticeKind.NOT_ALLOWED_HERE,
    404: NoticeKind.PERMIT_EXPIRED,
    409: NoticeKind.PERMIT_BUSY,
    410: NoticeKind.PERMIT_EXPIRED,
    429: NoticeKind.DINAS_BUSY,
    503: NoticeKind.DINAS_BUSY,
}


def refused(error: DinasError) -> Stop:
    """Surely nothing came out. An outcome not_printed also closes the attempt for a claim that was lost on the way."""
    if not isinstance(error, DinasProblemError):
        return Stop(Phase.FAILED, "dinas-away", NoticeKind.DINAS_AWAY)
    notice = _NOTICES.get(error.kind) or _BY_STATUS.get(error.status, NoticeKind.DINAS_FAULT)
    reason = f"status-{error.status}" if error.kind is ProblemType.OTHER else error.kind.removeprefix("problems/")
    return Stop(Phase.FAILED, reason, notice)
