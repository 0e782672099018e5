"""The disk below the ledger refuses: full at every write, read-only, broken. What was acknowledged is there afterwards,
nothing is half done, and the sentence names the file and the way out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.ledger.database import FILE, LOCK, Database
from kiosk.ledger.errors import LedgerFailedError, LedgerUnusableError
from kiosk.ledger.events import LoggedOut
from kiosk.ledger.invariants import violations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

PAGE = 4096
PERMIT = "0198f1de-0000-4000-8000-000000000001"
ROAD = [Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING, Phase.PRESENTED, Phase.TAKEN]


@contextmanager
def mounted(where: Path, *arguments: str) -> Iterator[Path]:
    """A file system of the test's own; skips where that cannot be had."""
    where.mkdir()
    command = ["mount", *arguments, str(where)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount here ({' '.join(command)}: {done.stderr.strip()})")
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=True)  # a failed test may hold files open


@pytest.fixture(params=["tmpfs", "ext4"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB."""
    if request.param == "tmpfs":
        with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as where:
            yield where
        return
    image = tmp_path / "image"
    image.write_bytes(bytes(1 << 20))
    subprocess.run(["mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0", str(image)], check=True, capture_output=True)
    with mounted(tmp_path / "disk", "-o", "loop", str(image)) as where:
        yield where


def fill(disk: Path, leave_pages: int) -> None:
    """All of the disk but so many pages."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"\xff" * PAGE)
        except OSError:
            filler.truncate(max(0, filler.tell() - leave_pages * PAGE))


async def visit(ledger: Ledger) -> list[Phase]:
    """One attempt; the phases that were acknowledged before the disk gave up."""
    acknowledged: list[Phase] = []
    try:
        attempt = await ledger.reserve(permit_id=PERMIT, document="kk", medium="a4", device="paper", actor="applicant")
        acknowledged.append(attempt.phase)
        for phase in ROAD:
            await ledger.advance(attempt.attempt_id, phase, "applicant")
            acknowledged.append(phase)
    except LedgerFailedError as error:
        told = str(error)
        if FILE not in told or "the disk is full; make room" not in told:
            raise
    return acknowledged


async def until_refused(ledger: Ledger) -> None:
    for _ in range(100):
        await ledger.record(LoggedOut(actor="applicant"))


async def phases_in(folder: Path) -> list[Phase]:
    ledger = await Ledger.open(folder)
    [attempt] = await ledger.recent("paper", 2) or [None]
    found = [record.phase for record in await ledger.history(attempt.attempt_id)] if attempt else []
    await ledger.close()
    return found


async def test_a_disk_that_fills_up_at_any_write_takes_nothing_that_was_acknowledged(disk: Path) -> None:
    reached: set[int] = set()
    for leave_pages in range(0, 24, 3):
        folder = disk / "state"
        ledger = await Ledger.open(folder)
        fill(disk, leave_pages)

        acknowledged = await visit(ledger)
        reached.add(len(acknowledged))
        await ledger.close()

        (disk / "filler").unlink()
        assert violations(folder) == []
        assert await phases_in(folder) == acknowledged
        shutil.rmtree(folder)
    assert 0 in reached, "the disk was never full"
    assert len(ROAD) + 1 in reached, "the disk was always full"


async def test_a_ledger_goes_on_when_room_was_made_under_it(disk: Path) -> None:
    """The engine starts anew after such a fault, but the file itself needs nothing but room."""
    ledger = await Ledger.open(disk / "state")
    fill(disk, 0)
    with pytest.raises(LedgerFailedError, match="the disk is full"):
        await until_refused(ledger)
    (disk / "filler").unlink()

    assert await visit(ledger) == [Phase.RESERVED, *ROAD]
    await ledger.close()
    assert violations(disk / "state") == []


async def test_a_full_disk_makes_no_new_ledger_and_says_so(disk: Path) -> None:
    fill(disk, 3)

    with pytest.raises(LedgerUnusableError, match="the disk is full; make room"):
        await Ledger.open(disk / "state")

    (disk / "filler").unlink()
    await (await Ledger.open(disk / "state")).close()
    assert violations(disk / "state") == []


async def test_a_read_only_disk_is_told_and_the_file_not_touched(tmp_path: Path) -> None:
    await (await Ledger.open(tmp_path / "state")).close()
    before = (tmp_path / "state" / FILE).read_bytes()
    with mounted(tmp_path / "disk", "--bind", str(tmp_path / "state")) as disk:
        done = subprocess.run(["mount", "-o", "remount,ro,bind", str(disk)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("a read-only bind mount cannot be made here")

        with pytest.raises(LedgerUnusableError, match=r"the disk is read-only.*fsck"):
            await Ledger.open(disk)

    assert (tmp_path / "state" / FILE).read_bytes() == before
    await (await Ledger.open(tmp_path / "state")).close()


# One attempt; says each phase once it is acknowledged, and at the end why it stopped.
VISIT = """
import asyncio, sys
from pathlib import Path
from kiosk.ledger.errors import LedgerError
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

async def main():
    try:
        ledger = await Ledger.open(Path(sys.argv[1]))
        attempt = await ledger.reserve(
            permit_id="0198f1de-0000-4000-8000-000000000001", document="kk", medium="a4", device="paper",
            actor="applicant")
        print("reserved", flush=True)
        for phase in sys.argv[2:]:
            await ledger.advance(attempt.attempt_id, Phase(phase), "applicant")
            print(phase, flush=True)
    except LedgerError as error:
        print("stopped:", error, flush=True)

asyncio.run(main())
"""

# SQLite keeps the errno of an fsync to itself; the disk of this test is neither full nor read-only when it is asked.
FAULTS = [
    ("pwrite64", "EIO", "the disk does not read or write"),
    ("pwrite64", "EROFS", "the disk does not read or write"),
    ("pwrite64", "ENOSPC", "the disk is full; make room"),
    ("fsync,fdatasync", "EIO", "the disk does not read or write"),
    ("ftruncate", "EIO", "the disk does not read or write"),
]


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace here")
@pytest.mark.parametrize(("call", "fault", "sentence"), FAULTS)
@pytest.mark.parametrize("at", [3, 6])
async def test_a_disk_that_errs_once_ends_the_visit_and_loses_nothing(
    tmp_path: Path, call: str, fault: str, sentence: str, at: int
) -> None:
    folder = tmp_path / "state"
    await (await Ledger.open(folder)).close()
    inject = f"inject={call}:error={fault}:when={at}"
    command = [
        "strace",
        "-f",
        "-qq",
        "-o",
        os.devnull,
        "-e",
        f"trace={call}",
        "-e",
        inject,
        sys.executable,
        "-c",
        VISIT,
    ]
    done = subprocess.run([*command, folder, *ROAD], capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout.split("\n")[:-1]
    acknowledged = [Phase(line) for line in said if not line.startswith("stopped: ")]

    found = await phases_in(folder)

    assert violations(folder) == []
    # What was not acknowledged may have become durable all the same, and no more than that one phase.
    assert found[: len(acknowledged)] == acknowledged
    assert len(found) <= len(acknowledged) + 1
    assert len(acknowledged) < len(ROAD) + 1, done.stderr  # else the fault was not met
    assert FILE in said[-1]
    assert sentence in said[-1]


def test_a_disk_that_takes_no_more_files_is_told_as_full(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m,nr_inodes=2", "tmpfs") as disk:
        (disk / "one").touch()
        with pytest.raises(LedgerUnusableError, match="the disk is full"):
            Database(disk, datetime(2026, 3, 2, tzinfo=UTC))
        assert not (disk / LOCK).exists()
