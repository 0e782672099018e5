"""What leaves for the Dinas: outcomes first, then the audit chain with its signed head; in order, as often as it takes.

Everything is safe to repeat (contract): an outcome is sent the same every time, and entries that the Dinas has already
are passed over. The Dinas may be away for days.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from kiosk.dinas.contract import (
    AuditEntry,
    AuditTaken,
    DinasAwayError,
    DinasError,
    DinasProblemError,
    Outcome,
    ProblemType,
)
from kiosk.ledger.chain import HeadSigner
from kiosk.ledger.ledger import Ledger

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 900.0
GATHER_S = 60.0  # audit entries wait so long for company, unless an outcome leaves: one call in place of ten
BATCH = 50  # 500 would be allowed; 50 take 3 s at 64 kbit/s, and an applicant may wait for the same line
OUTCOMES_AT_ONCE = 100
CALL_WITHIN_S = 90.0  # above any deadline of the client's own: 145 calls over the slowest line needed less

# A problem that time may mend: the same call is made again later.
_PASSING = frozenset({ProblemType.BUSY, ProblemType.KIOSK_DISABLED, ProblemType.SESSION_EXPIRED})
_PASSING_STATUS = frozenset({401, 403, 408, 425, 429})


class Port(Protocol):
    """What the outbox needs of the Dinas' client. Both raise DinasAwayError or DinasProblemError."""

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        """Say how an attempt ended."""

    async def hand_over_audit(self, entries: Sequence[AuditEntry], head: str) -> AuditTaken:
        """Hand over entries in order, with the signed head of the last one."""


class FullJitter:
    """Pauses between nothing and a ceiling that doubles from 2 s to 15 min: kiosks of a fleet do not return in step."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()  # noqa: S311  # spreads tries, guards nothing
        self._ceiling = FIRST_PAUSE_S

    def reset(self) -> None:
        self._ceiling = FIRST_PAUSE_S

    def next_pause(self) -> float:
        """Seconds to wait before the next try."""
        pause = self._chance.uniform(0, self._ceiling)
        self._ceiling = min(LONGEST_PAUSE_S, self._ceiling * 2)
        return pause


class Outbox:
    """Runs for as long as the engine does."""

    def __init__(self, ledger: Ledger, dinas: Port, signer: HeadSigner, back_off: FullJitter | None = None) -> None:
        self._ledger = ledger
        self._dinas = dinas
        self._signer = signer
        self._back_off = back_off or FullJitter()
        self._audit_refused = False  # tried again at the next start: somebody may have mended it at the Dinas
        self._away = False

    async def run(self) -> None:
        """Send whatever there is, for ever; ends by cancellation only, or by a ledger that fails."""
        while True:
            self._ledger.outcome_queued.clear()
            pause = await self._try()
            # A new outcome is worth a try even while the Dinas is away: it may be back, and they come at human pace.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ledger.outcome_queued.wait(), pause)

    async def flush(self) -> None:
        """Send all there is now, once. Raises DinasError at the first thing that may go better later."""
        await self._send_outcomes()
        await self._hand_over_audit()

    async def _try(self) -> float:
        """One round; seconds until the next."""
        try:
            await self.flush()
        except DinasError as error:
            if not self._away:
                log.warning("outbox: waits for the Dinas (%s)", error)
            self._away = True
            asked = error.problem.retry_after_s if isinstance(error, DinasProblemError) else None
            return max(self._back_off.next_pause(), asked or 0)
        if self._away:
            log.warning("outbox: the Dinas takes everything again")
        self._away = False
        self._back_off.reset()
        return GATHER_S

    async def _send_outcomes(self) -> None:
        while waiting := await self._ledger.pending_outcomes(OUTCOMES_AT_ONCE):
            for one in waiting:
                try:
                    async with _deadline():
                        await self._dinas.outcome(one.attempt_id, one.outcome)
                except DinasProblemError as error:
                    if _passing(error):
                        raise
                    log.error("outbox: outcome of attempt %s refused: %s", one.attempt_id, error.problem.type)
                    await self._ledger.outcome_refused(one.number, error.problem.type)
                else:
                    await self._ledger.outcome_sent(one.number)

    async def _hand_over_audit(self) -> None:
        after = (await self._ledger.audit_handover()).up_to
        asked_from: set[int] = set()
        while not self._audit_refused:
            entries = await self._ledger.audit_entries(after, BATCH)
            if not entries:
                return
            try:
                async with _deadline():
                    taken = await self._dinas.hand_over_audit(entries, self._signer.sign(entries[-1]))
            except DinasProblemError as error:
                if _passing(error):
                    raise
                resume = error.problem.up_to
                asked_from.add(after)
                if error.kind is ProblemType.AUDIT_GAP and resume is not None and resume not in asked_from:
                    after = resume
                    continue
                self._audit_refused = True
                log.error("outbox: audit entries after %d refused: %s", after, error.problem.type)
                await self._ledger.audit_refused(after, error.problem.type)
                return
            await self._ledger.audit_taken(taken)
            if taken.up_to <= after:
                return  # nothing more is taken now; no reason to insist in a loop
            after = taken.up_to


@contextlib.asynccontextmanager
async def _deadline() -> AsyncIterator[None]:
    """A call that outlives every deadline of the client counts as no answer."""
    try:
        async with asyncio.timeout(CALL_WITHIN_S):
            yield
    except TimeoutError as error:
        raise DinasAwayError(f"no answer within {CALL_WITHIN_S:g} s") from error


def _passing(error: DinasProblemError) -> bool:
    return error.kind in _PASSING or error.status in _PASSING_STATUS or error.status >= 500
