"""The client of the contract (docs/contracts/dinas-api.yaml), for the engine's loop.

Two threads own a connection each: one answers people and is kept warm, one fetches bundles ahead of time, so that a
megabyte over a slow line never holds up a login. A call is repeated only where the contract makes a repeat harmless:
reading, claiming, outcomes, log-out. A login or a wish for a PIN is sent once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import stamina
from cryptography import x509
from cryptography.x509.oid import NameOID

from drivers.errors import DeviceError
from drivers.owner import OwnerThread
from drivers.supervision import BackOff
from kiosk.dinas.contract import (
    AuditEntry,
    AuditTaken,
    BundleChanges,
    ChipStep,
    Claim,
    DinasAwayError,
    DinasError,
    DinasProblemError,
    KioskInfo,
    Outcome,
    Permit,
    ProblemType,
    Revocations,
    Session,
)
from kiosk.dinas.wire import Wire, decode
from kiosk.settings import Dinas

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 3
PROBE_EVERY_S = 45.0  # keeps the connection warm, and tells "away" before anyone types
FIRST_PROBE_PAUSE_S = 2.0
LONGEST_PROBE_PAUSE_S = 30.0


def kiosk_id_of(certificate: Path) -> str:
    """The kiosk's id: the common name of its client certificate. Raises ValueError if there is none."""
    subject = x509.load_pem_x509_certificate(certificate.read_bytes()).subject
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not names:
        raise ValueError(f"{certificate}: no common name")
    return str(names[0].value)


