"""The tracer counts through all threads, kills before the call is done, and sees what strace sees."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import tracer
from tracer import Orders

pytestmark = pytest.mark.skipif(not tracer.AVAILABLE, reason="the tracer knows the system calls of x86_64")

PROGRAM = """
import os, sqlite3, sys, threading
def work(name):
    ledger = sqlite3.connect(name, isolation_level=None)
    ledger.execute("PRAGMA journal_mode=TRUNCATE")
    ledger.execute("CREATE TABLE t (n)")
    ledger.execute("INSERT INTO t VALUES (1)")
    open(name + ".done", "x").close()
for name in sys.argv[1:]:
    thread = threading.Thread(target=work, args=(name,))
    thread.start()
    thread.join()
"""


def traced(folder: Path, orders: Orders, *names: str) -> tuple[int, list[str]]:
    """Wait status as subprocess gives it, and the calls that counted."""
    log = folder / "points.log"
    command = [sys.executable, tracer.__file__, str(orders.path), str(log), sys.executable, "-c", PROGRAM, *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=60)
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if not line.startswith("end")]
    return done.returncode, lines


def names_of(lines: list[str]) -> list[str]:
    return [line.split()[1] for line in lines]


def test_it_sees_the_calls_that_strace_sees(tmp_path: Path) -> None:
    orders = Orders(tmp_path / "orders")
    orders.arm()
    _, lines = traced(tmp_path, orders, "one")
    (tmp_path / "again").mkdir()
    seen = tmp_path / "strace.log"
    calls = ",".join(tracer.NAMES.values())
    command = ["strace", "-f", "-o", str(seen), "-e", f"trace={calls}", sys.executable, "-c", PROGRAM, "one"]
    subprocess.run(command, cwd=tmp_path / "again", check=True, timeout=60)
    by_strace = [
        call[1]
        for line in seen.read_text(encoding="utf-8").splitlines()
        if (call := re.match(r"\d+ +(\w+)\(", line))
        and (call[1] != "openat" or "O_CREAT" in line or "O_TRUNC" in line)
        and call[1] != "ioctl"
    ]

    assert names_of(lines) == by_strace
    assert len(lines) > 20


def test_one_count_goes_through_all_threads(tmp_path: Path) -> None:
    orders = Orders(tmp_path / "orders")
    orders.arm()
    _, lines = traced(tmp_path, orders, "one", "two")

    assert [int(line.split()[0]) for line in lines] == list(range(1, len(lines) + 1))
    assert {line.split()[2].partition(".")[0] for line in lines if "pwrite64" in line} == {
        "one-journal",
        "one",
        "two-journal",
        "two",
    }


def test_a_kill_comes_before_the_call(tmp_path: Path) -> None:
    orders = Orders(tmp_path / "orders")
    orders.arm()
    _, lines = traced(tmp_path, orders, "one")
    last_open = max(i for i, name in enumerate(names_of(lines), 1) if name == "openat")
    (tmp_path / "one.done").unlink()
    (tmp_path / "one").unlink()

    orders.arm(last_open)
    status, lines = traced(tmp_path, orders, "one")

    assert status == -signal.SIGKILL
    assert orders.met
    assert not (tmp_path / "one.done").exists()


def test_a_call_fails_once_with_that_error(tmp_path: Path) -> None:
    orders = Orders(tmp_path / "orders")
    orders.arm(3, error=errno.ENOSPC, disk=True)
    status, _ = traced(tmp_path, orders, "one")

    assert orders.met
    assert not (tmp_path / "one.done").exists()  # SQLite told of it
    assert status == 0  # the thread's exception is not the process'
    assert os.path.getsize(tmp_path / "one") == 0  # noqa: PTH202  # one word


def test_what_is_not_armed_counts_nothing(tmp_path: Path) -> None:
    status, lines = traced(tmp_path, Orders(tmp_path / "orders"), "one")

    assert (status, lines) == (0, [])
