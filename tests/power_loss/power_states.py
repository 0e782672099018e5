"""Which states of a disk a power cut may leave: an abstract model of persistence (ALICE, OSDI 2014).

After each operation of a recorded session, what no fsync has made durable may be there or not: writes dropped, in
another order, torn at 512 bytes, or only the file's new length; names as the model says:

- ``strict`` (POSIX): a name is durable when its folder was synced; until then each change of names stands for itself.
- ``ordered`` (as ext4): changes of names become durable in their order, and each fsync takes along all before it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from power_calls import DIRECTORY, Cut, Data, Mark, Name, Operation, Record, Sync, SyncFolder

SECTOR = 512
LENGTH_ONLY = -1
DROPPED = 0
MANY = 10**9  # more states than anybody asks for
NAMES_IN_FULL = 8  # so many choices of names are each tried; of more, the outer ones
TRIES_FOR_A_NEW_STATE = 16
SHOWN = 5  # of what is lost


class Model(StrEnum):
    STRICT = "strict"
    ORDERED = "ordered"


@dataclass(frozen=True)
class Choice:
    """What of the pending operations reached the disk.

    ``data``: for each pending write the bits of the sectors that did, DROPPED or LENGTH_ONLY; ``names``: for each
    pending change of names whether it did.
    """

    data: tuple[int, ...]
    names: tuple[bool, ...]

    def __str__(self) -> str:
        runs = [(code, len(list(same))) for code, same in groupby(self.data)]
        data = ",".join(f"{code}x{count}" if count > 1 else str(code) for code, count in runs)
        return f"{data}/{''.join('01'[name] for name in self.names)}"

    @classmethod
    def parse(cls, text: str) -> Choice:
        runs, _, names = text.partition("/")
        data: list[int] = []
        for run in filter(None, runs.split(",")):
            code, _, count = run.partition("x")
            data += [int(code)] * int(count or 1)
        return cls(tuple(data), tuple(name == "1" for name in names))


def pieces(operation: Data | Cut) -> int:
    """How many sectors an operation touches: it can be torn between them."""
    if isinstance(operation, Cut) or not operation.content:
        return 1
    return (operation.offset + len(operation.content) - 1) // SECTOR - operation.offset // SECTOR + 1


def whole(operation: Data | Cut) -> int:
    return (1 << pieces(operation)) - 1


def apply(content: bytearray, operation: Data | Cut, code: int) -> None:
    """One pending operation as far as it reached the disk; holes are zeros."""
    if code == DROPPED:
        return
    if isinstance(operation, Cut):
        if operation.size < len(content):
            del content[operation.size :]
        else:
            content.extend(bytes(operation.size - len(content)))
        return
    end = operation.offset + len(operation.content)
    if len(content) < end and (code == LENGTH_ONLY or code >> (pieces(operation) - 1) & 1):
        content.extend(bytes(end - len(content)))
    if code == LENGTH_ONLY:
        return
    for piece in range(pieces(operation)):
        if code >> piece & 1:
            begin = max(operation.offset, (operation.offset // SECTOR + piece) * SECTOR)
            stop = min(end, (operation.offset // SECTOR + piece + 1) * SECTOR)
            if len(content) < stop:
                content.extend(bytes(stop - len(content)))
            content[begin:stop] = operation.content[begin - operation.offset : stop - operation.offset]


@dataclass(frozen=True)
class Image:
    """A disk after a cut: a digest of each top folder, and its files when they are asked for.

    Most states differ from others in one folder or in none, so that content is only made for the digest that is new.
    """

    digests: dict[str, bytes]
    _make: Callable[[str], dict[str, bytes | None]]

    @property
    def digest(self) -> bytes:
        return b"".join(top.encode() + self.digests[top] for top in sorted(self.digests))

    def files(self, top: str) -> dict[str, bytes | None]:
        """Paths of a top folder and what they hold; None is a folder. To be asked before the disk advances."""
        return self._make(top)


@dataclass
class Disk:
    """What is durable after some operations of a session, and what is pending."""

    model: Model
    names: dict[str, int] = field(default_factory=dict)
    content: dict[int, bytes] = field(default_factory=dict)
    data: list[Data | Cut] = field(default_factory=list)
    changes: list[Name] = field(default_factory=list)
    _known: dict[str, dict[tuple[int, ...], bytes]] = field(default_factory=dict)
    """Digests of top folders, by what of the pending operations reached them; until a sync makes more durable."""
    _tops: dict[int, str] = field(default_factory=dict)

    @classmethod
    def before(cls, record: Record, model: Model) -> Disk:
        """The disk before the session, all of it durable."""
        disk = cls(model)
        file = 0
        # Numbers are given in the order of the snapshot, as the reader of the calls gave them.
        for path, content in record.before.items():
            if content is None:
                disk.names[path] = DIRECTORY
            else:
                disk.names[path] = file
                disk.content[file] = content
                file += 1
        # The top folder of a file is that of its first name: names do not move between folders.
        disk._tops = {file: _top(path) for file, path in record.paths.items()}
        return disk

    def advance(self, operation: Operation) -> None:
        """The operation was done, in memory at least."""
        match operation:
            case Data() | Cut():
                self.data.append(operation)
            case Name():
                self.changes.append(operation)
            case Sync(file):
                self._sync(file)
                if self.model is Model.ORDERED:
                    self._settle_names(None)
            case SyncFolder(folder):
                self._settle_names(None if self.model is Model.ORDERED else folder)
            case Mark():
                pass

    def _sync(self, file: int) -> None:
        content = bytearray(self.content.get(file, b""))
        for operation in self.data:
            if operation.file == file:
                apply(content, operation, whole(operation))
        self.content[file] = bytes(content)
        self._known.pop(self._tops[file], None)
        self.data = [operation for operation in self.data if operation.file != file]

    def _settle_names(self, folder: str | None) -> None:
        for change in self.changes:
            if folder is None or change.folder == folder:
                _rename(self.names, change)
                self._known.pop(_top(change.changes[0][0]), None)
        self.changes = [change for change in self.changes if folder is not None and change.folder != folder]

    # States

    def capacity(self) -> int:
        """How many choices there are, up to MANY."""
        names = len(self.changes) + 1 if self.model is Model.ORDERED else 2 ** len(self.changes)
        bits = sum(pieces(operation) for operation in self.data)
        return min(MANY, names << bits) if bits < 40 else MANY

    def choices(self, wanted: int, chance: random.Random) -> Iterator[Choice]:
        """At most ``wanted`` different choices: the telling ones first, then by chance."""
        systematic = list(dict.fromkeys(self._systematic()))
        must = min(len(systematic), 4)
        if len(systematic) > wanted:
            tail = systematic[must:]
            chance.shuffle(tail)
            systematic[must:] = tail
        seen = set(systematic[:wanted])
        yield from systematic[:wanted]
        tries = (wanted - len(seen)) * TRIES_FOR_A_NEW_STATE
        while len(seen) < wanted and tries > 0:
            tries -= 1
            choice = self._by_chance(chance)
            if choice not in seen:
                seen.add(choice)
                yield choice

    def _systematic(self) -> Iterator[Choice]:
        full = tuple(whole(operation) for operation in self.data)
        none = (DROPPED,) * len(full)
        some_names = list(self._some_names())
        for names in some_names:
            yield Choice(full, names)
            yield Choice(none, names)
        for number, data in enumerate(self._systematic_data(full, none)):
            yield Choice(data, some_names[number % len(some_names)])

    def _systematic_data(self, full: tuple[int, ...], none: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for at in range(len(full)):
            yield full[:at] + none[at:]
            yield (*full[:at], DROPPED, *full[at + 1 :])
            yield none[:at] + full[at : at + 1] + none[at + 1 :]
        if full:
            for torn in range(1, pieces(self.data[-1])):
                yield (*full[:-1], (1 << torn) - 1)
                yield (*none[:-1], (1 << torn) - 1)
            yield (*full[:-1], LENGTH_ONLY)
            yield (*none[:-1], LENGTH_ONLY)

    def _some_names(self) -> Iterator[tuple[bool, ...]]:
        count = len(self.changes)
        if self.model is Model.ORDERED:
            for reached in range(count, -1, -1):
                yield (True,) * reached + (False,) * (count - reached)
            return
        yield (True,) * count
        yield (False,) * count
        if 2**count <= NAMES_IN_FULL:
            yield from (tuple(bool(bits >> at & 1) for at in range(count)) for bits in range(2**count))
            return
        for at in range(count):
            yield tuple(other != at for other in range(count))
            yield tuple(other == at for other in range(count))

    def _by_chance(self, chance: random.Random) -> Choice:
        kept, torn = chance.choice((0.1, 0.5, 0.9)), chance.choice((0.0, 0.2, 0.7))
        data = tuple(self._one_by_chance(operation, kept, torn, chance) for operation in self.data)
        count = len(self.changes)
        if self.model is Model.ORDERED:
            reached = chance.randint(0, count)
            return Choice(data, (True,) * reached + (False,) * (count - reached))
        return Choice(data, tuple(chance.random() < kept for _ in range(count)))

    @staticmethod
    def _one_by_chance(operation: Data | Cut, kept: float, torn: float, chance: random.Random) -> int:
        if chance.random() < torn:
            return LENGTH_ONLY if chance.random() < 0.2 else chance.randint(0, whole(operation))
        return whole(operation) if chance.random() < kept else DROPPED

    def image(self, choice: Choice) -> Image:
        """The disk as this choice leaves it."""
        reached: dict[str, list[int]] = {_top(path): [] for path in self.names}
        # Operations are told apart by their identity: the same objects stay pending over many moments.
        for operation, code in zip(self.data, choice.data, strict=True):
            if code != DROPPED:
                reached.setdefault(self._tops[operation.file], []).extend((id(operation), code))
        for change, kept in zip(self.changes, choice.names, strict=True):
            if kept:
                reached.setdefault(_top(change.changes[0][0]), []).append(id(change))
        digests = {}
        for top, key in reached.items():
            known = self._known.setdefault(top, {})
            if (digest := known.get(tuple(key))) is None:
                digest = known[tuple(key)] = _digest(self._files(choice, top))
            if digest:
                digests[top] = digest
        return Image(digests, lambda top: self._files(choice, top))

    def _files(self, choice: Choice, top: str) -> dict[str, bytes | None]:
        names = {path: file for path, file in self.names.items() if _top(path) == top}
        for change, kept in zip(self.changes, choice.names, strict=True):
            if kept and _top(change.changes[0][0]) == top:
                _rename(names, change)
        pending: dict[int, list[tuple[Data | Cut, int]]] = {}
        for operation, code in zip(self.data, choice.data, strict=True):
            if code != DROPPED:
                pending.setdefault(operation.file, []).append((operation, code))
        files: dict[str, bytes | None] = {}
        for path in sorted(names):
            folder = path.rpartition("/")[0]
            if folder and files.get(folder, b"") is not None:
                continue  # its folder's own name is not durable
            files[path] = None if names[path] == DIRECTORY else self._file(names[path], pending.get(names[path], []))
        return files

    def _file(self, file: int, pending: list[tuple[Data | Cut, int]]) -> bytes:
        content = bytearray(self.content.get(file, b""))
        for operation, code in pending:
            apply(content, operation, code)
        return bytes(content)

    def in_words(self, choice: Choice, paths: dict[int, str]) -> str:
        """What of the pending operations did not reach the disk, for people."""
        lost = []
        for operation, code in zip(self.data, choice.data, strict=True):
            if code == whole(operation):
                continue
            where = f"{paths[operation.file]}"
            if isinstance(operation, Cut):
                lost.append(f"{where}: not cut to {operation.size}")
            else:
                how = {DROPPED: "dropped", LENGTH_ONLY: "only its length"}.get(code, f"torn, sectors {code:#b}")
                lost.append(f"{where}: write of {len(operation.content)} at {operation.offset} {how}")
        for change, reached in zip(self.changes, choice.names, strict=True):
            if not reached:
                lost.append(f"names not changed: {change.changes}")
        more = f"; and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
        return "; ".join(lost[:SHOWN]) + more or "nothing"


def _rename(names: dict[str, int], change: Name) -> None:
    for path, file in change.changes:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def _top(path: str) -> str:
    return path.partition("/")[0]


def _digest(files: dict[str, bytes | None]) -> bytes:
    """Empty for no file at all."""
    if not files:
        return b""
    digest = hashlib.blake2b(digest_size=16)
    for path, content in files.items():
        digest.update(path.encode() + (b"/" if content is None else b"\0%d\0" % len(content)))
        digest.update(content or b"")
    return digest.digest()
