"""What somebody who owns the machine can do to an audit log: through SQL, through the file's bytes, with the key."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.ledger import chain
from kiosk.ledger.chain_rows import BEGINNING, Row, canonical
from kiosk.ledger.database import FILE

Rows = list[Row]


@dataclass(frozen=True)
class Victim:
    """A ledger before anything was done to it."""

    content: bytes  # the file
    older: Sequence[bytes]  # the same file at earlier moments
    rows: Rows
    head: int  # the last entry that the Dinas has seen; some follow
    stolen: chain.HeadSigner  # the kiosk's own key


def read(content: bytes, path: Path) -> Rows:
    path.write_bytes(content)
    with sqlite3.connect(path) as db:
        return db.execute("SELECT seq, at, event, data, prev, hash FROM audit ORDER BY seq").fetchall()


def chained(rows: Sequence[Row], start: int) -> Rows:
    """Numbers, links and hashes made anew from index ``start`` on: a chain that holds by itself."""
    done = list(rows[:start])
    for _seq, at, event, data, _prev, _hash in rows[start:]:
        tip = (done[-1][0], done[-1][5]) if done else None
        done.append(chain.row_of(chain.next_entry(tip, at, event, json.loads(data))))
    return done


def other_data(data: str, chance: random.Random) -> str:
    fields = json.loads(data)
    name = chance.choice(sorted(fields))
    fields[name] = f"system:x{chance.randrange(10**6)}" if name == "actor" else f"other-{chance.randrange(10**6)}"
    return canonical(fields)


def edited(victim: Victim, chance: random.Random) -> Rows:
    """One field of one entry; now and then with the entry's own hash made anew."""
    rows = list(victim.rows)
    at = chance.randrange(len(rows))
    row = list(rows[at])
    column = chance.choice([1, 2, 3, 3, 3, 4, 5])
    if chance.random() < 0.1:  # to the same meaning, which is another text all the same
        rows[at] = (*row[:3], row[3].replace("{", "{ "), *row[4:])
        return rows
    if column == 3:
        row[3] = other_data(row[3], chance)
    else:
        text = row[column]
        place = chance.randrange(len(text))
        row[column] = (
            text[:place] + chance.choice([c for c in "0123456789abcdef" if c != text[place]]) + text[place + 1 :]
        )
    if column < 4 and at < victim.head and chance.random() < 0.5:
        return [*rows[:at], *chained([*rows[:at], tuple(row)], at)[at:], *rows[at + 1 :]]
    rows[at] = tuple(row)  # type: ignore[assignment]  # of the same columns
    return rows


def deleted(victim: Victim, chance: random.Random) -> Rows:
    """One or several entries before the head; the rest as it was, numbered anew, or chained anew."""
    first = chance.randrange(victim.head)
    last = min(victim.head, first + chance.choice([1, 1, 1, 2, 5]))
    rest = [*victim.rows[:first], *victim.rows[last:]]
    way = chance.randrange(3)
    if way == 0:
        return rest
    return chained(rest, first) if way == 1 else [(n, *row[1:]) for n, row in enumerate(rest, 1)]


def inserted(victim: Victim, chance: random.Random) -> Rows:
    """An entry that never was."""
    at = chance.randrange(victim.head)
    like = chance.choice(victim.rows)
    rows = [*victim.rows[:at], (0, like[1], like[2], other_data(like[3], chance), "", ""), *victim.rows[at:]]
    if chance.random() < 0.5:
        return chained(rows, at)
    new = chained(rows, at)[at]
    return [*victim.rows[:at], new, *((row[0] + 1, *row[1:]) for row in victim.rows[at:])]


def swapped(victim: Victim, chance: random.Random) -> Rows:
    """Two entries changed places."""
    rows = list(victim.rows)
    one, other = sorted(chance.sample(range(victim.head), 2))
    first, second = rows[one], rows[other]
    rows[one], rows[other] = (first[0], *second[1:]), (second[0], *first[1:])
    if first[1:4] != second[1:4] and chance.random() < 0.5:
        return chained(rows, one)
    return rows


def truncated(victim: Victim, chance: random.Random) -> Rows:
    """The tail is gone, and something of what the Dinas has seen with it."""
    return victim.rows[: chance.randrange(victim.head)]


def forked(victim: Victim, chance: random.Random) -> Rows:
    """Another story from some entry on, chained as it should be, shorter or longer."""
    at = chance.randrange(victim.head)
    own = [
        (0, row[1], row[2], other_data(row[3], chance), "", "")
        for row in chance.choices(victim.rows, k=chance.randrange(1, 2 * len(victim.rows)))
    ]
    return chained([*victim.rows[:at], *own], at)


SQL: dict[str, Callable[[Victim, random.Random], Rows]] = {
    "edit": edited,
    "delete": deleted,
    "insert": inserted,
    "swap": swapped,
    "truncate": truncated,
    "fork": forked,
}
KINDS = (*SQL, "bytes", "roll back", "re-sign")
UNSEEN_ALONE = ("truncate", "fork", "roll back", "re-sign")
"""What holds by itself: only a head that somebody else keeps can show it."""


def tamper(victim: Victim, kind: str, chance: random.Random, folder: Path) -> None:
    """Leave the tampered file in the folder."""
    path = folder / FILE
    if kind == "bytes":
        path.write_bytes(bytes_changed(victim, chance))
        return
    if kind == "roll back":
        path.write_bytes(chance.choice(victim.older))
        return
    path.write_bytes(victim.content)
    rows = forked(victim, chance) if kind == "re-sign" else SQL[kind](victim, chance)
    db = sqlite3.connect(path, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=MEMORY",
        "PRAGMA synchronous=OFF",
        "BEGIN",
        "DROP TRIGGER audit_is_not_changed",
        "DROP TRIGGER audit_is_not_deleted",
        "DELETE FROM audit",
    ):
        db.execute(statement)
    db.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", rows)
    if kind == "re-sign":
        last = chain.AuditEntry(rows[-1][0], rows[-1][1], "", {}, BEGINNING, rows[-1][5])
        db.execute("UPDATE audit_handover SET up_to = ?, witness = ?", (last.seq, victim.stolen.sign(last)))
    db.execute("COMMIT")
    db.close()


def bytes_changed(victim: Victim, chance: random.Random) -> bytes:
    """One byte of one entry, where it lies in the file."""
    row = chance.choice(victim.rows)
    record = "".join(row[1:]).encode()  # a record's texts lie one behind the other (SQLite's file format, 2.1)
    begin = victim.content.index(record)
    place = begin + chance.randrange(len(record))
    byte = chance.choice([n for n in range(256) if n != victim.content[place]])
    return victim.content[:place] + bytes([byte]) + victim.content[place + 1 :]
