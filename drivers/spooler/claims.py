"""The claims of the fence, read (and taken) from the driver's side.

The fencing backend (``adm_fence.py``) makes a claim with an exclusive create before the first byte of an attempt goes
to the device. The same exclusive create settles the opposite question: who *revokes* an attempt takes its claim first,
and from then on no run of the backend can ever send it. Cancelling alone cannot promise that, because cupsd calls a
job cancelled while its backend may still be starting.
"""

from __future__ import annotations

import enum
import os
from pathlib import Path

REVOKED = b"revoked\n"


class Claim(enum.StrEnum):
    """Who holds the claim of an attempt."""

    NONE = "none"  # nobody yet: nothing was sent
    FENCE = "fence"  # the backend went on to the device
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

    def revoke(self, attempt_id: str) -> Claim:
        """Take the claim if nobody has it, durably; answers who holds it afterwards.

        UNREADABLE when the folder does not let us write: then nobody can promise that nothing will be sent.
        """
        path = self._folder / attempt_id
        partial = self._folder / f".{attempt_id}.revoked"
        try:
            partial.write_bytes(REVOKED)
            _sync(partial)
            # A link is exclusive like O_EXCL, and the claim is never seen half written.
            os.link(partial, path)
            _sync(self._folder)
        except FileExistsError:
            return self.read(attempt_id)
        except OSError:
            return Claim.UNREADABLE
        finally:
            partial.unlink(missing_ok=True)
        return Claim.REVOKED


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
