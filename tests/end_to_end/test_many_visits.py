"""Many visits in a row on one kiosk (make test-long): the books of kiosk, printers and Dinas agree at the end."""

import os
import random

import pytest
from scene import KK, KTP, Scene

from hardware_sim import visits

VISITS = 20

pytestmark = [pytest.mark.long, pytest.mark.devices, pytest.mark.window, pytest.mark.timeout(1500)]


def test_every_right_is_spent_once_and_every_sheet_has_its_right(scene: Scene) -> None:
    """Some take their document, some leave their card in the slot. The seed is printed; ADM_SEED replays it."""
    seed = int(os.environ.get("ADM_SEED", random.randrange(10**6)))
    print(f"ADM_SEED={seed}")
    chance = random.Random(seed)
    ends: dict[str, str] = {}
    for _ in range(VISITS):
        document = chance.choice(["kk", "ktp-el"])
        applicant = scene.prepare(document)
        scene.log_in(applicant)
        scene.choose(KK if document == "kk" else KTP)
        ends[applicant.permit_ids[0]] = _leave_with_it(scene, document, takes=chance.random() < 0.8)

    permits = scene.dinas.state()["permits"]
    states = {"taken": "printed", "retracted": "suspect"}
    attempts = {attempt["permit_id"]: attempt["phase"] for attempt in scene.stage.kiosk.attempts()}
    assert {permit_id: attempts[permit_id] for permit_id in ends} == ends
    assert {permit_id: permits[permit_id]["state"] for permit_id in ends} == {i: states[e] for i, e in ends.items()}
    assert sum(scene.stage.world.hand(name).state()["printed"] for name in ("paper", "card")) == len(attempts)


def _leave_with_it(scene: Scene, document: str, *, takes: bool) -> str:
    """To the last page and home; how the attempt ended."""
    if document == "kk":
        visits.take_paper(scene.person, "kk")
        visits.leave(scene.person)
        return "taken"
    if takes:
        visits.take_card(scene.person, scene.card, "ktp")
        visits.leave(scene.person)
        return "taken"
    scene.notice("not_taken", within=60)
    scene.go_on_to_thanks("kept")
    return "retracted"
