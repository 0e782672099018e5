"""Negative controls: a fault that is planted into the product is found, and by the invariant that it breaks.

Each has a story of a few steps of the state machine, which holds in the product as it is. That the random runs of the
sample come upon it by themselves is shown for two of the five.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from dinas_line import PEOPLE, PERMITS, LineFault
from hypothesis import Phase as Part
from machines import Fault
from model_devices import SHEETS
from test_whole_kiosk import SAMPLE, SEED, play
from whole_kiosk import WholeKiosk

from drivers.claims import Claim, Claims
from drivers.errors import DeviceError
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
                with contextlib.suppress(DeviceError):
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
        with contextlib.suppress(DeviceError):
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


def killed_while_it_prints(run: WholeKiosk) -> None:
    run.goes_on(PEOPLE[2], 0)
    run.world.pass_time(3.0)
    run.engine_is_killed(0.0, 20.0)
    run.all_holds()
    run.takes(says_so=True)


def half_a_sheet_and_the_next_person(run: WholeKiosk) -> None:
    run.goes_wrong("paper_printer", Fault.HALF_OUT)
    run.goes_on(PEOPLE[2], 0)
    run.everybody_leaves()
    run.all_holds()
    run.goes_on(PEOPLE[0], 0)
    run.world.pass_time(20.0)


def a_card_is_stuck(run: WholeKiosk) -> None:
    run.goes_wrong("card_printer", Fault.STUCK)
    run.goes_on(PEOPLE[1], 0)
    run.everybody_leaves()


def a_claim_is_lost(run: WholeKiosk) -> None:
    ready = run.logs_in(PEOPLE[2])
    run.world.line.faults += [LineFault.LOST]
    run.chooses(ready[:1])
    run.world.pass_time(60.0)


def cupsd_is_killed_while_it_prints(run: WholeKiosk) -> None:
    run.goes_on(PEOPLE[2], 0)
    run.world.pass_time(3.0)
    run.spooler_goes_wrong("paper_printer", "killed")
    run.world.pass_time(30.0)


STORIES: dict[str, tuple[Callable[[WholeKiosk], None], str]] = {
    "reconcile_that_prints_again": (killed_while_it_prints, "I1: "),
    "doubts_that_nobody_heeds": (half_a_sheet_and_the_next_person, "I4: "),
    "right_spent_before_it_is_offered": (a_card_is_stuck, "I2: printed, and nobody can have it"),
    "claim_that_is_another_one_when_repeated": (a_claim_is_lost, "I2: the Dinas has an attempt that is not ours"),
    "no_fence": (cupsd_is_killed_while_it_prints, "I1: an attempt ran twice"),
}


def tell(story: Callable[[WholeKiosk], None]) -> None:
    run = WholeKiosk()
    try:
        story(run)
        run.all_holds()
        run.all_is_well_again()
    finally:
        run.world.close()


@pytest.mark.parametrize("name", STORIES)
def test_a_planted_fault_breaks_its_invariant(name: str) -> None:
    story, invariant = STORIES[name]
    tell(story)
    with PLANTED[name](), pytest.raises(AssertionError, match=f"^{invariant}"):
        tell(story)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ["reconcile_that_prints_again", "right_spent_before_it_is_offered"])
def test_the_sample_comes_upon_a_planted_fault(name: str) -> None:
    with PLANTED[name](), pytest.raises((AssertionError, ExceptionGroup)) as found:
        play(WholeKiosk, SAMPLE, SEED, (Part.generate,))
    errors = found.value.exceptions if isinstance(found.value, ExceptionGroup) else (found.value,)
    assert any(re.match("I[1-6]: ", str(error)) for error in errors), found.value
