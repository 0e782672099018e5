"""Writes v<schema>.sql: a ledger of this version of the program in which everything has happened, for later versions.

    python tests/kiosk/ledger/dumps/make_dump.py

To be run, and its file committed, before a migration is added; what a dump holds is never written anew.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drivers.printer import Counters
from kiosk.dinas.contract import AuditTaken
from kiosk.ledger import blanks, events
from kiosk.ledger.attempts import Facts
from kiosk.ledger.database import APPLICATION_ID, FILE, migrations
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

ROAD = [Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING, Phase.PRESENTED]
ISSUANCE = events.system("issuance")
OPERATOR = "op-7"
MOMENT = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Clock:
    """A second later at each look."""

    def __init__(self) -> None:
        self._at = MOMENT

    def now(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at


class Life:
    """Plays attempts at permits that are counted up, each on a device of its own, unless one is named."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._permits = 0

    async def to(self, last: Phase, device: str | None = None, medium: str = "card") -> str:
        self._permits += 1
        attempt = await self.ledger.reserve(
            permit_id=f"0198f1de-0000-4000-8000-{self._permits:012d}",
            document="ktp-el" if medium == "card" else "kk",
            medium=medium,
            device=device or f"printer_{self._permits}",
            actor=events.APPLICANT,
        )
        for phase in ROAD[: ROAD.index(last) + 1] if last in ROAD else []:
            await self.ledger.advance(attempt.attempt_id, phase, ISSUANCE, self._facts(phase))
        return attempt.attempt_id

    def _facts(self, phase: Phase) -> Facts:
        if phase is Phase.CLAIMED:
            return Facts(report_by=MOMENT + timedelta(days=1))
        if phase is Phase.OPENED:
            return Facts(sheets=1)
        if phase is Phase.SUBMITTED:
            evidence = {"queue": "idle", "jobs": []}
            return Facts(job_id=self._permits, job_uuid="urn:uuid:7", before=Counters(100, 3), evidence=evidence)
        return Facts(evidence={str(phase): True})

    async def end(self, after: Phase, *ends: Phase, device: str | None = None, medium: str = "card") -> str:
        attempt = await self.to(after, device, medium)
        for end in ends:
            facts = Facts(reason=f"why-{end}", evidence={"seen": "path-clear"})
            await self.ledger.advance(attempt, end, events.APPLICANT if end is Phase.TAKEN else ISSUANCE, facts)
        return attempt


async def live(ledger: Ledger) -> None:
    life = Life(ledger)
    await ledger.record(events.KioskStarted(actor=events.system("engine"), version="1.0"))
    await stock(ledger)
    for _ in range(3):
        await life.end(Phase.PRESENTED, Phase.TAKEN, device="card_printer")
    await life.end(Phase.RESERVED, Phase.FAILED)
    await life.end(Phase.PRINTING, Phase.FAILED, medium="a4")
    await life.end(Phase.PRESENTED, Phase.RETRACTED, Phase.RETRACTED)
    await life.end(Phase.PRINTING, Phase.SPOILED)
    await ledger.account_for_blank(await life.end(Phase.PRINTING, Phase.SPOILED), OPERATOR, None)
    for found in (Phase.TAKEN, Phase.SPOILED, Phase.RETRACTED, Phase.FAILED):
        attempt = await life.end(Phase.PRESENTED, Phase.UNKNOWN)
        await ledger.settle(attempt, found, OPERATOR, Facts(reason="looked"))
    await life.end(Phase.PRESENTED, Phase.UNKNOWN, device="paper_printer", medium="a4")
    sent, refused, *_ = await ledger.pending_outcomes(10)
    await ledger.outcome_sent(sent.number)
    await ledger.outcome_refused(refused.number, "not-known")
    await ledger.audit_taken(AuditTaken(20, "witness"))
    await ledger.charge_login()
    await ledger.charge_login()
    for phase in (Phase.RESERVED, *ROAD):  # cut off: one in each phase
        await life.to(phase)
    await life.end(Phase.PRESENTED, Phase.RETRACTED)


async def stock(ledger: Ledger) -> None:
    serials = blanks.SerialRange("B00000001", "B00000020")
    await ledger.blanks.deliver(serials, OPERATOR)
    await ledger.blanks.load(serials, OPERATOR)
    await ledger.blanks.stocktake(OPERATOR, feeder=19, counters=Counters(100, 3))
    await ledger.blanks.change_supply("paper", 250, OPERATOR)


async def main() -> None:
    version = len(migrations())
    with tempfile.TemporaryDirectory() as made:
        ledger = await Ledger.open(Path(made), now=Clock().now)
        await live(ledger)
        await ledger.close()
        db = sqlite3.connect(Path(made) / FILE)
        lines = [*db.iterdump(), f"PRAGMA application_id={APPLICATION_ID};", f"PRAGMA user_version={version};", ""]
        db.close()
    Path(__file__).with_name(f"v{version}.sql").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
