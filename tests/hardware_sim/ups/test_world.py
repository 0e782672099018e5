"""The UPS as a process, and its acts, seen by NUT's own client."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware_sim.control import Hand

pytestmark = pytest.mark.devices


@pytest.fixture
def where(tmp_path: Path) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "hardware_sim.ups", "--dir", str(tmp_path / "nut")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.terminate()
    process.stdout.close()
    assert process.wait(10) == 0
    assert running_from(tmp_path) == []


def running_from(directory: Path) -> list[str]:
    """Programs that were given this directory, by their environment."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if f"NUT_CONFPATH={directory}".encode() in (process / "environ").read_bytes():
                found.append((process / "comm").read_text())
        except OSError:
            continue
    return found


def test_upsc_sees_what_the_hand_does(where: dict[str, Any]) -> None:
    hand, ups = Hand(where["control"]), where["ups"]

    def upsc(variable: str) -> str:
        command = ["upsc", f"{ups['name']}@{ups['host']}:{ups['port']}", variable]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout.strip()

    def until(variable: str, value: str) -> None:
        deadline = time.monotonic() + 10
        while upsc(variable) != value and time.monotonic() < deadline:
            time.sleep(0.05)
        assert upsc(variable) == value

    until("ups.status", "OL")
    hand.do("battery", charge=55)
    until("ups.status", "OB DISCHRG")
    assert upsc("battery.charge") == "55"
    assert hand.do("stop_upsd")["upsd"] is False
    assert upsc("ups.status") == ""
    hand.do("start_upsd")
    until("ups.status", "OB DISCHRG")
