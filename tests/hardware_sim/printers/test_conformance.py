"""The conformance files of Debian's cups-ipp-utils, whole: with the documents that they name and Debian leaves out.

Without those ipptool stops at the first one, and the rest of a file is not run.
"""

from __future__ import annotations

import re
import struct
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from hardware_sim.control import Hand
from hardware_sim.printers import pictures
from hardware_sim.printers.config import Kind, PrinterConfig, PrintersConfig
from hardware_sim.printers.machine import ABORTED, ENDED
from hardware_sim.printers.process import PrintersProcess

pytestmark = pytest.mark.devices

SHIPPED = Path("/usr/share/cups/ipptool")
NAMED = re.compile(r"^\s*FILE ([\w./-]+)", re.MULTILINE)
SAMPLE = re.compile(r"(?P<name>[a-z.]+)-(?P<size>a4|letter|4x6)-(?P<colour>sgray-8|srgb-8)-300dpi\.pwg")
# Pixels of a quarter of the page each way: whole ones would take most of the time in being written as pictures.
PIXELS = {"a4": (620, 877), "letter": (638, 825), "4x6": (300, 450)}
PAGES = {"document": 2}  # of the samples; all others have one
COLOURS = {"sgray-8": (18, b"\x90"), "srgb-8": (19, b"\x30\x60\x90")}  # PWG 5102.4 table 9


def pwg_raster(pages: int, width: int, height: int, colour_space: int, pixel: bytes) -> bytes:
    """Pages of one colour at 300 dpi: each is one line of one run after the other, said once and repeated."""
    header = bytearray(pictures.PWG_HEADER)
    header[0:9] = b"PwgRaster"
    struct.pack_into(">II", header, 276, 300, 300)
    struct.pack_into(">II", header, 372, width, height)
    struct.pack_into(">III", header, 384, 8, 8 * len(pixel), width * len(pixel))
    struct.pack_into(">I", header, 400, colour_space)
    struct.pack_into(">I", header, 420, len(pixel))
    full, rest = divmod(width, 128)
    line = (b"\x7f" + pixel) * full + (bytes((rest - 1,)) + pixel if rest else b"")
    repeats, left = divmod(height, 256)
    page = (b"\xff" + line) * repeats + (bytes((left - 1,)) + line if left else b"")
    return b"RaS2" + (bytes(header) + page) * pages


def document(name: str) -> bytes:
    """What stands for a named document; nothing where no simulated printer takes its kind."""
    sample = SAMPLE.fullmatch(Path(name).name)
    if sample:
        return pwg_raster(PAGES.get(sample["name"], 1), *PIXELS[sample["size"]], *COLOURS[sample["colour"]])
    return b""


def written(file: Path) -> Path:
    """Put the document there under its name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix in (".pdf", ".jpg"):
        mode, colour = ("L", 90) if file.name.startswith("gray") else ("RGB", (30, 60, 90))
        Image.new(mode, (595, 842), colour).save(file)
    else:
        file.write_bytes(document(file.name))
    return file


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped files among the documents that they name."""
    folder = tmp_path_factory.mktemp("ipptool")
    for shipped in SHIPPED.glob("*.test"):
        (folder / shipped.name).symlink_to(shipped)
    for shipped in SHIPPED.glob("ipp-*.test"):
        for name in NAMED.findall(shipped.read_text()):
            if not (folder / name).exists():
                written(folder / name)
    return folder


@pytest.fixture(scope="module")
def printers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintersProcess]:
    config = PrintersConfig(
        tmp_path_factory.mktemp("printers"),
        (
            PrinterConfig("a4", Kind.PAPER, page_s=0.01, pdf_dpi=36, compressions=("gzip", "deflate")),
            PrinterConfig("card", Kind.CARD, page_s=0.01),
        ),
    )
    with PrintersProcess(config) as process:
        yield process


@dataclass(frozen=True)
class Ran:
    """What ipptool said of each test of a file."""

    said: Counter[str]
    text: str

    @property
    def failed(self) -> list[str]:
        return [block for block in re.split(r"\n {4}(?=\S)", self.text) if "[FAIL]" in block]


def ipptool(uri: str, test: Path, filename: Path, filetype: str) -> Ran:
    """Run a file to its end, whatever fails."""
    command = ["ipptool", "-t", "-I", "-V", "2.0", "-T", "20", "-d", f"filetype={filetype}", "-f", str(filename)]
    ran = subprocess.run([*command, uri, str(test)], capture_output=True, text=True, timeout=240, check=False)
    assert "cannot be read" not in ran.stderr, ran.stderr
    return Ran(Counter(re.findall(r"\[(PASS|FAIL|SKIP)\]", ran.stdout)), ran.stdout)


@contextmanager
def somebody_clears_the_path(hand: Hand) -> Iterator[None]:
    """Each card that is held at its station is taken out, so that the next job has a free path."""
    ended = threading.Event()

    def clear() -> None:
        while not ended.wait(0.05):
            if hand.state()["position"] == "station":
                hand.do("clear_path")

    helper = threading.Thread(target=clear)
    helper.start()
    try:
        yield
    finally:
        ended.set()
        helper.join()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_ipp_everywhere_passes_on_the_paper_printer(printers: PrintersProcess, files: Path) -> None:
    ran = ipptool(
        printers.where["a4"]["uri"], files / "ipp-everywhere.test", files / "document-a4.pdf", "application/pdf"
    )

    assert ran.failed == []
    # In each of its colours, in each compression: color, both documents, both single pages; the grey photograph.
    samples = 3 * (2 * 5 + 1)
    assert ran.said["PASS"] >= samples + 35, ran.text
    wait_until(lambda: all(job["state"] in ENDED for job in printers.hand("a4").state()["jobs"]))
    assert printers.sheets("document-a4", "a4") == 2 * 2 * 3
    assert printers.sheets("gray.jpg-4x6", "a4") == 1 * 1 * 3
    assert not [job for job in printers.hand("a4").state()["jobs"] if job["state"] == ABORTED]
    printers.hand("a4").do("repair")


def test_ipp_everywhere_passes_on_the_card_printer(printers: PrintersProcess, files: Path) -> None:
    hand = printers.hand("card")
    with somebody_clears_the_path(hand):
        ran = ipptool(printers.where["card"]["uri"], files / "ipp-everywhere.test", files / "color.jpg", "image/jpeg")

    assert ran.failed == []
    assert ran.said["PASS"] >= 35, ran.text
    hand.do("repair")


@pytest.mark.parametrize(
    ("name", "document", "kind"), [("a4", "document-a4.pdf", "application/pdf"), ("card", "color.jpg", "image/jpeg")]
)
def test_the_suite_of_attributes_passes_but_where_it_contradicts_itself(
    printers: PrintersProcess, files: Path, name: str, document: str, kind: str
) -> None:
    """One of its seven tests asks for all attributes and expects only one of them; the test before expects the rest."""
    ran = ipptool(printers.where[name]["uri"], files / "get-printer-attributes-suite.test", files / document, kind)

    (failed,) = ran.failed
    assert "requested-attributes='media-col-database'" in failed
    assert ran.said["PASS"] == 6
