"""The doctor on printing: a real cupsd with the kiosk's queues, and printers that can be spoiled."""

from __future__ import annotations

import cups
import pytest

from drivers.device import Condition
from hardware_sim.printers.stand import CARD, PAPER
from kiosk.maintenance import check_printing
from kiosk.maintenance.findings import Level

pytestmark = pytest.mark.devices


@pytest.fixture
def settings(site, stand):
    """The settings of a kiosk on the stand, whose printers are as new."""
    stand.repair()

    def make(**paper):
        return site.settings(
            spooler={"server": stand.cups.server},
            paper_printer={"queue": "adm-a4", "device": stand.uri(PAPER), **paper},
            card_printer={"queue": "adm-card", "device": stand.uri(CARD)},
        )

    return make


@pytest.fixture
def queue(stand):
    """A connection to the stand's cupsd; what a test does to the A4 queue is undone."""
    cups.setServer(stand.cups.server)
    connection = cups.Connection()
    yield connection
    connection.addPrinter("adm-a4", device=f"adm-fence:/{stand.uri(PAPER)}")
    connection.setPrinterErrorPolicy("adm-a4", "abort-job")
    connection.enablePrinter("adm-a4")
    connection.acceptJobs("adm-a4")


def test_printing_in_order_is_ok(settings, about) -> None:
    findings = list(check_printing.spooler(settings()))

    for subject in ("CUPS", "Pagar cetak (adm-fence)", "Antrean kertas", "Antrean kartu"):
        assert about(findings, subject).level is Level.OK


def test_no_cupsd_is_told(site, about) -> None:
    found = about(check_printing.spooler(site.settings()), "CUPS")

    assert found.level is Level.BROKEN
    assert "systemctl start cups" in found.remedy


def test_a_missing_queue_is_named(settings, about) -> None:
    found = about(check_printing.spooler(settings(queue="adm-a5")), "Antrean kertas")

    assert found.level is Level.BROKEN
    assert "adm-a5 tidak ada" in found.what


def test_a_queue_past_the_fence_is_broken(settings, about, queue, stand) -> None:
    queue.addPrinter("adm-a4", device=stand.uri(PAPER))

    found = about(check_printing.spooler(settings()), "Antrean kertas")

    assert found.level is Level.BROKEN
    assert f"lpadmin -p adm-a4 -v adm-fence:/{stand.uri(PAPER)}" in found.remedy


def test_a_size_that_the_queue_does_not_know_is_found(settings, about) -> None:
    found = about(check_printing.spooler(settings(media="iso_a3_297x420mm")), "Antrean kertas")

    assert found.level is Level.BROKEN
    assert "iso_a3_297x420mm" in found.what


def test_a_stopped_queue_is_found_and_not_opened_by_hand(settings, about, queue) -> None:
    queue.disablePrinter("adm-a4", reason="kertas macet")

    found = about(check_printing.spooler(settings()), "Antrean kertas")

    assert found.level is Level.BROKEN
    assert "kertas macet" in found.what
    assert "Jangan buka" in found.remedy


def test_a_queue_that_tries_again_by_itself_is_broken(settings, about, queue) -> None:
    queue.setPrinterErrorPolicy("adm-a4", "retry-job")

    assert about(check_printing.spooler(settings()), "Antrean kertas").level is Level.BROKEN


def test_a_fence_that_cannot_be_run_is_found(settings, about, stand) -> None:
    fence = stand.cups.folder / "bin" / "backend" / "adm-fence"
    fence.chmod(0o644)
    try:
        found = about(check_printing.spooler(settings()), "Pagar cetak (adm-fence)")
    finally:
        fence.chmod(0o755)

    assert found.level is Level.BROKEN
    assert "tidak terpasang" in found.what


def test_printers_that_are_well_say_what_they_counted(settings, about) -> None:
    found = about(check_printing.card_printer(settings()), "Pencetak kartu")

    assert found.level is Level.OK
    assert found.what.startswith("siap, pencacah ")


def test_an_idle_printer_without_paper_is_found(settings, about, stand) -> None:
    """CUPS shows nothing of it; the printer itself does."""
    stand.hand(PAPER).do("condition", name="media_empty", on=True)

    found = about(check_printing.paper_printer(settings()), "Pencetak kertas")

    assert found.level is Level.BROKEN
    assert "kertas atau blanko habis" in found.what


def test_supplies_that_run_low_ask_for_attention(settings, about, stand) -> None:
    stand.hand(CARD).do("condition", name="ribbon_low", on=True)

    found = about(check_printing.card_printer(settings()), "Pencetak kartu")

    assert found.level is Level.ATTENTION
    assert "pita tinggal sedikit" in found.what


def test_a_printer_that_is_off_is_told(settings, about, stand) -> None:
    stand.hand(PAPER).do("power_off")
    try:
        found = about(check_printing.paper_printer(settings()), "Pencetak kertas")
    finally:
        stand.hand(PAPER).do("power_on")

    assert found.level is Level.BROKEN
    assert "tidak menjawab" in found.what


def test_a_printer_that_hangs_is_told(settings, about, stand, monkeypatch) -> None:
    monkeypatch.setattr("drivers.spooler.device.ANSWER_S", 0.5)
    stand.hand(PAPER).do("hang", on=True)
    try:
        found = about(check_printing.paper_printer(settings()), "Pencetak kertas")
    finally:
        stand.hand(PAPER).do("hang", on=False)

    assert "tidak menjawab" in found.what


def test_a_device_that_the_kiosk_does_not_have_is_not_looked_for(site) -> None:
    assert list(check_printing.card_printer(site.settings())) == []


def test_there_are_words_for_every_condition() -> None:
    assert set(check_printing.CONDITION_WORDS) == set(Condition)


def test_a_driver_of_another_kind_is_named_and_not_asked(site) -> None:
    table = {"driver": "evolis"}
    found = list(check_printing.card_printer(site.settings(card_printer=table)))

    assert [(each.level, each.what) for each in found] == [(Level.ATTENTION, "driver evolis")]


@pytest.mark.parametrize("table", [{"driver": "zebra"}, {"queue": "adm-card"}])
def test_a_driver_that_is_not_there_or_lacks_its_settings_is_broken(site, table) -> None:
    (found,) = check_printing.card_printer(site.settings(card_printer=table))

    assert found.level is Level.BROKEN
    assert "evolis" in (found.remedy or "")
