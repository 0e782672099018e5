"""Stops one process at a chosen system call: kills it there, or lets that one call fail. What strace's ``inject`` does.

strace counts ``when=N`` for each thread by itself, and stops at every call of a process that it did not start. An
engine has a dozen threads, so that "the n-th write" would be another one in each run, and most would never be met. Here
one count goes through all threads of the victim, in the order in which the calls are made; a seccomp filter in the
victim stops it at the calls that count, and at no other. A kill comes before the call is done, as with strace
(test_tracer.py has strace's word on it).

**What counts as a point**: calls that change something which outlives the process or which another process sees. Reads,
``mmap``, ``futex``, ``epoll``, ``close`` and locks are none: a process killed there has done exactly what it had done
at the last point before, and files, wires and other processes cannot tell the two apart. The single byte with which an
event loop wakes itself is none either.

Only the standard library, since the fence's own interpreter (``-IS``) is started through here.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import platform
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path

AVAILABLE = sys.platform == "linux" and platform.machine() == "x86_64"  # the numbers below are of this machine

ALWAYS = {
    1: "write", 18: "pwrite64", 20: "writev", 296: "pwritev", 328: "pwritev2", 40: "sendfile", 42: "connect",
    46: "sendmsg", 307: "sendmmsg", 49: "bind", 74: "fsync", 75: "fdatasync", 76: "truncate", 77: "ftruncate",
    82: "rename", 264: "renameat", 316: "renameat2", 83: "mkdir", 258: "mkdirat", 84: "rmdir", 85: "creat",
    86: "link", 265: "linkat", 87: "unlink", 263: "unlinkat", 88: "symlink", 266: "symlinkat", 90: "chmod",
    91: "fchmod", 268: "fchmodat", 92: "chown", 93: "fchown", 260: "fchownat", 285: "fallocate", 59: "execve",
    62: "kill",
}  # fmt: skip
OPEN, OPENAT, SENDTO, IOCTL = 2, 257, 44, 16
NAMES = {**ALWAYS, OPEN: "open", OPENAT: "openat", SENDTO: "sendto", IOCTL: "ioctl"}
CREATING = os.O_CREAT | os.O_TRUNC
# Requests that change a line: TCSETS*, TCSBRK (drain), TCXONC, TCFLSH, TIOCMBIS, TIOCMBIC, TIOCMSET.
LINE_REQUESTS = (0x5402, 0x5403, 0x5404, 0x5409, 0x540A, 0x540B, 0x5416, 0x5417, 0x5418)
# What a full or broken disk can refuse; of these, only calls about files count when files alone are asked for.
DISK = frozenset({
    "write", "pwrite64", "writev", "pwritev", "pwritev2", "fsync", "fdatasync", "truncate", "ftruncate", "fallocate",
    "open", "openat", "creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat",
})  # fmt: skip

# How a window is drawn (the X protocol). Nothing of it outlives the window, and a visit has thousands of them.
DRAWING = frozenset({"writev", "sendmsg"})

# linux/filter.h, linux/seccomp.h, linux/ptrace.h
_LD_ABS, _JEQ, _JSET, _JA, _RET = 0x20, 0x15, 0x45, 0x05, 0x06
_ALLOW, _TRACE = 0x7FFF0000, 0x7FF00000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_SEIZE, _CONT, _GETREGS, _SETREGS, _GETEVENTMSG, _LISTEN = 0x4206, 7, 12, 13, 0x4201, 0x4208
_FORK, _VFORK, _CLONE, _EXEC, _SECCOMP, _STOP = 1, 2, 3, 4, 7, 128
_EXITKILL = 1 << 20  # whoever kills the tracer means the victim and all its children
_OPTIONS = _EXITKILL | 1 << _FORK | 1 << _VFORK | 1 << _CLONE | 1 << _EXEC | 1 << _SECCOMP
_WALL = 0x40000000
_RAX, _RDI, _ORIG_RAX = 10, 14, 15  # in user_regs_struct
_REGISTERS = ctypes.c_ulonglong * 27

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.restype = ctypes.c_long
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class _Counted:
    """Which calls count."""

    ALL, DISK, NO_DRAWING = range(3)


class Orders:
    """What the tracer is to do, in a few words of memory that harness and tracer share through a file.

    ``arm`` while the victim runs: the count begins at the next call. The file's words: armed, which calls count,
    target, error, the count, and whether the point was met.
    """

    _FORM = struct.Struct("=6q")

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        with contextlib.suppress(PermissionError):
            os.fchmod(descriptor, 0o666)  # the fence runs as another user
        os.ftruncate(descriptor, self._FORM.size)
        self._memory = mmap.mmap(descriptor, self._FORM.size)
        os.close(descriptor)

    def arm(self, target: int = 0, *, error: int = 0, disk: bool = False, drawing: bool = True) -> None:
        """Kill at point ``target`` from now, counted from 1, or fail it with ``error``; 0 counts without an end.

        ``disk``: only calls about files are counted, those that a disk can refuse. ``drawing``: whether those count
        with which a window is drawn.
        """
        counted = _Counted.DISK if disk else _Counted.ALL if drawing else _Counted.NO_DRAWING
        self._write(0, 0, 0, 0, 0, 0)
        self._write(1, counted, target, error, 0, 0)

    def disarm(self) -> None:
        self._write(0, *self._read()[1:])

    @property
    def armed(self) -> bool:
        return bool(self._read()[0])

    @property
    def count(self) -> int:
        return self._read()[4]

    @property
    def met(self) -> bool:
        """Whether the victim came to the target since the last ``arm``."""
        return bool(self._read()[5])

    def next_point(self, name: str, *, about_files: bool) -> tuple[int, bool, int] | None:
        """The tracer: count one call. Its number, whether it is the target, and the error; None when not counted."""
        armed, counted, target, error, count, met = self._read()
        if not armed or (counted == _Counted.DISK and not about_files):
            return None
        if counted == _Counted.NO_DRAWING and name in DRAWING:
            return None
        count += 1
        hit = count == target
        self._write(armed, counted, target, error, count, met or hit)
        return count, hit, error

    def _read(self) -> tuple[int, ...]:
        return self._FORM.unpack_from(self._memory)

    def _write(self, *words: int) -> None:
        self._FORM.pack_into(self._memory, 0, *words)


def _program() -> bytes:
    """The filter: stop at the calls of ``NAMES``, of some only with arguments that change something."""

    def op(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("=HBBI", code, yes, no, k)

    def low(argument: int) -> bytes:
        return op(_LD_ABS, 16 + 8 * argument)

    trace, allow = op(_RET, _TRACE), op(_RET, _ALLOW)
    lines = [op(_LD_ABS, 0)]
    for number in ALWAYS:
        lines += [op(_JEQ, number, 0, 1), trace]
    for number, argument in ((OPENAT, 2), (OPEN, 1)):
        lines += [op(_JEQ, number, 0, 4), low(argument), op(_JSET, CREATING, 0, 1), trace, allow]
    lines += [op(_JEQ, SENDTO, 0, 4), low(2), op(_JEQ, 1, 1, 0), trace, allow]
    lines += [op(_JEQ, IOCTL, 0, 2 + 2 * len(LINE_REQUESTS)), low(1)]
    for request in LINE_REQUESTS:
        lines += [op(_JEQ, request, 0, 1), trace]
    lines += [allow, allow]
    return b"".join(lines)


def _install_filter() -> None:
    program = _program()
    buffer = ctypes.create_string_buffer(program)
    header = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    if os.geteuid() != 0:
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if _libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.create_string_buffer(header), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp filter")


def _ptrace(request: int, pid: int, address: int = 0, data: object = None) -> None:
    given = data if data is None or isinstance(data, int) else ctypes.addressof(data)  # type: ignore[arg-type]  # a ctypes value
    if _libc.ptrace(request, pid, address, given) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def spawn(become: Callable[[], None], orders: Orders, log: Path | str, started: Callable[[int], None]) -> int:
    """Run ``become`` in a child under the tracer until it and all its children have ended; its wait status.

    Call it in a process that has no other children and no threads. ``log`` gets a line for each point that counts.
    """
    ready, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(go)
        os.read(ready, 1)
        os.close(ready)
        try:
            _install_filter()
            become()
        except BaseException as error:  # noqa: BLE001  # the child must not go on as its parent
            os.write(2, f"tracer: {type(error).__name__}: {error}\n".encode())
        os._exit(70)
    os.close(ready)
    _ptrace(_SEIZE, pid, 0, _OPTIONS)
    started(pid)
    os.write(go, b"g")
    os.close(go)
    return _Watch(pid, orders, log).until_the_end()


class _Watch:
    """The tracer's loop over one victim with its threads and children."""

    def __init__(self, victim: int, orders: Orders, log: Path | str) -> None:
        self._victim = victim
        self._orders = orders
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        with contextlib.suppress(OSError):
            os.fchmod(self._log, 0o666)
        self._own: dict[int, bool] = {}  # by thread id: is it of the victim?
        self._registers = _REGISTERS()

    def until_the_end(self) -> int:
        end = 0
        while True:
            try:
                tid, status = os.waitpid(-1, _WALL)
            except ChildProcessError:
                os.close(self._log)
                return end
            if os.WIFSTOPPED(status):
                with contextlib.suppress(ProcessLookupError):  # it was killed meanwhile
                    self._stopped(tid, os.WSTOPSIG(status), status >> 16)
            elif tid == self._victim:
                end = status
                os.write(self._log, f"end {status}\n".encode())

    def _stopped(self, tid: int, number: int, event: int) -> None:
        if event == _SECCOMP:
            self._at_call(tid)
        elif event == _STOP and number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
            _ptrace(_LISTEN, tid)
            return
        _ptrace(_CONT, tid, 0, 0 if event else number)

    def _at_call(self, tid: int) -> None:
        if not self._is_own(tid):
            return
        _ptrace(_GETREGS, tid, 0, self._registers)
        number = self._registers[_ORIG_RAX]
        name = NAMES.get(number, str(number))
        where = _where(tid, name, self._registers[_RDI])
        point = self._orders.next_point(name, about_files=name in DISK and not where.startswith("@"))
        if point is None:
            return
        count, hit, error = point
        os.write(self._log, f"{count} {name} {where}{' <' if hit else ''}\n".encode())
        if not hit:
            return
        if error == 0:
            os.kill(self._victim, signal.SIGKILL)
            return
        self._registers[_ORIG_RAX] = ctypes.c_ulonglong(-1).value
        self._registers[_RAX] = ctypes.c_ulonglong(-error).value
        _ptrace(_SETREGS, tid, 0, self._registers)

    def _is_own(self, tid: int) -> bool:
        if tid not in self._own:
            status = Path(f"/proc/{tid}/status").read_text(encoding="ascii", errors="replace")
            self._own[tid] = f"\nTgid:\t{self._victim}\n" in status
        return self._own[tid]


def _where(tid: int, name: str, first: int) -> str:
    """The file that a call is about, or the kind of wire with an @ before it; without ids, so that runs compare."""
    if name in ("connect", "kill", "execve") or first >= 1 << 20:
        return "-"
    try:
        target = str(Path(f"/proc/{tid}/fd/{first}").readlink())
    except OSError:
        return "-"
    if target.startswith("/") and not target.startswith(("/dev/", "/memfd:")):
        return target.rpartition("/")[2] or target
    return "@" + target.partition(":[")[0].rpartition("/")[2]


def main() -> int:
    """``tracer.py ORDERS LOG PROGRAM ARGUMENTS...``: a program under the tracer, with its own exit status."""

    def become() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.execv(sys.argv[3], sys.argv[3:])

    def started(pid: int) -> None:
        # cupsd ends its backends by the id it knows, which is ours.
        signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))

    end = spawn(become, Orders(sys.argv[1]), sys.argv[2], started)
    if os.WIFSIGNALED(end):
        if os.WTERMSIG(end) != signal.SIGKILL:  # nobody may say how that one is heard
            signal.signal(os.WTERMSIG(end), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(end))
    return os.waitstatus_to_exitcode(end)


if __name__ == "__main__":
    sys.exit(main())
