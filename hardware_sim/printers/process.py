"""Start and stop the printers' process, for tests, the demo and the world."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from hardware_sim.control import Hand
from hardware_sim.printers.config import PrintersConfig
from hardware_sim.printers.store import read_ledger

START_S = 15.0


class PrintersProcess:
    """The printers in a process of their own.

    After ``start``, ``where`` has name -> {uri, control, folder}. A second start uses the same ports, counters and
    stock: the machine was there all the time.
    """

    def __init__(self, config: PrintersConfig) -> None:
        self._config = config
        self._process: subprocess.Popen[str] | None = None
        self.where: dict[str, dict[str, str]] = {}

    def start(self) -> None:
        self._config.folder.mkdir(parents=True, exist_ok=True)
        file = self._config.folder / "printers.json"
        file.write_text(json.dumps(self._described(), default=str))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hardware_sim.printers", "--config", str(file)], stdout=subprocess.PIPE, text=True
        )
        if self._process.stdout is None or not select.select([self._process.stdout], [], [], START_S)[0]:
            self.stop()
            raise TimeoutError(f"the printers did not start within {START_S:g} s")
        line = self._process.stdout.readline()
        if not line:
            raise ChildProcessError(f"the printers ended with {self._process.wait(5)}")
        self.where = json.loads(line)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut of the whole cabinet."""
        self._end(signal.SIGKILL)

    def send_signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def hand(self, name: str) -> Hand:
        """A hand on the printer of that name."""
        return Hand(self.where[name]["control"])

    def ledger(self, name: str, event: str | None = None) -> list[dict[str, Any]]:
        """What the printer's ledger says, of one kind of event or of all."""
        lines = read_ledger(Path(self.where[name]["folder"]) / "ledger.jsonl")
        return [line for line in lines if event is None or line["event"] == event]

    def sheets(self, job_name: str, name: str) -> int:
        """How many sheets or cards of that job came out: the oracle."""
        return sum(line["name"] == job_name for line in self.ledger(name, "sheet"))

    def __enter__(self) -> PrintersProcess:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()

    def _described(self) -> dict[str, Any]:
        described = asdict(self._config)
        for printer in described["printers"]:
            known = self.where.get(printer["name"])
            if known:
                printer["port"] = int(known["uri"].split(":")[2].partition("/")[0])
                printer["control_port"] = int(known["control"].rpartition(":")[2])
        return described

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGCONT)  # a frozen one hears nothing else
        process.send_signal(number)
        deadline = time.monotonic() + 5
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
