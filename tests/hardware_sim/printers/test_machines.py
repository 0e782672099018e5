"""The printers' process from outside: conformance, memory over restarts, and the chip station."""

from __future__ import annotations

import http.client
import io
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from hardware_sim.control import ControlServer
from hardware_sim.printers.config import Kind, PrinterConfig, PrintersConfig
from hardware_sim.printers.process import PrintersProcess

pytestmark = pytest.mark.devices


@pytest.fixture(scope="module")
def printers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintersProcess]:
    config = PrintersConfig(
        tmp_path_factory.mktemp("printers"),
        (PrinterConfig("a4", Kind.PAPER, page_s=0.01), PrinterConfig("card", Kind.CARD, page_s=0.01)),
    )
    with PrintersProcess(config) as process:
        yield process


def picture(kind: str, folder: Path) -> Path:
    file = folder / f"page.{kind}"
    Image.new("RGB", (638, 1016), (200, 200, 250)).save(file, {"jpg": "JPEG", "pdf": "PDF"}[kind])
    return file


@pytest.mark.parametrize("name", ["a4", "card"])
@pytest.mark.parametrize(
    "test", ["get-printer-attributes", "validate-job", "print-job", "create-job", "get-jobs", "get-completed-jobs"]
)
def test_ipptool_conformance(printers: PrintersProcess, name: str, test: str, tmp_path: Path) -> None:
    file, kind = (
        (picture("pdf", tmp_path), "application/pdf") if name == "a4" else (picture("jpg", tmp_path), "image/jpeg")
    )
    ran = subprocess.run(
        [
            "ipptool",
            "-t",
            "-T",
            "10",
            "-d",
            f"filetype={kind}",
            "-f",
            str(file),
            printers.where[name]["uri"],
            f"{test}.test",
        ],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    printers.hand(name).do("repair")


def test_the_whole_suites_of_ipp_1_1_and_2_0_pass(printers: PrintersProcess, tmp_path: Path) -> None:
    command = ["ipptool", "-t", "-I", "-T", "10", "-d", "filetype=application/pdf", "-f", str(picture("pdf", tmp_path))]
    ran = subprocess.run(
        [*command, printers.where["a4"]["uri"], "ipp-2.0.test"], capture_output=True, text=True, timeout=60, check=False
    )
    assert "[FAIL]" not in ran.stdout, ran.stdout
    assert ran.stdout.count("[PASS]") >= 30
    printers.hand("a4").do("repair")


def test_what_is_no_request_is_refused_and_the_printer_goes_on(printers: PrintersProcess) -> None:
    address = printers.where["a4"]["uri"].removeprefix("ipp://").partition("/")[0]
    for body, status in [(b"", 400), (b"\x02\x00", 400), (bytes(8) + b"\x01\x03", 200)]:
        connection = http.client.HTTPConnection(address, timeout=5)
        connection.request("POST", "/ipp/print", body, {"Content-Type": "application/ipp"})
        assert connection.getresponse().status == status
        connection.close()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def send(uri: str, file: Path, kind: str) -> None:
    subprocess.run(
        ["ipptool", "-q", "-d", f"filetype={kind}", "-f", str(file), uri, "print-job.test"], timeout=20, check=True
    )


def test_counters_and_the_card_in_the_path_outlive_the_process(tmp_path: Path) -> None:
    config = PrintersConfig(tmp_path / "printers", (PrinterConfig("card", Kind.CARD, page_s=0.01, stock=30),))
    process = PrintersProcess(config)
    with process:
        send(process.where["card"]["uri"], picture("jpg", tmp_path), "image/jpeg")
        wait_until(lambda: process.hand("card").state()["position"] == "station")
        before, where = process.hand("card").state(), process.where
        process.kill()
        process.start()
        after = process.hand("card").state()

        assert process.where == where, "the same addresses"
        kept = ("printed", "rejected", "stock", "position", "serial")
        assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
        assert (after["printed"], after["stock"], after["jobs"]) == (1, 29, [])


def test_the_smart_card_simulator_is_told_of_each_blank_at_the_station(tmp_path: Path) -> None:
    told: list[tuple[str, str, str]] = []
    heard = threading.Event()

    def insert(slot: str, serial: str) -> None:
        told.append(("insert", slot, serial))

    def remove(slot: str) -> None:
        told.append(("remove", slot, ""))
        heard.set()

    smart_cards = ControlServer({"insert": insert, "remove": remove}, dict)
    config = PrintersConfig(tmp_path, (PrinterConfig("card", Kind.CARD, page_s=0.01),), smart_cards.url)
    try:
        with PrintersProcess(config) as process:
            send(process.where["card"]["uri"], picture("jpg", tmp_path), "image/jpeg")
            wait_until(lambda: process.hand("card").state()["position"] == "station")
            serial = process.hand("card").state()["serial"]
            process.hand("card").do("power_off")
            assert heard.wait(5)
        assert told == [("insert", "encoder", serial), ("remove", "encoder", "")]
    finally:
        smart_cards.close()


def test_a_hand_can_set_every_condition_and_no_other(printers: PrintersProcess) -> None:
    hand = printers.hand("a4")
    with pytest.raises(ValueError, match="no condition"):
        hand.do("condition", name="on_fire")
    for name in ("toner_low", "output_full", "cleaning_due"):
        hand.do("condition", name=name)
    assert set(hand.state()["conditions"]) == {"toner_low", "output_full", "cleaning_due"}
    hand.do("repair")
    assert hand.state()["conditions"] == []


def test_the_last_sheet_empties_the_tray(tmp_path: Path) -> None:
    config = PrintersConfig(tmp_path / "printers", (PrinterConfig("a4", Kind.PAPER, page_s=0.01, stock=1),))
    with PrintersProcess(config) as process:
        assert process.hand("a4").state()["conditions"] == ["media_low"]
        pages = [Image.new("L", (60, 80)) for _ in range(2)]
        file = tmp_path / "two.pdf"
        stream = io.BytesIO()
        pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:])
        file.write_bytes(stream.getvalue())
        send(process.where["a4"]["uri"], file, "application/pdf")
        wait_until(lambda: process.hand("a4").state()["conditions"] == ["media_empty"])
        process.hand("a4").do("refill", n=5)
        wait_until(lambda: process.hand("a4").state()["printed"] == 2)
