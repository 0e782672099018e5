"""The next start's reconciliation, run for real against every truth that the devices may hold after the cut."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from issuance_fakes import FakePrinter, Trace
from power_moments import Device
from power_session import CLAIMS, LEDGER, NOW

from drivers.claims import Claim, Claims
from drivers.device import DeviceState
from drivers.errors import DeviceTimeoutError
from drivers.printer import CardPosition, Counters, JobReport
from drivers.spooler import verdict
from kiosk.dinas.contract import OutcomeKind
from kiosk.issuance.reconcile import reconcile
from kiosk.ledger import attempts, invariants
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.database import FILE
from kiosk.ledger.errors import DeviceHeldError, PermitHeldError
from kiosk.ledger.ledger import Ledger

FENCED = b"fence job 7 0 locked\n"
PATIENCE_S = 0.01
NOT_BY_ITSELF = frozenset({"create", "send", "present"})


@dataclass(frozen=True)
class Truth:
    """What has become of one document, and how much of it its device tells."""

    out: str = "nothing"  # nothing | part | all
    tells: str = "all"  # all | counters (it was switched off too) | nothing
    card: CardPosition = CardPosition.NONE
    binned: bool = False
    in_hand: bool = False


def scenarios(unfinished: Sequence[Attempt], devices: dict[str, Device]) -> Iterator[dict[str, Truth]]:
    """Each truth that is possible by what the devices had got; of several attempts one after the other."""
    yield {}  # no device answers
    for attempt in unfinished:
        if device := devices.get(attempt.attempt_id):
            for truth in dict.fromkeys(_truths(attempt, device)):
                yield {attempt.attempt_id: truth}


def _truths(attempt: Attempt, device: Device) -> Iterator[Truth]:
    for tells in ("all", "counters", "nothing"):
        if attempt.medium == "card":
            yield from _cards(device, tells)
        elif device.begun:
            # Even a printer that had all of it may lose its power before the sheet is out.
            yield from (Truth(out, tells) for out in (("all",) if device.printed else ("nothing", "part", "all")))
        else:
            yield Truth("nothing", tells)


def _cards(device: Device, tells: str) -> Iterator[Truth]:
    match device.at:
        case "taken":
            yield Truth("all", tells, in_hand=True)
        case "bin":
            yield Truth("all", tells, binned=True)
        case CardPosition.EXIT:
            yield Truth("all", tells, CardPosition.EXIT)
            yield Truth("all", tells, in_hand=True)
        case _ if device.begun:
            if not device.printed:
                yield Truth("part", tells, CardPosition.INSIDE)
            yield Truth("all", tells, CardPosition.STATION)
        case _ if device.fed:
            yield Truth("nothing", tells, CardPosition.INSIDE)
        case _:
            yield Truth("nothing", tells)


class LeftPrinter(FakePrinter):
    """A printer after the cut: it answers as its truth allows, and the product's own verdict judges the job."""

    def left(self, attempt: Attempt, truth: Truth, claims: Path) -> LeftPrinter:
        self.attempt, self.truth, self.claims = attempt, truth, Claims(claims)
        self.printed = (attempt.before.printed or 0) + (truth.out == "all")
        self.rejected = (attempt.before.rejected or 0) + truth.binned
        self.where, self.taken_after = truth.card, None
        if truth.tells == "nothing":
            self.state = DeviceState.NO_DEVICE
            self.faults = {name: DeviceTimeoutError(self.name, "no answer") for name in ("counters", "position")}
        return self

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        holder = self.claims.revoke(attempt_id)
        seen = verdict.Evidence(sheets, holder, spooler_answers=True, counter_before=before.printed)
        if self.truth.tells != "nothing":
            seen = self._told(seen, sheets)
        return JobReport(self.status, seen.device_sheets, verdict.judge(seen), "", seen.record())

    def _told(self, seen: verdict.Evidence, sheets: int) -> verdict.Evidence:
        told: dict[str, Any] = {"device_answers": True, "counter_after": self.printed}
        told["path_clear"] = self.truth.out != "part" and self.where is CardPosition.NONE
        if self.truth.tells == "all" and self.truth.out != "nothing":
            told["device_state"] = verdict.COMPLETED if self.truth.out == "all" else verdict.ABORTED
            told["device_sheets"] = sheets if self.truth.out == "all" else 0
        return verdict.Evidence(**{**_values(seen), **told})


