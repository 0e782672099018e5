"""Faults to plant in a session: each one breaks a rule on which durability rests, and must be seen (negative controls).

A fault is planted in the recorded session alone, never in the product or in what checks the states.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers import claims
from drivers.printer import Counters
from drivers.spooler import adm_fence
from kiosk.ledger import database
from kiosk.ledger.attempts import Facts
from kiosk.ledger.database import Database
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

PRAGMAS = {
    "wal-normal": ("journal_mode=WAL", "synchronous=NORMAL"),
    "truncate-normal": ("journal_mode=TRUNCATE", "synchronous=NORMAL"),
    "delete-full": ("journal_mode=DELETE", "synchronous=FULL"),
    "synchronous-off": ("journal_mode=TRUNCATE", "synchronous=OFF"),
}

FENCES = {
    # The device has the document, and the claim is made when it is through.
    "claim-after-send": """
real_claim, asked = fence.claim, []
fence.claim = lambda *arguments: asked.append(arguments)
def become(backend, device, arguments):
    import subprocess
    code = subprocess.run([backend, *arguments[1:]]).returncode
    real_claim(*asked[0])
    return code
fence.become = become
""",
    "fence-without-folder-sync": """
import stat
real_fsync = os.fsync
os.fsync = lambda fd: None if stat.S_ISDIR(os.fstat(fd).st_mode) else real_fsync(fd)
""",
}

_FENCE = """
import os, sys
from importlib.machinery import SourceFileLoader
fence = SourceFileLoader("adm_fence", {program!r}).load_module()
{fault}
sys.exit(fence.fence(sys.argv))
"""

FAULTS = (
    *PRAGMAS,
    *FENCES,
    "ledger-without-folder-sync",
    "claims-without-folder-sync",
    "submitted-after-send",
    "presented-after-motion",
    "told-before-row",
    "vault-without-sync",
)


def everywhere(name: str, original: Any, instead: Any) -> None:
    """In every module of ours that has imported the function."""
    for module in list(sys.modules.values()):
        if getattr(module, name, None) is original:
            setattr(module, name, instead)


def before(fault: str) -> None:
    """Planted before the ledger is opened."""
    if fault in PRAGMAS:
        _open_with(PRAGMAS[fault])
    elif fault == "ledger-without-folder-sync":
        database._sync = lambda folder: None
    elif fault == "claims-without-folder-sync":
        sync = claims._sync
        claims._sync = lambda path: None if path.is_dir() else sync(path)
    elif fault == "vault-without-sync":
        real = os.fsync
        # The vault's files alone: SQLite syncs by itself, the fence is another process, claims have their own.
        os.fsync = lambda fd: None if "/vault" in str(Path(f"/proc/self/fd/{fd}").readlink()) else real(fd)


def _open_with(pragmas: tuple[str, ...]) -> None:
    original = Database._open

    def opened(database: Database) -> Any:
        connection = original(database)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    Database._open = opened  # type: ignore[method-assign]  # the fault


def fence(fault: str, work: Path) -> Path | None:
    """A fence with the fault, as a program; None where the fault is not one of the fence."""
    if fault not in FENCES:
        return None
    program = work / "adm-fence"
    program.write_text(_FENCE.format(program=adm_fence.__file__, fault=FENCES[fault]))
    return program


def ledger_api(fault: str, trace: Any) -> None:
    """Planted in what the saga asks of the ledger: the act comes before its row."""
    late = {"submitted-after-send": Phase.SUBMITTED, "presented-after-motion": Phase.PRESENTED}
    original = Ledger.advance
    held: dict[str, tuple[Any, ...]] = {}

    async def advance(ledger: Ledger, attempt_id: str, phase: Phase, actor: str, facts: Facts = Facts()) -> Any:  # noqa: B008  # a frozen value
        if phase is late.get(fault):
            held[attempt_id] = (phase, actor, facts)
            return replace(await ledger.attempt(attempt_id), phase=phase, before=facts.before or Counters(None))
        if attempt_id in held:
            await original(ledger, attempt_id, *held.pop(attempt_id))
        if fault == "told-before-row" and phase is Phase.TAKEN:
            trace.marks.say(told=attempt_id, outcome="printed")
        return await original(ledger, attempt_id, phase, actor, facts)

    if fault in late or fault == "told-before-row":
        Ledger.advance = advance  # type: ignore[method-assign]  # the fault
