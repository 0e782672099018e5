"""All that a ledger holds, as one digest: two are equal when every row is."""

from __future__ import annotations

import sqlite3
from hashlib import sha256

NOT_THE_LEDGER = "'migrations'"  # tells when a file was made, not what happened


def dump(connection: sqlite3.Connection) -> str:
    """Hex digest over all tables, their columns and rows. Reads only."""
    digest = sha256()
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        f" AND name NOT IN ({NOT_THE_LEDGER}) ORDER BY name"
    ).fetchall()
    for (table,) in ((row[0],) for row in tables):
        cursor = connection.execute(f"SELECT * FROM {table}")
        digest.update(repr((table, [column[0] for column in cursor.description])).encode())
        for row in sorted(map(repr, map(tuple, cursor))):
            digest.update(row.encode())
    return digest.hexdigest()
