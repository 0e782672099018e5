"""The example package is installed as a vendor's would be, passes its own tests, and is taken by its name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.engine.devices import card_printer
from kiosk.settings import (
    CardPrinterSettings,
    Dinas,
    Documents,
    LocalPath,
    Paths,
    Settings,
    SettingsError,
    Site,
    Spooler,
    Trust,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "vendor_card_printer"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, so that building leaves nothing in the work tree."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", ".pytest_cache", "build")
    return Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("example") / "package", ignore=ignored))


@pytest.fixture(scope="module")
def installed(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed package, beside this environment and not in it."""
    target = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--no-index", "--target", target, source], check=True)
    return target


def test_its_own_tests_pass(source: Path, installed: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    found = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout + found.stderr
    assert " passed" in found.stdout
    assert "skipped" not in found.stdout


def settings(folder: Path, options: dict[str, object]) -> Settings:
    somewhere = LocalPath(folder)
    return Settings(
        site=Site("Tuban", "Loket 1"),
        paths=Paths(somewhere, somewhere),
        dinas=Dinas("https://127.0.0.1:9", somewhere, somewhere, somewhere),
        trust=Trust([somewhere], [somewhere]),
        documents=Documents(somewhere, somewhere),
        spooler=Spooler("/nowhere/cups.sock", somewhere),
        card_printer=CardPrinterSettings(driver="contoh-cp1", options=options),
    )


def test_the_kiosk_takes_it_by_its_name(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(installed))

    printer = card_printer(settings(tmp_path, {"address": "127.0.0.1:9300"}), lambda: 0.0)

    assert type(printer).__module__ == "contoh_cp1.driver"
    assert printer is not None
    assert printer.name == "card_printer"


def test_it_refuses_its_options_in_a_sentence(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(installed))

    with pytest.raises(SettingsError, match=r"^card_printer\.options\.adress = 'x'; expected address\?"):
        card_printer(settings(tmp_path, {"address": "127.0.0.1:9300", "adress": "x"}), lambda: 0.0)
