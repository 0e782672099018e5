"""The engine put together: start in a fixed order, run until told to stop, end in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kiosk import notify
from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import DinasError, DinasProblemError, Permit, ProblemType
from kiosk.dinas.revocations import RevocationLists
from kiosk.dinas.vault import Vault
from kiosk.documents.card_layout import LayoutError
from kiosk.documents.catalogue import CatalogueError
from kiosk.documents.prepare import Preparer
from kiosk.documents.trust import TrustError
from kiosk.engine.cabinet import follow_cabinet
from kiosk.engine.conductor import Conductor
from kiosk.engine.devices import Devices
from kiosk.engine.effects import Effects, Watch
from kiosk.engine.identity import IdentityError, identify
from kiosk.engine.lamps import light
from kiosk.engine.power import PowerWatch, Verdict
from kiosk.engine.queues import keep_open
from kiosk.engine.receipts import Receipts
from kiosk.engine.scans import follow_scans
from kiosk.engine.screen_link import ScreenLink
from kiosk.engine.stock import StockKeeper
from kiosk.engine.watch import MachineWatch
from kiosk.engine.way_in import WayIn
from kiosk.issuance import deadlines
from kiosk.issuance.issue import issue
from kiosk.issuance.ports import Means, Times
from kiosk.issuance.reconcile import reconcile
from kiosk.issuance.run import Issued
from kiosk.ledger import events
from kiosk.ledger.chain import HeadSigner
from kiosk.ledger.errors import LedgerError, LedgerFailedError
from kiosk.ledger.ledger import Ledger, wall_clock
from kiosk.ledger.outbox import FullJitter, Outbox
from kiosk.ledger.wholeness import keep_looking
from kiosk.protocol import Medium, OutReason, Said, Show
from kiosk.session.events import Effect
from kiosk.session.machine import Machine
from kiosk.settings import Dinas as DinasSettings
from kiosk.settings import Settings

log = logging.getLogger(__name__)

FIRST_READINGS_S = 8.0  # a printer that hangs is asked for five
TICK_S = 1.0
FINISH_WITHIN_S = 150.0  # a document that is being printed comes out before the engine ends
FAILED = 1  # the supervisor starts the engine anew
FAULT_SHOWN_S = 20.0  # before the supervisor's next try
WHO_AM_I_EVERY_S = 600.0
WHO_AM_I_AGAIN_S = 15.0
# What the machine can lack at the start. The text of each is a sentence for a technician, and names the file.
UNFIT = (LedgerError, IdentityError, CatalogueError, LayoutError, TrustError, OSError)


def run(settings: Settings) -> int:
    """Run the engine until SIGTERM; the exit status."""
    # force: python-escpos configures the root logger when it is imported, and what comes second counts for nothing.
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr, force=True
    )
    return asyncio.run(Engine(settings).run())


@dataclass(frozen=True)
class Surroundings:
    """All that the engine touches outside of itself but its files: the real things, or a model of each."""

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = wall_clock
    chance: random.Random = field(default_factory=random.Random)  # spreads tries, guards nothing
    devices: Callable[[Settings, Callable[[], float], Callable[[], datetime]], Devices] = Devices
    dinas: Callable[[DinasSettings, Callable[[], float]], DinasClient] = DinasClient
    preparer: Callable[[Settings, RevocationLists], Preparer] = Preparer
    screen: Callable[[Path, Callable[[Said], None]], ScreenLink] = ScreenLink


class Engine:
    """The parts of one kiosk, and the order in which they start and end."""

    def __init__(self, settings: Settings, surroundings: Surroundings | None = None) -> None:
        self._settings = settings
        self._around = surroundings or Surroundings()
        self._stack = AsyncExitStack()
        self._background: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self._broke = False
        self._watch: MachineWatch | None = None

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ended.set)
        async with self._stack:
            try:
                await self._start()
            except UNFIT as error:
                log.critical("cannot start: %s", error)
                await self._out_of_service()
                return FAILED
            await self._ended.wait()
            await self._finish()
        return FAILED if self._broke else 0

    # -- start, in this order: the screen is told first, the ledger is opened before any device can move

    async def _start(self) -> None:
        settings, around = self._settings, self._around
        self._devices = around.devices(settings, around.clock, around.now)
        self._link = around.screen(Path(settings.paths.runtime) / "screen.sock", self._said)
        self._conductor = Conductor(
            Machine(settings.site.name, settings.site.help, self._devices.media(frozenset()), out=OutReason.STARTING),
            settings.visit,
            show=self._show,
            carry_out=self._carry_out,
            clock=around.clock,
        )
        self._conductor.tick()
        await self._link.start()
        self._stack.push_async_callback(self._link.close)

        self._ledger = await Ledger.open(Path(settings.paths.state), now=around.now, clock=around.clock)
        self._stack.push_async_callback(self._ledger.close)
        await self._ledger.record(
            events.KioskStarted(actor=events.system("engine"), version=events.code(version("adm-kiosk")))
        )
        # Reconciling may take as long as a document that is still being printed: the supervisor is told before.
        self._in_background("heartbeat", self._heartbeat())
        notify.notify(notify.READY)
        await self._start_dinas()
        if self._devices.cabinet:
            self._in_background("cabinet", follow_cabinet(self._devices.cabinet, self._ledger))
        await self._devices.start()
        self._stack.push_async_callback(self._devices.close)
        await self._devices.first_readings(FIRST_READINGS_S)
        await reconcile(self._ledger, self._devices.paper, self._devices.cards)
        await self._devices.count_cards(self._ledger)
        await self._open()

    async def _start_dinas(self) -> None:
        settings, around = self._settings, self._around
        state = Path(settings.paths.state)
        signer = HeadSigner.from_file(identify(settings.dinas), Path(settings.dinas.key))
        self._dinas = around.dinas(settings.dinas, around.clock)
        await self._dinas.start()
        self._stack.push_async_callback(self._dinas.close)
        self._vault = Vault(state / "vault", self._dinas)
        self._revocations = RevocationLists(state / "revocations", self._dinas, lambda: around.now().timestamp())
        self._preparer = around.preparer(settings, self._revocations)
        self._stack.callback(self._preparer.close)
        self._outbox = Outbox(self._ledger, self._dinas, signer, FullJitter(around.chance))

    async def _open(self) -> None:
        """Everything is known: the kiosk may serve."""
        settings = self._settings
        receipts = Receipts(
            self._devices.receipts,
            settings.site,
            settings.receipt_printer.width_px if settings.receipt_printer else 0,
            self._around.now,
        )
        self._effects = Effects(WayIn(self._dinas, self._ledger), self._issue, receipts, self._broken)
        self._effects.happened = self._conductor.happened
        watch = MachineWatch(
            self._conductor.machine,
            self._devices,
            self._dinas,
            self._ledger,
            self._conductor.machine_changed,
            settings.blanks.reserved,
        )
        stock = StockKeeper(
            self._ledger,
            self._devices.cards,
            settings.blanks,
            quiet=lambda: not self._effects.at_work,
            clock=self._around.clock,
            now=self._around.now,
        )
        await stock.begin()
        # What the devices have said by now is seen first: else the first second would tell that nothing can be printed.
        await watch.look_at_chips()
        await watch.look()
        watch.set(replace(watch.machine, out=None, with_chip=self._preparer.catalogue.with_chip))
        self._watch = watch
        self._in_background("ticks", self._tick(watch))
        self._in_background("stock", stock.run())
        self._in_background("outbox", self._outbox.run())
        self._in_background("look over the ledger", keep_looking(self._ledger.look_over))
        self._in_background("vault", self._vault.run())
        self._in_background("revocations", self._revocations.run())
        self._in_background("who am I", self._ask_who_i_am(watch))
        self._in_background("queues", keep_open(self._devices.queued, self._nothing_under_way))
        if self._devices.scanner:
            self._in_background("scans", follow_scans(self._devices.scanner, self._ledger, self._conductor.happened))

    # -- while it runs

    def _show(self, show: Show) -> None:
        self._link.show(show)
        if self._devices.cabinet:
            light(self._devices.cabinet, show.view)

    def _said(self, said: Said) -> None:
        self._conductor.said(said)

    def _carry_out(self, effect: Effect, visit: int) -> None:
        self._effects.carry_out(effect, visit)

    async def _issue(self, permit: Permit, token: str, watch: Watch) -> Issued:
        means = self._means(Medium(permit.medium))
        try:
            return await issue(permit, token, means, watch)
        finally:
            # What the machine says now, and not what it said a second ago: a card that was just taken is no trouble.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(deadlines.ASK):
                    await means.printer.refresh()
            await self._devices.count_cards(self._ledger)
            if self._watch is not None:
                await self._watch.look_at_chips()
                await self._watch.look()

    def _means(self, medium: Medium) -> Means:
        settings, visit = self._settings, self._settings.visit
        cards = self._devices.cards if medium is Medium.CARD else None
        printer = cards or self._devices.paper
        section = settings.card_printer if medium is Medium.CARD else settings.paper_printer
        if printer is None or section is None:
            raise ValueError(f"this kiosk has no printer for {medium}")
        return Means(
            self._ledger,
            self._dinas,
            self._vault,
            self._preparer,
            printer,
            cards=cards,
            reader=self._devices.reader if cards else None,
            reserved=settings.blanks.reserved,
            times=Times(visit.take_card_s, visit.take_paper_s, float(section.seconds_per_document)),
            clock=self._around.clock,
        )

    async def _heartbeat(self) -> None:
        """A sign of life from the loop itself, so that a stuck loop starves the watchdog."""
        while True:
            notify.notify(notify.ALIVE)
            await asyncio.sleep(TICK_S)

    def _nothing_under_way(self, device: str) -> bool:
        return not self._effects.at_work and device not in self._ledger.in_doubt

    async def _tick(self, watch: MachineWatch) -> None:
        ups, settings = self._devices.ups, self._settings.ups
        power = (
            PowerWatch(ups, self._ledger, settings.serve_on_battery_s, self._around.clock) if ups and settings else None
        )
        while True:
            await watch.look()
            if power:
                self._heed(await power.look(), watch)
            self._conductor.tick()
            await asyncio.sleep(TICK_S)

    def _heed(self, verdict: Verdict, watch: MachineWatch) -> None:
        powered = verdict is Verdict.SERVE
        if powered != watch.machine.powered:
            watch.set(replace(watch.machine, powered=powered))
        if verdict is Verdict.END:
            log.critical("the battery is low: what runs is finished, then the engine ends")
            self._ended.set()

    async def _ask_who_i_am(self, watch: MachineWatch) -> None:
        """What this kiosk may print, kept at the Dinas: asked at start and every ten minutes."""
        while True:
            pause = WHO_AM_I_EVERY_S
            try:
                info = await self._dinas.who_am_i()
                printable = frozenset(info.documents) if info.documents is not None else None
                watch.set(replace(watch.machine, printable=printable))
                self._serve_nobody(None)
            except DinasProblemError as error:
                if error.kind is ProblemType.KIOSK_DISABLED:
                    self._serve_nobody(OutReason.DISABLED)
            except DinasError:
                pause = WHO_AM_I_AGAIN_S
            await asyncio.sleep(pause)

    def _in_background(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=name)
        self._background.add(task)
        task.add_done_callback(self._background_ended)

    def _background_ended(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # As in effects: the text of an error may hold anything.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.critical("%s ended: %s\n%s", task.get_name(), type(error).__name__, where)
            if isinstance(error, Exception):
                self._broken(error)

    def _broken(self, error: Exception) -> None:
        """Something failed that must not: serve nobody, say so, and let the supervisor start the engine anew."""
        # The ledger's words name a file, what its disk does and the way out; the text of another may hold anything.
        why = str(error) if isinstance(error, LedgerFailedError) else type(error).__name__
        log.critical("out of service: %s", why)
        self._serve_nobody(OutReason.FAULT)
        self._broke = True
        self._ended.set()

    def _serve_nobody(self, out: OutReason | None) -> None:
        """Say why, or, with None, serve again. Once the engine ends, its reason stays."""
        if self._ended.is_set():
            return
        if self._watch is None:
            self._conductor.machine_changed(replace(self._conductor.machine, out=out))
        else:
            self._watch.set(replace(self._watch.machine, out=out))

    # -- end

    async def _finish(self) -> None:
        notify.notify(notify.STOPPING)
        if self._effects.at_work:
            notify.notify(notify.longer(FINISH_WITHIN_S))
        await self._effects.finish(FINISH_WITHIN_S)
        for task in tuple(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if not self._broke:
            with contextlib.suppress(LedgerError):
                await self._ledger.record(events.KioskStopped(actor=events.system("engine")))

    async def _out_of_service(self) -> None:
        """The screen says so for a while, and the supervisor tries again."""
        self._serve_nobody(OutReason.FAULT)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), FAULT_SHOWN_S)
