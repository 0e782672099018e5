"""The doctor on catalogue and layouts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.maintenance import check_documents
from kiosk.maintenance.findings import Level

CONFIG = Path(__file__).parents[3] / "config"
CATALOGUE = """
[documents.kk]
title = "Kartu Keluarga"
medium = "a4"

[documents.kia]
title = "KIA"
medium = "card"
layout = "kia.toml"
"""
PRINTERS = {
    "paper_printer": {"queue": "adm-a4", "device": "ipp://localhost:1/ipp/print"},
    "card_printer": {"queue": "adm-card", "device": "ipp://localhost:2/ipp/print"},
}


@pytest.fixture
def folder(site) -> Path:
    (site.folder / "documents.toml").write_text(CATALOGUE)
    shutil.copytree(CONFIG / "card_layouts", site.folder / "card_layouts")
    return site.folder


def test_a_catalogue_with_its_layouts_and_printers_is_ok(site, folder, about) -> None:
    findings = list(check_documents.documents(site.settings(**PRINTERS)))

    assert about(findings, "Katalog dokumen").what == "2 dokumen"
    assert about(findings, "Tata letak kartu").level is Level.OK


@pytest.mark.parametrize("text", [CATALOGUE + "colour = 1", CATALOGUE.replace('layout = "kia.toml"', ""), "[documents"])
def test_a_wrong_catalogue_is_named(site, folder, about, text: str) -> None:
    (folder / "documents.toml").write_text(text)

    found = about(check_documents.documents(site.settings(**PRINTERS)), "Katalog dokumen")

    assert found.level is Level.BROKEN
    assert str(folder / "documents.toml") in found.what


def test_what_comes_with_the_program_is_ok(site, about) -> None:
    paths = {"catalogue": str(CONFIG / "documents.toml"), "card_layouts": str(CONFIG / "card_layouts")}

    findings = list(check_documents.documents(site.settings(**PRINTERS, documents=paths)))

    assert [finding.level for finding in findings] == [Level.OK, Level.OK]


@pytest.mark.parametrize("text", [None, "colour = 1", "[[[", ""])
def test_a_missing_or_wrong_layout_is_named(site, folder, about, text: str | None) -> None:
    (folder / "card_layouts" / "kia.toml").unlink()
    if text is not None:
        (folder / "card_layouts" / "kia.toml").write_text(text)

    found = about(check_documents.documents(site.settings(**PRINTERS)), "Tata letak kartu")

    assert found.level is Level.BROKEN
    assert "kia.toml" in found.what


def test_documents_for_a_printer_that_is_not_there_ask_for_attention(site, folder, about) -> None:
    found = about(check_documents.documents(site.settings(paper_printer=PRINTERS["paper_printer"])), "Katalog dokumen")

    assert found.level is Level.ATTENTION
    assert "kia" in found.what
