"""A file system tree with our files installed beside the machine's own units, as systemd's checkers want to see it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PROGRAMS_OF_OTHERS = ("opt/adm-kiosk/bin/adm-kiosk", "usr/lib/xorg/Xorg")


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    subprocess.run([PROJECT / "scripts" / "install-files", root], check=True, stdin=subprocess.DEVNULL)
    # Debian 12 looks for units below /lib, Debian 13 below /usr/lib; each is the other on their machines, and here.
    shutil.copytree("/lib/systemd/system", root / "usr/lib/systemd/system", symlinks=True)
    (root / "lib").symlink_to("usr/lib")
    # Verify looks whether the programs are there; these come from packages or from pip, so a file stands for each.
    for name in (*PROGRAMS_OF_OTHERS, *_programs_of_cups_and_pcscd()):
        program = root / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return root


def _programs_of_cups_and_pcscd() -> list[str]:
    units = [Path(f"/lib/systemd/system/{name}.service").read_text() for name in ("cups", "pcscd")]
    commands = (line for unit in units for line in unit.splitlines() if line.startswith(("ExecStart=", "ExecReload=")))
    return [command.split("=", 1)[1].split()[0].lstrip("/") for command in commands]
