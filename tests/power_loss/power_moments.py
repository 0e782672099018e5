"""What was known outside of the disk at each moment of a session: who was told what, and what the devices had got."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from power_calls import Mark, Name, Operation, Record

from drivers.claims import Claim
from kiosk.ledger.phases import Phase

# An act, and the row that must have been durable before it (design, section 5): one of these phases.
ROW_BEFORE_ACT: dict[str, frozenset[Phase]] = {
    "claim": frozenset({Phase.RESERVED}),
    "bundle": frozenset({Phase.CLAIMED}),
    "prepare": frozenset({Phase.CLAIMED}),
    "create": frozenset({Phase.OPENED}),
    "send": frozenset({Phase.SUBMITTED}),
    "feed": frozenset({Phase.SUBMITTED}),
    "follow": frozenset({Phase.PRINTING}),
    "present": frozenset({Phase.PRESENTED}),
    "shown": frozenset({Phase.PRESENTED}),
    "reject": frozenset({Phase.RETRACTED, Phase.SPOILED}),
}


@dataclass(frozen=True)
class Device:
    """What one attempt's device had got."""

    begun: bool = False  # a byte of the document is there
    printed: bool = False
    fed: bool = False  # a blank left its stacker
    at: str = ""  # where its card is: a CardPosition, taken or bin


@dataclass(frozen=True)
class WholeFile:
    """What a file that is written whole may hold: the last content that was said to be durable, or what follows."""

    may_be: tuple[str, ...] = ()  # digests
    may_be_gone: bool = True


@dataclass(frozen=True)
class Moment:
    """After some operations of a session."""

    commits: int = 0  # acknowledged ones
    acts: frozenset[tuple[str, str]] = frozenset()  # act, attempt
    devices: tuple[tuple[str, Device], ...] = ()  # by attempt
    claims: tuple[tuple[str, Claim], ...] = ()  # acknowledged ones
    told: frozenset[tuple[str, str]] = frozenset()  # attempt, outcome
    heads: frozenset[tuple[int, str]] = frozenset()  # of the audit chain, at the Dinas
    files: tuple[tuple[str, WholeFile], ...] = ()

    def after(self, operation: Operation) -> Moment:
        """This moment, one operation later."""
        if isinstance(operation, Name):
            gone = {path for path, file in operation.changes if file is None}
            files = {p: replace(f, may_be_gone=True) if p in gone else f for p, f in self.files}
            return replace(self, files=tuple(files.items())) if gone & files.keys() else self
        if not isinstance(operation, Mark):
            return self
        return self._told(operation.what)

    def _told(self, what: dict[str, Any]) -> Moment:
        match what:
            case {"commit": _}:
                return replace(self, commits=self.commits + 1)
            case {"act": act, "attempt": attempt}:
                moment = replace(self, acts=self.acts | {(act, attempt)})
                return moment._device(attempt, **({"fed": True} if act == "feed" else {}))
            case {"device": attempt, "is": state}:
                moment = replace(self, acts=self.acts | {("send", attempt)})
                return moment._device(attempt, begun=True, printed=state == "printed")
            case {"device": attempt, "at": where}:
                return self._device(attempt, at=where)
            case {"claim": name, "by": holder}:
                return replace(self, claims=tuple({**dict(self.claims), name: Claim(holder)}.items()))
            case {"told": attempt, "outcome": outcome}:
                return replace(self, told=self.told | {(attempt, outcome)})
            case {"head": seq, "hash": tip}:
                return replace(self, heads=self.heads | {(seq, tip)})
            case {"file": path, "will_be": digest}:
                file = dict(self.files).get(path, WholeFile())
                return self._file(path, replace(file, may_be=(*file.may_be, digest)))
            case {"file": path, "became": digest}:
                return self._file(path, WholeFile((digest,), may_be_gone=False))
        raise ValueError(f"a mark that nobody knows: {what}")

    def _device(self, attempt: str, **more: Any) -> Moment:
        devices = dict(self.devices)
        devices[attempt] = replace(devices.get(attempt, Device()), **more)
        return replace(self, devices=tuple(devices.items()))

    def _file(self, path: str, file: WholeFile) -> Moment:
        return replace(self, files=tuple({**dict(self.files), path: file}.items()))

    @cached_property
    def rows_needed(self) -> tuple[tuple[str, frozenset[Phase]], ...]:
        """For each attempt the rows that must be there, since their act has been done."""
        return tuple((attempt, ROW_BEFORE_ACT[act]) for act, attempt in sorted(self.acts) if act in ROW_BEFORE_ACT)


def beginning(record: Record) -> Moment:
    """Before the first operation: files that lie there already are whole, and earlier acts are done."""
    held = {
        path: WholeFile((sha256(content).hexdigest(),), may_be_gone=False)
        for path, content in record.before.items()
        if content is not None and path.startswith("vault/")
    }
    moment = Moment(files=tuple(held.items()))
    for mark in record.earlier:
        moment = moment.after(mark)
    return moment


@dataclass(frozen=True)
class Commits:
    """Digests of what the ledger held after each acknowledged commit, as the next start will see it."""

    dumps: tuple[str, ...]

    @classmethod
    def of(cls, record: Record) -> Commits:
        marks = [operation.what for operation in record.operations if isinstance(operation, Mark)]
        commits = [(what["commit"], what["schema"]) for what in marks if "commit" in what]
        newest = commits[-1][1]
        # A file in the middle of its migrations is brought up to date by the next start.
        seen: list[str] = []
        following = ""
        for dump, schema in reversed(commits):
            following = dump if schema == newest else following
            seen.append(following)
        return cls(tuple(reversed(seen)))

    def allowed(self, acknowledged: int) -> tuple[str, ...]:
        """Only what was acknowledged, or the one transaction beyond that was under way."""
        return self.dumps[max(0, acknowledged - 1) : acknowledged + 1]

    def where(self, dump: str, acknowledged: int) -> str:
        """In words, what a ledger that is not allowed is."""
        if dump in self.dumps[:acknowledged]:
            last = acknowledged - 1 - self.dumps[:acknowledged][::-1].index(dump)
            return f"it is that of commit {last}, and {acknowledged - 1} was acknowledged"
        return "it is that of no commit"
