"""Processes of the simulated world: started with a log of their own, awaited until ready, ended by id."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

START_WITHIN_S = 30.0  # a cold Python with all imports on a loaded machine of two cores
STOP_WITHIN_S = 8.0


class ProcessFailedError(Exception):
    """A process of the world did not come up, or died; the text holds the end of its log."""


class WorldProcess:
    """One child in a process group of its own; what it prints is in ``LOGS/NAME.out``, its log in ``LOGS/NAME.log``.

    ``stdin`` is a file descriptor that the child gets as its input: a listening socket, for instance.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        logs: Path,
        env: Mapping[str, str] | None = None,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        self.name = name
        self.log_path = logs / f"{name}.log"
        self.output_path = logs / f"{name}.out"
        logs.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log, self.output_path.open("wb") as output:
            self._process = subprocess.Popen(
                list(command),
                stdin=stdin,
                stdout=output,
                stderr=log,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def first_line(self, within: float = START_WITHIN_S) -> str:
        """Wait for the first line that it prints: where it is to be found, once it is ready."""
        self.wait_until(lambda: "\n" in self._output(), within, "it did not say that it is ready")
        return self._output().splitlines()[0]

    def first_json(self, within: float = START_WITHIN_S) -> dict[str, Any]:
        """The same, where that line is JSON."""
        value: dict[str, Any] = json.loads(self.first_line(within))
        return value

    def wait_until(self, true: Callable[[], bool], within: float, complaint: str) -> None:
        deadline = time.monotonic() + within
        while not true():
            if not self.running:
                raise ProcessFailedError(f"{self.name} ended with {self._process.returncode}\n{self._tail()}")
            if time.monotonic() > deadline:
                raise ProcessFailedError(f"{self.name}: {complaint} within {within:g} s\n{self._tail()}")
            time.sleep(0.02)

    def wait(self, within: float) -> int:
        """Wait for the process to end by itself; its exit status."""
        return self._process.wait(within)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.send_signal(signal.SIGKILL)
        self._process.wait(STOP_WITHIN_S)

    def stop(self) -> None:
        """Ask it to end, and end it with its children when it does not."""
        self.send_signal(signal.SIGCONT)  # a frozen one hears nothing else
        self.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.send_signal(signal.SIGKILL)
            self._process.wait(STOP_WITHIN_S)

    def send_signal(self, number: int) -> None:
        """Send a signal to the process and its children."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _output(self) -> str:
        return self.output_path.read_text(encoding="utf-8", errors="replace")

    def _tail(self) -> str:
        return "\n".join(self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()[-30:])
