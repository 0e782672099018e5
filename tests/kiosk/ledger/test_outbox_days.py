"""Days without a line: thousands of outcomes wait, and leave in order, once to effect, whatever the line does then."""

from __future__ import annotations

import base64
import json
import random
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.dinas.contract import AuditEntry, AuditTaken, DinasAwayError, DinasError, Outcome
from kiosk.ledger import outbox
from kiosk.ledger.chain import HeadSigner
from kiosk.ledger.database import FILE
from kiosk.ledger.events import LoggedOut
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.outbox import FullJitter, Outbox

MANY = 2000
DAY_S = 86_400.0


class BadLine:
    """A Dinas behind a line that breaks before or after a call is heard; counts what has effect."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.up = False
        self.heard: list[str] = []  # every arrival
        self.effects: list[str] = []  # what was new to the Dinas
        self.heads: list[tuple[list[AuditEntry], dict[str, Any]]] = []

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        if not self.up or self.chance.random() < 0.01:
            raise DinasAwayError("no line")
        self.heard.append(attempt_id)
        if not self.effects or attempt_id not in self.effects[-2:]:
            self.effects.append(attempt_id)
        if self.chance.random() < 0.01:
            raise DinasAwayError("the answer was lost")

    async def hand_over_audit(self, entries: Sequence[AuditEntry], head: str) -> AuditTaken:
        if not self.up or self.chance.random() < 0.2:
            raise DinasAwayError("no line")
        body = head.split(".")[1]
        self.heads.append((list(entries), json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))))
        return AuditTaken(entries[-1].seq, "witness")


@pytest.fixture(scope="module")
def signer() -> HeadSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return HeadSigner("adm-tuban-01", key.private_bytes(*pem))


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory: some thousand durable commits, on a disk that a whole run of tests shares, take minutes."""
    shared = Path("/dev/shm")  # a name of its own in it, made safely
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


def fill(folder: Path) -> list[str]:
    """Outcomes of days: rows as an attempt that failed leaves them, written at once."""
    ids = [f"0198f1de-0000-7000-8000-{number:012x}" for number in range(MANY)]
    body = '{"outcome":"not_printed","at":"2026-11-24T00:00:00Z"}'
    with sqlite3.connect(folder / FILE) as db:
        for attempt_id in ids:
            db.execute(
                "INSERT INTO attempts (attempt_id, permit_id, document, medium, device, phase, outcome, reserved_at,"
                " changed_at) VALUES (?, ?, 'kk', 'a4', 'paper_printer', 'failed', 'not_printed', '', '')",
                (attempt_id, attempt_id),
            )
            db.execute("INSERT INTO outbox (attempt_id, body, queued_at) VALUES (?, ?, '')", (attempt_id, body))
    db.close()
    return ids


async def rounds(outgoing: Outbox, at_most: int) -> int:
    """Try until all has left; how often."""
    for number in range(1, at_most + 1):
        try:
            await outgoing.flush()
        except DinasError:
            continue
        return number
    raise AssertionError(f"not all has left after {at_most} rounds")


async def test_thousands_of_outcomes_leave_in_order_over_a_bad_line_and_over_restarts(
    memory: Path, signer: HeadSigner
) -> None:
    await (await Ledger.open(memory)).close()
    ids = fill(memory)
    seed = 20261124
    print(f"seed {seed}")
    line = BadLine(random.Random(seed))
    ledger = await Ledger.open(memory)
    outgoing = Outbox(ledger, line, signer)
    for _ in range(20):  # no line at all: nothing is lost and nothing gets out of order
        with pytest.raises(DinasError):
            await outgoing.flush()
    assert (line.heard, len(await ledger.pending_outcomes(MANY + 1))) == ([], MANY)
    line.up = True
    for _ in range(10):  # then restarts on the way
        with pytest.raises(DinasError):
            await outgoing.flush()
        await ledger.close()
        ledger = await Ledger.open(memory)
        outgoing = Outbox(ledger, line, signer)
    await rounds(outgoing, 500)
    assert line.effects == ids
    assert len(line.heard) > MANY, "no answer was lost: the line was too good to prove anything"
    assert await ledger.pending_outcomes(1) == []
    await ledger.close()


async def test_each_batch_goes_with_the_signed_head_of_its_last_entry(ledger: Ledger, signer: HeadSigner) -> None:
    for _ in range(outbox.BATCH + 7):
        await ledger.record(LoggedOut(actor="applicant"))
    line = BadLine(random.Random(1))
    line.up = True
    await rounds(Outbox(ledger, line, signer), 50)
    assert [len(entries) for entries, _ in line.heads] == [outbox.BATCH, 7]
    for entries, head in line.heads:
        assert (head["kiosk"], head["seq"], head["hash"]) == ("adm-tuban-01", entries[-1].seq, entries[-1].hash)


def test_three_days_away_cost_few_tries_and_no_two_kiosks_return_in_step() -> None:
    tries, firsts = [], []
    for seed in range(20):
        back_off, waited, count = FullJitter(random.Random(seed)), 0.0, 0
        while waited < 3 * DAY_S:
            pause = back_off.next_pause()
            assert 0 <= pause <= outbox.LONGEST_PAUSE_S
            waited, count = waited + pause, count + 1
        tries.append(count)
        firsts.append(round(waited - 3 * DAY_S, 3))
    assert max(tries) < 1000  # 3 days at 7.5 minutes on average: 576
    assert len(set(firsts)) == len(firsts)
