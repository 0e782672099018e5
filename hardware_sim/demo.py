"""``make demo``: the whole world and the kiosk's window, for a person to play with or, without a display, by itself.

By itself it plays the whole road through touches on the real window, writes what came out to ``out/demo/`` and ends
with 0 only if all of it happened.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from PIL import Image

from hardware_sim.panel.app import Panel
from hardware_sim.panel.live_screen import LiveScreen
from hardware_sim.processes import ProcessFailedError
from hardware_sim.scenarios import load, play
from hardware_sim.stage import Stage
from hardware_sim.world import World, WorldOptions, fresh_folder

BOTH = {"kk", "ktp-el"}


def run(out: Path, *, by_itself: bool, screen: tuple[int, int]) -> int:
    """Bring everything up; exit status."""
    with fresh_folder() as folder:
        options = WorldOptions(folder, screen)
        return _play_by_itself(options, out) if by_itself else _stay_open(options)


def has_display() -> bool:
    return bool(os.environ.get("DISPLAY")) and os.environ.get("DEMO") != "auto"


# -- by itself


def _play_by_itself(options: WorldOptions, out: Path) -> int:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    steps = _Steps()
    failure = ""
    report: dict[str, Any] = {}
    try:
        with Stage(replace(options, thanks_s=60.0), None, out / "layar", steps.say) as stage:
            try:
                play(stage, load("whole-road"))
            except AssertionError as error:
                failure = str(error)
                _keep_logs(stage.world, out)
            report = _report(stage)
            _keep_what_came_out(stage.world, out)
    except ProcessFailedError as error:
        failure = str(error)
    report |= {"steps": steps.taken, "seconds": steps.seconds}
    report["ok"], report["failure"] = _verdict(report, failure, out)
    (out / "report.json").write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8")
    click.echo(f"Hasil ada di {out}/" if report["ok"] else f"GAGAL: {report['failure']}")
    return 0 if report["ok"] else 1


class _Steps:
    """A progress line for each step, with the time since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.taken: list[dict[str, Any]] = []

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._began, 1)

    def say(self, text: str) -> None:
        self.taken.append({"at_s": self.seconds, "step": text})
        click.echo(f"[{self.seconds:6.1f} s] {text}")


def _spent(world: World) -> set[str]:
    permits = world.hand("dinas").state()["permits"].values()
    return {permit["document"] for permit in permits if permit["state"] == "printed"}


def _report(stage: Stage) -> dict[str, Any]:
    permits = stage.world.hand("dinas").state()["permits"]
    try:
        attempts = stage.kiosk.attempts()
    except sqlite3.Error:
        attempts = []
    documents = [_document(attempt, permits) for attempt in attempts]
    return {"documents": documents, "permits_spent": sorted(_spent(stage.world))}


def _document(attempt: dict[str, Any], permits: dict[str, Any]) -> dict[str, Any]:
    times = [datetime.fromisoformat(phase["at"]) for phase in attempt["phases"]]
    phases = [
        {"phase": phase["phase"], "actor": phase["actor"], "at_s": round((at - times[0]).total_seconds(), 3)}
        for phase, at in zip(attempt["phases"], times, strict=True)
    ]
    permit = permits.get(attempt["permit_id"], {})
    return {
        "document": attempt["document"],
        "end": attempt["phase"],
        "permit": permit.get("state"),
        "seconds": phases[-1]["at_s"] if phases else 0,
        "phases": phases,
    }


def _verdict(report: dict[str, Any], failure: str, out: Path) -> tuple[bool, str]:
    taken = {d["document"] for d in report.get("documents", []) if d["end"] == "taken" and d["permit"] == "printed"}
    missing = [name for name in ("kk.pdf", "kk-1.png", "ktp-el-front.png", "receipt.png") if not (out / name).exists()]
    if failure:
        return False, failure
    if taken != BOTH:
        return False, f"taken and spent: {sorted(taken)}"
    return not missing, f"did not come out: {missing}" if missing else ""


def _keep_what_came_out(world: World, out: Path) -> None:
    """The documents as the printers received them, and the receipt.

    A family card lies, and the card goes through its printer upright: both pictures are turned, for reading only.
    """
    papers, cards = (Path(world.where[device]["folder"]) for device in ("paper", "card"))
    for pdf in sorted(papers.rglob("*.pdf"))[:1]:
        shutil.copyfile(pdf, out / "kk.pdf")
    for number, picture in enumerate(sorted(papers.rglob("*.png")), start=1):
        _turned(picture, out / f"kk-{number}.png")
    for picture in sorted(cards.rglob("*.png"))[:1]:
        _turned(picture, out / "ktp-el-front.png")
    for picture in sorted(Path(world.where["receipt"]["receipts"]).glob("*.png"))[-1:]:
        shutil.copyfile(picture, out / "receipt.png")


def _turned(source: Path, target: Path) -> None:
    with Image.open(source) as picture:
        picture.transpose(Image.Transpose.ROTATE_270).save(target, optimize=True)


def _keep_logs(world: World, out: Path) -> None:
    """Only after a failure, and only of this run."""
    shutil.copytree(world.logs, out / "logs", dirs_exist_ok=True)


# -- for a person to play with


def _stay_open(options: WorldOptions) -> int:
    stage = Stage(options, os.environ["DISPLAY"], say=lambda text: click.echo(text))
    with stage:
        panel = Panel(stage.world.where, LiveScreen(stage.display.name, stage.kiosk.screen_pid))
        panel.start()
        pages = stage.world.where["dinas"]["pages"]
        click.echo(f"\nMeja Dinas (setujui permohonan): {pages}/meja")
        click.echo(f"Telepon pemohon (baca PIN):      {pages}/telepon")
        click.echo(f"NIK untuk dicoba:                {stage.world.where['dinas']['demo_nik']}")
        click.echo(f"Panel mesin (ambil kartu, isi kertas): {panel.url}")
        click.echo("Tutup jendela kios atau tekan Ctrl-C untuk berhenti.")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            while stage.kiosk.screen and stage.kiosk.screen.running:
                time.sleep(0.5)
        except KeyboardInterrupt:
            click.echo("Berhenti.")
        finally:
            panel.close()
    return 0
