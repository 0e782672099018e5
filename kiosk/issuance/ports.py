"""What one attempt needs of the rest of the house, and nothing more."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from drivers.device import DeviceStatus
from drivers.printer import CardPrinter, Printer
from kiosk.dinas.contract import ChipStep, Claim, ContentKey, Permit
from kiosk.documents.prepared import Prepared
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import Part, Step, Trouble


class Dinas(Protocol):
    """The Dinas' client, as far as an attempt needs it. Raises DinasAwayError or DinasProblemError."""

    async def claim(self, permit_id: str, attempt_id: str, token: str) -> Claim:
        """Claim the permit for this attempt and receive its key."""

    async def personalize(
        self, attempt_id: str, step: int, responses: Sequence[str], atr: str | None = None
    ) -> ChipStep:
        """One step of the relay between key store and chip; hex strings. Repeating a step is harmless."""


class Vault(Protocol):
    """The sealed bundles that were fetched ahead of time."""

    async def bundle(self, permit: Permit) -> bytes:
        """The JWE of a permit, its digest checked. Raises DamagedBundleError, or DinasError when it must be fetched."""


class Preparer(Protocol):
    """Checks a document and draws it."""

    async def prepare(self, document: str, permit_id: str, jwe: bytes, key: ContentKey) -> Prepared:
        """Open, check and draw. Raises DocumentError."""


class ChipReader(Protocol):
    """The reader at the chip station. Raises DeviceError (drivers.errors and drivers.card_reader.errors)."""

    @property
    def status(self) -> DeviceStatus:
        """The last reading, without waiting for the device."""

    async def wait_for_card(self, within: float) -> None:
        """Wait until a card that answers to power is there."""

    async def atr(self) -> bytes:
        """Its answer to reset."""

    async def transmit(self, commands: Sequence[bytes]) -> list[bytes]:
        """Send commands in order; stops after an answer other than 9000, which is the last one returned."""

    async def read_photo(self, within: float) -> bytes:
        """The JPEG on the chip."""


class Watcher(Protocol):
    """What the engine learns while an attempt runs; the calls return at once."""

    def progressed(
        self, step: Step, *, steps: tuple[Step, ...], done: float, seconds_left: int, trouble: Trouble | None
    ) -> None:
        """How far the document has come: ``done`` from 0 to 1; ``trouble`` while the machine waits for a hand."""

    def presented(self, part: Part, *, seconds_left: int, seconds_total: int, sensed: bool) -> None:
        """The document waits for a hand; called again each second."""

    async def taken(self) -> None:
        """Return when the person says that they hold the document. Cancelled when nobody waits for it any more."""


@dataclass(frozen=True)
class Times:
    """Seconds."""

    take_card: float = 45.0
    take_paper: float = 90.0
    document: float = 60.0  # what a document of this medium usually takes here


@dataclass(frozen=True)
class Means:
    """With what documents of one medium are printed at this kiosk."""

    ledger: Ledger
    dinas: Dinas
    vault: Vault
    preparer: Preparer
    printer: Printer
    cards: CardPrinter | None = None  # ``printer`` again, when it prints cards
    reader: ChipReader | None = None
    reserved: int = 0  # blanks that are kept for urgent and first-time cases
    times: Times = Times()
    clock: Callable[[], float] = time.monotonic
