"""The models of what is neither printer nor Dinas: chip reader, UPS, receipts, screen, who draws documents."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dinas_line import jwe_of, key_of
from machines import Item, Place

from drivers.card_reader.errors import CardLostError, CardMuteError, NoPhotoError, ServiceAwayError
from drivers.device import DeviceState, DeviceStatus
from drivers.ups.frames import PowerState
from kiosk.dinas.contract import ContentKey
from kiosk.documents.catalogue import Catalogue
from kiosk.documents.prepared import Prepared
from kiosk.protocol import Show, decode_show, encode

if TYPE_CHECKING:
    from kiosk_world import World

SHEETS = {"kk": 2, "biodata": 1, "akta-kelahiran": 1, "ktp-el": 1, "kia": 1}
PHOTO = b"photo"


class ModelReader:
    """The chip reader at the card's station."""

    name = "card_reader"

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def status(self) -> DeviceStatus:
        away = self._world.reader_fault == "away"
        return DeviceStatus(DeviceState.NO_DEVICE if away else DeviceState.ONLINE, read_at=self._world.loop.time())

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def wait_for_card(self, within: float) -> None:
        await asyncio.sleep(0.3)
        if self._world.reader_fault == "away":
            raise ServiceAwayError(self.name, "away")
        if self._world.reader_fault == "mute" or self._card() is None:
            await asyncio.sleep(within)
            raise CardMuteError(self.name, "no answer to power")

    async def atr(self) -> bytes:
        return b"\x3b\x80"

    async def transmit(self, commands: Sequence[bytes]) -> list[bytes]:
        await asyncio.sleep(0.1 * len(commands))
        card = self._card()
        if card is None or self._world.reader_fault == "lost":
            raise CardLostError(self.name, "gone in mid-exchange")
        card.chip = PHOTO
        return [b"\x90\x00"] * len(commands)

    async def read_photo(self, within: float) -> bytes:
        await asyncio.sleep(0.5)
        card = self._card()
        if card is None:
            raise CardLostError(self.name, "gone")
        if card.chip is None:
            raise NoPhotoError(self.name, "empty")
        return b"another" if self._world.reader_fault == "another" else card.chip

    def _card(self) -> Item | None:
        card = self._world.cards.card_in_path
        return card if card is not None and card.place is Place.STATION else None


class ModelUps:
    name = "ups"
    status = DeviceStatus(DeviceState.ONLINE, read_at=0.0)

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def power(self) -> PowerState:
        return PowerState(self._world.power, 50.0)

    async def start(self) -> None: ...

    async def close(self) -> None: ...


class ModelReceiptPrinter:
    name = "receipt_printer"

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def status(self) -> DeviceStatus:
        return DeviceStatus(DeviceState.ONLINE, read_at=self._world.loop.time())

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def print_picture(self, picture: object) -> None:
        await asyncio.sleep(1.5)
        self._world.receipts += 1


class ModelScreen:
    """The end of the screen's wire: each Show goes over it as bytes."""

    def __init__(self, said: Any) -> None:
        self.said = said
        self.last: Show | None = None

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    def show(self, show: Show) -> None:
        self.last = decode_show(encode(show))
        assert self.last == show, "a Show that the protocol does not know"


class ModelPreparer:
    """Opens a bundle of the model and draws ``permit:sheets``."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def close(self) -> None: ...

    async def prepare(self, document: str, permit_id: str, jwe: bytes, key: ContentKey) -> Prepared:
        await asyncio.sleep(0.5)
        assert jwe == jwe_of(permit_id)
        assert base64.urlsafe_b64decode(key.k + "=") == key_of(permit_id)
        chip = self.catalogue.documents[document].chip
        sheets = SHEETS[document]
        return Prepared(f"{permit_id}:{sheets}".encode(), sheets, chip, PHOTO if chip else None)
