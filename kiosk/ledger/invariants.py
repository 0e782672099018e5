"""What must hold in a ledger at every moment, as one function that names what does not.

It reads only, takes no writer's lock, and believes nothing that the rows say of each other: histories are walked again
by the table of phases, the audit chain is computed anew, and the two are laid side by side. Order is the order of the
audit chain and never that of times, since a clock may go back by a year.

I1 one attempt at a permit that lives, is in doubt or has succeeded. I2 nothing lost, nothing invented. I3 blanks add
up. I4 a doubt has its reason and evidence, and its device took nothing new before a person had settled it. I5 the audit
chain verifies and tells the same as the attempts. I6 the file is whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kiosk.dinas.contract import AuditEntry, OutcomeKind
from kiosk.ledger import chain
from kiosk.ledger.blank_check import blanks_add_up
from kiosk.ledger.database import FILE
from kiosk.ledger.phases import SETTLEMENTS, TRANSITIONS, Phase, outcome_of

GIVEN_BACK = frozenset({Phase.FAILED, Phase.SPOILED, Phase.RETRACTED})
FACTS = ("sheets", "job_id", "job_uuid", "counter_printed", "counter_rejected", "blank", "reason", "report_by")


@dataclass(frozen=True)
class Violation:
    """``invariant`` is I1 to I6; ``sentence`` is for a technician, and names attempts, permits and entries by id."""

    invariant: str
    sentence: str


def violations(ledger: Path | sqlite3.Connection) -> list[Violation]:
    """What does not hold in the ledger of this folder (or behind this connection); empty if all does.

    A folder is opened read-only, and read at one moment, while no writer can commit: where a long ledger is in use,
    judge a copy. After a crash let the engine, or a writing connection, roll back first. Raises sqlite3.Error for a
    file that cannot be read at all.
    """
    if isinstance(ledger, Path):
        with closing(sqlite3.connect(f"file:{ledger / FILE}?mode=ro", uri=True)) as connection:
            connection.execute("BEGIN")
            return violations(connection)
    reading = Reading(ledger)
    found = []
    for invariant, check in CHECKS.items():
        try:
            found += [Violation(invariant, sentence) for sentence in check(reading)]
        except (sqlite3.DatabaseError, ValueError, KeyError) as error:
            # A damaged row has its say in I6; here it means that this invariant cannot be shown.
            found.append(Violation(invariant, f"cannot be judged: {type(error).__name__}: {error}"))
    return found


@dataclass(frozen=True)
class Step:
    """One phase record of an attempt, and what walking the table makes of it."""

    phase: str
    at: str
    actor: str
    detail: dict[str, Any]
    number: int
    outcome: OutcomeKind | None = None
    event: str = "attempt-advanced"


@dataclass
class Walk:
    """An attempt's history walked from its beginning by the table of phases."""

    steps: list[Step] = field(default_factory=list)
    phase: Phase | None = None
    outcome: OutcomeKind | None = None
    accounted_by: str | None = None
    illegal: list[str] = field(default_factory=list)

    def go(self, step: Step) -> None:
        operator = step.actor.removeprefix("operator:") if step.actor.startswith("operator:") else None
        before, after = self.phase, Phase(step.phase)
        outcome, event = None, "attempt-advanced"
        if step.number != len(self.steps) + 1:
            self.illegal.append(f"record {step.number} stands where {len(self.steps) + 1} is due")
        if before is None:
            legal = after is Phase.RESERVED
        elif self.outcome is None:
            legal = after in TRANSITIONS[before]
            outcome = outcome_of(before, after)
        elif before is Phase.UNKNOWN:
            legal = after in SETTLEMENTS and operator is not None
            outcome, event = outcome_of(before, after), "attempt-settled"
        else:  # a spoiled blank is accounted for, once
            legal = self.outcome is OutcomeKind.SPOILED and after is before and not self.accounted_by
            legal = legal and operator is not None
            outcome, event = OutcomeKind.SPOILED, "blank-accounted"
        if not legal:
            self.illegal.append(f"{after} by {step.actor} cannot follow {before or 'nothing'}")
        if event != "attempt-advanced" and outcome is OutcomeKind.SPOILED:
            self.accounted_by = operator
        self.phase, self.outcome = after, outcome or self.outcome
        self.steps.append(Step(step.phase, step.at, step.actor, step.detail, step.number, outcome, event))


