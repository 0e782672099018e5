"""Negative controls: a fault that is planted into the product is found by the state machine, within its sample."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from dinas_line import PERMITS
from hypothesis import Phase as Part
from model_devices import SHEETS
from test_whole_kiosk import SAMPLE, SEED, play
from whole_kiosk import WholeKiosk

from drivers.claims import Claim, Claims
from drivers.printer import SpoolJob
from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import DinasAwayError
from kiosk.engine import app
from kiosk.issuance import issue as issue_module
from kiosk.ledger import attempts
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase


def reconcile_that_prints_again() -> Any:
    real = app.reconcile

    async def reconcile(ledger: Ledger, paper: Any, cards: Any, *args: Any, **more: Any) -> Any:
        for attempt in await ledger.unfinished():
            if attempt.phase in (Phase.SUBMITTED, Phase.PRINTING, Phase.PRESENTED) and attempt.medium == "a4":
                document = f"{attempt.permit_id}:{SHEETS[PERMITS[attempt.permit_id]]}".encode()
                job: SpoolJob = await paper.create(f"{attempt.attempt_id}-2")
                await paper.send(job, document)
        return await real(ledger, paper, cards, *args, **more)

    return mock.patch.object(app, "reconcile", reconcile)


@contextlib.contextmanager
def doubts_that_nobody_heeds() -> Iterator[None]:
    """Neither the engine nor the database keeps a device in doubt from taking the next attempt."""
    real = attempts.insert

    def insert(db: Any, attempt: Any, at: str, actor: str) -> None:
        db.execute("DROP INDEX IF EXISTS one_attempt_on_a_device")
        db.execute(
            "UPDATE attempts SET device = device || '-' WHERE device = ? AND outcome = 'unknown'", (attempt.device,)
        )
        real(db, attempt, at, actor)
        db.execute("UPDATE attempts SET device = rtrim(device, '-')")

    with (
        mock.patch.object(attempts, "insert", insert),
        mock.patch.object(Ledger, "in_doubt", property(lambda self: frozenset())),
    ):
        yield


def right_spent_before_it_is_offered() -> Any:
    real = issue_module.hand_out

    async def hand_out(run: Any, proof: Any) -> None:
        """Taken as soon as it is printed; the motion comes after."""
        if run.means.cards is None:
            await real(run, proof)
            return
        await run.enter(Phase.PRESENTED)
        await run.taken_by_applicant({"position": "none"})
        await run.means.cards.present()

    return mock.patch.object(issue_module, "hand_out", hand_out)


def claim_that_is_another_one_when_repeated() -> Any:
    real = DinasClient.claim

    async def claim(self: DinasClient, permit_id: str, attempt_id: str, token: str) -> Any:
        try:
            _, content, _ = await self._people.call(
                "PUT", f"/v1/permits/{permit_id}/attempts/{attempt_id}", None, {"ADM-Session": token}
            )
        except DinasAwayError:
            return await real(self, permit_id, attempt_id[:-4] + "0000", token)
        return await real(self, permit_id, attempt_id, token) if content else None

    return mock.patch.object(DinasClient, "claim", claim)


@contextlib.contextmanager
def no_fence() -> Iterator[None]:
    """cupsd runs again what it had begun, and nothing holds it."""
    with (
        mock.patch.object(Claims, "take", return_value=True),
        mock.patch.object(Claims, "revoke", return_value=Claim.FENCE),
    ):
        yield


PLANTED = {
    plant.__name__: plant
    for plant in (
        reconcile_that_prints_again,
        doubts_that_nobody_heeds,
        right_spent_before_it_is_offered,
        claim_that_is_another_one_when_repeated,
        no_fence,
    )
}


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name: str) -> None:
    with PLANTED[name](), pytest.raises((AssertionError, ExceptionGroup)) as found:
        play(WholeKiosk, SAMPLE, SEED, (Part.generate,))
    print(str(found.value)[:300])
