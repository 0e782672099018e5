"""A kiosk without devices, whose Dinas is not there: its files, its engine, and who listens to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from hardware_sim.dinas.ca import Authority
from kiosk.protocol import Show, decode_show
from kiosk.settings import Settings, load

CONFIG = Path(__file__).resolve().parents[3] / "config"
PATIENCE_S = 30.0


class LittleKiosk:
    """Its files may be spoiled before ``start``, or before ``settings`` for an engine in this process."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.folder = folder
        certificate, key = authority.kiosk_certificate("adm-uji-1")
        copies = {"kiosk.pem": certificate, "kiosk.key": key, "ca.pem": authority.root_path("tls")}
        copies |= {"documents.pem": authority.root_path("document"), "cards.pem": authority.root_path("card")}
        copies |= {"documents.toml": CONFIG / "documents.toml"}
        copies |= {f"card_layouts/{path.name}": path for path in (CONFIG / "card_layouts").glob("*.toml")}
        (folder / "card_layouts").mkdir()
        for name, source in copies.items():
            (folder / name).write_bytes(source.read_bytes())
        self.tables: dict[str, dict[str, Any]] = {
            "site": {"name": "Anjungan Uji", "help": "Loket 1"},
            "paths": {"state": "state", "runtime": "run"},
            "dinas": {"url": "https://127.0.0.1:9", "ca": "ca.pem", "certificate": "kiosk.pem", "key": "kiosk.key"},
            "trust": {"document_roots": ["documents.pem"], "card_roots": ["cards.pem"]},
            "documents": {"catalogue": "documents.toml", "card_layouts": "card_layouts"},
            "spooler": {"server": "/nowhere/cups.sock", "claims": "claims"},
        }
        self.supervisor = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.supervisor.bind(str(folder / "notify"))
        self.supervisor.settimeout(PATIENCE_S)
        self.engine: subprocess.Popen[bytes] | None = None

    def settings(self) -> Settings:
        """Write them, and read them as the engine does."""
        self._write_settings()
        return load(self.folder / "kiosk.toml")

    def start(self) -> subprocess.Popen[bytes]:
        self._write_settings()
        command = [sys.executable, "-m", "kiosk", "engine", "--settings", str(self.folder / "kiosk.toml")]
        environment = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify")}
        with (self.folder / "log").open("wb") as log:
            self.engine = subprocess.Popen(command, stderr=log, stdout=log, env=environment)
        return self.engine

    def _write_settings(self) -> None:
        lines = [
            f"[{name}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in t.items()) for name, t in self.tables.items()
        ]
        (self.folder / "kiosk.toml").write_text("\n".join(lines))

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def shown(self, wanted: Callable[[Show], bool]) -> Show:
        """Wait until the engine shows a screen what is wanted."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as screen:
                    screen.settimeout(PATIENCE_S)
                    screen.connect(str(self.folder / "run" / "screen.sock"))
                    with screen.makefile("rb") as lines:
                        for line in lines:
                            if wanted(show := decode_show(line)):
                                return show
            except (FileNotFoundError, ConnectionError):
                pass
            assert time.monotonic() < deadline, self.log
            assert self.engine is None or self.engine.poll() is None, self.log
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        assert self.engine is not None
        self.engine.send_signal(signal.SIGTERM)
        return self.engine.wait(PATIENCE_S)

    def audit(self) -> list[str]:
        with closing(sqlite3.connect(f"file:{self.folder}/state/ledger.sqlite3?mode=ro", uri=True)) as ledger:
            return [event for (event,) in ledger.execute("SELECT event FROM audit ORDER BY seq")]

    def close(self) -> None:
        if self.engine is not None and self.engine.poll() is None:
            self.engine.kill()
            self.engine.wait(PATIENCE_S)
        self.supervisor.close()
