"""The client of the contract (docs/contracts/dinas-api.yaml), for the engine's loop.

Three threads own a connection each, so that a megabyte over a slow line never holds up a login: one answers people and
is kept warm, one fetches bundles ahead of time, one fetches what is needed now (a bundle that its applicant waits for,
revocation lists). A call is repeated only where the contract makes a repeat harmless: reading, claiming, outcomes,
chip steps, audit, log-out. A login or a wish for a PIN is sent once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from kiosk.dinas.wire import BUNDLE_WITHIN_S, Wire, as_a, decode
from kiosk.settings import Dinas

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 3
PROBE_EVERY_S = 45.0  # keeps the connection warm, and tells "away" before anyone types
FIRST_PROBE_PAUSE_S = 2.0
LONGEST_PROBE_PAUSE_S = 10.0  # a line that is back is noticed soon: people stand before a closed kiosk
LONGEST_ASKED_WAIT_S = 5  # a busy Dinas that asks for more is told to the person, who waits better than a call does
GATEWAY = (502, 504)  # a proxy answers in the place of a Dinas that does not


@dataclass(frozen=True)
class BundlePart:
    """Some of a sealed bundle: its bytes from ``begins`` on. Not ``whole``: the line broke, more is to come."""

    begins: int
    content: bytes = field(repr=False)
    whole: bool
    etag: str | None  # strong, fit for If-Range


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
        self._urgent = _Line("dinas-urgent", settings)
        self._reachable: bool | None = None
        self._answered_at = 0.0
        # What speaks against what is known: an answer was lost, or the background hears otherwise. The probe looks now.
        self._doubted = asyncio.Event()
        self._asked_to_look = False
        self._probing: asyncio.Task[None] | None = None

    @property
    def reachable(self) -> bool | None:
        """Whether the Dinas answered last time, on the line of the people; None before it was asked."""
        return self._reachable

    async def start(self) -> None:
        """Begin to probe; returns at once, with or without the Dinas there."""
        for line in (self._people, self._prefetch, self._urgent):
            line.start()
        self._probing = asyncio.create_task(self._probe(), name="dinas-probe")

    async def close(self) -> None:
        if self._probing is not None:
            self._probing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._probing
        await asyncio.gather(self._people.close(), self._prefetch.close(), self._urgent.close())

    # -- who this kiosk is

    async def who_am_i(self) -> KioskInfo:
        return await self._repeat("GET", "/v1/kiosk", as_a(KioskInfo))

    # -- a visit

    async def log_in(self, *, nik: str | None = None, handle: str | None = None, pin: str) -> Session:
        """With NIK or handle, and PIN. Sent once: the Dinas counts each try."""
        who = {"nik": nik} if nik is not None else {"handle": handle}
        return await self._once("POST", "/v1/sessions", as_a(Session), {**who, "pin": pin})

    async def permits(self, token: str) -> Session:
        """The permits of the session as they stand now."""
        return await self._repeat("GET", "/v1/sessions/current", as_a(Session), headers={"ADM-Session": token})

    async def log_out(self, token: str) -> None:
        await self._repeat("DELETE", "/v1/sessions/current", _nothing, headers={"ADM-Session": token})

    async def resend_pin(self, nik: str) -> None:
        """Ask for the PIN over WhatsApp; answers the same whether or not the NIK is known. Sent once."""
        await self._once("POST", "/v1/pin-requests", _nothing, {"nik": nik})

    async def deliver(self, permit_id: str, route: str, token: str) -> Permit:
        """Send the document by courier, or keep it at the office."""
        path = f"/v1/permits/{quote(permit_id)}/delivery"
        return await self._repeat("PUT", path, as_a(Permit), {"route": route}, {"ADM-Session": token})

    # -- an attempt

    async def claim(self, permit_id: str, attempt_id: str, token: str) -> Claim:
        """Claim the permit for this attempt and receive its key; repeating it gives the same answer."""
        path = f"/v1/permits/{quote(permit_id)}/attempts/{quote(attempt_id)}"
        return await self._repeat("PUT", path, as_a(Claim), headers={"ADM-Session": token})

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        """Say how the attempt ended; needs no session."""
        await self._repeat("PUT", f"/v1/attempts/{quote(attempt_id)}/outcome", _nothing, outcome)

    async def personalize(
        self, attempt_id: str, step: int, responses: Sequence[str], atr: str | None = None
    ) -> ChipStep:
        """One step of the relay between the Dinas' key store and the chip; a repeated step gets the same answer."""
        body: dict[str, object] = {"step": step, "responses": list(responses)}
        if atr is not None:
            body["atr"] = atr
        path = f"/v1/attempts/{quote(attempt_id)}/personalization"
        return await self._repeat("POST", path, as_a(ChipStep), body)

    # -- in the background

    async def bundle_changes(self, cursor: str | None) -> BundleChanges:
        """At most 100 changes since the cursor, oldest first."""
        path = "/v1/bundles" + (f"?cursor={quote(cursor, safe='')}" if cursor is not None else "")
        with self._heard_in_background():
            _, content, _ = await self._prefetch.call("GET", path)
        return decode(content, BundleChanges)

    async def bundle(
        self, permit_id: str, offset: int = 0, *, etag: str | None = None, urgent: bool = False
    ) -> BundlePart:
        """The sealed content from ``offset`` on, or from its beginning where Range is not served.

        ``etag`` is that of the parts before: when the bundle changed meanwhile, it comes anew from the beginning (RFC
        9110, 13.1.5). ``urgent``: an applicant waits, so it does not queue behind what is fetched ahead.
        """
        headers = {"Accept": "application/jose, application/problem+json"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
            if etag is not None:
                headers["If-Range"] = etag
        line = self._urgent if urgent else self._prefetch
        stop = threading.Event()
        try:
            with self._heard_in_background():
                fetched = await line.run(
                    lambda wire: wire.fetch(f"/v1/bundles/{quote(permit_id)}", headers=headers, stop=stop),
                    within=BUNDLE_WITHIN_S + line.within,
                )
        finally:
            stop.set()  # whoever waited has gone: the thread need not read on
        begins = 0
        if fetched.status == 206:
            if not fetched.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
                raise DinasAwayError("another range than was asked for")
            begins = offset
        tag = fetched.headers.get("ETag", "")
        return BundlePart(begins, fetched.content, fetched.whole, tag if tag.startswith('"') else None)

    async def revocations(self, etag: str | None) -> tuple[Revocations, str | None] | None:
        """The revocation lists with their ETag; None if they are as before."""
        headers = {"If-None-Match": etag} if etag else {}
        with self._heard_in_background():
            status, content, found = await self._urgent.call("GET", "/v1/revocations", headers=headers)
        if status != 304:
            return decode(content, Revocations), found.get("ETag")
        if etag is None:
            raise DinasAwayError("as before, of what was never had")
        return None

    async def hand_over_audit(self, entries: Sequence[AuditEntry], head: str) -> AuditTaken:
        """Hand over audit entries in order; entries that the Dinas has already are passed over."""
        body = {"entries": list(entries), "head": head}
        return await self._repeat("POST", "/v1/audit", as_a(AuditTaken), body)

    # -- inside

    async def _once(
        self,
        method: str,
        path: str,
        understood: Callable[[bytes], T],
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> T:
        try:
            _, content, _ = await self._people.call(method, path, body, headers)
        except DinasProblemError as error:
            self._answered(reachable=error.status not in GATEWAY)
            raise
        except DinasAwayError:
            self._answered(reachable=False)
            raise
        self._answered(reachable=True)
        return understood(content)

    async def _repeat(
        self,
        method: str,
        path: str,
        understood: Callable[[bytes], T],
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> T:
        async for attempt in stamina.retry_context(
            on=_passing, attempts=TRIES, wait_initial=0.3, wait_max=3.0, timeout=None
        ):
            with attempt:
                return await self._once(method, path, understood, body, headers)
        raise AssertionError("unreachable")

    def _answered(self, *, reachable: bool) -> None:
        if not reachable and self._reachable is not False:
            log.warning("the Dinas does not answer")
        elif reachable and self._reachable is False:
            log.warning("the Dinas answers again")
        self._reachable = reachable
        self._answered_at = self._clock()
        if not reachable:
            self._doubted.set()

    @contextlib.contextmanager
    def _heard_in_background(self) -> Iterator[None]:
        """A call on another line than that of the people: it closes nothing and opens nothing, but may ask to look."""
        try:
            yield
        except DinasAwayError:
            self._doubt(heard=False)
            raise
        except DinasProblemError as error:
            self._doubt(heard=error.status not in GATEWAY)
            raise
        self._doubt(heard=True)

    def _doubt(self, *, heard: bool) -> None:
        if heard is not self._reachable:
            self._asked_to_look = True
            self._doubted.set()

    async def _probe(self) -> None:
        """Ask now and then when nobody else does; sooner while it is away."""
        pauses = BackOff(FIRST_PROBE_PAUSE_S, LONGEST_PROBE_PAUSE_S)
        while True:
            quiet = self._clock() - self._answered_at
            if self._reachable is not True or self._asked_to_look or quiet >= PROBE_EVERY_S:
                with contextlib.suppress(DinasError):
                    await self._once("GET", "/v1/kiosk", _nothing)
            self._doubted.clear()
            self._asked_to_look = False
            if self._reachable:
                pauses.reset()
            pause = PROBE_EVERY_S / 3 if self._reachable else pauses.next_pause()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._doubted.wait()
            if not self._reachable:
                await asyncio.sleep(FIRST_PROBE_PAUSE_S * random.random())  # noqa: S311  # spreads tries, guards nothing


class _Line:
    """One thread with one session.

    A call that outlives every deadline (an address that is looked up for ever, a header that trickles in) keeps its
    thread; the line goes on with a new thread and a new session.
    """

    def __init__(self, name: str, settings: Dinas) -> None:
        self._name = name
        self._settings = settings
        # A call may wait for one before it, and has deadlines of its own; this one is for what hangs all the same.
        self.within = 3 * (settings.connect_s + settings.answer_s)
        self._worker = _Worker(name, settings)

    def start(self) -> None:
        self._worker.owner.start()

    async def close(self) -> None:
        self._worker.retire()
        await self._worker.owner.close()

    async def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        return await self.run(lambda wire: wire.call(method, path, body=body, headers=headers), within=self.within)

    async def run(self, work: Callable[[Wire], T], *, within: float) -> T:
        """Do the work in the thread, with its session. Raises DinasAwayError, and what the work raises."""
        worker = self._worker
        try:
            return await worker.owner.call(lambda: work(worker.wire()), within=within)
        except DeviceError as error:
            if worker is self._worker and worker.owner.overdue:
                log.error("%s: a call hangs; going on without it", self._name)
                worker.retire()
                self._worker = _Worker(self._name, self._settings)
                self._worker.owner.start()
            raise DinasAwayError(error.reason) from error


class _Worker:
    """A thread, and the session that it made for itself."""

    def __init__(self, name: str, settings: Dinas) -> None:
        self.owner = OwnerThread(name)
        self._settings = settings
        self._wire: Wire | None = None

    def wire(self) -> Wire:
        """In the thread only."""
        if self._wire is None:
            self._wire = Wire(self._settings)
        return self._wire

    def retire(self) -> None:
        """Close the session once the thread is free."""
        self.owner.submit(lambda: self._wire.close() if self._wire else None)


def _nothing(_: bytes) -> None:
    """An answer whose status says everything."""


def _passing(error: Exception) -> bool | float:
    """Whether a repeat may help: no answer, or a Dinas that is busy; then when it asked to be asked again."""
    if isinstance(error, DinasProblemError):
        if error.kind is not ProblemType.BUSY and error.status not in (502, 503, 504):
            return False
        wait = error.problem.retry_after_s
        if wait is None:
            return True
        return wait <= LONGEST_ASKED_WAIT_S and max(0.1, float(wait))
    return isinstance(error, DinasAwayError)
