"""Sessions of the real code that write to the disk, to be recorded below strace; devices and the Dinas are fakes.

Run as a program: ``power_session.py SESSION ROOT MARKS WORK FAULT``. Real are the ledger and its SQLite, the saga,
reconciliation, the fence as a program, claims, the card printer that is fed by a dispenser, vault and outbox.

Every line that goes to MARKS says what the session now holds for durable, or what has left the machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import power_faults
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from issuance_fakes import FakePrinter, Trace, World, a_permit
from power_dump import dump

from drivers.card_dispenser.fed_printer import FedPrinter
from drivers.claims import Claim, Claims
from drivers.device import DeviceState, DeviceStatus
from drivers.dispenser import BlankPosition, DispenserCounters
from drivers.errors import DeviceAwayError
from drivers.printer import CardPosition, Counters, JobEnd, JobReport, SpoolJob
from drivers.spooler import adm_fence
from kiosk.dinas import files
from kiosk.dinas.client import BundlePart
from kiosk.dinas.contract import AuditEntry, AuditTaken, BundleChange, BundleChanges, BundleRef, Outcome
from kiosk.dinas.vault import Vault
from kiosk.issuance.issue import issue
from kiosk.issuance.reconcile import reconcile
from kiosk.ledger.blanks import SerialRange
from kiosk.ledger.chain import HeadSigner
from kiosk.ledger.database import Database
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.outbox import Outbox
from kiosk.ledger.phases import Phase

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STATE, CLAIMS, VAULT = "state", "claims", "vault"  # folders below the root
LEDGER = f"{STATE}/ledger"  # not there before the first start, nor is the folder around it
ATTEMPT_WITHIN_S = 60.0
BACKEND = """#!/bin/sh
printf '{{"device": "%s", "is": "begun"}}\\n' "$3" >> {marks}
cat > /dev/null
[ -e {work}/paper-jam ] && exit 1
printf '{{"device": "%s", "is": "printed"}}\\n' "$3" >> {marks}
"""


class Marks:
    """Lines for whoever reads the record. One write each, so that each is one system call."""

    def __init__(self, path: Path) -> None:
        self._to = os.open(path, os.O_WRONLY | os.O_APPEND)

    def say(self, **what: Any) -> None:
        os.write(self._to, json.dumps(what).encode() + b"\n")

    def ledger_commits(self) -> None:
        """From now on each commit that was acknowledged is a mark, with the digest of all that the ledger holds."""
        original, made = Database.transaction, Database.__init__

        def opened(database: Database, *arguments: Any, **more: Any) -> None:
            made(database, *arguments, **more)
            self.commit(database)

        @contextmanager
        def transaction(database: Database) -> Iterator[Any]:
            with original(database) as connection:
                yield connection
            self.commit(database)

        Database.transaction, Database.__init__ = transaction, opened  # type: ignore[method-assign]  # seen from outside, the same

    def commit(self, database: Database) -> None:
        schema = database.connection.execute("PRAGMA user_version").fetchone()[0]
        self.say(commit=dump(database.connection), schema=schema)

    def claims_made(self) -> None:
        """The same of claims that a driver takes or revokes."""
        take, revoke = Claims.take, Claims.revoke

        def taken(claims: Claims, attempt_id: str, driver: str) -> bool:
            if made := take(claims, attempt_id, driver):
                self.say(claim=attempt_id, by=Claim.FENCE)
            return made

        def revoked(claims: Claims, attempt_id: str) -> Claim:
            holder = revoke(claims, attempt_id)
            self.say(claim=attempt_id, by=holder)
            return holder

        Claims.take, Claims.revoke = taken, revoked  # type: ignore[method-assign]  # seen from outside, the same

    def files_written(self, root: Path) -> None:
        """The same of files that are to be whole: the new content's digest before it, and the word when it is done."""
        original = files.write_whole

        def written(path: Path, content: bytes) -> None:
            name, digest = str(path.relative_to(root)), sha256(content).hexdigest()
            self.say(file=name, will_be=digest)
            original(path, content)
            self.say(file=name, became=digest)

        power_faults.everywhere("write_whole", original, written)


