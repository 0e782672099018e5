"""The main job on real input, over the real device stacks, through touches on the real window."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from hardware_sim.scenarios import load, play
from hardware_sim.scenarios.personal import left_behind
from hardware_sim.stage import Stage
from hardware_sim.world import WorldOptions, fresh_folder

pytestmark = [pytest.mark.devices, pytest.mark.window, pytest.mark.timeout(240)]


def test_the_whole_road_upright_by_one_command(tmp_path: Path) -> None:
    """What ``make demo`` runs: both documents taken, both permits spent, the same PIN prints nothing more."""
    out = tmp_path / "demo"
    subprocess.run(
        [sys.executable, "-m", "hardware_sim", "demo", "--out", str(out)],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "DEMO": "auto", "HOME": str(tmp_path)},
        check=True,
        timeout=220,
    )

    report = json.loads((out / "report.json").read_text())
    assert {d["document"]: (d["end"], d["permit"]) for d in report["documents"]} == {
        "kk": ("taken", "printed"),
        "ktp-el": ("taken", "printed"),
    }
    phases = ["reserved", "claimed", "opened", "submitted", "printing", "presented", "taken"]
    assert all([p["phase"] for p in d["phases"]] == phases for d in report["documents"])
    assert (out / "kk.pdf").read_bytes().startswith(b"%PDF-")
    assert all((out / name).stat().st_size > 2000 for name in ("kk-1.png", "ktp-el-front.png", "receipt.png"))


def test_the_whole_road_lying_and_then_no_paper() -> None:
    """The same on a screen of 1366x768; afterwards the paper runs out, and the home screen says so before login."""
    with fresh_folder() as folder:
        options = WorldOptions(folder, screen=(1366, 768), sheet_s=0.1, card_s=0.3, thanks_s=60)
        with Stage(options) as stage:
            play(stage, load("whole-road"))
            play(stage, load("no-paper"))


def test_what_stays_behind_of_a_person_is_found(tmp_path: Path) -> None:
    """The search that each story ends with: every usual writing, and a PIN in a log."""
    state, logs = tmp_path / "state", tmp_path / "logs"
    for folder in (state, logs):
        folder.mkdir()
    (state / "clean").write_text("attempt 0190-7c3e taken")
    (state / "base64").write_text(base64.b64encode(b"x SITI ARUMSARI").decode())
    (state / "wide").write_bytes("SITI ARUMSARI".encode("utf-16-le"))
    (state / "hex").write_text(b"3523165204850003".hex())
    (logs / "engine.log").write_text("logged in with 483920, twice")
    (logs / "screen.log").write_text("at 0.483920 s, 4839201")

    found = left_behind(tmp_path, logs, {"SITI ARUMSARI", "3523165204850003"}, {"483920"})

    assert [Path(file).name for file in found] == ["engine.log", "base64", "hex", "wide"]
