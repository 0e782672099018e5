"""Another implementation of the contract than the simulator works as well."""

import json
import sys
from pathlib import Path

import pytest

from hardware_sim import visits
from hardware_sim.processes import WorldProcess
from hardware_sim.stage import Stage
from hardware_sim.world import WorldOptions, fresh_folder

OTHER = Path(__file__).parent.parent / "other_dinas" / "server.py"

pytestmark = [pytest.mark.devices, pytest.mark.window, pytest.mark.timeout(240)]


def test_both_documents_print_with_a_dinas_that_does_everything_otherwise(
    tmp_path: Path,
) -> None:
    """No keep-alive, no Range, no optional members, unknown ones instead, no chip personalisation."""
    folder = tmp_path
    process = WorldProcess("other-dinas", [sys.executable, str(OTHER), str(folder)], folder / "logs")
    try:
        ready = folder / "dinas.json"
        process.wait_until(ready.exists, 30, "the other Dinas did not come up")
        said = json.loads(ready.read_text())
        dinas = {
            "url": said["url"],
            "ca": str(folder / "tls_root.pem"),
            "certificate": str(folder / "kiosk.pem"),
            "key": str(folder / "kiosk.key"),
            "document_root": str(folder / "document_root.pem"),
            "card_root": str(folder / "card_root.pem"),
        }
        with fresh_folder() as world, Stage(WorldOptions(world, sheet_s=0.1, card_s=0.3, dinas=dinas)) as stage:
            _print_both(stage, said["nik"], said["pin"])
            phases = {attempt["document"]: attempt["phase"] for attempt in stage.kiosk.attempts()}
    finally:
        process.stop()

    permits = json.loads((folder / "permits.json").read_text())
    assert phases == {"kk": "taken", "ktp-el": "taken"}
    assert {p["document"]: p["state"] for p in permits["permits"]} == {"kk": "printed", "ktp-el": "printed"}
    assert permits["audit"] > 10


def _print_both(stage: Stage, nik: str, pin: str) -> None:
    person = stage.person
    person.see(visits.HOME, within=60)
    visits.log_in(person, nik, pin)
    visits.choose_and_confirm(person, "Kartu Keluarga", "KTP elektronik")
    visits.take_paper(person, "kk")
    visits.take_card(person, stage.world.hand("card"), "ktp")
    visits.leave(person)