class MarkTrace(Trace):
    """Acts of the fakes are marks, with the attempt for which they are done."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.attempt = ""
        self.acts = []

    def note(self, act: str) -> None:
        self.marks.say(act=act, attempt=self.attempt)


class FencedPrinter(FakePrinter):
    """Its documents go through the real fence to a backend that marks what the device has."""

    def fence(self, place: Place) -> FencedPrinter:
        self.place = place
        return self

    async def create(self, attempt_id: str) -> SpoolJob:
        if Claims(self.place.claims).read(attempt_id) is not Claim.NONE:
            raise DeviceAwayError(self.name, "this attempt's claim is taken already")
        return await super().create(attempt_id)

    async def send(self, job: SpoolJob, document: bytes) -> None:
        self.act("send")
        await asyncio.to_thread(self.place.run_fence, job.attempt_id, document)
        self._print()
        if self.card:
            self.trace.marks.say(device=job.attempt_id, at=self.where)

    async def find(self, attempt_id: str, before: Counters, sheets: int) -> JobReport:
        Claims(self.place.claims).revoke(attempt_id)
        return await super().find(attempt_id, before, sheets)

    async def abandon(self, job: SpoolJob) -> None:
        await super().abandon(job)
        Claims(self.place.claims).revoke(job.attempt_id)

    async def position(self) -> CardPosition:
        before = self.where
        where = await super().position()
        if self.where is not before:
            self.trace.marks.say(device=self.trace.attempt, at="taken")
        return where

    async def present(self) -> None:
        await super().present()
        self.trace.marks.say(device=self.trace.attempt, at=self.where)

    async def reject(self) -> None:
        await super().reject()
        self.trace.marks.say(device=self.trace.attempt, at="bin")


class FakeDispenser:
    """Hands a blank to the printer before it."""

    name = "card_dispenser"

    def __init__(self, printer: FencedPrinter) -> None:
        self._printer = printer
        self._where = BlankPosition.NONE

    @property
    def status(self) -> DeviceStatus:
        return DeviceStatus(DeviceState.ONLINE, read_at=0.0)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def refresh(self) -> DeviceStatus:
        return self.status

    async def position(self) -> BlankPosition:
        return self._where

    async def counters(self) -> DispenserCounters:
        return DispenserCounters(0)

    async def feed(self) -> None:
        self._printer.trace.note("feed")
        self._where = BlankPosition.HELD

    async def present(self) -> None:
        self._where = BlankPosition.NONE
        self._printer.where = CardPosition.INSIDE

    async def capture(self) -> None:
        self._where = BlankPosition.NONE


class Place:
    """The folders of a kiosk, and a fence that leads to a backend of ours."""

    def __init__(self, root: Path, marks: Path, work: Path, fault: str) -> None:
        self.root = root
        self.claims = root / CLAIMS
        self.work = work
        self.marks = Marks(marks)
        self._program = power_faults.fence(fault, work) or adm_fence.__file__
        self._port = socket.create_server(("127.0.0.1", 0))
        (work / "etc").mkdir()
        (work / "etc" / "adm-fence.conf").write_text(f"{self.claims}\n")
        backend = work / "bin" / "backend" / "ipp"
        backend.parent.mkdir(parents=True)
        backend.write_text(BACKEND.format(marks=marks, work=work))
        backend.chmod(0o755)
        self._environment = {
            "PATH": os.environ["PATH"],
            "CUPS_SERVERROOT": str(work / "etc"),
            "CUPS_SERVERBIN": str(work / "bin"),
            "DEVICE_URI": f"adm-fence:/ipp://127.0.0.1:{self._port.getsockname()[1]}/ipp/print",
        }

    def run_fence(self, attempt_id: str, document: bytes) -> int:
        """As cupsd runs it."""
        command = [sys.executable, "-IS", str(self._program), "7", "kiosk", attempt_id, "1", ""]
        return subprocess.run(
            command, env=self._environment, input=document, capture_output=True, timeout=30, check=False
        ).returncode

    def jam(self, *, on: bool) -> None:
        (self.work / "paper-jam").touch() if on else (self.work / "paper-jam").unlink()


class Dinas:
    """Takes whatever the outbox sends, and marks it before it answers."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        self._marks.say(told=attempt_id, outcome=outcome.outcome)

    async def hand_over_audit(self, entries: Sequence[AuditEntry], head: str) -> AuditTaken:
        self._marks.say(head=entries[-1].seq, hash=entries[-1].hash)
        return AuditTaken(entries[-1].seq, f"witness of {head[:8]}")


