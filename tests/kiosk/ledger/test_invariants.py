"""The invariants of a ledger: whole visits violate none, and each planted violation is told under its own name."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from drivers.printer import Counters
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.database import FILE
from kiosk.ledger.events import LoggedOut
from kiosk.ledger.invariants import violations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

Begin = Callable[..., Awaitable[Attempt]]
ISSUANCE = "system:issuance"
PERMIT = "0198f1de-0000-4000-8000-00000000000{}"


@pytest.fixture
async def lived(ledger: Ledger, begin: Begin, tmp_path: Path) -> Path:
    """A ledger in which everything has happened once: its folder."""
    submitted = Facts(job_id=7, job_uuid="urn:uuid:7", before=Counters(100, 3), evidence={"queue": "idle"})
    for number, end in enumerate((Phase.TAKEN, Phase.SPOILED, Phase.FAILED, Phase.UNKNOWN), 1):
        attempt = await begin(Phase.OPENED, permit=PERMIT.format(number), device=f"device-{number}")
        await ledger.advance(attempt.attempt_id, Phase.SUBMITTED, ISSUANCE, submitted)
        await ledger.advance(attempt.attempt_id, Phase.PRINTING, ISSUANCE)
        if end is Phase.TAKEN:
            await ledger.advance(attempt.attempt_id, Phase.PRESENTED, ISSUANCE, Facts(evidence={"job_end": "printed"}))
        facts = Facts(reason="media-jam", evidence={"path": "card"})
        await ledger.advance(attempt.attempt_id, end, "applicant" if end is Phase.TAKEN else ISSUANCE, facts)
        if end is Phase.SPOILED:
            await ledger.account_for_blank(attempt.attempt_id, "op-7", "B1")
    settled = await begin(Phase.PRESENTED, permit=PERMIT.format(5), device="device-5")
    await ledger.advance(
        settled.attempt_id, Phase.UNKNOWN, ISSUANCE, Facts(reason="not-confirmed", evidence={"seen": False})
    )
    await ledger.settle(settled.attempt_id, Phase.SPOILED, "op-7")
    back = await begin(Phase.PRESENTED, permit=PERMIT.format(6), device="device-5")
    await ledger.advance(back.attempt_id, Phase.RETRACTED, ISSUANCE, Facts(reason="not-taken"))
    await ledger.advance(back.attempt_id, Phase.RETRACTED, ISSUANCE, Facts(evidence={"binned": True}))
    await begin(Phase.CLAIMED, permit=PERMIT.format(6), device="device-6")
    await ledger.record(LoggedOut(actor="applicant"))
    for outcome in await ledger.pending_outcomes(2):
        await ledger.outcome_sent(outcome.number)
    return tmp_path / "state"


@pytest.fixture
def copy(lived: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy without the guards of the tables, for planting."""
    shutil.copytree(lived, tmp_path / "copy")
    db = sqlite3.connect(tmp_path / "copy" / FILE, isolation_level=None)
    for kind, name in db.execute("SELECT type, name FROM sqlite_schema WHERE sql NOT NULL").fetchall():
        if kind == "trigger" or (kind == "index" and name.startswith("one_attempt")):
            db.execute(f"DROP {kind} {name}")
    yield db
    db.close()


def test_all_that_can_happen_violates_nothing(lived: Path) -> None:
    assert violations(lived) == []


def test_a_copy_without_its_guards_still_violates_nothing(copy: sqlite3.Connection) -> None:
    assert violations(copy) == []


ATTEMPT = "(SELECT attempt_id FROM attempts WHERE permit_id = '" + PERMIT + "')"
TAKEN, SPOILED, FAILED, UNKNOWN, SETTLED, BACK = (ATTEMPT.format(n) for n in range(1, 7))
NEW = (
    "INSERT INTO attempts (attempt_id, permit_id, document, medium, device, phase, reserved_at, changed_at) VALUES"
    " ('{id}', '{permit}', 'kk', 'a4', '{device}', 'reserved', '', '');"
)

