"""SIGKILL after each acknowledged write: the file holds exactly what was acknowledged, and opens again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

PHASES = [
    Phase.RESERVED,
    Phase.CLAIMED,
    Phase.OPENED,
    Phase.SUBMITTED,
    Phase.PRINTING,
    Phase.PRESENTED,
    Phase.TAKEN,
]

# Says each phase on its output once it is acknowledged, then waits to be told to go on.
WRITER = """
import asyncio, sys
from pathlib import Path
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

async def main():
    ledger = await Ledger.open(Path(sys.argv[1]))
    attempt = await ledger.reserve(
        permit_id="0198f1de-0000-4000-8000-000000000001", document="ktp-el", medium="card", device="cards",
        actor="applicant")
    for phase in [None, *map(Phase, sys.argv[2:])]:
        if phase:
            await ledger.advance(attempt.attempt_id, phase, "system:issuance")
        print(phase or "reserved", flush=True)
        sys.stdin.readline()

asyncio.run(main())
"""


@pytest.mark.parametrize("last", PHASES)
async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, last: Phase) -> None:
    command = [sys.executable, "-c", WRITER, tmp_path / "state", *PHASES[1:]]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert writer.stdin is not None
    assert writer.stdout is not None
    for phase in PHASES:
        assert writer.stdout.readline().strip() == phase
        if phase is last:
            break
        writer.stdin.write("\n")
        writer.stdin.flush()
    writer.kill()
    assert writer.wait(10) == -signal.SIGKILL
    writer.stdin.close()
    writer.stdout.close()

    ledger = await Ledger.open(tmp_path / "state")  # the lock went with the process
    left = PHASES[: PHASES.index(last) + 1]
    if last is Phase.TAKEN:
        assert await ledger.unfinished() == []
        [queued] = await ledger.pending_outcomes(10)
        attempt_id = queued.attempt_id
        assert queued.outcome.outcome is OutcomeKind.PRINTED
    else:
        [attempt] = await ledger.unfinished()
        attempt_id = attempt.attempt_id
        assert await ledger.pending_outcomes(10) == []
    assert [record.phase for record in await ledger.history(attempt_id)] == left
    assert [entry.data["phase"] for entry in await ledger.audit_entries(0, 100)] == left
    assert await ledger.verify_audit() is None
    await ledger.close()
