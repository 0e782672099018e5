"""Records a session, goes through its states, and comes back to one that was found.

power_run.py record SESSION FILE [--fault NAME]
power_run.py explore FILE --states N --seed N [--part I --parts N] [--enough N] [--out FILE]
power_run.py replay FILE --model strict|ordered --prefix N --choice TEXT [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import logging
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from power_calls import Data, Mark, Record, record
from power_explore import Seen, explore, replay
from power_session import CLAIMS, LEDGER, STATE, VAULT
from power_states import Choice, Disk, Model, whole

HERE = Path(__file__)
OLD_LEDGER = HERE.parents[1] / "kiosk" / "ledger" / "dumps" / "v1.sql"
LEDGER_FILE = "ledger.sqlite3"
ON_MEMORY = Path("/dev/shm")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory, where there is one: its files are written and synced a hundred thousand times."""
    with tempfile.TemporaryDirectory(prefix="power-", dir=ON_MEMORY if ON_MEMORY.is_dir() else None) as folder:
        yield Path(folder)


def record_session(session: str, folder: Path, fault: str = "") -> Record:
    """A new record; ``second-cut`` first records the visit that is cut. Raises RecordError."""
    folder.mkdir(parents=True)
    root, earlier = folder / "root", ()
    if session == "second-cut":
        earlier = _cut_in_a_commit(record_session("short", folder / "first"), root)
    else:
        (root / CLAIMS).mkdir(parents=True)
        (root / VAULT).mkdir()
    if session == "upgrade":
        (root / LEDGER).mkdir(parents=True)
        with closing(sqlite3.connect(root / LEDGER / LEDGER_FILE)) as old:
            old.executescript(OLD_LEDGER.read_text(encoding="utf-8"))
    program = [sys.executable, str(HERE.with_name("power_session.py")), session]
    marks = folder / "marks"
    return replace(
        record([*program, str(root), str(marks), str(folder / "work"), fault], root, marks, dict(os.environ)),
        earlier=earlier,
    )


def _cut_in_a_commit(first: Record, root: Path) -> tuple[Mark, ...]:
    """Lay out a cut in the commit after a card was printed: a hot journal, and half of the pages written."""
    disk = Disk.before(first, Model.STRICT)
    told: list[Mark] = []
    printed, hot = False, None
    for operation in first.operations:
        disk.advance(operation)
        if isinstance(operation, Mark):
            if printed and "commit" in operation.what:
                break
            printed = printed or operation.what.get("at") == "station"
            told.append(operation)
        pages = [one for one in disk.data if isinstance(one, Data) and first.paths[one.file].endswith(LEDGER_FILE)]
        if printed and len(pages) > 1:
            half = tuple(whole(one) if at % 2 else 0 for at, one in enumerate(disk.data))
            choice = Choice(half, (True,) * len(disk.changes))
            image = disk.image(choice)
            hot = {path: held for top in (STATE, CLAIMS, VAULT) for path, held in image.files(top).items()}
    assert hot is not None, "no commit after a card was printed"
    for path, content in hot.items():
        (root / path).mkdir(parents=True) if content is None else (root / path).write_bytes(content)
    return tuple(mark for mark in told if "commit" not in mark.what)


def explore_in_parts(file: Path, *, states: int, seed: int, parts: int, enough: int = 10**9) -> Seen:
    """In so many processes at once. Raises subprocess.CalledProcessError."""
    outs = [file.with_suffix(f".{part}") for part in range(parts)]
    numbers = ["--states", str(states), "--seed", str(seed), "--parts", str(parts), "--enough", str(enough)]
    workers = [
        subprocess.Popen(
            [sys.executable, str(HERE), "explore", str(file), *numbers, "--part", str(part), "--out", str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for part, out in enumerate(outs)
    ]
    seen = Seen()
    for worker, out in zip(workers, outs, strict=True):
        said, _ = worker.communicate()
        assert worker.returncode == 0, said[-3000:]
        seen.add(pickle.loads(out.read_bytes()))
    return seen


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    recorder = commands.add_parser("record")
    recorder.add_argument("session")
    recorder.add_argument("file", type=Path)
    recorder.add_argument("--fault", default="")
    explorer = commands.add_parser("explore")
    explorer.add_argument("file", type=Path)
    for name, default in (("states", 10_000), ("seed", 1), ("part", 0), ("parts", 1), ("enough", 10**9)):
        explorer.add_argument(f"--{name}", type=int, default=default)
    explorer.add_argument("--out", type=Path)
    again = commands.add_parser("replay")
    again.add_argument("file", type=Path)
    again.add_argument("--model", type=Model, required=True)
    again.add_argument("--prefix", type=int, required=True)
    again.add_argument("--choice", type=Choice.parse, required=True)
    again.add_argument("--keep", type=Path, help="a new folder, in which the files of the state are left")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)  # each start tells what it finds, a hundred thousand times
    with scratch() as folder:
        if asked.command == "record":
            asked.file.write_bytes(pickle.dumps(record_session(asked.session, folder / "session", asked.fault)))
            return
        held: Record = pickle.loads(asked.file.read_bytes())
        if asked.command == "replay":
            found = replay(held, folder / "state", asked.model, asked.prefix, asked.choice)
            if asked.keep:
                shutil.copytree(folder / "state", asked.keep)
            print(found)
            return
        seen = explore(
            held, folder / "state", wanted=asked.states, seed=asked.seed, part=asked.part, parts=asked.parts,
            enough=asked.enough,
        )  # fmt: skip
    if asked.out:
        asked.out.write_bytes(pickle.dumps(seen))
    print(seen)
    for one in seen.found:
        print(one)


if __name__ == "__main__":
    # Under its own name, so that what is pickled here can be read by the test that asked for it.
    main()
