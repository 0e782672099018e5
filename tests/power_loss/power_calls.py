"""What a session asked of the disk, from the record of strace: one list of operations in the order of their ends.

Two kinds of marks stand between them: what the session was told to be durable, and what left the machine.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync_file_range,ftruncate,truncate,"
    "rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,mkdir,mkdirat,rmdir,lseek,fallocate,"
    "copy_file_range,sendfile,dup,dup2,dup3"
)
LONGEST_WRITE = 8 * 1024 * 1024  # strace cuts strings off; what is longer is refused
RECORD_WITHIN_S = 300.0
DIRECTORY = -1  # in place of the number of a file

Names = tuple[tuple[str, int | None], ...]


class RecordError(Exception):
    """The session could not be recorded, or did what the model of the disk does not know."""


@dataclass(frozen=True)
class Data:
    """Bytes of a file, not durable before its next Sync."""

    file: int
    offset: int
    content: bytes


@dataclass(frozen=True)
class Cut:
    """The file's new length, not durable before its next Sync."""

    file: int
    size: int


@dataclass(frozen=True)
class Sync:
    """fsync or fdatasync of a file."""

    file: int


@dataclass(frozen=True)
class Name:
    """Names in one folder that change together: each means this file (or DIRECTORY) from now on, or is gone (None)."""

    folder: str
    changes: Names


@dataclass(frozen=True)
class SyncFolder:
    folder: str


@dataclass(frozen=True)
class Mark:
    """What somebody outside was told, or saw."""

    what: dict[str, Any]


Operation = Data | Cut | Sync | Name | SyncFolder | Mark


@dataclass(frozen=True)
class Record:
    """A session: the files before it (by path below the root; None is a folder), and what it did."""

    before: dict[str, bytes | None]
    operations: tuple[Operation, ...]
    paths: dict[int, str]
    """The first name of each file, for people."""
    earlier: tuple[Mark, ...] = ()
    """What an earlier session had told and done, where this one starts on what a cut has left of it."""


