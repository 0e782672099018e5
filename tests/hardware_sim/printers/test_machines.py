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
import requests
from PIL import Image
from pyipp.parser import parse

from hardware_sim.control import ControlServer
from hardware_sim.printers.attributes import ICON_SIZES, OPERATIONS
from hardware_sim.printers.config import Kind, PrinterConfig, PrintersConfig
from hardware_sim.printers.ipp import Message, Tag, encode, of
from hardware_sim.printers.machine import COMPLETED, FAULTS
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
    for name in FAULTS:
        hand.do("condition", name=name)
    assert set(hand.state()["conditions"]) == set(FAULTS)
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


def asked(uri: str, *names: str) -> dict[str, object]:
    """Those attributes of a printer, as pyipp reads them."""
    requested = of(Tag.KEYWORD, *names)
    operation = {
        "attributes-charset": of(Tag.CHARSET, "utf-8"),
        "attributes-natural-language": of(Tag.LANGUAGE, "en"),
        "printer-uri": of(Tag.URI, uri),
        "requested-attributes": requested,
    }
    body = encode(Message(OPERATIONS["get-printer-attributes"], 1, [(Tag.OPERATION, operation)]))
    answer = requests.post(uri.replace("ipp://", "http://"), data=body, timeout=5)
    printer: dict[str, object] = parse(answer.content)["printers"][0]
    return printer


def test_the_counters_say_what_came_out_and_only_that(printers: PrintersProcess, tmp_path: Path) -> None:
    names = ("printer-pages-completed", "printer-impressions-completed", "printer-media-sheets-completed")
    uri, hand = printers.where["a4"]["uri"], printers.hand("a4")
    before = asked(uri, *names)
    hand.do("condition", name="media_jam")
    send(uri, picture("pdf", tmp_path), "application/pdf")
    wait_until(lambda: bool(hand.state()["jobs"]))
    assert asked(uri, *names) == before

    hand.do("condition", name="media_jam", on=False)
    wait_until(lambda: asked(uri, *names) == {name: 1 + int(str(before[name])) for name in names})
    hand.do("repair")


def test_only_the_pages_that_a_job_asks_for_are_printed(printers: PrintersProcess, tmp_path: Path) -> None:
    file, test = tmp_path / "five.pdf", tmp_path / "ranges.test"
    page = Image.new("L", (60, 80))
    page.save(file, "PDF", save_all=True, append_images=[page] * 4)
    test.write_text(
        "{ OPERATION Print-Job GROUP operation-attributes-tag ATTR charset attributes-charset utf-8"
        " ATTR naturalLanguage attributes-natural-language en ATTR uri printer-uri $uri ATTR name job-name ranges"
        " GROUP job-attributes-tag ATTR rangeOfInteger page-ranges 1-2,5-5 FILE $filename STATUS successful-ok }"
    )
    subprocess.run(["ipptool", "-q", "-f", str(file), printers.where["a4"]["uri"], str(test)], timeout=20, check=True)

    jobs = printers.hand("a4").state
    wait_until(lambda: any(job["name"] == "ranges" and job["state"] == COMPLETED for job in jobs()["jobs"]))
    assert printers.sheets("ranges", "a4") == 3
    printers.hand("a4").do("repair")


def test_each_supply_has_its_level(printers: PrintersProcess) -> None:
    uri, hand = printers.where["card"]["uri"], printers.hand("card")
    hand.do("condition", name="film_low")
    hand.do("condition", name="ribbon_empty")
    said = asked(uri, "marker-names", "marker-levels")
    assert said == {"marker-names": ["ribbon", "film"], "marker-levels": [0, 8]}
    hand.do("repair")


@pytest.mark.parametrize("size", ICON_SIZES)
def test_the_icons_that_it_names_are_there(printers: PrintersProcess, size: int) -> None:
    icons = asked(printers.where["a4"]["uri"], "printer-icons")["printer-icons"]
    assert isinstance(icons, list)
    (url,) = [url for url in icons if url.endswith(f"-{size}.png")]
    with Image.open(io.BytesIO(requests.get(url, timeout=5).content)) as icon:
        assert (icon.size, icon.format) == ((size, size), "PNG")
