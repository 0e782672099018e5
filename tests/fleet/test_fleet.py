"""A fleet in virtual time: at most one kiosk holds a permit, each outcome counts once, and nothing is lost on the way.

The seed is printed with the figures; FLEET_SEED replays it, FLEET_KIOSKS and FLEET_PERMITS ask for another size of the
long run.
"""

from __future__ import annotations

import os

import pytest
from fleet_dinas import FleetDinas
from fleet_kiosk import Line
from fleet_world import Size, World, play

from hardware_sim.dinas.model import Permit, PermitState
from kiosk.dinas.contract import Claim, ContentKey, DinasAwayError, Outcome

SEED = int(os.environ.get("FLEET_SEED", "20261124"))
SAMPLE = Size(50, 600)
SMALL = Size(10, 120)
WHOLE = Size(int(os.environ.get("FLEET_KIOSKS", "1000")), int(os.environ.get("FLEET_PERMITS", "100000")))


@pytest.mark.timeout(900)
def test_a_sample_of_a_fleet_prints_each_document_at_most_once_and_loses_nothing() -> None:
    wrong, figures = play(SEED, SAMPLE)
    print(figures)
    assert wrong == []


@pytest.mark.long
@pytest.mark.timeout(2 * 3600)
def test_a_whole_fleet_prints_each_document_at_most_once_and_loses_nothing() -> None:
    wrong, figures = play(SEED, WHOLE)
    print(figures)
    assert wrong == []


def found(sentences: list[str], words: str) -> bool:
    return any(words in sentence for sentence in sentences)


class GenerousDinas(FleetDinas):
    """Answers a second kiosk too."""

    def before_claim(self, permit: Permit) -> None:
        permit.state = PermitState.READY


class HopefulLine(Line):
    """No answer to a claim is taken for a yes."""

    async def claim(self, permit_id: str, attempt_id: str, token: str) -> Claim:
        try:
            return await super().claim(permit_id, attempt_id, token)
        except DinasAwayError:
            return Claim(attempt_id, permit_id, ContentKey("oct", "AAAA"), self._dinas.now())


class LossyLine(Line):
    """Every third outcome is said to be sent, and is not."""

    calls = 0

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        LossyLine.calls += 1
        if LossyLine.calls % 3:
            await super().outcome(attempt_id, outcome)


def lines_are(kind: type[Line]) -> object:
    def plant(world: World) -> None:
        for kiosk in world.kiosks:
            kiosk.line.__class__ = kind

    return plant


def make_generous(world: World) -> None:
    world.dinas.__class__ = GenerousDinas


@pytest.mark.timeout(900)
def test_a_dinas_that_answers_a_second_kiosk_is_caught() -> None:
    wrong, _ = play(SEED, SMALL, make_generous)
    assert found(wrong, "and granted to")
    assert found(wrong, "a second time")


@pytest.mark.timeout(900)
def test_a_kiosk_that_prints_on_a_lost_claim_is_caught() -> None:
    wrong, _ = play(SEED, SMALL, lines_are(HopefulLine))
    assert found(wrong, "which it does not hold")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_an_outbox_that_loses_outcomes_is_caught() -> None:
    wrong, _ = play(SEED, SMALL, lines_are(LossyLine))
    assert found(wrong, "at the Dinas")
