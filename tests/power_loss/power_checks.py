"""Starts a kiosk on what a power cut has left, with the product's own code, and names what does not hold (I1 to I6)."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from power_dump import dump
from power_moments import Commits, Moment
from power_recovery import After, scenarios
from power_session import CLAIMS, LEDGER, NOW, STATE, VAULT
from power_states import Image

from drivers.claims import Claim, Claims
from kiosk.dinas.vault import Vault
from kiosk.ledger import invariants
from kiosk.ledger.database import FILE, Database, migrations
from kiosk.ledger.errors import LedgerUnusableError


@dataclass(frozen=True)
class Opened:
    """A ledger after the start of the kiosk."""

    dump: str
    phases: dict[str, frozenset[str]] = field(hash=False)  # by attempt
    queued: frozenset[tuple[str, str]] = field(hash=False)  # attempt, outcome in the outbox
    heads: dict[int, str] = field(hash=False)  # of the audit chain, by seq
    file: bytes = field(repr=False, hash=False)
    broken: tuple[str, ...] = ()


class Checker:
    """Checks states of one session. Remembers what it has seen, so that equal files are opened once."""

    def __init__(self, commits: Commits, folder: Path) -> None:
        self._commits = commits
        self._migrations = migrations()  # read once, in place of at each start
        self._root = folder / "root"
        self._root.mkdir(parents=True)
        self._after = After(folder / "after")
        self._ledgers: dict[bytes, Opened | str] = {}
        self._opened: dict[bytes, Opened] = {}  # by the content of the file after its start
        self._claims: dict[bytes, dict[str, Claim]] = {}
        self._vaults: dict[bytes, dict[str, str]] = {}
        self._ends: dict[tuple[object, ...], tuple[str, ...]] = {}

    @property
    def opened(self) -> int:
        """How many different ledgers were opened."""
        return len(self._ledgers)

    @property
    def reconciled(self) -> int:
        """How often reconciliation was run."""
        return self._after.runs

    def check(self, image: Image, moment: Moment) -> list[str]:
        """What does not hold; empty if all does."""
        ledger = self._ledger(image)
        if isinstance(ledger, str):
            return [ledger]
        claims = self._claims_of(image)
        return [
            *ledger.broken,
            *self._acknowledged(ledger, moment),
            *self._claimed(claims, moment),
            *self._files(image, moment),
            *self._ends_of(ledger, claims, moment),
        ]

    # The ledger

    def _ledger(self, image: Image) -> Opened | str:
        part = image.digests.get(STATE, b"")
        if part not in self._ledgers:
            self._ledgers[part] = self._start(image)
        return self._ledgers[part]

    def _start(self, image: Image) -> Opened | str:
        folder = self._lay_out(image, STATE).parent / LEDGER
        try:
            database = Database(folder, NOW, self._migrations)
        except LedgerUnusableError as error:
            return f"I6: the ledger cannot be opened: {error}"
        try:
            return self._look(database, folder)
        except sqlite3.Error as error:
            return f"I6: the ledger cannot be read: {error}"
        finally:
            database.close()

    def _look(self, database: Database, folder: Path) -> Opened:
        content = (folder / FILE).read_bytes()
        # The write-ahead log of a planted fault is a part of the content.
        log = folder / f"{FILE}-wal"
        key = hashlib.blake2b(content + (log.read_bytes() if log.exists() else b""), digest_size=16).digest()
        if key not in self._opened:
            self._opened[key] = self._read(database.connection, content)
        return self._opened[key]

    def _read(self, db: sqlite3.Connection, content: bytes) -> Opened:
        phases: dict[str, set[str]] = {}
        for row in db.execute("SELECT attempt_id, phase FROM attempt_phases"):
            phases.setdefault(row["attempt_id"], set()).add(row["phase"])
        return Opened(
            dump(db),
            {attempt: frozenset(seen) for attempt, seen in phases.items()},
            frozenset(
                (row["attempt_id"], row["outcome"])
                for row in db.execute("SELECT attempt_id, body ->> 'outcome' AS outcome FROM outbox")
            ),
            {row["seq"]: row["hash"] for row in db.execute("SELECT seq, hash FROM audit")},
            content,
            tuple(f"{found.invariant}: {found.sentence}" for found in invariants.violations(db)),
        )

    def _acknowledged(self, ledger: Opened, moment: Moment) -> Iterator[str]:
        if ledger.dump not in self._commits.allowed(moment.commits):
            yield f"I2: the ledger is not as acknowledged: {self._commits.where(ledger.dump, moment.commits)}"
        for attempt, rows in moment.rows_needed:
            if not rows & ledger.phases.get(attempt, frozenset()):
                yield f"I2: attempt {attempt}: an act was done before its row {sorted(rows)} was durable"
        for attempt, outcome in moment.told - ledger.queued:
            yield f"I2: attempt {attempt}: the Dinas was told {outcome}, and the ledger does not know it"
        for seq, tip in moment.heads:
            if ledger.heads.get(seq) != tip:
                yield f"I5: the Dinas holds head {seq}, and the chain here has another one or none"

    # Claims and files

    def _claims_of(self, image: Image) -> dict[str, Claim]:
        part = image.digests.get(CLAIMS, b"")
        if part not in self._claims:
            folder = self._lay_out(image, CLAIMS)
            self._claims[part] = {path.name: Claims(folder).read(path.name) for path in folder.iterdir()}
        return self._claims[part]

    def _claimed(self, claims: dict[str, Claim], moment: Moment) -> Iterator[str]:
        for name, holder in moment.claims:
            if claims.get(name, Claim.NONE) is not holder:
                yield f"I1: the claim {name} was {holder}, and is {claims.get(name, Claim.NONE)}"
        for attempt, device in moment.devices:
            if device.begun and claims.get(attempt) is not Claim.FENCE:
                yield f"I1: attempt {attempt} is at its device, and has no claim: a spooler would send it again"

    def _files(self, image: Image, moment: Moment) -> Iterator[str]:
        held = self._vault(image)
        for path, file in moment.files:
            digest = held.get(path)
            if digest is None and not file.may_be_gone:
                yield f"I2: {path} was written, and is gone"
            if digest is not None and digest not in file.may_be:
                yield f"I2: {path} is neither what it was nor what it should become"
        for path in held.keys() - dict(moment.files).keys():
            yield f"I2: {path} is there, and nobody wrote it"

    def _vault(self, image: Image) -> dict[str, str]:
        part = image.digests.get(VAULT, b"")
        if part not in self._vaults:
            folder = self._lay_out(image, VAULT)
            Vault(folder, None)  # type: ignore[arg-type]  # starting it asks nobody
            self._vaults[part] = {
                f"{VAULT}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
            }
        return self._vaults[part]

    def _lay_out(self, image: Image, top: str) -> Path:
        """The files of one top folder, as the cut left them."""
        folder, files = self._root / top, image.files(top)
        for inner, folders, names in os.walk(folder, topdown=False):
            for name in names:
                Path(inner, name).unlink()
            for name in folders:
                Path(inner, name).rmdir()
        if top not in files and folder.exists():
            folder.rmdir()
        for path, content in files.items():
            (self._root / path).mkdir(exist_ok=True) if content is None else (self._root / path).write_bytes(content)
        return folder

    # The end that the next start gives to what was cut off

    def _ends_of(self, ledger: Opened, claims: dict[str, Claim], moment: Moment) -> tuple[str, ...]:
        open_attempts = self._after.unfinished(ledger.dump, ledger.file)
        if not open_attempts:
            return ()
        devices = dict(moment.devices)
        ids = [attempt.attempt_id for attempt in open_attempts]
        held = frozenset((name, holder) for name, holder in claims.items() if any(one in name for one in ids))
        key = (ledger.dump, held, tuple(devices.get(attempt_id) for attempt_id in ids))
        if key not in self._ends:
            found = []
            for scenario in scenarios(open_attempts, devices):
                found += self._after.reconcile(ledger.file, dict(held), scenario)
            self._ends[key] = tuple(found)
        return self._ends[key]
