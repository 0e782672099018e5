"""Runs pcscd inside a mount namespace of its own: ``unshare -m python -m hardware_sim.smart_cards.enclosure DIR ...``.

pcscd's socket and pid file are compiled in (/run/pcscd), so one machine could have only one. Here the world's directory
is mounted over /run/pcscd, and the folder of USB drivers is hidden, so that a real reader at the machine stays with the
machine's own pcscd. Nothing of it is seen outside, and all of it is gone when the process ends.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

COMPILED_IN = Path("/run/pcscd")
USB_DRIVERS = Path("/usr/lib/pcsc/drivers")
MS_BIND = 4096  # <sys/mount.h>
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    directory, command = Path(sys.argv[1]).resolve(), sys.argv[2:]
    # The simulator waits for these with sigwait; pcscd has to get them.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    # A killed simulator takes its pcscd with it.
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    runtime = os.open(directory / "run", os.O_PATH)
    empty = os.open(directory / "no-drivers", os.O_PATH)
    if not COMPILED_IN.is_dir():
        # Mounted by hand, not made: the machine's own /run stays as it is.
        _mount("tmpfs", COMPILED_IN.parent, "tmpfs", 0)
        COMPILED_IN.mkdir()
    _mount(f"/proc/self/fd/{runtime}", COMPILED_IN, None, MS_BIND)
    if USB_DRIVERS.is_dir():
        _mount(f"/proc/self/fd/{empty}", USB_DRIVERS, None, MS_BIND)
    os.execvp(command[0], command)  # noqa: S606  # becoming pcscd is what this program is for


def _mount(source: str, target: Path, kind: str | None, flags: int) -> None:
    if _libc.mount(source.encode(), os.fsencode(target), kind and kind.encode(), flags, None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(target))


if __name__ == "__main__":
    main()
