"""Writes docs/audit-events.md: ``python -m kiosk.ledger.event_docs docs/audit-events.md``."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import msgspec

from kiosk.ledger.events import EVENTS, Actor, Amount, Code, Count, Day, Event, Id, Serial

_KINDS = {
    Code: "code",
    Actor: "actor",
    Id: "UUID",
    Count: "whole number",
    Amount: "more or less",
    Serial: "serial",
    Day: "date",
    bool: "yes or no",
}
_HEAD = """# Events of the audit log

Generated from `kiosk/ledger/events.py` by `python -m kiosk.ledger.event_docs docs/audit-events.md`; do not edit.

Each entry is `{seq, at, event, data, prev, hash}`; `data` holds the fields below. Every event has `actor`: `applicant`,
`operator:<id>`, `technician:<id>` or `system:<part>`. No event holds a NIK, a name or a PIN.

| event | what happened | fields besides `actor` |
| --- | --- | --- |
"""


def document() -> str:
    """The whole page."""
    return _HEAD + "".join(_row(event) for event in EVENTS)


def _row(event: type[Event]) -> str:
    sentence = " ".join((inspect.getdoc(event) or "").split())
    fields = ", ".join(_field(f) for f in msgspec.structs.fields(event) if f.name != "actor")
    return f"| `{event.__struct_config__.tag}` | {sentence} | {fields or '-'} |\n"


def _field(field: msgspec.structs.FieldInfo) -> str:
    kinds = [name for kind, name in _KINDS.items() if field.type in (kind, kind | None)]
    return f"`{field.encode_name}` {kinds[0]}{'' if field.required else ', may be absent'}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
