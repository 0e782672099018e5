"""A stock ``ippeveprinter`` (cups-ipp-utils): a printer that we did not write, so that ours are no special case."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hardware_sim.processes import WorldProcess

START_WITHIN_S = 10.0


@dataclass(frozen=True)
class StockPrinter:
    """Where it is, and the folder of what it received."""

    uri: str
    received: Path


@contextmanager
def stock_printer(*, counts: bool = True) -> Iterator[StockPrinter]:
    """Run one; ``counts``: it says how many sheets came out. Its avahi client gets a bus of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adm-ie-")))
        folder.chmod(0o711)
        path = {"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
        bus = f"unix:path={folder}/bus"
        command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={bus}"]
        stack.callback(WorldProcess("dbus", command, folder / "logs", path).stop)
        _wait((folder / "bus").exists)
        received = folder / "received"
        received.mkdir()
        port = _free_port()
        command = ["ippeveprinter", "-r", "off", "-n", "localhost", "-p", str(port), "-d", str(received), "-k"]
        command += [
            "-c",
            str(_print_command(folder, counts=counts)),
            "-f",
            "application/pdf,image/urf,image/pwg-raster",
        ]
        environment = {**path, "DBUS_SYSTEM_BUS_ADDRESS": bus}
        stack.callback(WorldProcess("ippeveprinter", [*command, "Stock printer"], folder / "logs", environment).stop)
        _wait(lambda: _answers(port))
        yield StockPrinter(f"ipp://localhost:{port}/ipp/print", received)


def _print_command(folder: Path, *, counts: bool) -> Path:
    """What it runs for each document; without one it sleeps 5 to 15 s by chance."""
    command = folder / "print"
    tells = "echo 'ATTR: job-impressions-completed=1' >&2\n" if counts else ""
    command.write_text(f"#!/bin/sh\nsleep 0.2\n{tells}exit 0\n", encoding="utf-8")
    command.chmod(0o755)
    return command


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"ippeveprinter did not start within {START_WITHIN_S:g} s")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
