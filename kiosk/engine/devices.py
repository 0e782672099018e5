"""The devices of this kiosk, by its settings; and what they let the kiosk do now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from drivers import registry
from drivers.cabinet.driver import Cabinet
from drivers.cabinet.frames import Contact, Lamp, Profile
from drivers.card_dispenser.driver import Crt591
from drivers.card_dispenser.fed_printer import FedPrinter
from drivers.card_reader.driver import CardReader
from drivers.device import Device, DeviceStatus
from drivers.options import DriverOptionError
from drivers.printer import CardPrinter, Printer
from drivers.qr_scanner.driver import QrScanner
from drivers.receipt_printer.driver import ReceiptPrinter
from drivers.ups.driver import Ups
from kiosk import settings as section
from kiosk.engine.queues import Queued
from kiosk.issuance.duty import Duty
from kiosk.ledger.ledger import Ledger, wall_clock
from kiosk.protocol import Medium, MediumState, Trouble
from kiosk.settings import Settings, SettingsError
from kiosk.troubles import trouble_of

LOOK_EVERY_S = 0.05
COUNTED = timedelta(days=2)  # a day, and a row of cards that began before it
FRESH_S = 10.0  # a reading older than this says nothing about now; printers are read every second


T = TypeVar("T")


class Devices:
    """Made from the settings; a device that this kiosk does not have is None.

    Raises SettingsError, with a text that lacks only the file's name, when a driver cannot be had or does not take its
    options.
    """

    def __init__(
        self, settings: Settings, clock: Callable[[], float], now: Callable[[], datetime] = wall_clock
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._now = now
        self.paper = paper_printer(settings, clock)
        self.cards = card_printer(settings, clock)
        self._duty = duty_of(settings)
        self._cards_sent: tuple[datetime, ...] = ()
        receipt, reader, scanner = settings.receipt_printer, settings.card_reader, settings.qr_scanner
        self.receipts = (
            ReceiptPrinter("receipt_printer", receipt.port, receipt.baud, receipt.width_px, clock=clock)
            if receipt
            else None
        )
        self.reader = CardReader("card_reader", reader.reader, clock=clock) if reader else None
        self.scanner = QrScanner("qr_scanner", scanner.port, scanner.baud, clock=clock) if scanner else None
        cabinet, ups = settings.cabinet, settings.ups
        self.cabinet = (
            Cabinet("cabinet", cabinet.port, cabinet.baud, cabinet.parity, _profile(cabinet), clock=clock)
            if cabinet
            else None
        )
        self.ups = Ups("ups", ups.host, ups.port, ups.name, clock=clock) if ups else None

    def __iter__(self) -> Iterator[Device]:
        printers: tuple[Device | None, ...] = (self.paper, self.cards, self.receipts)
        everything = (*printers, self.reader, self.scanner, self.cabinet, self.ups)
        return (device for device in everything if device is not None)

    @property
    def queued(self) -> list[Queued]:
        """The printers behind a queue that may have to be opened again."""
        printers: tuple[object, ...] = (self.paper, self.cards)
        return [printer for printer in printers if isinstance(printer, Queued)]

    async def start(self) -> None:
        """Begin to supervise all of them; with or without the devices there."""
        for device in self:
            await device.start()

    async def close(self) -> None:
        """Give all of them back; one that hangs does not keep the others."""
        await asyncio.gather(*(device.close() for device in self), return_exceptions=True)

    async def first_readings(self, within: float) -> None:
        """Wait until each device was read once, at most so many seconds."""
        until = self._clock() + within
        while self._clock() < until and any(device.status.read_at is None for device in self):  # noqa: ASYNC110  # as below
            await asyncio.sleep(LOOK_EVERY_S)  # the drivers keep their readings, and tell nobody

    async def count_cards(self, ledger: Ledger) -> None:
        """What the card printer has done lately, for its rest; to be called at start and after each document."""
        if self.cards and (self._duty.cards_before_rest or self._duty.cards_per_day):
            self._cards_sent = await ledger.sent_since(self.cards.name, self._now() - COUNTED)

    def media(self, in_doubt: frozenset[str]) -> tuple[MediumState, ...]:
        """Whether each medium can be printed now. ``in_doubt`` names the devices with an attempt nobody has settled."""
        cards, paper = self._settings.card_printer, self._settings.paper_printer
        states = []
        if self.cards and cards:
            states.append(self._medium(Medium.CARD, self.cards, cards.seconds_per_document, in_doubt))
        if self.paper and paper:
            states.append(self._medium(Medium.A4, self.paper, paper.seconds_per_document, in_doubt))
        return tuple(states)

    def _medium(self, medium: Medium, device: Device, seconds: int, in_doubt: frozenset[str]) -> MediumState:
        trouble = Trouble.IN_DOUBT if device.name in in_doubt else self._trouble(device.status)
        if (
            trouble is None
            and medium is Medium.CARD
            and self._duty.rests_until(self._cards_sent, self._now().astimezone())
        ):
            trouble = Trouble.RESTING
        return MediumState(medium, ready=trouble is None, seconds=seconds, trouble=trouble)

    def _trouble(self, status: DeviceStatus) -> Trouble | None:
        if status.read_at is None or self._clock() - status.read_at > FRESH_S:
            return Trouble.AWAY
        return trouble_of(status)


def _profile(cabinet: section.Cabinet) -> Profile:
    """The addresses of the cabinet's board."""
    contacts = {contact: at for contact in Contact if (at := getattr(cabinet, contact)) is not None}
    lamps = {lamp: at for lamp in Lamp if (at := getattr(cabinet, f"{lamp}_lamp")) is not None}
    register = cabinet.watchdog_register
    try:
        return Profile(cabinet.unit, contacts, lamps, None if register is None else (register, cabinet.watchdog_value))
    except ValueError as error:
        raise SettingsError(
            f"cabinet: {error}; expected another address for each contact, and for each lamp"
        ) from error


