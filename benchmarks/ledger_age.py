"""A ledger of ten years beside an empty one, in one run: what age costs.

    python -m benchmarks.ledger_age [--records N] [--rounds N] [--folder DIR]

Ten audit entries belong to each attempt: 10,000,000 records are 1,000,000 attempts, with their phases, outcomes, blanks
and daily balances, written by SQL in one go into a temporary folder (6 GB; 10 free ones are asked for) and taken away
afterwards. Both ledgers then live the same day, turn by turn: ``start`` (opened with nothing of the file in memory, as
after a night, and asked for what is unfinished and in doubt), ``login`` (a try charged and given back, and the past of
three permits asked for), ``reserve`` of a new permit, ``commit`` of a phase, ``account`` (the day's attempts by
outcome, and the balance of blanks). Medians in milliseconds, and the aged one's share of the empty one's. The goal is
1.2 at most; ``disk`` is an fsync of 4 KiB in the same folder, and tells what the machine adds.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drivers.printer import Counters
from kiosk.ledger.attempts import Facts
from kiosk.ledger.blanks import SerialRange
from kiosk.ledger.chain_rows import BEGINNING
from kiosk.ledger.database import FILE, Database
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.past import first_id_of
from kiosk.ledger.phases import Phase

YEARS = 10
DAYS = YEARS * 365
ENTRIES = 10  # of one attempt, with the visit around it
ROAD = ["reserved", "claimed", "opened", "submitted", "printing", "presented", "taken"]
ENDS = {
    "taken": (ROAD[:6], "printed"),
    "failed": (ROAD[:2], "not_printed"),
    "spoiled": (ROAD[:5], "spoiled"),
}  # the road before, and what the Dinas was told
CHUNK = 20_000
FREE = 10 << 30
GOAL = 1.2
TODAY = 40  # attempts that both have lived through before anything is measured


class History:
    """Rows of a kiosk's years, in order."""

    def __init__(self, attempts: int, seed: int) -> None:
        self._attempts = attempts
        self._chance = random.Random(seed)
        self._begin = datetime.now(UTC) - timedelta(days=DAYS + 1)
        self._seq, self._tip = 0, BEGINNING
        self._blanks = 0
        self.rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)

    def chunks(self) -> Iterator[dict[str, list[tuple[object, ...]]]]:
        self._entry(self._begin.isoformat(), "blanks-loaded", '{"actor":"operator:op-7"}')
        for number in range(self._attempts):
            moment = self._begin + timedelta(days=DAYS) * ((number + 0.5) / (self._attempts + 1))
            self._visit(number, moment)
            if number % CHUNK == CHUNK - 1 or number == self._attempts - 1:
                yield self.rows
                self.rows.clear()

    def _visit(self, number: int, moment: datetime) -> None:
        """Every attempt is a card; 3 in 100 fail before the printer, 1 in 100 is spoiled and accounted for."""
        at, dice = moment.isoformat(), self._chance.random()
        end = "failed" if dice < 0.03 else "spoiled" if dice < 0.04 else "taken"
        road, outcome = ENDS[end]
        attempt, permit = self._id(first_id_of(moment)), self._id("0198f1de-0000")
        serial = f"B{number:08d}" if end != "failed" else None
        facts: dict[str, object] = {}
        if serial:
            job = {"job_id": number + 1, "job_uuid": f"urn:uuid:{attempt}"}
            facts = {**job, "counter_printed": number, "counter_rejected": 0, "blank": serial}
        self._entry(at, "logged-in", '{"actor":"applicant","documents":1,"way":"nik"}')
        for place, phase in enumerate((*road, end)):
            detail: dict[str, object] = facts if phase == "submitted" else {}
            if phase == end:
                reason = {} if end == "taken" else {"reason": "media-jam"}
                detail = {"outcome": outcome, "evidence": {"path": "clear"}, **reason}
            self._phase(attempt, place + 1, phase, at, detail)
            before = f'"before":"{road[place - 1]}",' if place else ""
            told = f'"outcome":"{outcome}",' if phase == end else ""
            self._entry(
                at,
                "attempt-advanced",
                f'{{"actor":"system:issuance","attempt":"{attempt}",{before}"device":"card-printer",'
                f'"document":"ktp-el",{told}"permit":"{permit}","phase":"{phase}"}}',
            )
        operator = "op-7" if end == "spoiled" else None
        self._outcome(attempt, outcome, at)
        if operator:
            self._phase(attempt, len(road) + 2, end, at, {"outcome": outcome}, f"operator:{operator}")
            self._entry(at, "blank-accounted", f'{{"actor":"operator:{operator}","attempt":"{attempt}"}}')
            self._outcome(attempt, outcome, at)
        for _ in range(ENTRIES - len(road) - 2 - bool(operator)):
            self._entry(at, "logged-out", '{"actor":"applicant"}')
        columns = (facts.get(name) for name in ("job_id", "job_uuid", "counter_printed", "counter_rejected"))
        reason_code = None if end == "taken" else "media-jam"
        found = (None, *columns, '{"path": "clear"}', serial, reason_code, outcome, operator, None, at, at)
        self.rows["attempts"].append((attempt, permit, "ktp-el", "card", "card_printer", end, *found))
        if serial:
            self._blank(serial, attempt, at, "spoiled" if operator else "delivered")
        if number * DAYS // self._attempts != (number + 1) * DAYS // self._attempts:
            self._day(number * DAYS // self._attempts, at)

    def _phase(
        self, attempt: str, place: int, phase: str, at: str, detail: dict[str, object], actor: str = "system:issuance"
    ) -> None:
        self.rows["attempt_phases"].append((attempt, place, phase, at, actor, json.dumps(detail) if detail else "{}"))

    def _outcome(self, attempt: str, outcome: str, at: str) -> None:
        self.rows["outbox"].append((attempt, f'{{"outcome":"{outcome}","at":"{at}"}}', at, at))

    def _blank(self, serial: str, attempt: str, at: str, state: str) -> None:
        self._blanks += 1
        self.rows["blanks"].append((self._blanks, serial, state, attempt, at))
        was = None
        for now in ("in_store", "in_feeder", "in_path", state):
            drawn = attempt if now not in ("in_store", "in_feeder") else None
            self.rows["blank_moves"].append((self._blanks, was, now, at, "system:issuance", drawn))
            was = now

    def _day(self, day: int, at: str) -> None:
        counts = '{"counts": {}, "kept": true, "moved": {}}'
        name = (self._begin + timedelta(days=day)).date().isoformat()
        self.rows["stocktakes"].append((name, at, "system:ledger", self._blanks, 0, 1, 4 * self._blanks, counts))

    def _entry(self, at: str, event: str, data: str) -> None:
        seq, prev = self._seq + 1, self._tip
        form = f'{{"at":"{at}","data":{data},"event":"{event}","prev":"{prev}","seq":{seq}}}'
        self._seq, self._tip = seq, hashlib.sha256(form.encode()).hexdigest()
        self.rows["audit"].append((seq, at, event, data, prev, self._tip))

    def _id(self, begins: str) -> str:
        rest = f"{self._chance.getrandbits(72):018x}"
        return f"{begins}-7{rest[:3]}-a{rest[3:6]}-{rest[6:]}"


INSERTS = {
    "attempts": "INSERT INTO attempts (attempt_id, permit_id, document, medium, device, phase, sheets, job_id,"
    " job_uuid, counter_printed, counter_rejected, evidence, blank, reason, outcome, accounted_by, report_by,"
    " reserved_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "attempt_phases": "INSERT INTO attempt_phases VALUES (?, ?, ?, ?, ?, ?)",
    "audit": "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)",
    "outbox": "INSERT INTO outbox (attempt_id, body, queued_at, sent_at) VALUES (?, ?, ?, ?)",
    "blanks": "INSERT INTO blanks (item, serial, state, loaded, in_bin, attempt_id, printed, changed_at)"
    " VALUES (?, ?, ?, 1, 0, ?, 1, ?)",
    "blank_moves": "INSERT INTO blank_moves (item, was, state, at, actor, attempt_id) VALUES (?, ?, ?, ?, ?, ?)",
    "stocktakes": "INSERT INTO stocktakes (day, at, actor, printed, rejected, quiet, up_to, ledger)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
}


def age(folder: Path, records: int, seed: int) -> None:
    """Write the years into a new ledger; its indexes are made afterwards, which is many times faster."""
    Database(folder, datetime.now(UTC)).close()
    db = sqlite3.connect(folder / FILE, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000"):
        db.execute(f"PRAGMA {pragma}")
    indexes = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL").fetchall()
    for name, _ in indexes:
        db.execute(f"DROP INDEX {name}")
    history = History(records // ENTRIES, seed)
    for chunk in history.chunks():
        db.execute("BEGIN")
        for table, rows in chunk.items():
            db.executemany(INSERTS[table], rows)
        db.execute("COMMIT")
    for _, sql in indexes:
        db.execute(sql)
    db.execute("UPDATE audit_handover SET up_to = (SELECT max(seq) FROM audit)")
    db.execute("UPDATE blank_book SET kept_since = (SELECT min(at) FROM blank_moves)")
    db.close()
    os.sync()


class Kiosk:
    """One of the two ledgers, and what it took."""

    def __init__(self, folder: Path, offset: int) -> None:
        self.folder = folder
        self.took: dict[str, list[float]] = defaultdict(list)
        self._days = offset
        self._morning = ""
        self._ledger: Ledger | None = None

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            raise RuntimeError("not started")
        return self._ledger

    async def live_a_day(self) -> None:
        """What both have behind them when they are measured: blanks loaded, cards printed, one failed in between."""
        self._ledger = await Ledger.open(self.folder)
        self._morning = first_id_of(datetime.now(UTC))
        prefix = f"Z{int(time.time()) % 10**8}"
        serials = SerialRange(f"{prefix}0001", f"{prefix}1000")
        await self.ledger.blanks.deliver(serials, "op-7")
        await self.ledger.blanks.load(serials, "op-7")
        await self.ledger.blanks.stocktake("op-7", counters=Counters(self._counted(), 0))
        for number in range(TODAY):
            await self._attempt(ROAD[1:] if number % 20 else ["claimed", "failed"])
        await self.stop()

    def _counted(self) -> int:
        """What the machine's counter was when it was last read, so that nothing differs."""
        with closing(sqlite3.connect(f"file:{self.folder / FILE}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT coalesce(max(printed), 0) FROM stocktakes").fetchone()[0])

    async def stop(self) -> None:
        await self.ledger.close()
        self._ledger = None

    async def _attempt(self, phases: list[str]) -> None:
        attempt = await self._reserve()
        for phase in phases:
            await self.ledger.advance(attempt, Phase(phase), "system:issuance", Facts(sheets=1))

    async def _reserve(self) -> str:
        reserved = await self.ledger.reserve(
            permit_id=str(uuid.uuid4()), document="ktp-el", medium="card", device="card_printer", actor="applicant"
        )
        return reserved.attempt_id

    async def round(self) -> None:
        """Everything once."""
        forget(self.folder / FILE)
        with self._timed("start"):
            self._ledger = await Ledger.open(self.folder)
            if await self.ledger.unfinished() or self.ledger.in_doubt:
                raise RuntimeError("a day that ended well has left something")
        with self._timed("login"):
            await self.ledger.charge_login()
            await self.ledger.refund_login()
            await self.ledger.last_at([str(uuid.uuid4()) for _ in range(3)])
        with self._timed("reserve"):
            attempt = await self._reserve()
        for phase in ROAD[1:]:
            with self._timed("commit"):
                await self.ledger.advance(attempt, Phase(phase), "system:issuance")
        with self._timed("account"):
            self._count_today()
            self._days += 1
            day = (datetime(2100, 1, 1, tzinfo=UTC) + timedelta(days=self._days)).date().isoformat()
            await self.ledger.blanks.balance_of_day(day, Counters(None), "system:engine")
        await self.stop()

    def _count_today(self) -> None:
        statement = "SELECT medium, outcome, count(*) FROM attempts WHERE attempt_id >= ? GROUP BY medium, outcome"
        with closing(sqlite3.connect(f"file:{self.folder / FILE}?mode=ro", uri=True)) as db:
            if not db.execute(statement, (self._morning,)).fetchall():
                raise RuntimeError("today is not there")

    def _timed(self, name: str) -> Timed:
        return Timed(lambda took: self.took[name].append(took))


class Timed:
    """Milliseconds of a block."""

    def __init__(self, keep: Callable[[float], None]) -> None:
        self._keep = keep

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._keep((time.perf_counter() - self._began) * 1000)


def forget(path: Path) -> None:
    """The machine has nothing of the file in memory."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def disk_ms(folder: Path) -> float:
    began = time.perf_counter()
    with (folder / "probe").open("wb") as file:
        file.write(b"\0" * 4096)
        os.fsync(file.fileno())
    return (time.perf_counter() - began) * 1000


async def compare(folder: Path, rounds: int) -> bool:
    """Both, turn by turn; whether the goal is kept everywhere."""
    empty, aged = Kiosk(folder / "empty", 0), Kiosk(folder / "aged", 0)
    for kiosk in (empty, aged):
        await kiosk.live_a_day()
    probes = []
    for number in range(rounds):
        for kiosk in (empty, aged) if number % 2 else (aged, empty):
            await kiosk.round()
        probes.append(disk_ms(folder))
    print(f"disk     {statistics.median(probes):8.2f} ms")
    kept = True
    for name, took in empty.took.items():
        young, old = statistics.median(took), statistics.median(aged.took[name])
        kept = kept and old <= GOAL * young
        print(f"{name:8} {young:8.2f} ms empty {old:8.2f} ms aged  {old / young:5.2f}")
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000_000, help="audit records of the aged ledger")
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--seed", type=int, default=20260302)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    args = parser.parse_args()
    if args.records > 1_000_000 and shutil.disk_usage(args.folder).free < FREE:
        raise SystemExit(f"{args.folder}: less than {FREE >> 30} GiB free")
    with tempfile.TemporaryDirectory(dir=args.folder, prefix="ledger-age-") as made:
        folder = Path(made)
        began = time.monotonic()
        age(folder / "aged", args.records, args.seed)
        size = (folder / "aged" / FILE).stat().st_size
        print(f"seed {args.seed}: {args.records} records, {size >> 20} MiB, made in {time.monotonic() - began:.0f} s")
        kept = asyncio.run(compare(folder, args.rounds))
    raise SystemExit(0 if kept else f"the goal of {GOAL} is not kept")


if __name__ == "__main__":
    main()
