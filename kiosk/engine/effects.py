"""Carries out what a visit asks for, each effect in a task of its own; what comes of it goes back as an event."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from kiosk.dinas.contract import Permit
from kiosk.engine.receipts import Receipts
from kiosk.engine.way_in import WayIn
from kiosk.issuance.run import Issued
from kiosk.protocol import Action, Ended, EndState, Medium, NoticeKind, Part, ReceiptState, Step, Trouble
from kiosk.session.events import (
    DocumentEnded,
    Effect,
    Event,
    HandedOut,
    LogIn,
    LogOut,
    NikRefused,
    Print,
    PrintReceipt,
    Progressed,
    ReceiptEnded,
    ResendPin,
    SaysTaken,
)
from kiosk.session.visit import Notice, Presented, Progress

log = logging.getLogger(__name__)

Happened = Callable[[Event, int], None]
Issue = Callable[[Permit, str, "Watch"], Coroutine[Any, Any, Issued]]


class Effects:
    """One kiosk's hands. ``issue`` makes one attempt at a permit."""

    def __init__(self, way_in: WayIn, issue: Issue, receipts: Receipts, broken: Callable[[Exception], None]) -> None:
        self._way_in = way_in
        self._issue = issue
        self._receipts = receipts
        self._broken = broken
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: Watch | None = None
        self._attempts: list[str] = []  # of this visit, for its receipt
        self.happened: Happened = lambda event, number: None

    @property
    def at_work(self) -> bool:
        """Whether something is under way that must not be cut off."""
        return bool(self._tasks)

    def carry_out(self, effect: Effect, visit: int) -> None:
        """Start an effect of that visit and return at once."""
        if isinstance(effect, SaysTaken):
            if self._watch is not None:
                self._watch.said.set()
            return
        task = asyncio.create_task(self._guarded(effect, visit), name=type(effect).__name__)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, within: float) -> None:
        """Let what is under way come to its end, at most so many seconds; what is left stays for the reconciliation."""
        try:
            async with asyncio.timeout(within):
                while self._tasks:  # one may lead to the next: a document to its receipt
                    await asyncio.wait(set(self._tasks))
        except TimeoutError:
            pending = tuple(self._tasks)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    async def _guarded(self, effect: Effect, visit: int) -> None:
        try:
            event = await self._done(effect, visit)
        except Exception as error:  # noqa: BLE001  # the engine must say "out of service", not fall silent
            # Its text may hold anything, a name too: only its kind and place are logged.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s failed: %s\n%s", type(effect).__name__, type(error).__name__, where)
            self._broken(error)
            return
        if event is not None:
            self.happened(event, visit)

    async def _done(self, effect: Effect, visit: int) -> Event | None:
        match effect:
            case NikRefused():
                await self._way_in.nik_refused(effect)
            case LogIn():
                self._attempts = []
                return await self._way_in.log_in(effect)
            case ResendPin():
                return await self._way_in.resend_pin(effect)
            case LogOut():
                await self._way_in.log_out(effect)
            case Print():
                return await self._print(effect, visit)
            case PrintReceipt():
                printed = await self._receipts.print(effect.ended, tuple(self._attempts))
                return ReceiptEnded(ReceiptState.PRINTED if printed else ReceiptState.NONE)
        return None

    async def _print(self, effect: Print, visit: int) -> Event:
        permit = effect.permit
        self._watch = Watch(lambda event: self.happened(event, visit))
        try:
            issued = await self._issue(permit, effect.token, self._watch)
        finally:
            self._watch = None
        if issued.attempt_id:
            self._attempts.append(issued.attempt_id)
        return DocumentEnded(Ended(permit.title, issued.state, issued.notice), _notice(issued, permit))


class Watch:
    """What the engine learns of one attempt (kiosk.issuance.ports.Watcher), as events of its visit."""

    def __init__(self, happened: Callable[[Event], None]) -> None:
        self._happened = happened
        self.said = asyncio.Event()

    def progressed(
        self, step: Step, *, steps: tuple[Step, ...], done: float, seconds_left: int, trouble: Trouble | None
    ) -> None:
        self._happened(Progressed(Progress(step, done, seconds_left, trouble, steps)))

    def presented(self, part: Part, *, seconds_left: int, seconds_total: int, sensed: bool) -> None:
        self._happened(HandedOut(Presented(part, seconds_left, seconds_total, sensed)))

    async def taken(self) -> None:
        await self.said.wait()


def _notice(issued: Issued, permit: Permit) -> Notice | None:
    """What the person is told of an attempt that ended otherwise than hoped."""
    if issued.state is EndState.TAKEN:
        return None
    kind = issued.notice or NoticeKind.IN_DOUBT
    # A session that is over prints nothing more: the person begins anew.
    onward = Action.FINISH if kind is NoticeKind.SESSION_EXPIRED else Action.CONTINUE
    actions = (onward, Action.HELP)
    return Notice(kind, actions, permit.title, trouble=issued.trouble, medium=Medium(permit.medium))
