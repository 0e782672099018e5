"""A stock ``ippeveprinter`` in the place of the simulated A4 printer works without a change but the queue's address."""

import pytest

from hardware_sim import visits
from hardware_sim.printers.stock import stock_printer
from hardware_sim.stage import Stage
from hardware_sim.world import WorldOptions, fresh_folder

pytestmark = [pytest.mark.devices, pytest.mark.window, pytest.mark.timeout(180)]


def test_a_family_card_prints_on_it_and_is_believed() -> None:
    with stock_printer() as printer, fresh_folder() as folder:
        with Stage(WorldOptions(folder, card_s=0.3, paper_device=printer.uri)) as stage:
            applicant = stage.world.hand("dinas").do("prepare", document="kk")["result"]
            stage.person.see(visits.HOME, within=60)
            visits.log_in(stage.person, applicant["nik"], applicant["pin"])
            visits.choose_and_confirm(stage.person, "Kartu Keluarga")
            visits.take_paper(stage.person, "kk")
            visits.leave(stage.person)
            phases = [attempt["phase"] for attempt in stage.kiosk.attempts()]
        received = [file for file in printer.received.iterdir() if file.suffix == ".pdf"]

    assert phases == ["taken"]
    assert len(received) == 1
