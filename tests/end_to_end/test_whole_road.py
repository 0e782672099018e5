"""The main job on real input, over the real device stacks, through touches on the real window."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from hardware_sim.scenarios import no_paper, whole_road
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
    with fresh_folder() as folder, Stage(_lying(folder)) as stage:
        whole_road.play(stage)
        taken = {attempt["document"]: attempt["phase"] for attempt in stage.kiosk.attempts()}
        sheets = stage.world.hand("paper").state()["printed"]
        leaked = _personal_data_left(stage)
        no_paper.play(stage)

    assert leaked == []
    assert taken == {"kk": "taken", "ktp-el": "taken"}
    assert sheets == 1


def _lying(folder: Path) -> WorldOptions:
    return WorldOptions(folder, screen=(1366, 768), sheet_s=0.1, card_s=0.3, thanks_s=60)


def _personal_data_left(stage: Stage) -> list[str]:
    """Files of the kiosk and its print system that still hold the applicant's number or name, in any usual writing."""
    nik = str(stage.world.where["dinas"]["demo_nik"])
    words = [nik, "ARUMSARI", "PRAMUDYA"]
    needles = {word.encode(code) for word in words for code in ("utf-8", "utf-16-le")}
    needles |= {base64.b64encode(word.encode()).rstrip(b"=") for word in words}
    needles |= {word.encode().hex().encode() for word in words}
    folder = stage.world.folder
    files = [file for part in ("state", "run", "cups") for file in (folder / part).rglob("*") if file.is_file()]
    files += [stage.world.logs / f"{part}.{end}" for part in ("engine", "screen") for end in ("log", "out")]
    assert len(files) > 10
    return [str(file) for file in files if any(needle in file.read_bytes() for needle in needles)]
