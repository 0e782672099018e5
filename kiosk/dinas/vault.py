"""The vault: sealed bundles fetched ahead of time. A stolen disk holds nothing readable; the keys are at the Dinas.

A bundle is one file named by its permit's id. It is used only when its digest is the one that the permit names now.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from pathlib import Path

from drivers.supervision import BackOff
from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import BundleChange, DinasAwayError, DinasError, DinasProblemError, Permit, ProblemType
from kiosk.dinas.files import write_whole

log = logging.getLogger(__name__)

SYNC_EVERY_S = 60.0
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 600.0
QUOTA_BYTES = 2 * 1024**3  # thousands of documents; a Dinas that hands out more is told by the log, not by a full disk
LARGEST_BUNDLE = 8 * 1024 * 1024  # contract: Permit.bundle.size
RESUMES = 5  # of one bundle, each from where the line broke
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class DamagedBundleError(Exception):
    """What the Dinas handed out is not what its permit says: digest or size differ. Nothing of it is kept."""


class Vault:
    """Belongs to the engine's loop; files are small and written in a thread of the executor."""

    def __init__(self, folder: Path, client: DinasClient) -> None:
        self._folder = folder
        self._client = client
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def bundle(self, permit: Permit) -> bytes:
        """The JWE of a permit, its digest checked; fetched now when it is not here, or no longer the right one.

        Raises DamagedBundleError, or DinasError when it must be fetched and cannot be.
        """
        held = await asyncio.to_thread(self._read, permit.permit_id)
        if held is not None and _matches(held, permit.bundle.size, permit.bundle.sha256):
            return held
        content = await self._fetch(permit.permit_id, urgent=True)
        if not _matches(content, permit.bundle.size, permit.bundle.sha256):
            await asyncio.to_thread(self._drop, permit.permit_id)
            raise DamagedBundleError("digest or size differ from what the permit says")
        await asyncio.to_thread(self._keep, permit.permit_id, content)
        return content

    async def run(self) -> None:
        """Keep the vault as the Dinas wants it, for as long as the engine runs."""
        pauses = BackOff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while True:
            try:
                await self.sync()
            except DinasError as error:
                log.info("vault: waits for the Dinas (%s)", error)
                await asyncio.sleep(pauses.next_pause())
                continue
            except OSError as error:
                # A full or read-only disk: documents are still fetched one by one, while their applicant waits.
                log.error("vault: cannot be written (%s)", error.strerror)
                await asyncio.sleep(LONGEST_PAUSE_S)
                continue
            pauses.reset()
            await asyncio.sleep(SYNC_EVERY_S)

    async def sync(self) -> None:
        """Follow the changes since last time to their end; the cursor is kept after each list."""
        cursor = await asyncio.to_thread(self._cursor)
        while True:
            try:
                found = await self._client.bundle_changes(cursor)
            except DinasProblemError as error:
                if error.kind is not ProblemType.CURSOR or cursor is None:
                    raise
                log.info("vault: the cursor is too old, beginning again")
                cursor = None
                continue
            for change in found.changes:
                await self._follow(change)
            await asyncio.to_thread(write_whole, self._folder / "cursor", found.next.encode())
            if found.next == cursor or not found.changes:
                return
            cursor = found.next

    async def _follow(self, change: BundleChange) -> None:
        if not _UUID.fullmatch(change.permit_id):
            log.error("vault: a change for what is no permit id; passed over")
            return
        if change.op == "drop":
            await asyncio.to_thread(self._drop, change.permit_id)
            return
        held = await asyncio.to_thread(self._read, change.permit_id)
        if held is not None and change.sha256 is not None and _matches(held, change.size, change.sha256):
            return
        if await asyncio.to_thread(self._size) > QUOTA_BYTES:
            log.error("vault: full; later documents are fetched one by one")
            return
        try:
            content = await self._fetch(change.permit_id, urgent=False)
        except DinasProblemError as error:
            log.info("vault: permit %s not fetched (%s)", change.permit_id, error)
            return
        if change.sha256 is None or _matches(content, change.size, change.sha256):
            await asyncio.to_thread(self._keep, change.permit_id, content)

    async def _fetch(self, permit_id: str, *, urgent: bool) -> bytes:
        """The whole bundle, going on from where the line broke."""
        content = b""
        for again in range(RESUMES + 1):
            try:
                begins, part = await self._client.bundle(permit_id, len(content), urgent=urgent)
            except DinasAwayError:
                if again == RESUMES:
                    raise
                continue
            content = content[:begins] + part
            if len(content) > LARGEST_BUNDLE:
                raise DamagedBundleError("larger than any bundle of the contract")
            return content
        raise AssertionError("unreachable")

    # -- files

    def _path(self, permit_id: str) -> Path:
        if not _UUID.fullmatch(permit_id):
            raise DamagedBundleError("a permit id that is no UUID")
        return self._folder / f"{permit_id}.jwe"

    def _read(self, permit_id: str) -> bytes | None:
        try:
            return self._path(permit_id).read_bytes()
        except FileNotFoundError:
            return None

    def _keep(self, permit_id: str, content: bytes) -> None:
        try:
            write_whole(self._path(permit_id), content)
        except OSError as error:
            log.error("vault: cannot be written (%s)", error.strerror)

    def _drop(self, permit_id: str) -> None:
        self._path(permit_id).unlink(missing_ok=True)

    def _cursor(self) -> str | None:
        try:
            return (self._folder / "cursor").read_text(encoding="utf-8") or None
        except FileNotFoundError:
            return None

    def _size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.glob("*.jwe"))


def _matches(content: bytes, size: int | None, sha256: str) -> bool:
    return (size is None or len(content) == size) and hashlib.sha256(content).hexdigest() == sha256
