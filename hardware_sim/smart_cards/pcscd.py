"""A private pcscd with virtual readers, beside the machine's own and beside those of other worlds.

Clients find it through ``PCSCLITE_CSOCK_NAME=Pcscd.socket`` in their environment, set before they first use PC/SC.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

log = logging.getLogger(__name__)

VIRTUAL_READER_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
START_WITHIN_S = 10.0
END_WITHIN_S = 2.0  # a pcscd whose card hangs does not end by itself
FIRST_PORT = 10_000
LOCAL_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
LONGEST_SOCKET_PATH = 107  # sun_path of unix(7)


class PcscdError(Exception):
    """The private pcscd cannot be started; the text says what is missing."""


class Pcscd:
    """One pcscd under ``directory`` with a reader for each name. ``ports`` says where the card of a reader connects."""

    def __init__(self, directory: Path, readers: list[str]) -> None:
        self.directory = directory.resolve()
        self.readers = readers
        self.ports: dict[str, int] = {}
        self.unplugged: set[str] = set()
        self._process: subprocess.Popen[bytes] | None = None
        # pcscd ends with the thread that started it (prctl(2), PR_SET_PDEATHSIG): not one of the control's short ones.
        self._spawner = ThreadPoolExecutor(1, "pcscd spawner")

    @property
    def socket(self) -> Path:
        return self.directory / "run" / "pcscd.comm"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Write the readers' configuration, start pcscd and wait until it answers. Raises PcscdError."""
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET_PATH:
            raise PcscdError(f"{self.socket}: too long a path for a socket; choose a shorter directory")
        for program in ("pcscd", "unshare"):
            if shutil.which(program, path=_path()) is None:
                raise PcscdError(f"{program} is missing (Debian packages pcscd, util-linux)")
        if not VIRTUAL_READER_DRIVER.exists():
            raise PcscdError(f"{VIRTUAL_READER_DRIVER} is missing (Debian package vsmartcard-vpcd)")
        self._configure()
        self._spawn()

    def stop(self) -> None:
        """End pcscd and reap it, at latest after END_WITHIN_S."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._forget()

    def kill(self) -> None:
        """Let it die without a word (kill -9), and reap it: a zombie of that pid keeps the next one from starting."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._forget()

    def restart(self) -> None:
        """Start again after stop() or kill(), on the same ports."""
        if self._process is None:
            self._spawn()

    def _forget(self) -> None:
        self._process = None
        for name in ("pcscd.comm", "pcscd.pid"):
            (self.directory / "run" / name).unlink(missing_ok=True)

    def unplug(self, reader: str) -> None:
        """Take a reader away. pcscd keeps a configured reader as long as it runs, so it is started again without it."""
        if reader not in self.unplugged:
            self._change_readers(self.unplugged | {reader})

    def plug(self, reader: str) -> None:
        """Bring an unplugged reader back, on the same port."""
        if reader in self.unplugged:
            self._change_readers(self.unplugged - {reader})

    def _change_readers(self, unplugged: set[str]) -> None:
        self.unplugged = unplugged
        self._write_readers()
        if self._process is not None:
            self.stop()
            self.restart()

    def _configure(self) -> None:
        for folder in ("run", "readers", "drivers", "no-drivers"):
            (self.directory / folder).mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(self.readers):
            # The driver keeps one static table of slots for each loaded file: each reader needs a file of its own.
            shutil.copyfile(VIRTUAL_READER_DRIVER, self._library(number))
            self.ports[name] = _free_pair_of_ports(taken=set(self.ports.values()))
        self._write_readers()

    def _library(self, number: int) -> Path:
        return self.directory / "drivers" / f"libifdvpcd-{number}.so"

    def _write_readers(self) -> None:
        entries = [
            f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:{self.ports[name]}\nLIBPATH {self._library(number)}\n'
            f"CHANNELID {self.ports[name]}\n"
            for number, name in enumerate(self.readers)
            if name not in self.unplugged
        ]
        (self.directory / "readers" / "virtual").write_text("\n".join(entries), encoding="utf-8")

    def _spawn(self) -> None:
        inside = [sys.executable, "-m", "hardware_sim.smart_cards.enclosure", str(self.directory)]
        daemon = ["pcscd", "-f", "-e", "-c", str(self.directory / "readers"), *_polkit_option()]
        unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
        with (self.directory / "pcscd.log").open("ab") as output:
            self._process = self._spawner.submit(
                subprocess.Popen,
                [*unshare, *inside, *daemon],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "PATH": _path()},
                start_new_session=True,  # Ctrl-C at the terminal is for the simulator, which then ends pcscd in order
            ).result()
        deadline = time.monotonic() + START_WITHIN_S
        while not _answers(self.socket):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                text = (self.directory / "pcscd.log").read_text(errors="replace")[-500:]
                raise PcscdError(f"pcscd did not start: {text}")
            time.sleep(0.02)


def _path() -> str:
    """The search path with the folders of daemons, which a plain user's PATH lacks on Debian."""
    return os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"


def _polkit_option() -> list[str]:
    """Debian 13's pcscd asks polkit who may talk to it, and refuses everyone where there is none."""
    text = subprocess.run(
        ["pcscd", "--help"], capture_output=True, text=True, check=False, timeout=10, env={"PATH": _path()}
    )
    return ["--disable-polkit"] if "disable-polkit" in text.stdout + text.stderr else []


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def _free_pair_of_ports(taken: set[int]) -> int:
    """A port that is free together with the next one: each virtual reader has two slots.

    Below those that the kernel gives to outgoing connections: one of them would keep a pcscd that was killed from
    starting its reader again.
    """
    lowest = int(LOCAL_PORTS.read_text(encoding="ascii").split()[0])
    for _ in range(100):
        port = random.randrange(FIRST_PORT, lowest - 1)
        if {port - 1, port, port + 1} & taken:
            continue
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("0.0.0.0", port))  # noqa: S104  # the driver listens on all addresses; so must the trial
                second.bind(("0.0.0.0", port + 1))  # noqa: S104  # as above
            except OSError:
                continue
            return port
    raise PcscdError("no two neighbouring ports are free")
