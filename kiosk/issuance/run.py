"""One attempt under way: its row, what the engine is told of it, and how it stops."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.printer import Json, SpoolJob
from kiosk.dinas.contract import Permit
from kiosk.issuance.ports import Means, Watcher
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.events import APPLICANT, code, system
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, NoticeKind, Step, Trouble

ISSUANCE = system("issuance")

PAPER_STEPS = (Step.CLAIM, Step.CHECK, Step.PRINT, Step.HAND_OUT)
CARD_STEPS = (Step.CLAIM, Step.CHECK, Step.PRINT, Step.CHIP, Step.HAND_OUT)
_SHARES = {Step.CLAIM: 0.05, Step.CHECK: 0.1, Step.PRINT: 0.6, Step.CHIP: 0.15, Step.HAND_OUT: 0.1}

_END_STATES = {
    Phase.TAKEN: EndState.TAKEN,
    Phase.FAILED: EndState.NOT_PRINTED,
    Phase.SPOILED: EndState.KEPT,
    Phase.RETRACTED: EndState.KEPT,
    Phase.UNKNOWN: EndState.IN_DOUBT,
}


@dataclass(frozen=True)
class Issued:
    """How one attempt ended, for the screen and the receipt."""

    state: EndState
    notice: NoticeKind | None
    attempt_id: str | None  # None: no attempt was begun
    reason: str | None = None  # the code in the ledger
    trouble: Trouble | None = None  # with notice PRINTER_TROUBLE


class Stop(Exception):  # noqa: N818  # a way the saga ends, and no error of anybody
    """The attempt ends in ``phase``; whatever raised it has told why in ``reason``."""

    def __init__(
        self,
        phase: Phase,
        reason: str,
        notice: NoticeKind,
        *,
        trouble: Trouble | None = None,
        evidence: dict[str, Json] | None = None,
    ) -> None:
        super().__init__(f"{phase}: {reason}")
        self.phase = phase
        self.reason = code(reason)
        self.notice = notice
        self.trouble = trouble
        self.evidence = evidence or {}


class Run:
    """What the steps of the saga share."""

    def __init__(self, attempt: Attempt, permit: Permit, token: str, means: Means, watcher: Watcher) -> None:
        self.attempt = attempt
        self.permit = permit
        self.token = token
        self.means = means
        self.watcher = watcher
        self.job: SpoolJob | None = None
        self.steps: tuple[Step, ...] = CARD_STEPS if means.cards else PAPER_STEPS

    @property
    def attempt_id(self) -> str:
        return self.attempt.attempt_id

    async def enter(self, phase: Phase, facts: Facts | None = None, *, actor: str = ISSUANCE) -> None:
        """Write the phase; durable when this returns, so that the act that it names may follow."""
        self.attempt = await self.means.ledger.advance(self.attempt_id, phase, actor, facts or Facts())

    async def taken_by_applicant(self, evidence: dict[str, Json]) -> None:
        await self.enter(Phase.TAKEN, Facts(evidence=evidence), actor=APPLICANT)

    def show(self, step: Step, done: float = 0.0, trouble: Trouble | None = None) -> None:
        """Tell the engine how far a step is, from 0 to 1."""
        whole = sum(_SHARES[s] for s in self.steps)
        before = sum(_SHARES[s] for s in self.steps[: self.steps.index(step)])
        reached = min(1.0, (before + _SHARES[step] * min(1.0, done)) / whole)
        left = max(1, round(self.means.times.document * (1 - reached)))
        self.watcher.progressed(step, steps=self.steps, done=reached, seconds_left=left, trouble=trouble)

    def issued(self, notice: NoticeKind | None = None, trouble: Trouble | None = None) -> Issued:
        """The end, as the ledger has it."""
        state = _END_STATES[self.attempt.phase]
        return Issued(state, notice, self.attempt_id, self.attempt.reason, trouble)
