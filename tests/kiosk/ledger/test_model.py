"""The ledger against a model of it: whatever is asked in whatever order, and with restarts in between."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import uuid
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger.errors import DeviceHeldError, IllegalTransitionError, PermitHeldError
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import SETTLEMENTS, TRANSITIONS, Phase, outcome_of

PERMITS = [str(uuid.UUID(int=n)) for n in range(4)]
DEVICES = ["paper_printer", "card_printer", "other_printer"]
GIVEN_BACK = {Phase.FAILED, Phase.SPOILED, Phase.RETRACTED}


class ModelledAttempt:
    def __init__(self, permit: str, device: str) -> None:
        self.permit = permit
        self.device = device
        self.phase = Phase.RESERVED
        self.outcome: OutcomeKind | None = None

    @property
    def holds_permit(self) -> bool:
        return self.outcome is None or self.phase not in GIVEN_BACK

    @property
    def holds_device(self) -> bool:
        return self.outcome in (None, OutcomeKind.UNKNOWN)


class LedgerModel(RuleBasedStateMachine):
    attempts = Bundle("attempts")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.ledger = self.runner.run(Ledger.open(self.folder))
        self.known: dict[str, ModelledAttempt] = {}
        self.sent: list[tuple[str, OutcomeKind]] = []
        self.entries = 0

    def teardown(self) -> None:
        self.runner.run(self.ledger.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    @rule(target=attempts, permit=st.sampled_from(PERMITS), device=st.sampled_from(DEVICES))
    def reserve(self, permit: str, device: str) -> object:
        held_permit = any(a.permit == permit and a.holds_permit for a in self.known.values())
        held_device = any(a.device == device and a.holds_device for a in self.known.values())
        try:
            attempt = self.runner.run(
                self.ledger.reserve(permit_id=permit, document="kk", medium="a4", device=device, actor="applicant")
            )
        except PermitHeldError:
            assert held_permit
            return multiple()
        except DeviceHeldError:
            assert held_device
            return multiple()
        assert not held_permit
        assert not held_device
        self.known[attempt.attempt_id] = ModelledAttempt(permit, device)
        self.entries += 1
        return attempt.attempt_id

    @rule(attempt_id=attempts, ahead=st.booleans(), any_phase=st.sampled_from(Phase))
    def advance(self, attempt_id: str, ahead: bool, any_phase: Phase) -> None:
        model = self.known[attempt_id]
        # Half of the time along the road, so that runs get far; else anything at all.
        road = [p for p in TRANSITIONS[model.phase] if p not in GIVEN_BACK | {Phase.UNKNOWN}]
        phase = road[0] if ahead and road else any_phase
        legal = model.outcome is None and phase in TRANSITIONS[model.phase]
        try:
            self.runner.run(self.ledger.advance(attempt_id, phase, "system:issuance"))
        except IllegalTransitionError:
            assert not legal
            return
        assert legal
        self._went(attempt_id, phase)

    @rule(attempt_id=attempts, phase=st.sampled_from(Phase))
    def settle(self, attempt_id: str, phase: Phase) -> None:
        model = self.known[attempt_id]
        try:
            self.runner.run(self.ledger.settle(attempt_id, phase, "op-1"))
        except IllegalTransitionError:
            assert model.phase is not Phase.UNKNOWN or phase not in SETTLEMENTS
            return
        self._went(attempt_id, phase)

    def _went(self, attempt_id: str, phase: Phase) -> None:
        model = self.known[attempt_id]
        if outcome := outcome_of(model.phase, phase):
            model.outcome = outcome
            self.sent.append((attempt_id, outcome))
        model.phase = phase
        self.entries += 1

    @rule(attempt_id=consumes(attempts))
    def forget(self, attempt_id: str) -> None:
        """Fewer candidates, so that the others get further."""

    @rule()
    def restart(self) -> None:
        self.runner.run(self.ledger.close())
        self.ledger = self.runner.run(Ledger.open(self.folder))

    @invariant()
    def the_ledger_is_as_the_model(self) -> None:
        waiting = self.runner.run(self.ledger.pending_outcomes(1000))
        assert [(q.attempt_id, q.outcome.outcome) for q in waiting] == self.sent
        unfinished = {a.attempt_id: a.phase for a in self.runner.run(self.ledger.unfinished())}
        assert unfinished == {i: a.phase for i, a in self.known.items() if a.outcome is None}
        assert self.ledger.in_doubt == {a.device for a in self.known.values() if a.outcome is OutcomeKind.UNKNOWN}
        assert len(self.runner.run(self.ledger.audit_entries(0, 10_000))) == self.entries
        assert self.runner.run(self.ledger.verify_audit()) is None


TestLedgerModel = LedgerModel.TestCase
TestLedgerModel.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
