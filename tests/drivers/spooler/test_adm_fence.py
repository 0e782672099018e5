"""The fencing backend as a program, started as cupsd starts it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from drivers.claims import Claim, Claims
from drivers.spooler import adm_fence


class Backends:
    """A ServerBin with the fence and a backend "ipp" that notes each run."""

    def __init__(self, folder: Path, port: int) -> None:
        self.claims = folder / "claims"
        self.claims.mkdir()
        self.runs = folder / "runs"
        self.uri = f"adm-fence:/ipp://127.0.0.1:{port}/ipp/print"
        (folder / "etc").mkdir()
        (folder / "etc" / "adm-fence.conf").write_text(f"{self.claims}\n")
        backend = folder / "bin" / "backend"
        backend.mkdir(parents=True)
        (backend / "ipp").write_text(f'#!/bin/sh\necho "$DEVICE_URI|$1|$3|$(cat)" >> {self.runs}\n')
        (backend / "ipp").chmod(0o755)
        self._environment = {
            "PATH": os.environ["PATH"],
            "CUPS_SERVERROOT": str(folder / "etc"),
            "CUPS_SERVERBIN": str(folder / "bin"),
        }

    def run(
        self, *arguments: str, uri: str | None = None, below: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*below, sys.executable, "-IS", adm_fence.__file__, *arguments],
            env={**self._environment, "DEVICE_URI": uri or self.uri},
            input="pages",
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-IS", adm_fence.__file__, *arguments],
            env={**self._environment, "DEVICE_URI": self.uri},
            stdin=subprocess.DEVNULL,
        )

    def send(self, attempt_id: str, **more: str) -> int:
        return self.run("7", "user", attempt_id, "1", "job-uuid=x", **more).returncode

    def sent(self) -> list[str]:
        return self.runs.read_text().splitlines() if self.runs.exists() else []


@pytest.fixture
def backends(tmp_path: Path) -> Iterator[Backends]:
    with socket.create_server(("127.0.0.1", 0)) as printer:
        yield Backends(tmp_path, printer.getsockname()[1])


def test_the_first_run_claims_and_becomes_the_real_backend(backends: Backends) -> None:
    assert backends.send("attempt-1") == 0
    assert backends.sent() == [f"{backends.uri.partition(':/')[2]}|7|attempt-1|pages"]
    assert Claims(backends.claims).read("attempt-1") is Claim.FENCE


def test_the_kiosk_can_read_a_claim_that_was_made_under_the_umask_of_cupsd(backends: Backends) -> None:
    backends.run("7", "user", "attempt-1", "1", "job-uuid=x", below=["sh", "-c", 'umask 077; exec "$0" "$@"'])

    assert (backends.claims / "attempt-1").stat().st_mode & 0o777 == 0o640


def test_the_claim_tells_whether_its_backend_still_lives(backends: Backends) -> None:
    """Whatever ends the real backend: the lock goes over the exec, and the kernel gives it back."""
    backend = backends.claims.parent / "bin" / "backend" / "ipp"
    backend.write_text("#!/bin/sh\nexec sleep 60\n")
    sender = backends.begin("7", "user", "attempt-1", "1", "")
    claims = Claims(backends.claims)
    deadline = time.monotonic() + 10
    while claims.sender_gone("attempt-1") is None or not _is(sender.pid, "sleep"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert claims.sender_gone("attempt-1") is False
    sender.kill()
    sender.wait()
    assert claims.sender_gone("attempt-1") is True


def _is(pid: int, program: str) -> bool:
    return Path(f"/proc/{pid}/comm").read_text().strip() == program


def test_of_a_claim_without_a_lock_nothing_is_known_of_its_sender(tmp_path: Path) -> None:
    claims = Claims(tmp_path)
    claims.take("attempt-1", "evolis")
    claims.revoke("attempt-2")
    (tmp_path / "attempt-3").touch()  # the fence has only just made it
    assert [claims.sender_gone(f"attempt-{n}") for n in range(1, 5)] == [None] * 4


def test_the_second_run_is_held_and_sends_nothing(backends: Backends) -> None:
    backends.send("attempt-1")
    assert backends.send("attempt-1") == adm_fence.HOLD
    assert len(backends.sent()) == 1


def test_of_many_runs_at_once_one_sends(backends: Backends) -> None:
    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(backends.send, ["attempt-1"] * 6))
    assert codes == [0] + [adm_fence.HOLD] * 5
    assert len(backends.sent()) == 1


def test_a_revoked_attempt_is_never_sent(backends: Backends) -> None:
    assert Claims(backends.claims).revoke("attempt-1") is Claim.REVOKED
    assert backends.send("attempt-1") == adm_fence.HOLD
    assert backends.sent() == []


def test_a_sent_attempt_cannot_be_revoked(backends: Backends) -> None:
    backends.send("attempt-1")
    assert Claims(backends.claims).revoke("attempt-1") is Claim.FENCE


@pytest.mark.parametrize("title", ["", "../attempt", "attempt 1", "a" * 65, "."])
def test_a_title_that_is_no_attempt_is_cancelled(backends: Backends, title: str) -> None:
    assert backends.send(title) == adm_fence.CANCEL
    assert backends.sent() == []


def test_a_printer_that_is_away_makes_no_claim(backends: Backends) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert backends.send("attempt-1", uri=f"adm-fence:/ipp://127.0.0.1:{port}/ipp/print") == adm_fence.FAILED
    assert Claims(backends.claims).read("attempt-1") is Claim.NONE


def test_without_a_durable_claim_the_queue_is_stopped(backends: Backends) -> None:
    backends.claims.rmdir()
    assert backends.send("attempt-1") == adm_fence.STOP
    assert backends.sent() == []
    assert Claims(backends.claims).read("attempt-1") is Claim.UNREADABLE
    assert Claims(backends.claims).revoke("attempt-1") is Claim.UNREADABLE


def test_discovery_names_the_fence(backends: Backends) -> None:
    found = backends.run()
    assert (found.returncode, found.stdout.split()[:2]) == (0, ["direct", "adm-fence"])


@pytest.mark.skipif(shutil.which("strace") is None, reason="the order of system calls is seen with strace")
def test_the_claim_is_on_the_disk_before_the_backend_runs(backends: Backends, tmp_path: Path) -> None:
    """Seen from outside, in the order of the system calls: fsync of file and folder, then exec."""
    trace = tmp_path / "trace"
    below = ["strace", "-o", str(trace), "-e", "trace=openat,fsync,execve"]
    backends.run("7", "user", "attempt-1", "1", "", below=below)
    calls = [
        line for line in trace.read_text().splitlines() if "attempt-1" in line or "fsync" in line or "/ipp" in line
    ]
    names = [line.partition("(")[0] for line in calls]
    assert names[names.index("fsync") - 1 :][:4] == ["openat", "fsync", "fsync", "execve"]


def test_two_hands_cannot_both_have_a_claim(tmp_path: Path) -> None:
    """Fence and driver at the same moment, many times: exactly one of them wins."""
    claims = Claims(tmp_path)
    for n in range(200):
        name = f"attempt-{n}"
        won: list[str] = []
        barrier = threading.Barrier(2)

        def fence(name: str = name, won: list[str] = won, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            try:
                os.close(os.open(tmp_path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
                won.append("fence")
            except FileExistsError:
                pass

        thread = threading.Thread(target=fence)
        thread.start()
        barrier.wait()
        if claims.revoke(name) is Claim.REVOKED:
            won.append("driver")
        thread.join()
        assert len(won) == 1
