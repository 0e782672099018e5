"""The engine as a process: what the supervisor hears, what the screen is shown, and how it ends."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from little_kiosk import PATIENCE_S, LittleKiosk

from kiosk.protocol import OutOfServiceView, OutReason, Show


def out(reason: OutReason) -> Callable[[Show], bool]:
    return lambda show: isinstance(show.view, OutOfServiceView) and show.view.reason is reason


def test_the_supervisor_hears_ready_and_signs_of_life_and_an_idle_engine_ends_in_order(kiosk: LittleKiosk) -> None:
    kiosk.start()
    assert sorted(kiosk.supervisor.recv(100) for _ in range(3)) == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    kiosk.shown(out(OutReason.NO_PRINTER))
    assert kiosk.stop() == 0

    kiosk.supervisor.settimeout(0.1)
    heard = []
    while not heard or heard[-1] != b"STOPPING=1":
        heard.append(kiosk.supervisor.recv(100))
    assert set(heard[:-1]) <= {b"WATCHDOG=1"}
    assert (kiosk.audit()[0], kiosk.audit()[-1]) == ("kiosk-started", "kiosk-stopped")
    assert not (kiosk.folder / "run" / "screen.sock").exists()


def test_the_log_has_its_own_form_and_the_level_of_the_settings(kiosk: LittleKiosk) -> None:
    """A library that configures logging on its own when it is imported must not come before."""
    kiosk.start()
    kiosk.shown(out(OutReason.NO_PRINTER))
    assert kiosk.stop() == 0

    assert "INFO kiosk.engine.screen_link: screen connected" in kiosk.log


def test_an_engine_that_was_killed_starts_again_on_the_same_ledger(kiosk: LittleKiosk) -> None:
    killed = kiosk.start()
    kiosk.shown(out(OutReason.NO_PRINTER))
    killed.kill()
    killed.wait(PATIENCE_S)
    kiosk.start()
    kiosk.shown(out(OutReason.NO_PRINTER))

    assert kiosk.stop() == 0
    assert [event for event in kiosk.audit() if event.startswith("kiosk-")] == [
        "kiosk-started",
        "kiosk-started",
        "kiosk-stopped",
    ]


def test_a_ledger_that_cannot_be_used_is_out_of_service_and_a_failed_start(kiosk: LittleKiosk) -> None:
    (kiosk.folder / "state").mkdir()
    (kiosk.folder / "state" / "ledger.sqlite3").write_bytes(b"this is no database" * 1000)
    kiosk.start()

    show = kiosk.shown(out(OutReason.FAULT))
    assert show.site == "Anjungan Uji"
    assert kiosk.stop() == 1
    assert "cannot start: " in kiosk.log
    assert "Traceback" not in kiosk.log


def test_a_second_engine_on_the_same_ledger_does_not_start(kiosk: LittleKiosk) -> None:
    first = kiosk.start()
    kiosk.shown(out(OutReason.NO_PRINTER))
    kiosk.tables["paths"]["runtime"] = "run-2"
    second = kiosk.start()
    try:
        deadline = time.monotonic() + PATIENCE_S
        while "cannot start: " not in kiosk.log:
            assert time.monotonic() < deadline, kiosk.log
            time.sleep(0.05)
        assert kiosk.stop() == 1
        assert first.poll() is None
        assert second.returncode == 1
    finally:
        first.terminate()
        assert first.wait(PATIENCE_S) == 0


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('log_level = "laut"', "log_level = 'laut'; expected one of debug, error, info, warning"),
        ('[site]\nname = "Anjungan"\nhelp = "Loket"\ncolour = "red"', "site.colour = 'red': no such key is known"),
        ("[site", "is not TOML"),
    ],
)
def test_wrong_settings_end_the_start_with_a_sentence_and_their_own_status(
    tmp_path: Path, line: str, sentence: str
) -> None:
    """78 tells the supervisor that starting again cannot help."""
    path = tmp_path / "kiosk.toml"
    path.write_text(line)
    command = [sys.executable, "-m", "kiosk", "engine", "--settings", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    assert ended.returncode == 78
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert str(path) in ended.stderr
    assert sentence in ended.stderr


def test_settings_that_are_not_there_are_told(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    command = [sys.executable, "-m", "kiosk", "engine", "--settings", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    assert (ended.returncode, ended.stderr) == (
        78,
        f"{path}: there is no such file; expected the settings of this kiosk\n",
    )