class Reading:
    """All of one ledger, read once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def rows(self, statement: str) -> Iterator[dict[str, Any]]:
        cursor = self.db.execute(statement)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    @cached_property
    def attempts(self) -> dict[str, dict[str, Any]]:
        return {row["attempt_id"]: row for row in self.rows("SELECT * FROM attempts ORDER BY attempt_id")}

    @cached_property
    def walks(self) -> dict[str, Walk]:
        walks: dict[str, Walk] = defaultdict(Walk)
        for row in self.rows("SELECT * FROM attempt_phases ORDER BY attempt_id, number"):
            walks[row["attempt_id"]].go(
                Step(row["phase"], row["at"], row["actor"], json.loads(row["detail"]), row["number"])
            )
        return dict(walks)

    @cached_property
    def outbox(self) -> dict[str, list[str]]:
        """Kinds of the outcomes of each attempt, in the order in which they were queued."""
        outcomes: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("SELECT attempt_id, body FROM outbox ORDER BY number"):
            outcomes[row["attempt_id"]].append(json.loads(row["body"])["outcome"])
        return dict(outcomes)

    @cached_property
    def audit(self) -> list[AuditEntry]:
        return [
            AuditEntry(row["seq"], row["at"], row["event"], json.loads(row["data"]), row["prev"], row["hash"])
            for row in self.rows("SELECT * FROM audit ORDER BY seq")
        ]


def _one_attempt_at_a_permit(reading: Reading) -> Iterator[str]:
    holding = Counter(
        row["permit_id"]
        for row in reading.attempts.values()
        if row["outcome"] is None or row["phase"] not in GIVEN_BACK
    )
    for permit, count in holding.items():
        if count > 1:
            yield f"{count} attempts at permit {permit} are alive, in doubt or taken"


def _nothing_lost_nothing_invented(reading: Reading) -> Iterator[str]:
    for attempt_id, row in reading.attempts.items():
        walk = reading.walks.get(attempt_id)
        if walk is None:
            yield f"attempt {attempt_id} has no history"
            continue
        for fault in walk.illegal:
            yield f"attempt {attempt_id}: {fault}"
        for column, due in _due(walk).items():
            if row[column] != due:
                yield f"attempt {attempt_id}: its row has {column} {row[column]!r}, its history {due!r}"
        if json.loads(row["evidence"]) != _evidence(walk):
            yield f"attempt {attempt_id}: the evidence of its row is not that of its history"
        outcomes = [step.outcome for step in walk.steps if step.outcome]
        if reading.outbox.get(attempt_id, []) != outcomes:
            queued = reading.outbox.get(attempt_id, [])
            yield f"attempt {attempt_id}: the outbox has {queued}, its history {[str(kind) for kind in outcomes]}"
    for attempt_id in {*reading.walks, *reading.outbox} - {*reading.attempts}:
        yield f"attempt {attempt_id} has a history or an outcome, and no row"
    overtaken = reading.db.execute(
        "SELECT count(*) FROM outbox WHERE sent_at IS NULL AND refused_at IS NULL"
        " AND number < (SELECT max(number) FROM outbox WHERE sent_at NOT NULL)"
    ).fetchone()[0]
    if overtaken:
        yield f"{overtaken} outcomes wait that later ones have overtaken"


def _due(walk: Walk) -> dict[str, Any]:
    """What the columns of an attempt must hold by its history."""
    due: dict[str, Any] = dict.fromkeys(FACTS)
    for step in walk.steps:
        due |= {name: value for name, value in step.detail.items() if name in FACTS}
        if step.outcome is OutcomeKind.NOT_PRINTED:
            due["blank"] = None  # it lies in the feeder again
    return {
        **due,
        "phase": walk.phase,
        "outcome": walk.outcome,
        "accounted_by": walk.accounted_by,
        "reserved_at": walk.steps[0].at,
        "changed_at": walk.steps[-1].at,
    }


def _evidence(walk: Walk) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for step in walk.steps:
        merged |= step.detail.get("evidence", {})
    return merged


def _blanks_add_up(reading: Reading) -> Iterator[str]:
    return blanks_add_up(reading.rows, reading.attempts, reading.audit)


def _doubts_hold_their_device(reading: Reading) -> Iterator[str]:
    for attempt_id, row in reading.attempts.items():
        if row["outcome"] == OutcomeKind.UNKNOWN and not row["reason"]:
            yield f"attempt {attempt_id} is unknown without a reason"
        if row["outcome"] == OutcomeKind.UNKNOWN and row["evidence"] == "{}":
            yield f"attempt {attempt_id} is unknown without evidence"
    held: dict[str, str] = {}  # device -> the attempt that has not ended on it, or is in doubt
    for entry in reading.audit:
        attempt_id = entry.data.get("attempt", "")
        if entry.event not in ("attempt-advanced", "attempt-settled") or attempt_id not in reading.attempts:
            continue
        device, phase = reading.attempts[attempt_id]["device"], entry.data["phase"]
        if phase == Phase.RESERVED:
            if device in held:
                yield f"attempt {attempt_id} was begun on {device} while attempt {held[device]} was not settled"
            held[device] = attempt_id
        elif held.get(device) == attempt_id and entry.data.get("outcome", OutcomeKind.UNKNOWN) != OutcomeKind.UNKNOWN:
            del held[device]


def _audit_tells_the_same(reading: Reading) -> Iterator[str]:
    if broken := chain.verify(reading.audit):
        yield f"audit entry {broken.seq} {broken.why}"
    told: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for entry in reading.audit:
        if entry.event in ("attempt-advanced", "attempt-settled", "blank-accounted"):
            told[entry.data["attempt"]].append((entry.event, entry.data.get("phase")))
    for attempt_id in {*told, *reading.walks}:
        walk = reading.walks.get(attempt_id, Walk())
        due = [(step.event, step.phase if step.event != "blank-accounted" else None) for step in walk.steps]
        if told.get(attempt_id, []) != due:
            yield f"attempt {attempt_id}: the audit log tells {told.get(attempt_id, [])}, its history {due}"
    handed_over = reading.db.execute("SELECT up_to FROM audit_handover").fetchone()[0]
    if handed_over > len(reading.audit):
        yield f"the Dinas has {handed_over} audit entries, and only {len(reading.audit)} are here"


def _file_is_whole(reading: Reading) -> Iterator[str]:
    for (line,) in reading.db.execute("PRAGMA integrity_check(10)"):
        if line != "ok":
            yield str(line)
    for table, row_id, parent, _ in reading.db.execute("PRAGMA foreign_key_check"):
        yield f"{table}, row {row_id}: what it names is not in {parent}"


CHECKS: dict[str, Callable[[Reading], Iterator[str]]] = {
    "I1": _one_attempt_at_a_permit,
    "I2": _nothing_lost_nothing_invented,
    "I3": _blanks_add_up,
    "I4": _doubts_hold_their_device,
    "I5": _audit_tells_the_same,
    "I6": _file_is_whole,
}
"""Sentences on what does not hold, by invariant. I6 is asked last: the others name what a damaged page has hidden."""
