"""The power fails between any two system calls of a session, and at worse moments of the disk: I1 to I6 hold.

A session of the real code is recorded with strace; after each call every part of what no fsync has made durable may be
there or not (power_states.py). On each state the product starts: rolls back, migrates, checks and reconciles
(power_checks.py).
``POWER_STATES``, ``POWER_STATES_LONG`` and ``POWER_SEED`` ask for other runs. A state in which something does not hold
is printed with the command that comes back to it.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from power_calls import Data
from power_faults import FAULTS
from power_run import HERE, explore_in_parts, record_session, scratch
from power_states import LENGTH_ONLY, Choice, apply

STATES = int(os.environ.get("POWER_STATES", "100000"))
STATES_LONG = int(os.environ.get("POWER_STATES_LONG", "1000000"))
SEED = int(os.environ.get("POWER_SEED", "20261124"))
PROCESSES = 2
SHARES = {"visit": 0.7, "first-start": 0.05, "upgrade": 0.1, "second-cut": 0.15}
"""Of the states, by session; together all of them."""
CONTROL_STATES = 2_500
ENOUGH = 5  # violating states of a control


def states_hold(session: str, states: int, folder: Path) -> None:
    file = folder / f"{session}.record"
    with scratch() as memory:
        file.write_bytes(pickle.dumps(record_session(session, memory / "session")))
    seen = explore_in_parts(file, states=states, seed=SEED, parts=PROCESSES)
    print(f"{session}, seed {SEED}: {seen}")
    for found in seen.found:
        print(f"python {HERE} replay {file} {found}")
    assert seen.violating.total() == 0
    assert seen.total >= states


@pytest.mark.timeout(1800)  # 70 s on two free cores
@pytest.mark.parametrize("session", SHARES)
def test_no_state_that_a_power_cut_leaves_breaks_a_promise(session: str, tmp_path: Path) -> None:
    states_hold(session, round(STATES * SHARES[session]), tmp_path)


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("session", SHARES)
def test_no_state_of_a_million_breaks_a_promise(session: str, tmp_path: Path) -> None:
    states_hold(session, round(STATES_LONG * SHARES[session]), tmp_path)


# Which invariant must be seen broken by each planted fault.
CAUGHT = {
    "wal-normal": "I2",
    "truncate-normal": "I2",
    "delete-full": "I2",
    "synchronous-off": "I2",
    "claim-after-send": "I1",
    "fence-without-folder-sync": "I1",
    "ledger-without-folder-sync": "I2",
    "claims-without-folder-sync": "I1",
    "submitted-after-send": "I2",  # an act before its row; I1 falls later
    "presented-after-motion": "I2",
    "told-before-row": "I2",
    "vault-without-sync": "I2",
}


def explored(fault: str, folder: Path, enough: int):  # type: ignore[no-untyped-def]  # Seen, which only power_run makes
    file = folder / "short.record"
    with scratch() as memory:
        file.write_bytes(pickle.dumps(record_session("short", memory / "session", fault)))
    return explore_in_parts(file, states=CONTROL_STATES, seed=SEED, parts=1, enough=enough)


IN_SHORT = {"wal-normal", "claim-after-send", "fence-without-folder-sync", "ledger-without-folder-sync"}
"""One of each kind; the others in make test-long."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", [f if f in IN_SHORT else pytest.param(f, marks=pytest.mark.long) for f in FAULTS])
def test_a_planted_fault_is_seen(fault: str, tmp_path: Path) -> None:
    """The negative controls: the same search finds what each of these loses."""
    seen = explored(fault, tmp_path, ENOUGH)
    print(f"{fault}, seed {SEED}: {seen}")
    print("\n".join(str(found) for found in seen.found[:2]))
    assert seen.violating[CAUGHT[fault]] > 0


@pytest.mark.timeout(300)
def test_the_session_of_the_controls_is_sound_without_a_fault(tmp_path: Path) -> None:
    seen = explored("", tmp_path, ENOUGH)
    print(f"no fault, seed {SEED}: {seen}")
    assert seen.violating.total() == 0
    assert seen.total >= CONTROL_STATES


# The model itself


@pytest.mark.parametrize(
    ("sectors", "content"),
    [
        (0b000, b"." * 600),
        (0b111, b"." * 500 + b"x" * 600),
        (0b001, b"." * 500 + b"x" * 12 + b"." * 88),
        (0b110, b"." * 512 + b"x" * 588),
        (LENGTH_ONLY, b"." * 600 + bytes(500)),
    ],
    ids=["dropped", "whole", "first-sector", "all-but-the-first", "only-the-length"],
)
def test_a_write_is_torn_between_sectors_of_the_disk(sectors: int, content: bytes) -> None:
    """600 bytes at 500: the sectors begin at 0, 512 and 1024."""
    disk = bytearray(b"." * 600)
    apply(disk, Data(1, 500, b"x" * 600), sectors)
    assert bytes(disk) == content


def test_a_choice_is_read_back_from_its_text() -> None:
    choice = Choice((0, 0, 0, 255, -1), (True, False))
    assert Choice.parse(str(choice)) == choice
    assert Choice.parse(str(Choice((), ()))) == Choice((), ())