class DinasClient:
    """All methods but ``start`` and ``close`` raise DinasAwayError or DinasProblemError."""

    def __init__(self, settings: Dinas, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._people = _Line("dinas", settings)
        self._prefetch = _Line("dinas-prefetch", settings)
        self._reachable: bool | None = None
        self._answered_at = 0.0
        self._probing: asyncio.Task[None] | None = None

    @property
    def reachable(self) -> bool | None:
        """Whether the Dinas answered last time; None before it was asked."""
        return self._reachable

    async def start(self) -> None:
        """Begin to probe; returns at once, with or without the Dinas there."""
        self._people.start()
        self._prefetch.start()
        self._probing = asyncio.create_task(self._probe(), name="dinas-probe")

    async def close(self) -> None:
        if self._probing is not None:
            self._probing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._probing
        await asyncio.gather(self._people.close(), self._prefetch.close())

    # -- who this kiosk is

    async def who_am_i(self) -> KioskInfo:
        return await self._read("/v1/kiosk", KioskInfo)

    # -- a visit

    async def log_in(self, *, nik: str | None = None, handle: str | None = None, pin: str) -> Session:
        """With NIK or handle, and PIN. Sent once: the Dinas counts each try."""
        who = {"nik": nik} if nik is not None else {"handle": handle}
        return await self._send("POST", "/v1/sessions", Session, {**who, "pin": pin})

    async def permits(self, token: str) -> Session:
        """The permits of the session as they stand now."""
        return await self._read("/v1/sessions/current", Session, {"ADM-Session": token})

    async def log_out(self, token: str) -> None:
        await self._repeat("DELETE", "/v1/sessions/current", headers={"ADM-Session": token})

    async def resend_pin(self, nik: str) -> None:
        """Ask for the PIN over WhatsApp; answers the same whether or not the NIK is known. Sent once."""
        await self._once("POST", "/v1/pin-requests", {"nik": nik})

    async def deliver(self, permit_id: str, route: str, token: str) -> Permit:
        """Send the document by courier, or keep it at the office."""
        path = f"/v1/permits/{quote(permit_id)}/delivery"
        return decode(await self._repeat("PUT", path, {"route": route}, {"ADM-Session": token}), Permit)

    # -- an attempt

    async def claim(self, permit_id: str, attempt_id: str, token: str) -> Claim:
        """Claim the permit for this attempt and receive its key; repeating it gives the same answer."""
        path = f"/v1/permits/{quote(permit_id)}/attempts/{quote(attempt_id)}"
        return decode(await self._repeat("PUT", path, headers={"ADM-Session": token}), Claim)

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        """Say how the attempt ended; needs no session."""
        await self._repeat("PUT", f"/v1/attempts/{quote(attempt_id)}/outcome", outcome)

    async def personalize(
        self, attempt_id: str, step: int, responses: Sequence[str], atr: str | None = None
    ) -> ChipStep:
        """One step of the relay between the Dinas' key store and the chip; a repeated step gets the same answer."""
        body: dict[str, object] = {"step": step, "responses": list(responses)}
        if atr is not None:
            body["atr"] = atr
        return await self._send("POST", f"/v1/attempts/{quote(attempt_id)}/personalization", ChipStep, body)

    # -- in the background

    async def bundle_changes(self, cursor: str | None) -> BundleChanges:
        """At most 100 changes since the cursor, oldest first."""
        path = "/v1/bundles" + (f"?cursor={quote(cursor, safe='')}" if cursor is not None else "")
        _, content, _ = await self._prefetch.call("GET", path)
        return decode(content, BundleChanges)

    async def bundle(self, permit_id: str, offset: int = 0, *, urgent: bool = False) -> tuple[int, bytes]:
        """The sealed content from ``offset`` on, and the offset at which it really begins (0 if Range was not served).

        ``urgent``: an applicant waits, so it does not queue behind what is fetched ahead.
        """
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        headers["Accept"] = "application/jose"
        line = self._people if urgent else self._prefetch
        status, content, found = await line.call("GET", f"/v1/bundles/{quote(permit_id)}", headers=headers)
        if status == 206 and found.get("Content-Range", "").startswith(f"bytes {offset}-"):
            return offset, content
        if status == 206:
            raise DinasAwayError("another range than was asked for")
        return 0, content

    async def revocations(self, etag: str | None) -> tuple[Revocations, str | None] | None:
        """The revocation lists with their ETag; None if they are as before."""
        headers = {"If-None-Match": etag} if etag else {}
        status, content, found = await self._prefetch.call("GET", "/v1/revocations", headers=headers)
        return None if status == 304 else (decode(content, Revocations), found.get("ETag"))

    async def hand_over_audit(self, entries: Sequence[AuditEntry], head: str) -> AuditTaken:
        """Hand over audit entries in order; entries that the Dinas has already are passed over."""
        return decode(await self._repeat("POST", "/v1/audit", {"entries": list(entries), "head": head}), AuditTaken)

    # -- inside

    async def _read(self, path: str, kind: type[T], headers: dict[str, str] | None = None) -> T:
        return decode(await self._repeat("GET", path, headers=headers), kind)

    async def _send(self, method: str, path: str, kind: type[T], body: object) -> T:
        return decode(await self._once(method, path, body), kind)

    async def _once(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> bytes:
        try:
            _, content, _ = await self._people.call(method, path, body, headers)
        except DinasProblemError:
            self._answered(reachable=True)
            raise
        except DinasAwayError:
            self._answered(reachable=False)
            raise
        self._answered(reachable=True)
        return content

    async def _repeat(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> bytes:
        async for attempt in stamina.retry_context(
            on=_passing, attempts=TRIES, wait_initial=0.3, wait_max=3.0, timeout=None
        ):
            with attempt:
                return await self._once(method, path, body, headers)
        raise AssertionError("unreachable")

    def _answered(self, *, reachable: bool) -> None:
        if reachable is not self._reachable:
            log.warning("the Dinas %s", "answers" if reachable else "does not answer")
        self._reachable = reachable
        self._answered_at = self._clock()

    async def _probe(self) -> None:
        """Ask now and then when nobody else does; sooner while it is away."""
        pauses = BackOff(FIRST_PROBE_PAUSE_S, LONGEST_PROBE_PAUSE_S)
        while True:
            quiet = self._clock() - self._answered_at
            if self._reachable is not True or quiet >= PROBE_EVERY_S:
                with contextlib.suppress(DinasError):
                    await self._once("GET", "/v1/kiosk")
            if self._reachable:
                pauses.reset()
                await asyncio.sleep(PROBE_EVERY_S / 3)
            else:
                await asyncio.sleep(pauses.next_pause())


class _Line:
    """One thread with one session."""

    def __init__(self, name: str, settings: Dinas) -> None:
        self._owner = OwnerThread(name)
        self._settings = settings
        self._wire: Wire | None = None
        # A call may wait for one before it; requests' own deadlines are per read, a trickle is cut here.
        self._within = 3 * (settings.connect_s + settings.answer_s)

    def start(self) -> None:
        self._owner.start()

    async def close(self) -> None:
        self._owner.submit(self._close)
        await self._owner.close()

    async def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        try:
            status, content, found = await self._owner.call(
                lambda: self._opened().call(method, path, body=body, headers=headers), within=self._within
            )
        except DeviceError as error:
            raise DinasAwayError(error.reason) from error
        return status, content, found

    def _opened(self) -> Wire:
        if self._wire is None:
            self._wire = Wire(self._settings)
        return self._wire

    def _close(self) -> None:
        if self._wire is not None:
            self._wire.close()


def _passing(error: Exception) -> bool | float:
    """Whether a repeat may help: no answer, or a Dinas that is busy; then when it asked to be asked again."""
    if isinstance(error, DinasProblemError):
        if error.kind is not ProblemType.BUSY and error.status not in (502, 503, 504):
            return False
        wait = error.problem.retry_after_s
        return True if wait is None else wait <= 5 and float(wait)
    return isinstance(error, DinasAwayError)
