"""The driver on a simulated library: what it tells the machine, and what it makes of faults."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import pytest
from evolis_rig import FACE, Rig
from PIL import Image, ImageChops
from simulated_evolis import SimulatedMachine

from drivers import claims, registry
from drivers.device import Condition, DeviceState
from drivers.errors import DeviceRefusedError, DeviceTimeoutError
from drivers.evolis.driver import EvolisPrinter
from drivers.options import DriverOptionError
from drivers.printer import CardPosition, CardPrinter, JobEnd, JobReport
from drivers.testing import new_attempt, print_card, until
from kiosk.documents.picture_pdf import Sheet, picture_pdf


async def printed(printer: EvolisPrinter, rig: Rig) -> JobReport:
    return (await print_card(printer, rig))[1]


async def refused(printer: EvolisPrinter, rig: Rig) -> JobReport:
    """As the kiosk goes on when sending is refused."""
    before = await printer.counters()
    attempt = new_attempt()
    job = await printer.create(attempt)
    with pytest.raises(DeviceRefusedError):
        await printer.send(job, rig.document)
    return await printer.find(attempt, before, 1)


# Settings


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "printer is missing; expected the printer's name"),
        ({"printer": "P", "station": "back"}, "station = 'back'; expected one of contact, contactless"),
        ({"printer": "P", "bezel_reject_s": -1}, "bezel_reject_s = -1; expected seconds, 0 for never, from 0 to 600"),
        ({"printer": "P", "prniter": "P"}, "prniter = 'P'; expected printer?"),
    ],
)
def test_a_wrong_option_is_named(rig: Rig, options: dict[str, object], sentence: str) -> None:
    rig.options = options
    with pytest.raises(DriverOptionError) as caught:
        rig.make()
    assert str(caught.value).startswith(sentence)


def test_without_the_library_it_says_how_to_have_it(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "evolis", None)
    with pytest.raises(registry.UnknownDriverError, match=r"expected its library installed \(pip install 'adm-kiosk\["):
        registry.make(CardPrinter, "evolis", "card_printer", rig.options, time.monotonic, rig.claims)


async def test_the_machine_is_set_up_so_that_only_we_take_a_card_back(
    printer: EvolisPrinter, machine: SimulatedMachine
) -> None:
    assert {setter: value.name for setter, value in machine.settings.items()} == {
        "set_input_tray": "FEEDER",
        "set_output_tray": "BEZEL",
        "set_error_tray": "ERROR",
        "set_bezel_behavior": "DONOTHING",
    }


async def test_the_machine_may_be_told_to_take_a_card_back_by_itself(rig: Rig, machine: SimulatedMachine) -> None:
    rig.options |= {"bezel_reject_s": 90, "reject": "lower-slot"}
    printer = rig.make()
    await printer.start()
    await printer.refresh()
    await printer.close()
    assert machine.settings["set_bezel_behavior"].name == "REJECT"
    assert machine.settings["set_bezel_delay"] == 90
    assert machine.settings["set_error_tray"].name == "ERRORSLOT"


async def test_a_setting_that_the_machine_does_not_have_is_given_up_with_one_line(
    rig: Rig, machine: SimulatedMachine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.refuses["set_bezel_behavior"] = "EUNSUPPORTED"
    printer = rig.make()
    await printer.start()
    await until(lambda: printer.status.state is DeviceState.HARDWARE_ERROR)
    await printer.close()
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == [
        "card_printer: given up: set_bezel_behavior DONOTHING: EUNSUPPORTED"
    ]


# The picture


async def test_the_face_arrives_pixel_by_pixel_lying_and_in_the_middle(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    await printed(printer, rig)

    received = machine.pictures[-1].convert("RGB")
    assert received.size == (1016, 648)
    face = received.crop((0, 5, 1016, 643)).transpose(Image.Transpose.ROTATE_90)
    assert ImageChops.difference(face, FACE).getbbox() is None
    assert received.crop((0, 0, 1016, 5)).getextrema() == ((255, 255),) * 3


PAGE = Sheet(Image.new("RGB", (638, 1016)), 54, 86)
BAD_DOCUMENTS = {
    "two pages": picture_pdf([PAGE, PAGE]),
    "too large": picture_pdf([Sheet(Image.new("L", (700, 1100)), 54, 86)]),
    "no PDF": b"%!PS",
}


@pytest.mark.parametrize("document", BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
async def test_what_is_no_card_is_refused_before_any_claim(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine, document: bytes
) -> None:
    rig.document = document
    report = await refused(printer, rig)
    assert (report.end, report.reason, machine.fed) == (JobEnd.NOTHING, "bad-picture", 0)


# Order


async def test_the_claim_is_on_the_disk_before_the_library_is_given_anything(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, bool]] = []
    sync = claims._sync
    monkeypatch.setattr(
        claims, "_sync", lambda path: (synced.append((path.name, "reserve" in machine.calls)), sync(path))
    )
    job = await printer.create(new_attempt())
    await printer.send(job, rig.document)
    await until(lambda: "print" in machine.calls)

    assert (rig.claims / job.attempt_id).read_text() == "sent by card_printer\n"
    assert [(name.startswith(f".{job.attempt_id}"), given) for name, given in synced] == [(True, False), (False, False)]
    assert synced[1][0] == rig.claims.name


async def test_without_a_durable_claim_nothing_is_sent(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.claims._sync", fail_to_sync)
    job = await printer.create(new_attempt())
    with pytest.raises(DeviceRefusedError, match="no durable claim"):
        await printer.send(job, rig.document)
    await printer.refresh()
    assert (machine.fed, "print" in machine.calls) == (0, False)


def fail_to_sync(path: Path) -> None:
    raise OSError(28, "No space left on device")


async def test_one_thread_touches_the_library(printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine) -> None:
    await printed(printer, rig)
    await printer.present()
    await printer.reject()
    assert len(machine.threads) == 1


async def test_the_printer_is_reserved_for_the_print_alone(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    await printed(printer, rig)
    session = machine.calls[machine.calls.index("reserve") : machine.calls.index("release") + 1]
    assert session == ["reserve", "init", "set_image_buffer", "print", "release"]


# Faults


@pytest.mark.parametrize(
    ("minor", "reason"),
    [
        ("DEF_FEEDER_EMPTY", "media-empty"),
        ("DEF_RIBBON_ENDED", "ribbon-empty"),
        ("DEF_COVER_OPEN", "cover-open"),
        ("DEF_COOLING", "cooling"),
        ("ERR_HEAD_TEMP", "head-temperature"),
        ("DEF_REJECT_BOX_FULL", "reject-bin-full"),
        ("INF_UPDATING_FIRMWARE", "not-ready"),
    ],
)
async def test_a_machine_that_takes_no_card_surely_printed_nothing(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine, minor: str, reason: str
) -> None:
    machine.minor, machine.major = minor, "WARNING"
    report = await refused(printer, rig)
    assert (report.end, report.reason, machine.fed) == (JobEnd.NOTHING, reason, 0)


async def test_a_forgotten_card_in_the_path_is_not_printed_over(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    machine.place = "print"
    report = await refused(printer, rig)
    assert (report.end, report.reason, machine.fed) == (JobEnd.NOTHING, "not-ready", 0)


@pytest.mark.parametrize(
    ("code", "fails_at", "end", "reason", "position"),
    [
        ("PRINT_NEEDACTION", "start", JobEnd.NOTHING, "needs-action", CardPosition.NONE),
        ("PRINT_EMECHANICAL", "middle", JobEnd.UNKNOWN, "media-jam", CardPosition.INSIDE),
        ("PRINTER_ENOCOM", "middle", JobEnd.UNKNOWN, "device-away", CardPosition.INSIDE),
        ("ETIMEOUT", "middle", JobEnd.UNKNOWN, "stalled", CardPosition.INSIDE),
        ("PRINTER_ENOCOM", "end", JobEnd.UNKNOWN, "device-away", CardPosition.INSIDE),
    ],
)
async def test_return_codes_of_the_print_call(
    printer: EvolisPrinter,
    rig: Rig,
    machine: SimulatedMachine,
    code: str,
    fails_at: str,
    end: JobEnd,
    reason: str,
    position: CardPosition,
) -> None:
    machine.print_code, machine.fails_at = code, fails_at
    report = await printed(printer, rig)
    assert (report.end, report.reason) == (end, reason)
    assert report.evidence["return_code"] == code
    assert await printer.position() is position


async def test_a_printer_in_use_by_another_program_prints_nothing(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    machine.refuses["reserve"] = "SESSION_EBUSY"
    report = await printed(printer, rig)
    assert (report.end, report.reason, machine.fed) == (JobEnd.NOTHING, "in-use", 0)

    machine.refuses["get_state"] = "SESSION_EBUSY"
    assert (await printer.refresh()).state is DeviceState.OFFLINE


async def test_a_jam_is_told_until_a_hand_has_cleared_it(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    machine.print_code, machine.fails_at = "PRINT_EMECHANICAL", "middle"
    await printed(printer, rig)
    assert Condition.MEDIA_JAM in printer.status.conditions

    machine.words.add("WAR_COVER_OPEN")
    await until(lambda: Condition.COVER_OPEN in printer.status.conditions)
    machine.place = None
    assert "clear_mechanical_errors" not in machine.calls
    machine.words.discard("WAR_COVER_OPEN")
    await until(lambda: printer.status.ready)
    assert machine.calls.count("clear_mechanical_errors") == 1


async def test_a_jammed_card_can_be_kept_back(printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine) -> None:
    machine.print_code, machine.fails_at = "PRINT_EMECHANICAL", "middle"
    await printed(printer, rig)
    await printer.reject()
    assert (machine.place, machine.binned) == (None, 1)


async def test_a_lost_answer_to_a_motion_moves_once_and_is_seen_by_the_sensors(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    await printed(printer, rig)
    machine.lost_answers = 1
    await printer.present()
    assert await printer.position() is CardPosition.EXIT
    assert machine.calls.count("eject_card") == 1


async def test_a_card_that_does_not_arrive_is_an_error(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    await printed(printer, rig)
    machine.stuck = True
    with pytest.raises(DeviceTimeoutError, match="the card is station, not on its way to exit"):
        await printer.present()
    assert machine.calls.count("eject_card") == 1


async def test_a_full_bin_takes_no_card(printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine) -> None:
    await printed(printer, rig)
    machine.words.add("WAR_REJECT_BOX_FULL")
    with pytest.raises(DeviceRefusedError, match="bin is full"):
        await printer.reject()
    assert "reject_card" not in machine.calls


async def test_a_card_that_does_not_reach_the_station_is_printed_and_inside(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    machine.stuck = True
    report = await printed(printer, rig)
    assert report.end is JobEnd.PRINTED
    assert await printer.position() is CardPosition.INSIDE


async def test_while_it_prints_the_machine_is_busy_and_the_card_inside(
    printer: EvolisPrinter, rig: Rig, machine: SimulatedMachine
) -> None:
    machine.print_s = 0.4
    job = await printer.create(new_attempt())
    before = await printer.counters()
    await printer.send(job, rig.document)
    assert (await printer.refresh()).state is DeviceState.BUSY
    assert await printer.position() is CardPosition.INSIDE
    assert (await printer.find(job.attempt_id, before, 1)).end is JobEnd.PRINTED


async def test_a_library_that_hangs_is_unknown_and_never_ready(
    printer: EvolisPrinter, machine: SimulatedMachine
) -> None:
    machine.hung.clear()
    await until(lambda: printer.status.state is DeviceState.UNKNOWN)
    assert not printer.status.ready
    machine.hung.set()
    await until(lambda: printer.status.ready, within=20)  # the pauses between tries have grown


async def test_a_print_call_that_hangs_ends_unknown_and_the_loop_goes_on(rig: Rig, machine: SimulatedMachine) -> None:
    rig.options["stall_s"] = 0.2
    printer = rig.make()
    await printer.start()
    await printer.refresh()
    before = await printer.counters()
    job = await printer.create(new_attempt())
    machine.print_hangs = True
    await printer.send(job, rig.document)
    report = await printer.find(job.attempt_id, before, 1)
    status = await printer.refresh()
    machine.hung.set()
    await printer.close()

    assert (report.end, report.reason) == (JobEnd.UNKNOWN, "device-silent")
    assert status.state is DeviceState.UNKNOWN


async def test_away_and_back_are_one_line_each(
    printer: EvolisPrinter, machine: SimulatedMachine, caplog: pytest.LogCaptureFixture
) -> None:
    await until(lambda: printer.status.ready)
    machine.there = False
    await until(lambda: printer.status.state is DeviceState.NO_DEVICE)
    machine.there = True
    await until(lambda: printer.status.ready)
    lines = [r.message for r in caplog.records if r.levelno >= logging.WARNING]
    assert [line.partition("(")[0].strip() for line in lines] == ["card_printer: lost", "card_printer: back"]
