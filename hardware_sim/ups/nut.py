"""A private upsd with one dummy UPS: its own configuration, sockets and port, in one directory. No system service.

dummy-ups reads the variables from a file whenever the file's time changes, once a second.
"""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

UPSD = "/lib/nut/upsd"  # the one on the path is Debian's wrapper, which asks /etc/nut for leave
DUMMY = "/lib/nut/dummy-ups"
UPS = "adm"
START_WITHIN_S = 15.0
STOP_WITHIN_S = 5.0


class SimulatedUps:
    """On mains and full, until a hand does something."""

    def __init__(self, directory: Path) -> None:
        self._etc = directory / "etc"
        self._run = directory / "run"
        self._file = directory / "ups.dev"
        self._log = directory / "nut.log"
        self._file_time = int(time.time())
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._said: dict[str, str] = {}
        for folder in (self._etc, self._run):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def start(self) -> None:
        """Start the driver and upsd; returns when upsd serves what the driver says."""
        self._write(
            "ups.conf", f'pollinterval = 1\n[{UPS}]\ndriver = dummy-ups\nport = "{self._file}"\nmode = dummy-once\n'
        )
        self._write("upsd.conf", f"LISTEN 127.0.0.1 {self.port}\nMAXAGE 5\n")
        self._write("upsd.users", "")
        self.mains()
        self.plug()
        self.start_upsd()

    def close(self) -> None:
        self.stop_upsd()
        self.unplug()

    def state(self) -> dict[str, Any]:
        return {
            "port": self.port,
            "variables": self._said,
            "plugged": "dummy-ups" in self._processes,
            "upsd": "upsd" in self._processes,
        }

    # -- what happens to the power

    def mains(self, charge: int = 100) -> None:
        """The mains is there."""
        self.say(
            **{"ups.status": "OL" if charge == 100 else "OL CHRG", "battery.charge": charge, "battery.runtime": 1800}
        )

    def battery(self, charge: int = 80, runtime: int = 1200) -> None:
        """The mains is gone."""
        self.say(**{"ups.status": "OB DISCHRG", "battery.charge": charge, "battery.runtime": runtime})

    def low(self, charge: int = 9, runtime: int = 60) -> None:
        """The battery will end soon."""
        self.say(**{"ups.status": "OB DISCHRG LB", "battery.charge": charge, "battery.runtime": runtime})

    def say(self, **variables: object) -> None:
        """Have the UPS say these variables and no others."""
        said = {name: str(value) for name, value in variables.items()}
        fresh = self._file.with_suffix(".new")
        fresh.write_text("".join(f"{name}: {value}\n" for name, value in said.items()))
        self._file_time = max(self._file_time + 1, int(time.time()))  # it is compared in whole seconds
        os.utime(fresh, (self._file_time, self._file_time))
        fresh.replace(self._file)
        gone = self._said.keys() - said.keys()
        self._said = said
        if gone and "dummy-ups" in self._processes:  # the driver forgets a variable only at its end (seen in 2.8.0)
            self.unplug()
            self.plug()

    # -- what goes wrong

    def plug(self) -> None:
        """Connect the UPS: its driver runs, and upsd (where it runs) has heard it. NUT itself takes 3 s for that."""
        if "dummy-ups" not in self._processes:
            self._run_program("dummy-ups", DUMMY, "-a", UPS)
            self._wait_until((self._run / f"dummy-ups-{UPS}").exists, "dummy-ups")
            if "upsd" in self._processes and "ups.status" in self._said:
                self._wait_until(self._heard, "dummy-ups")

    def unplug(self) -> None:
        """Pull the UPS' cable: its driver ends, and upsd says so."""
        self._end("dummy-ups")

    def start_upsd(self) -> None:
        if "upsd" not in self._processes:
            self._run_program("upsd", UPSD)
            self._wait_until(self._listening, "upsd")

    def stop_upsd(self) -> None:
        """End upsd: its connections are cut."""
        self._end("upsd")

    def kill_upsd(self) -> None:
        self._end("upsd", kill=True)

    def repair(self) -> None:
        """On mains and full, driver and upsd there."""
        self.start_upsd()
        self.plug()
        self.mains()

    # -- processes

    def _write(self, name: str, text: str) -> None:
        file = self._etc / name
        file.write_text(text)
        file.chmod(0o600)

    def _run_program(self, name: str, *command: str) -> None:
        env = {
            **os.environ,
            "NUT_CONFPATH": str(self._etc),
            "NUT_STATEPATH": str(self._run),
            "NUT_ALTPIDPATH": str(self._run),
        }
        with self._log.open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [*command, "-F", "-u", getpass.getuser()], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env
            )

    def _end(self, name: str, *, kill: bool = False) -> None:
        process = self._processes.pop(name, None)
        if process is None:
            return
        (process.kill if kill else process.terminate)()
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _listening(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _heard(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
            line.sendall(f"GET VAR {UPS} ups.status\n".encode())
            return f'"{self._said["ups.status"]}"'.encode() in line.recv(1024)

    def _wait_until(self, true: Any, name: str) -> None:
        until = time.monotonic() + START_WITHIN_S
        while not true():
            if self._processes[name].poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} did not start: {self._log.read_text()[-2000:]}")
            time.sleep(0.02)
