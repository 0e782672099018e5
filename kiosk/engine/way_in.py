"""The way in and out: logging in with the kiosk's own budget, sending the PIN again, logging out."""

from __future__ import annotations

import logging

from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import DinasError, DinasProblemError, ProblemType
from kiosk.engine.past import before_of
from kiosk.engine.refusals import kiosk_pause, login_refusal, resend_answer
from kiosk.ledger import events
from kiosk.ledger.ledger import Ledger
from kiosk.session.events import Event, LoggedIn, LogIn, LogOut, NikRefused, ResendPin

log = logging.getLogger(__name__)

# Answers with which the Dinas has judged the PIN; anything else gives the try back.
_JUDGED = frozenset({ProblemType.CREDENTIALS, ProblemType.LOCKED})


class WayIn:
    """Asks the Dinas, and writes down what came of it: never a NIK, a name or a PIN."""

    def __init__(self, dinas: DinasClient, ledger: Ledger) -> None:
        self._dinas = dinas
        self._ledger = ledger

    async def nik_refused(self, refused: NikRefused) -> None:
        """Write down that digits could be no NIK; which they were is nobody's business."""
        await self._ledger.record(events.NikRefused(actor=events.APPLICANT, fault=events.code(refused.fault)))

    async def log_in(self, asked: LogIn) -> Event:
        """What comes of NIK (or the handle of the QR) and PIN."""
        way = "nik" if asked.nik else "qr"
        wait = self._ledger.login_wait_s
        if wait > 0:
            failures = self._ledger.login_failures
            await self._ledger.record(
                events.LoginPaused(actor=events.APPLICANT, failures=failures, seconds=max(1, round(wait)))
            )
            return kiosk_pause(wait)
        await self._ledger.charge_login()
        try:
            session = await self._dinas.log_in(nik=asked.nik, handle=asked.handle, pin=asked.pin)
        except DinasError as error:
            if not (isinstance(error, DinasProblemError) and error.kind in _JUDGED):
                await self._ledger.refund_login()
            problem = events.code(problem_code(error))
            await self._ledger.record(events.LoginRefused(actor=events.APPLICANT, way=way, problem=problem))
            return login_refusal(error, nik_known=asked.nik is not None)
        await self._ledger.login_succeeded()
        await self._ledger.record(events.LoggedIn(actor=events.APPLICANT, way=way, documents=len(session.permits)))
        past = await self._ledger.last_at([permit.permit_id for permit in session.permits])
        return LoggedIn(session, {i: before for i, one in past.items() if (before := before_of(one))})

    async def resend_pin(self, asked: ResendPin) -> Event:
        """Ask the Dinas to send the PIN again over WhatsApp."""
        await self._ledger.record(events.PinRequested(actor=events.APPLICANT))
        try:
            await self._dinas.resend_pin(asked.nik)
        except DinasError as error:
            return resend_answer(error)
        return resend_answer(None)

    async def log_out(self, asked: LogOut) -> None:
        """Say goodbye; the session ends at the Dinas by itself when this does not arrive."""
        await self._ledger.record(events.LoggedOut(actor=events.APPLICANT))
        try:
            await self._dinas.log_out(asked.token)
        except DinasError as error:
            log.info("log-out did not arrive (%s); the session ends by itself", type(error).__name__)


def problem_code(error: DinasError) -> str:
    """A stable code for the audit log: the last part of the problem's type, or that there was no answer."""
    if isinstance(error, DinasProblemError):
        return str(error.kind).rpartition("/")[2]
    return "dinas-away"
