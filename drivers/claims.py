"""The claims of attempts: one durable file for each attempt that was, or never will be, sent to a device.

Whoever sends an attempt makes its claim with an exclusive create before the first byte goes to the device: the fencing
backend of CUPS (``spooler/adm_fence.py``), or a driver that has no spooler (``Claims.take``). The same exclusive create
settles the opposite question: who *revokes* an attempt takes its claim first, and from then on nobody can ever send it.
Cancelling alone cannot promise that, because cupsd calls a job cancelled while its backend may still be starting. One
folder serves all drivers, so that an attempt which one of them sent is not sent again by the one that took its place.
"""

from __future__ import annotations

import enum
import fcntl
import os
from pathlib import Path

REVOKED = b"revoked\n"
LOCKED = b" locked\n"  # how the claim ends whose sender holds a lock on it for as long as it lives


class Claim(enum.StrEnum):
    """Who holds the claim of an attempt."""

    NONE = "none"  # nobody yet: nothing was sent
    FENCE = "fence"  # the backend, or a driver without a spooler, went on to the device
    REVOKED = "revoked"  # the driver took it: nothing was sent, and nothing ever will be
    UNREADABLE = "unreadable"  # the folder cannot be read: nothing is known


class Claims:
    """The folder of claims, one file for each attempt, named as the attempt."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, attempt_id: str) -> Claim:
        """Who holds the claim now."""
        try:
            text = (self._folder / attempt_id).read_bytes()
        except FileNotFoundError:
            return Claim.NONE if self._folder.is_dir() else Claim.UNREADABLE
        except OSError:
            return Claim.UNREADABLE
        return Claim.REVOKED if text == REVOKED else Claim.FENCE

    def sender_gone(self, attempt_id: str) -> bool | None:
        """Whether the backend that took the claim has ended, so that it sends nothing more; None: not known."""
        try:
            with (self._folder / attempt_id).open("rb") as claim:
                if not claim.read().endswith(LOCKED):
                    return None
                fcntl.flock(claim, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True

    def take(self, attempt_id: str, driver: str) -> bool:
        """Take the claim for sending, durably; False when somebody has it, and then nothing may be sent.

        Raises OSError when no durable claim can be made: nothing may be sent then either. ``driver`` is kept with it.
        """
        return self._make(attempt_id, f"sent by {driver}\n".encode())

    def revoke(self, attempt_id: str) -> Claim:
        """Take the claim if nobody has it, durably; answers who holds it afterwards.

        UNREADABLE when the folder does not let us write: then nobody can promise that nothing will be sent.
        """
        try:
            made = self._make(attempt_id, REVOKED)
        except OSError:
            return Claim.UNREADABLE
        return Claim.REVOKED if made else self.read(attempt_id)

    def withdraw(self, attempt_id: str) -> None:
        """Say of a claim that the caller itself took that surely nothing was begun, durably; it stays taken for good.

        Raises OSError when that cannot be written: then the claim goes on to say that something may have been sent.
        """
        partial = self._partial(attempt_id)
        try:
            _write(partial, REVOKED)
            partial.replace(self._folder / attempt_id)
            _sync(self._folder)
        finally:
            partial.unlink(missing_ok=True)

    def _make(self, attempt_id: str, text: bytes) -> bool:
        partial = self._partial(attempt_id)
        try:
            _write(partial, text)
            # A link is exclusive like O_EXCL, and the claim is never seen half written.
            os.link(partial, self._folder / attempt_id)
            _sync(self._folder)
        except FileExistsError:
            return False
        finally:
            partial.unlink(missing_ok=True)
        return True

    def _partial(self, attempt_id: str) -> Path:
        return self._folder / f".{attempt_id}.{os.getpid()}"


def _write(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
