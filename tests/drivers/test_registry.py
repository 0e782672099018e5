"""Drivers are found by name among the installed packages, and what is wrong with one is said in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from drivers import registry
from drivers.options import DriverOptionError, Options
from drivers.printer import CardPrinter, Printer

CUPS = {"queue": "adm-card", "device": "ipp://localhost/ipp/print", "server": "/s", "media": "om_cr80_54x86mm"}


def clock() -> float:
    return 0.0


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Installs a package of one module and one driver, as pip would leave it behind."""

    def put(driver: str, code: str) -> None:
        (tmp_path / "vendor_module.py").write_text(code)
        info = tmp_path / "vendor_package-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vendor-package\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[adm.drivers]\n{driver} = vendor_module:factory\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, "vendor_module", raising=False)

    return put


def test_the_drivers_of_the_house_are_found_like_any_other(tmp_path: Path) -> None:
    assert {"cups-card", "cups-paper", "evolis"} <= set(registry.known())
    card = registry.make(CardPrinter, "cups-card", "card_printer", CUPS, clock, tmp_path)
    paper = registry.make(Printer, "cups-paper", "paper_printer", CUPS, clock, tmp_path)
    assert (card.name, paper.name) == ("card_printer", "paper_printer")


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        registry.UnknownDriverError, match=r"'zebra'; expected an installed driver: .*cups-card, cups-p"
    ):
        registry.make(CardPrinter, "zebra", "card_printer", {}, clock, tmp_path)


def test_a_driver_of_a_package_gets_what_the_kiosk_has(install: Callable[[str, str], None], tmp_path: Path) -> None:
    install("vendor", "from types import SimpleNamespace\ndef factory(*given): return SimpleNamespace(given=given)\n")
    options = {"anything": [1, {"deep": True}]}

    made = registry.make(SimpleNamespace, "vendor", "card_printer", options, clock, tmp_path)

    assert made.given == ("card_printer", options, clock, tmp_path)


def test_what_is_no_card_printer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(registry.UnknownDriverError, match="expected a driver that is a CardPrinter"):
        registry.make(CardPrinter, "cups-paper", "card_printer", CUPS, clock, tmp_path)


@pytest.mark.parametrize("code", ["import no_such_library\n", "def factory(*given): raise RuntimeError('licence')\n"])
def test_a_package_that_does_not_load_is_named(install: Callable[[str, str], None], tmp_path: Path, code: str) -> None:
    install("broken", code)

    with pytest.raises(registry.UnknownDriverError, match=r"vendor-package 1\.2: .*(no_such_library|licence)"):
        registry.make(CardPrinter, "broken", "card_printer", {}, clock, tmp_path)


WRONG = [
    ({"queue": None}, "queue is missing; expected the name of a CUPS queue"),
    ({"device": "/dev/lp0"}, "device = '/dev/lp0'; expected the printer's own address"),
    ({"stall_s": True}, "stall_s = True; expected seconds, from 0.1 to 3600"),
    ({"stal_s": 3.0}, "stal_s = 3.0; expected stall_s?"),
    ({"colour": "red"}, "colour = 'red'; expected one of queue, device, server, media, stall_s"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_driver_names_the_option_that_it_refuses(change: dict[str, object], sentence: str, tmp_path: Path) -> None:
    options = {key: value for key, value in {**CUPS, **change}.items() if value is not None}

    with pytest.raises(DriverOptionError) as caught:
        registry.make(CardPrinter, "cups-card", "card_printer", options, clock, tmp_path)

    assert str(caught.value).startswith(sentence)


def test_a_choice_is_one_of_its_words() -> None:
    assert Options({}).choice("station", ("contact", "contactless"), "contact") == "contact"
    with pytest.raises(DriverOptionError, match="station = 'back'; expected one of contact, contactless"):
        Options({"station": "back"}).choice("station", ("contact", "contactless"), "contact")