class BundleShelf:
    """The part of the Dinas' client that the vault asks."""

    def __init__(self, lists: list[BundleChanges], bundles: dict[str, bytes]) -> None:
        self._lists = lists
        self._bundles = bundles

    async def bundle_changes(self, cursor: str | None) -> BundleChanges:
        return self._lists.pop(0) if self._lists else BundleChanges((), cursor or "0")

    async def bundle(self, permit_id: str, offset: int, *, etag: str | None, urgent: bool) -> BundlePart:
        return BundlePart(offset, self._bundles[permit_id][offset:], whole=True, etag=etag)


class Kiosk:
    """An open ledger, two printers, and everything else that a session needs."""

    def __init__(self, ledger: Ledger, place: Place, fault: str) -> None:
        self.ledger = ledger
        self.place = place
        self.trace = MarkTrace(place.marks)
        self.printed = {"a4": 100, "card": 100}
        self._permits = 0
        power_faults.ledger_api(fault, self.trace)
        reserve = ledger.reserve

        async def reserved(**what: str) -> Any:
            attempt = await reserve(**what)
            self.trace.attempt = attempt.attempt_id
            return attempt

        ledger.reserve = reserved  # type: ignore[method-assign]  # the acts after it are this attempt's

    def world(self, medium: str, **printer: Any) -> World:
        """Devices as they stand at the beginning of an attempt."""
        world = World(self.ledger, self.place.root / LEDGER, medium)
        for part in (world.dinas, world.vault, world.preparer, world.watcher, world.reader):
            if part is not None:
                part.trace = self.trace
        world.trace = self.trace
        world.printer = FencedPrinter(
            self.trace, world.printer.name, medium == "card", printed=self.printed[medium], **printer
        ).fence(self.place)
        self._permits += 1
        permit_id = str(UUID(int=(0x0198 << 112) + (7 << 76) + (2 << 62) + self._permits))
        world.permit = msgspec.structs.replace(a_permit(medium), permit_id=permit_id)
        return world

    async def print(self, world: World, *, fed: bool = False) -> str:
        """One attempt to its end; answers its id."""
        means = world.means
        if fed:
            pair = FedPrinter(world.printer, FakeDispenser(world.printer), self.place.claims)
            means = replace(means, printer=pair, cards=pair)
        async with asyncio.timeout(ATTEMPT_WITHIN_S):
            await issue(world.permit, "token", means, world.watcher)
        self.printed[world.permit.medium] = world.printer.printed
        return self.trace.attempt


async def visit(kiosk: Kiosk) -> None:
    """Paper and cards, taken and not, a jam that an operator settles; then the Dinas is told."""
    ledger, place = kiosk.ledger, kiosk.place
    await _blanks(ledger)
    await ledger.charge_login()
    await ledger.login_succeeded()
    first = await kiosk.print(kiosk.world("a4"))
    place.run_fence(first, b"%PDF")  # cupsd after a crash: held
    await kiosk.print(kiosk.world("card"), fed=True)
    not_taken = await kiosk.print(kiosk.world("card", taken_after=None))
    place.jam(on=True)
    jammed = await kiosk.print(kiosk.world("a4", end=JobEnd.UNKNOWN, reason="media-jam"))
    place.jam(on=False)
    await _flush(kiosk)
    await ledger.settle(jammed, Phase.SPOILED, "op-1")
    await ledger.account_for_blank(not_taken, "op-1")
    refused = kiosk.world("a4", found=JobEnd.NOTHING)
    refused.printer.faults["send"] = DeviceAwayError("paper_printer", "cupsd is away")
    await kiosk.print(refused)
    away = kiosk.world("card", found=JobEnd.NOTHING)
    away.printer.faults["create"] = DeviceAwayError("card_printer", "cupsd is away")
    await kiosk.print(away, fed=True)
    await _vault(place)
    await _flush(kiosk)


