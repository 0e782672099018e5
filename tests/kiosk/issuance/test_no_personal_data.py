"""After whole visits, however they ended, the ledger holds no NIK, no name and no PIN: in no column, and nowhere in the
bytes of its file. What does the harm in practice is the text of an error, so the errors here are full of secrets.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_kiosk import SECRET_NAME, World, problem

from drivers.errors import DeviceAwayError
from drivers.printer import JobEnd
from kiosk.dinas.contract import Applicant, DinasAwayError, ProblemType, Session
from kiosk.engine.way_in import WayIn
from kiosk.ledger.database import FILE
from kiosk.ledger.ledger import Ledger
from kiosk.session.events import LogIn, LogOut, NikRefused, ResendPin

NIK, PIN, HANDLE = "3523165708790001", "271828", "K7QW2M9ZX4TP"
SECRETS = (NIK, PIN, HANDLE, SECRET_NAME, "SITI AMINAH", "AMINAH")
SAID = f"no answer about {SECRET_NAME}, NIK {NIK}, PIN {PIN}"


class TalkativeDinas:
    """Names the person in whatever it says."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.away = False

    async def log_in(self, *, nik: str | None = None, handle: str | None = None, pin: str) -> Session:
        if self.away:
            raise DinasAwayError(SAID)
        applicant = Applicant(SECRET_NAME)
        return Session("token", datetime(2026, 11, 24, tzinfo=UTC), applicant, (self._world.permit,))

    async def resend_pin(self, nik: str) -> None:
        raise DinasAwayError(SAID)

    async def log_out(self, token: str) -> None:
        raise DinasAwayError(SAID)


def as_it_should(world: World) -> None:
    """Nothing goes wrong."""


def dinas_refuses(world: World) -> None:
    world.dinas.faults["claim"] = problem(ProblemType.OTHER, 500)


def dinas_away(world: World) -> None:
    world.dinas.faults["claim"] = DinasAwayError(SAID)


def preparing_surprises(world: World) -> None:
    world.preparer.fault = RuntimeError(SAID)


def printer_away(world: World) -> None:
    world.printer.faults["create"] = DeviceAwayError("printer", SAID)


def printer_surprises(world: World) -> None:
    world.printer.faults["follow"] = RuntimeError(SAID)


def printer_names_the_person(world: World) -> None:
    world.printer.end, world.printer.reason = JobEnd.NOTHING, SAID


def nobody_can_tell(world: World) -> None:
    world.printer.end, world.printer.reason = JobEnd.UNKNOWN, SECRET_NAME


def nobody_takes_it(world: World) -> None:
    world.watcher.says_taken, world.printer.taken_after = False, None


VISITS = [
    as_it_should,
    dinas_refuses,
    dinas_away,
    preparing_surprises,
    printer_away,
    printer_surprises,
    printer_names_the_person,
    nobody_can_tell,
    nobody_takes_it,
]


def values(folder: Path) -> Iterator[tuple[str, object]]:
    """Each value of each column of each table, with where it stands."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            rows = db.execute(f"SELECT * FROM {table}")
            for row in rows:
                yield from zip((f"{table}.{column[0]}" for column in rows.description), row, strict=True)


async def visit(ledger: Ledger, world: World) -> None:
    dinas = TalkativeDinas(world)
    way_in = WayIn(dinas, ledger)  # type: ignore[arg-type]  # the three calls that it makes
    await way_in.nik_refused(NikRefused("length"))
    dinas.away = True
    await way_in.log_in(LogIn(NIK, None, PIN))
    await way_in.resend_pin(ResendPin(NIK))
    dinas.away = False
    await way_in.log_in(LogIn(None, HANDLE, PIN))
    await way_in.log_in(LogIn(NIK, None, PIN))
    await world.issue()
    await way_in.log_out(LogOut("token"))


@pytest.mark.parametrize("medium", ["a4", "card"])
@pytest.mark.parametrize("happens", VISITS)
async def test_no_column_of_the_ledger_holds_personal_data(
    ledger: Ledger, tmp_path: Path, medium: str, happens: Callable[[World], None]
) -> None:
    world = World(ledger, tmp_path, medium)
    happens(world)

    await visit(ledger, world)
    await ledger.close()

    found = [(where, value) for where, value in values(tmp_path) if any(secret in str(value) for secret in SECRETS)]
    assert found == []
    # Whose it might be does not matter: no run of sixteen digits that stands for itself is a NIK of nobody.
    assert [(w, v) for w, v in values(tmp_path) if re.search(r"(?<![0-9a-f-])[0-9]{16}(?![0-9a-f])", str(v))] == []
    raw = (tmp_path / FILE).read_bytes()
    assert [secret for secret in SECRETS if secret.encode() in raw] == []
    assert b"logged-in" in raw
    assert world.trace.acts, "nothing was done"


async def test_the_walk_finds_a_name_that_was_planted(ledger: Ledger, tmp_path: Path) -> None:
    await ledger.reserve(
        permit_id="0198f1de-0000-4000-8000-000000000001", document="kk", medium="a4", device="paper", actor="applicant"
    )
    await ledger.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("UPDATE attempts SET reason = ?", (f"paper of {SECRET_NAME}",))
        db.commit()

    assert [where for where, value in values(tmp_path) if SECRET_NAME in str(value)] == ["attempts.reason"]