PLANTED = {
    "a permit taken twice": ("I1", NEW.format(id="x", permit=PERMIT.format(1), device="d")),
    "a permit in doubt taken again": ("I1", NEW.format(id="x", permit=PERMIT.format(4), device="d")),
    "a phase lost": ("I2", f"DELETE FROM attempt_phases WHERE attempt_id = {TAKEN} AND number = 3"),
    "the last phase lost": ("I2", f"DELETE FROM attempt_phases WHERE attempt_id = {TAKEN} AND number = 7"),
    "a whole history lost": ("I2", f"DELETE FROM attempt_phases WHERE attempt_id = {TAKEN}"),
    "a phase out of order": (
        "I2",
        f"UPDATE attempt_phases SET phase = 'printing' WHERE attempt_id = {TAKEN} AND number = 2",
    ),
    "a settlement by the machine": (
        "I2",
        f"UPDATE attempt_phases SET actor = 'system:x' WHERE attempt_id = {SETTLED} AND phase = 'spoiled'",
    ),
    "a row that says more than its history": (
        "I2",
        f"UPDATE attempts SET phase = 'taken', outcome = 'printed' WHERE attempt_id = {FAILED}",
    ),
    "a job id that no phase learnt": ("I2", f"UPDATE attempts SET job_id = 8 WHERE attempt_id = {FAILED}"),
    "evidence that no phase learnt": (
        "I2",
        f"""UPDATE attempts SET evidence = '{{"a":1}}' WHERE attempt_id = {FAILED}""",
    ),
    "an outcome lost": ("I2", f"DELETE FROM outbox WHERE attempt_id = {FAILED}"),
    "an outcome invented": (
        "I2",
        "INSERT INTO outbox (attempt_id, body, queued_at) SELECT attempt_id, body, '' FROM outbox WHERE number = 1",
    ),
    "an outcome changed": (
        "I2",
        f"UPDATE outbox SET body = replace(body, 'not_printed', 'printed') WHERE attempt_id = {FAILED}",
    ),
    "an outcome sent before its turn": ("I2", "UPDATE outbox SET sent_at = '' WHERE number = 5"),
    "a doubt without reason": ("I4", f"UPDATE attempts SET reason = NULL WHERE attempt_id = {UNKNOWN}"),
    "a doubt without evidence": ("I4", f"UPDATE attempts SET evidence = '{{}}' WHERE attempt_id = {UNKNOWN}"),
    "a device in doubt that was used": (
        "I4",
        f"UPDATE attempts SET device = 'device-4' WHERE attempt_id = {BACK}",
    ),
    "an audit entry changed": ("I5", "UPDATE audit SET data = replace(data, 'issuance', 'x') WHERE seq = 5"),
    "an audit entry deleted": ("I5", "DELETE FROM audit WHERE seq = 5"),
    "the tail of the audit log cut off": ("I5", "DELETE FROM audit WHERE seq > (SELECT max(seq) - 2 FROM audit)"),
    "an audit log shorter than what the Dinas has": ("I5", "UPDATE audit_handover SET up_to = 1000"),
    "a phase without its audit entry": (
        "I5",
        f"INSERT INTO attempt_phases VALUES ({BACK}, 9, 'spoiled', '', 'system:x', '{{}}')",
    ),
    "an outcome of no attempt": (
        "I6",
        """INSERT INTO outbox (attempt_id, body, queued_at) VALUES ('x', '{"outcome":""}', '')""",
    ),
    "an index that lacks a row": (
        "I6",
        """CREATE INDEX planted ON audit (event); PRAGMA writable_schema=ON;
        UPDATE sqlite_schema SET sql = 'CREATE INDEX planted ON audit (at)' WHERE name = 'planted'""",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_violation_is_told_under_its_name(copy: sqlite3.Connection, tmp_path: Path, planted: str) -> None:
    invariant, script = PLANTED[planted]
    copy.executescript(script)
    copy.close()

    found = violations(tmp_path / "copy")

    assert invariant in {violation.invariant for violation in found}
    assert all(violation.sentence for violation in found)


def test_a_file_in_which_a_page_is_torn_is_told(lived: Path, tmp_path: Path) -> None:
    shutil.copytree(lived, tmp_path / "torn")
    raw = bytearray((tmp_path / "torn" / FILE).read_bytes())
    raw[-4096:] = b"\xff" * 4096
    (tmp_path / "torn" / FILE).write_bytes(raw)

    assert violations(tmp_path / "torn")