async def short(kiosk: Kiosk) -> None:
    """One paper and one card, and what follows: for planted faults."""
    await _blanks(kiosk.ledger)
    await kiosk.print(kiosk.world("a4"))
    await kiosk.print(kiosk.world("card"), fed=True)
    refused = kiosk.world("a4", found=JobEnd.NOTHING)
    refused.printer.faults["send"] = DeviceAwayError("paper_printer", "cupsd is away")
    await kiosk.print(refused)
    await _vault(kiosk.place)
    await _flush(kiosk)


async def _blanks(ledger: Ledger) -> None:
    await ledger.blanks.deliver(SerialRange("TBN000001", "TBN000010"), "op-1")
    await ledger.blanks.load(SerialRange("TBN000001", "TBN000005"), "op-1")


async def _flush(kiosk: Kiosk) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    await Outbox(kiosk.ledger, Dinas(kiosk.place.marks), HeadSigner("adm-tuban-01", key)).flush()


async def _vault(place: Place) -> None:
    """Three bundles come, one changes, one goes."""
    ids = [str(UUID(int=(0x0198 << 112) + (4 << 76) + (2 << 62) + number)) for number in (1, 2, 3)]
    sealed = {permit_id: f"sealed {permit_id} ".encode() * 40 for permit_id in ids}

    def put(permit_id: str) -> BundleChange:
        content = sealed[permit_id]
        return BundleChange(permit_id, "put", len(content), sha256(content).hexdigest())

    first = BundleChanges(tuple(map(put, ids)), "cursor-1")
    gone = BundleChanges((BundleChange(ids[1], "drop"),), "cursor-2")
    vault = Vault(place.root / VAULT, BundleShelf([first, BundleChanges((), "cursor-1")], sealed))  # type: ignore[arg-type]  # the part that it asks
    await vault.sync()
    sealed[ids[0]] = b"sealed anew " * 100
    ref = BundleRef(len(sealed[ids[0]]), sha256(sealed[ids[0]]).hexdigest())
    await vault.bundle(msgspec.structs.replace(a_permit(), permit_id=ids[0], bundle=ref))
    vault._client = BundleShelf([gone, BundleChanges((), "cursor-2")], sealed)  # type: ignore[assignment]  # as above
    await vault.sync()


async def only_start(kiosk: Kiosk) -> None:
    """What opening does: first start, upgrade of an older file, roll back after a cut."""
    await kiosk.ledger.charge_login()


async def after_a_cut(kiosk: Kiosk) -> None:
    """A start on what a cut left, with reconciliation: the power may fail again in the middle of it."""
    paper, cards = kiosk.world("a4").printer, kiosk.world("card", where=CardPosition.STATION).printer
    cards.taken_after = None
    for attempt in await kiosk.ledger.unfinished():
        kiosk.trace.attempt = attempt.attempt_id
    await reconcile(kiosk.ledger, paper, cards)
    await _flush(kiosk)


SESSIONS: dict[str, Callable[[Kiosk], Awaitable[None]]] = {
    "visit": visit,
    "short": short,
    "first-start": only_start,
    "upgrade": only_start,
    "second-cut": after_a_cut,
}


async def run(session: str, place: Place, fault: str) -> None:
    power_faults.before(fault)
    place.marks.ledger_commits()
    place.marks.claims_made()
    place.marks.files_written(place.root)
    ledger = await Ledger.open(place.root / LEDGER, now=lambda: NOW)
    await SESSIONS[session](Kiosk(ledger, place, fault))
    await ledger.close()


if __name__ == "__main__":
    name, root, marks, work, fault = sys.argv[1:]
    shutil.rmtree(work, ignore_errors=True)
    Path(work).mkdir()
    asyncio.run(run(name, Place(Path(root), Path(marks), Path(work), fault), fault))