def _values(seen: verdict.Evidence) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in seen.__dataclass_fields__}


class Acts(Trace):
    """Notes acts, and reads no disk."""

    def __init__(self) -> None:
        self.acts = []

    def note(self, act: str) -> None:
        self.acts.append((act, None))


class After:
    """Runs reconciliation on a ledger and its claims."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished: dict[str, tuple[Attempt, ...]] = {}
        self.runs = 0

    def unfinished(self, dump: str, file: bytes) -> tuple[Attempt, ...]:
        """Attempts without an end in this ledger."""
        if dump not in self._unfinished:
            with closing(sqlite3.connect(":memory:")) as db:
                db.deserialize(file)
                db.row_factory = sqlite3.Row
                rows = db.execute("SELECT * FROM attempts WHERE outcome IS NULL ORDER BY attempt_id")
                self._unfinished[dump] = tuple(attempts.from_row(row) for row in rows)
        return self._unfinished[dump]

    def reconcile(self, file: bytes, claims: dict[str, Claim], scenario: dict[str, Truth]) -> list[str]:
        """What does not hold when the kiosk has started on it."""
        self.runs += 1
        shutil.rmtree(self._folder, ignore_errors=True)
        for part in (LEDGER, CLAIMS):
            (self._folder / part).mkdir(parents=True)
        (self._folder / LEDGER / FILE).write_bytes(file)
        for name, holder in claims.items():
            (self._folder / CLAIMS / name).write_bytes(b"revoked\n" if holder is Claim.REVOKED else FENCED)
        return asyncio.run(self._start(scenario))

    async def _start(self, scenario: dict[str, Truth]) -> list[str]:
        acts = Acts()
        ledger = await Ledger.open(self._folder / LEDGER, now=lambda: NOW)
        try:
            printers = {
                attempt.device: LeftPrinter(acts, attempt.device, attempt.medium == "card").left(
                    attempt, scenario.get(attempt.attempt_id, Truth(tells="nothing")), self._folder / CLAIMS
                )
                for attempt in await ledger.unfinished()
            }
            ended = await reconcile(
                ledger, printers.get("paper_printer"), printers.get("card_printer"), patience_s=PATIENCE_S
            )
            found = [line for attempt in ended for line in await _judge(ledger, attempt, scenario)]
        finally:
            await ledger.close()
        found += [f"I4: at its start the kiosk did {act} by itself" for act, _ in acts.acts if act in NOT_BY_ITSELF]
        broken = invariants.violations(self._folder / LEDGER)
        return found + [f"{one.invariant}: {one.sentence} (after reconciliation)" for one in broken]


async def _judge(ledger: Ledger, attempt: Attempt, scenario: dict[str, Truth]) -> list[str]:
    """An end that is not true, and a permit or a device that is free and must not be."""
    truth = scenario.get(attempt.attempt_id)
    if truth is None:
        return []
    found = []
    case = f"attempt {attempt.attempt_id} ({attempt.medium}, {truth})"
    card_kept = attempt.medium == "card" and not truth.in_hand
    if truth.out != "nothing" and attempt.outcome is OutcomeKind.NOT_PRINTED:
        found.append(f"I1: {case} ended as not printed: it would be printed again")
    if truth.in_hand and attempt.outcome is OutcomeKind.SPOILED:
        found.append(f"I1: {case} is in a hand and ended as kept back: it would be printed again")
    if attempt.outcome is OutcomeKind.PRINTED and (truth.out != "all" or card_kept):
        found.append(f"I2: {case} ended as printed, and nobody has it")
    if attempt.outcome is None:
        found.append(f"I4: {case} has no end after reconciliation")
    if attempt.outcome in (OutcomeKind.PRINTED, OutcomeKind.UNKNOWN) and not await _refused(
        ledger, PermitHeldError, attempt.permit_id, "another_device"
    ):
        found.append(f"I1: {case}: its permit is free")
    if attempt.outcome is OutcomeKind.UNKNOWN and not await _refused(
        ledger, DeviceHeldError, str(uuid4()), attempt.device
    ):
        found.append(f"I4: {case}: its device takes something new")
    return found


async def _refused(ledger: Ledger, error: type[Exception], permit_id: str, device: str) -> bool:
    try:
        await ledger.reserve(permit_id=permit_id, document="kk", medium="a4", device=device, actor="applicant")
    except error:
        return True
    return False