def duty_of(settings: Settings) -> Duty:
    """How much the card printer may do, by its settings."""
    cards = settings.card_printer
    if cards is None:
        return Duty()
    return Duty(cards.cards_before_rest, timedelta(minutes=cards.rest_minutes), cards.cards_per_day)


def paper_printer(settings: Settings, clock: Callable[[], float]) -> Printer | None:
    """The A4 printer of these settings."""
    printer = settings.paper_printer
    if printer is None:
        return None
    return _made(Printer, "paper_printer", registry.CUPS_PAPER, _cups(printer, settings.spooler), settings, clock)  # type: ignore[type-abstract]  # the protocol itself is meant


def card_printer(settings: Settings, clock: Callable[[], float]) -> CardPrinter | None:
    """The card printer of these settings, by the driver that they name; with its dispenser, where it has one."""
    printer, dispenser = settings.card_printer, settings.card_dispenser
    if printer is None:
        if dispenser:
            raise SettingsError("card_dispenser: there is no printer for its cards; expected a table [card_printer]")
        return None
    options = printer.options
    if printer.driver == registry.CUPS_CARD:
        options = {**options, **_cups(printer, settings.spooler)}
    made = _made(CardPrinter, "card_printer", printer.driver, options, settings, clock)  # type: ignore[type-abstract]  # as above
    return FedPrinter(made, _dispenser(dispenser, clock), Path(settings.spooler.claims), clock) if dispenser else made


def _dispenser(given: section.CardDispenser, clock: Callable[[], float]) -> Crt591:
    baud = None if given.baud == "auto" else given.baud
    variant = None if given.variant == "auto" else given.variant
    return Crt591("card_dispenser", given.port, baud, given.address, variant, clock)


def _made(
    kind: type[T], table: str, driver: str, options: dict[str, Any], settings: Settings, clock: Callable[[], float]
) -> T:
    """The driver of a table of the settings, or a sentence about what is wrong in that table."""
    try:
        return registry.make(kind, driver, table, options, clock, Path(settings.spooler.claims))
    except registry.UnknownDriverError as error:
        raise SettingsError(f"{table}.driver = {driver!r}; expected {error.expected}") from error
    except DriverOptionError as error:
        inner = "" if _cups_driver(table) == driver else "options."
        raise SettingsError(f"{table}.{inner}{error}") from error


def _cups_driver(table: str) -> str:
    """The driver whose options stand in the table itself."""
    return registry.CUPS_PAPER if table == "paper_printer" else registry.CUPS_CARD


def _cups(printer: section.PaperPrinter | section.CardPrinterSettings, spooler: section.Spooler) -> dict[str, Any]:
    """What a CUPS driver has to know: keys that stand in the printer's own table, and where cupsd is."""
    wiring = {"queue": printer.queue, "device": printer.device, "media": printer.media, "stall_s": printer.stall_s}
    return {key: value for key, value in wiring.items() if value is not None} | {"server": spooler.server}