def record(command: list[str], root: Path, marks: Path, environment: dict[str, str]) -> Record:
    """Run a session below strace, with its threads and children. Raises RecordError."""
    before = snapshot(root)
    marks.touch()
    log = marks.with_suffix(".strace")
    below = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", str(LONGEST_WRITE), "-e", f"trace={CALLS}"]
    if shutil.which("strace") is None:
        raise RecordError("strace is not installed: no system call can be recorded (scripts/packages/simulator.txt)")
    done = subprocess.run(
        [*below, "-e", "signal=none", "-o", str(log), *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=RECORD_WITHIN_S,
        check=False,
    )
    if "ptrace" in done.stderr.lower():
        raise RecordError(f"strace may not trace here: {done.stderr[:300]}")
    if done.returncode != 0:
        raise RecordError(f"the session ended with {done.returncode}: {done.stderr[-3000:]}")
    return Reader(root, marks, before).read(log)


def snapshot(root: Path) -> dict[str, bytes | None]:
    """All files and folders below the root, by their path."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes() for path in sorted(root.rglob("*"))
    }


_LINE = re.compile(r"^(\d+)\s+(?:<\.\.\. )?(\w+)(?: resumed>|\()(.*)$")
_RESULT = re.compile(r"^(.*)\)\s+= (-?\d+)(?:<((?:\\x[0-9a-f]{2})*)>)?(?:\(deleted\))?(?: .*)?$")
_FD = re.compile(r"^(\d+|AT_FDCWD)(?:<((?:\\x[0-9a-f]{2})*)>)?(\(deleted\))?$")
_IGNORED = frozenset({"dup", "dup2", "dup3"})


def _text(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", "").replace('"', ""))


class Reader:
    """Follows names, open files and positions through the lines of strace."""

    def __init__(self, root: Path, marks: Path, before: dict[str, bytes | None]) -> None:
        self._root = str(root)
        self._marks = str(marks)
        self._before = before
        self._files: dict[str, int] = {}  # path below the root -> number of its file
        self._paths: dict[int, str] = {}
        self._sizes: dict[int, int] = {}
        self._at: dict[tuple[str, str], int] = {}  # (thread, descriptor) -> position of write()
        self._append: set[tuple[str, str]] = set()
        self._half: dict[str, str] = {}  # thread -> the beginning of a call that another thread's line cut
        self._mark_text = b""
        self.operations: list[Operation] = []
        for path, content in before.items():
            self._new(path, DIRECTORY if content is None else len(self._paths), len(content or b""))

    def read(self, log: Path) -> Record:
        """All lines. Raises RecordError for what the model does not know."""
        with log.open(encoding="ascii") as lines:
            for line in lines:
                self._line(line.rstrip("\n"))
        return Record(self._before, tuple(self.operations), self._paths)

    def _line(self, line: str) -> None:
        found = _LINE.match(line)
        if found is None:
            return  # the end of a process
        thread, call, rest = found.groups()
        if rest.endswith("<unfinished ...>"):
            self._half[thread] = rest.removesuffix("<unfinished ...>").rstrip()
            return
        if " resumed>" in line[: found.start(3)]:
            rest = self._half.pop(thread) + rest
        result = _RESULT.match(rest)
        if result is None:
            raise RecordError(f"a line that cannot be read: {line[:200]}")
        arguments, value = result[1].split(", "), int(result[2])
        if value < 0 or call in _IGNORED:
            return
        step = getattr(self, f"_{call}", None)
        if step is None:
            if self._root in _text_of_all(arguments):
                raise RecordError(f"{call} is not in the model")
            return
        step(thread, arguments, value, result[3])

    # Names

    def _new(self, path: str, file: int, size: int = 0) -> int:
        self._files[path] = file
        if file != DIRECTORY:
            self._paths[file] = path
            self._sizes[file] = size
        return file

    def _below(self, folder: str, name: str) -> str | None:
        """The path below the root of a name argument; None for what lies elsewhere."""
        path = _text(name).decode()
        if not path.startswith("/"):
            fd = _FD.match(folder)
            path = f"{_text(fd[2]).decode() if fd and fd[2] else ''}/{path}"
        return self._relative(path)

    def _relative(self, path: str) -> str | None:
        return path[len(self._root) + 1 :] if path.startswith(f"{self._root}/") else None

    def _names(self, *changes: tuple[str, int | None]) -> None:
        folders = {path.rpartition("/")[0] for path, _ in changes}
        if len(folders) != 1:
            raise RecordError(f"a name moved between folders: {folders}")
        for path, file in changes:
            if file is None:
                self._files.pop(path, None)
            else:
                self._files[path] = file
        self.operations.append(Name(folders.pop(), changes))

    def _openat(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        path = self._below(arguments[0], arguments[1])
        self._open_at(thread, path, arguments[2], str(value))

    def _open(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        self._open_at(thread, self._below("AT_FDCWD", arguments[0]), arguments[1], str(value))

    def _open_at(self, thread: str, path: str | None, flags: str, fd: str) -> None:
        self._at[thread, fd] = 0
        self._append.discard((thread, fd))
        if path is None:
            return
        if "O_CREAT" in flags and path not in self._files:
            self._names((path, self._new(path, len(self._paths))))
        file = self._files.get(path)
        if file is None or file == DIRECTORY:
            return
        if "O_TRUNC" in flags and self._sizes[file]:
            self._cut(file, 0)
        if "O_APPEND" in flags:
            self._append.add((thread, fd))

    def _mkdir(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        if path := self._below("AT_FDCWD", arguments[0]):
            self._names((path, DIRECTORY))

    def _mkdirat(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        if path := self._below(arguments[0], arguments[1]):
            self._names((path, DIRECTORY))

    def _unlink(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        if path := self._below("AT_FDCWD", arguments[0]):
            self._names((path, None))

    def _unlinkat(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        if path := self._below(arguments[0], arguments[1]):
            self._names((path, None))

    def _rmdir(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        self._unlink(thread, arguments, value, opened)

    def _rename(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        self._move(self._below("AT_FDCWD", arguments[0]), self._below("AT_FDCWD", arguments[1]), keep=False)

    def _renameat(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        self._move(self._below(*arguments[:2]), self._below(*arguments[2:4]), keep=False)

    def _renameat2(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        self._renameat(thread, arguments, value, opened)

    def _link(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        self._move(self._below("AT_FDCWD", arguments[0]), self._below("AT_FDCWD", arguments[1]), keep=True)

    def _linkat(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        self._move(self._below(*arguments[:2]), self._below(*arguments[2:4]), keep=True)

    def _move(self, old: str | None, new: str | None, *, keep: bool) -> None:
        if old is None and new is None:
            return
        if old is None or new is None:
            raise RecordError("a name moved in or out of the root")
        file = self._files[old]
        self._names((new, file), *(() if keep else ((old, None),)))

    # Content

    def _open_file(self, argument: str) -> tuple[str, int | None, str]:
        """Descriptor, the file below the root (None: another one), and its whole path."""
        fd = _FD.match(argument)
        if fd is None:
            raise RecordError(f"a descriptor that cannot be read: {argument[:100]}")
        path = _text(fd[2]).decode() if fd[2] else ""
        below = None if fd[3] else self._relative(path)
        return fd[1], (self._files.get(below) if below else None), path

    def _data(self, file: int, offset: int, content: bytes) -> None:
        self._sizes[file] = max(self._sizes[file], offset + len(content))
        self.operations.append(Data(file, offset, content))

    def _cut(self, file: int, size: int) -> None:
        self._sizes[file] = size
        self.operations.append(Cut(file, size))

    def _write(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        fd, file, path = self._open_file(arguments[0])
        if path == self._marks:
            self._mark(_text(arguments[1])[:value])
        if file is None or file == DIRECTORY:
            return
        at = self._sizes[file] if (thread, fd) in self._append else self._at.get((thread, fd))
        if at is None:
            raise RecordError(f"write to {path} at a position that is not known")
        self._data(file, at, _whole(arguments[1], value))
        self._at[thread, fd] = at + value

    def _pwrite64(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        _, file, _ = self._open_file(arguments[0])
        if file is not None:
            self._data(file, int(arguments[3]), _whole(arguments[1], value))

    def _lseek(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        fd, _, _ = self._open_file(arguments[0])
        self._at[thread, fd] = value

    def _ftruncate(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        _, file, _ = self._open_file(arguments[0])
        if file is not None:
            self._cut(file, int(arguments[1]))

    def _fsync(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        _, file, path = self._open_file(arguments[0])
        if path == self._root:
            self.operations.append(SyncFolder(""))
        elif file == DIRECTORY:
            self.operations.append(SyncFolder(self._relative(path) or ""))
        elif file is not None:
            self.operations.append(Sync(file))

    def _fdatasync(self, thread: str, arguments: list[str], value: int, opened: str | None) -> None:
        self._fsync(thread, arguments, value, opened)

    def _mark(self, text: bytes) -> None:
        *whole, self._mark_text = (self._mark_text + text).split(b"\n")
        self.operations += [Mark(json.loads(line)) for line in whole]


def _whole(escaped: str, written: int) -> bytes:
    if escaped.endswith("..."):
        raise RecordError(f"a write of more than {LONGEST_WRITE} bytes")
    content = _text(escaped)
    if len(content) < written:
        raise RecordError("a write that strace shows in part")
    return content[:written]


def _text_of_all(arguments: list[str]) -> str:
    return " ".join(
        _text(part).decode(errors="replace") for text in arguments for part in re.findall(r"(?:\\x[0-9a-f]{2})+", text)
    )
