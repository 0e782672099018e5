"""Revocation lists of document signers, card signers and staff cards: the last ones are kept, with their age."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from drivers.supervision import BackOff
from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import DinasAwayError, DinasError
from kiosk.dinas.files import clear_parts, write_whole

log = logging.getLogger(__name__)

REFRESH_EVERY_S = 900.0
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 300.0


class _Kept(msgspec.Struct):
    """The file: lists in base64 of DER, the ETag that came with them, and when (seconds since the epoch)."""

    crls: list[str] = []
    etag: str | None = None
    at: float = 0.0


class RevocationLists:
    """The lists that count now, for whoever checks a signature."""

    def __init__(self, folder: Path, client: DinasClient, now: Callable[[], float] = time.time) -> None:
        self._path = folder / "revocations.json"
        self._client = client
        self._now = now
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        clear_parts(folder)
        self._kept = self._load()
        self._crls = _decoded(self._kept.crls) or ()

    @property
    def crls(self) -> tuple[bytes, ...]:
        """X.509 CRLs in DER; empty before the Dinas was reached for the first time."""
        return self._crls

    @property
    def age_s(self) -> float | None:
        """Seconds since the Dinas last confirmed them; None if never. 0 when the clock was set back meanwhile."""
        return max(0.0, self._now() - self._kept.at) if self._kept.at else None

    async def run(self) -> None:
        """Keep them fresh for as long as the engine runs."""
        pauses = BackOff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while True:
            try:
                await self.refresh()
            except DinasError as error:
                log.info("revocation lists: wait for the Dinas (%s)", error)
                await asyncio.sleep(pauses.next_pause())
            else:
                pauses.reset()
                await asyncio.sleep(REFRESH_EVERY_S)

    async def refresh(self) -> None:
        """Ask once. Raises DinasError."""
        found = await self._client.revocations(self._kept.etag if self._crls else None)
        if found is None:
            self._kept.at = self._now()
        else:
            lists, etag = found
            decoded = _decoded(lists.crls)
            if decoded is None:
                raise DinasAwayError("revocation lists that are no base64")  # the last good ones stay
            self._crls = decoded
            self._kept = _Kept(list(lists.crls), etag, self._now())
        await asyncio.to_thread(self._save)

    def _load(self) -> _Kept:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return _Kept()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OSError):
            log.error("revocation lists: the kept file cannot be read; asking again")
            return _Kept()

    def _save(self) -> None:
        try:
            write_whole(self._path, msgspec.json.encode(self._kept))
        except OSError as error:
            log.error("revocation lists: cannot be kept (%s)", error.strerror)


def _decoded(lists: Sequence[str]) -> tuple[bytes, ...] | None:
    """None if one of them is not base64."""
    try:
        return tuple(base64.b64decode(one, validate=True) for one in lists)
    except (binascii.Error, ValueError):
        return None
