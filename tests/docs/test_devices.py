"""The pages about devices say what the code says: who mends what, and every setting."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from drivers.device import CONDITIONS, Condition
from drivers.spooler import readings
from kiosk import settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "devices"
PAGES = sorted(page.name for page in FOLDER.glob("*.md") if page.name != "README.md")
ROW = re.compile(r"^\| `(\w+)` \|.*\| ([\w ]+) \| (yes|no) \|$", re.MULTILINE)

SECTIONS: dict[str, type[msgspec.Struct]] = {
    "paper-printer.md": settings.PaperPrinter,
    "card-printer.md": settings.CardPrinterSettings,
    "card-dispenser.md": settings.CardDispenser,
    "card-reader.md": settings.CardReader,
    "receipt-printer.md": settings.ReceiptPrinter,
    "qr-scanner.md": settings.QrScanner,
    "cabinet.md": settings.Cabinet,
    "ups.md": settings.Ups,
}


def rows(page: str) -> list[tuple[Condition, str, bool]]:
    """The conditions of a page: who mends each, and whether its table says that the work goes on."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    asks_what_stops = "| stops work |" in text
    found = ROW.findall(text)
    return [(Condition(name), who, (goes_on == "no") is asks_what_stops) for name, who, goes_on in found]


@pytest.mark.parametrize("page", PAGES)
def test_who_mends_a_condition_is_what_the_table_of_conditions_says(page: str) -> None:
    assert bool(rows(page)) is ("\n| condition |" in (FOLDER / page).read_text(encoding="utf-8"))
    for condition, who, goes_on in rows(page):
        facts = CONDITIONS[condition]
        assert (condition, who.replace(" ", "_"), goes_on) == (condition, facts.mended_by.value, not facts.blocks)


@pytest.mark.parametrize(
    ("page", "supplies"),
    [("paper-printer.md", readings.TONER_REASONS), ("card-printer.md", readings.RIBBON_REASONS)],
)
def test_each_reason_that_a_printers_page_names_is_understood_as_that_condition(
    page: str, supplies: dict[str, Condition]
) -> None:
    known = {**readings.REASONS, **supplies}
    text = (FOLDER / page).read_text(encoding="utf-8")
    for name, cell in re.findall(r"^\| `(\w+)` \| ([a-z-]+[^|]*) \|", text, re.MULTILINE):
        if name in {condition.value for condition in Condition}:
            named = re.findall(r"[a-z]+(?:-[a-z]+)+", cell)
            assert named, f"{page}: no reason for {name}"
            assert {known[reason] for reason in named} == {Condition(name)}


@pytest.mark.parametrize("page", SECTIONS)
def test_every_setting_of_a_device_is_on_its_page(page: str) -> None:
    text = (FOLDER / page).read_text(encoding="utf-8")
    # in a table or a sentence, or in an example of the settings
    named = [
        name
        for name in SECTIONS[page].__struct_fields__
        if re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`|^{name} = ", text, re.MULTILINE)
    ]
    assert named == list(SECTIONS[page].__struct_fields__)


def test_the_table_of_devices_names_every_page_and_every_driver() -> None:
    table = (FOLDER / "README.md").read_text(encoding="utf-8")
    drivers = sorted(folder.parent.name for folder in (ROOT / "drivers").glob("*/driver.py"))

    assert [page for page in PAGES if f"({page})" not in table] == []
    assert [name for name in drivers if f"`drivers/{name}`" not in table] == []
