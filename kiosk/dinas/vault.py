"""The vault: sealed bundles fetched ahead of time. A stolen disk holds nothing readable; the keys are at the Dinas.

A bundle is one file named by its permit's id. It is used only when its digest is the one that the permit names now.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from dataclasses import dataclass, field
from pathlib import Path

from drivers.supervision import BackOff
from kiosk.dinas.client import BundlePart, DinasClient
from kiosk.dinas.contract import BundleChange, DinasAwayError, DinasError, DinasProblemError, Permit, ProblemType
from kiosk.dinas.files import clear_parts, write_whole

log = logging.getLogger(__name__)

SYNC_EVERY_S = 60.0
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 600.0
CURSOR = "cursor"  # the file's name
QUOTA_BYTES = 2 * 1024**3  # thousands of documents; a Dinas that hands out more is told by the log, not by a full disk
LARGEST_BUNDLE = 8 * 1024 * 1024  # contract: Permit.bundle.size
RESUMES = 5  # in a row without a byte more; as long as there is progress, it goes on from where the line broke
RESUME_PAUSE_S = 0.5
BEYOND_THE_END = 416
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


class DamagedBundleError(Exception):
    """What the Dinas handed out is not what its permit says: digest or size differ. Nothing of it is kept."""


@dataclass(frozen=True)
class _Begun:
    """What there is of a bundle whose line broke; kept in memory until it goes on."""

    permit_id: str
    etag: str | None
    content: bytes = field(repr=False)


class Vault:
    """Belongs to the engine's loop; files are small and written in a thread of the executor."""

    def __init__(self, folder: Path, client: DinasClient, quota: int = QUOTA_BYTES) -> None:
        self._folder = folder
        self._client = client
        self._quota = quota
        self._begun: _Begun | None = None  # of what is fetched ahead
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        clear_parts(folder)

    async def bundle(self, permit: Permit) -> bytes:
        """The JWE of a permit, its digest checked; fetched now when it is not here, or no longer the right one.

        Raises DamagedBundleError, or DinasError when it must be fetched and cannot be.
        """
        held = await asyncio.to_thread(self._read, permit.permit_id)
        if held is not None and _matches(held, permit.bundle.size, permit.bundle.sha256):
            return held
        content = await self._fetch(permit.permit_id, permit.bundle.size, permit.bundle.sha256, urgent=True)
        if content is None:
            raise DamagedBundleError("digest or size differ from what the permit says")
        try:
            await asyncio.to_thread(self._keep, permit.permit_id, content)
        except OSError as error:
            # The applicant has the document all the same.
            log.error("vault: cannot be written (%s)", error.strerror)
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
        named: set[str] | None = set() if cursor is None else None  # in lists from the beginning: what may stay
        while True:
            try:
                found = await self._client.bundle_changes(cursor)
            except DinasProblemError as error:
                if error.kind is not ProblemType.CURSOR or cursor is None:
                    raise
                log.info("vault: the cursor is too old, beginning again")
                cursor, named = None, set()
                continue
            for change in found.changes:
                await self._follow(change)
                if named is not None:
                    named.add(change.permit_id)
            await asyncio.to_thread(write_whole, self._folder / CURSOR, found.next.encode())
            if found.next == cursor or not found.changes:
                break
            cursor = found.next
        if named is not None:
            await asyncio.to_thread(self._drop_others, named)

    async def _follow(self, change: BundleChange) -> None:
        if not _UUID.fullmatch(change.permit_id):
            log.error("vault: a change for what is no permit id; passed over")
            return
        if change.op == "drop":
            await asyncio.to_thread(self._drop, change.permit_id)
            return
        if change.op != "put":
            log.warning("vault: a change of a kind that is not known; passed over")
            return
        held = await asyncio.to_thread(self._read, change.permit_id)
        if held is not None and change.sha256 is not None and _matches(held, change.size, change.sha256):
            return
        if await asyncio.to_thread(self._size) + (change.size or 0) > self._quota:
            log.error("vault: full; later documents are fetched one by one")
            return
        try:
            content = await self._fetch(change.permit_id, change.size, change.sha256, urgent=False)
        except DinasProblemError as error:
            if error.kind is ProblemType.BUSY or error.status >= 500 or error.kind is ProblemType.KIOSK_DISABLED:
                raise  # a matter of time: the list is followed again from here
            log.info("vault: permit %s not fetched (%s)", change.permit_id, error)
            return
        if content is None:
            log.warning("vault: permit %s: not what the list says; passed over", change.permit_id)
            return
        await asyncio.to_thread(self._keep, change.permit_id, content)

    async def _fetch(self, permit_id: str, size: int | None, sha256: str | None, *, urgent: bool) -> bytes | None:
        """The whole bundle as its digest says; None if the Dinas hands out something else.

        Parts of two versions can meet where a server has no ETag; then it is fetched once more, in one go.
        """
        content, pieced = await self._pieces(permit_id, size, urgent=urgent)
        if pieced and not _matches(content, size, sha256):
            content, _ = await self._pieces(permit_id, size, urgent=urgent)
        return content if _matches(content, size, sha256) else None

    async def _pieces(self, permit_id: str, size: int | None, *, urgent: bool) -> tuple[bytes, bool]:
        """What the server sends, put together where the line broke, and whether it was."""
        content, etag = self._take_up(permit_id)
        pieced, futile = bool(content), 0
        while futile <= RESUMES:
            part = await self._part(permit_id, content, etag, urgent=urgent)
            if part is None:
                futile += 1
                continue
            futile = 0 if part.begins + len(part.content) > len(content) else futile + 1
            pieced = pieced or part.begins > 0
            content, etag = content[: part.begins] + part.content, part.etag
            if part.whole or len(content) == size or len(content) > LARGEST_BUNDLE:
                return content, pieced
        if not urgent and content:
            self._begun = _Begun(permit_id, etag, content)
        raise DinasAwayError("the bundle does not come through")

    async def _part(self, permit_id: str, content: bytes, etag: str | None, *, urgent: bool) -> BundlePart | None:
        """What follows upon the content that is there; None when nothing came, after a pause."""
        try:
            return await self._client.bundle(permit_id, len(content), etag=etag, urgent=urgent)
        except DinasProblemError as error:
            if error.status != BEYOND_THE_END or not content:
                raise
            return BundlePart(0, b"", whole=False, etag=None)  # it became shorter: from the beginning
        except DinasAwayError:
            await asyncio.sleep(RESUME_PAUSE_S)
            return None

    def _take_up(self, permit_id: str) -> tuple[bytes, str | None]:
        begun, self._begun = self._begun, None
        return (begun.content, begun.etag) if begun is not None and begun.permit_id == permit_id else (b"", None)

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
        except OSError as error:
            log.error("vault: a bundle cannot be read (%s); fetching it again", error.strerror)
            return None

    def _keep(self, permit_id: str, content: bytes) -> None:
        write_whole(self._path(permit_id), content)

    def _drop(self, permit_id: str) -> None:
        self._path(permit_id).unlink(missing_ok=True)

    def _drop_others(self, named: set[str]) -> None:
        """What the Dinas did not name in a list from the beginning, it does not want held."""
        for path in self._folder.glob("*.jwe"):
            if path.stem not in named:
                path.unlink(missing_ok=True)

    def _cursor(self) -> str | None:
        try:
            return (self._folder / CURSOR).read_text(encoding="utf-8") or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            log.error("vault: the cursor cannot be read; beginning again")
            return None

    def _size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.glob("*.jwe"))


def _matches(content: bytes, size: int | None, sha256: str | None) -> bool:
    """As far as size and digest are known."""
    return (size is None or len(content) == size) and (sha256 is None or hashlib.sha256(content).hexdigest() == sha256)
