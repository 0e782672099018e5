"""The card printer: an IPP printer with CR80 media that holds a printed card at its chip station.

What IPP does not have comes as the printer's own attributes and one operation of its own: ``adm-card-position``,
``adm-cards-rejected`` and Move-Card (``drivers.spooler.device``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from drivers.errors import DeviceAwayError, DeviceRefusedError, DeviceTimeoutError
from drivers.printer import CardPosition
from drivers.spooler import readings
from drivers.spooler.device import Destination
from drivers.spooler.printer import SpooledPrinter

MOTION_S = 15.0  # the longest a card may take from the station to slot or bin
MOTION_EVERY_S = 0.1


class CardPrinter(SpooledPrinter):
    """Implements ``drivers.printer.CardPrinter``; the arguments are those of SpooledPrinter."""

    SUPPLIES = readings.RIBBON_REASONS

    async def position(self) -> CardPosition:
        """Where the card is now, by the machine's sensors."""
        return _position(await self._device.attributes(["adm-card-position"]))

    async def present(self) -> None:
        """Move the held card to the slot and wait until it is there.

        The motion is asked for once; when the answer is lost, the sensors are asked, never the motor again. Raises
        DeviceTimeoutError when the card did not arrive, DeviceRefusedError when the printer says no.
        """
        await self._move(Destination.EXIT, frozenset({CardPosition.EXIT}))

    async def reject(self) -> None:
        """Move the card in the path (also one in the slot) to the reject bin, and wait until it is there."""
        await self._move(Destination.REJECT, frozenset({CardPosition.NONE}))

    async def _move(self, destination: Destination, arrived: frozenset[CardPosition]) -> None:
        lost: DeviceTimeoutError | None = None
        try:
            await self._device.move_card(destination)
        except DeviceTimeoutError as error:
            lost = error
        deadline = self._clock() + MOTION_S
        position = CardPosition.UNKNOWN
        while self._clock() < deadline:
            try:
                position = await self.position()
            except (DeviceAwayError, DeviceRefusedError):
                position = CardPosition.UNKNOWN
            if position in arrived:
                await self.refresh()
                return
            await asyncio.sleep(MOTION_EVERY_S)
        raise DeviceTimeoutError(self.name, f"the card is {position}, not on its way to {destination}") from lost

    def _path_clear(self, attributes: Mapping[str, Any]) -> bool:
        return super()._path_clear(attributes) and _position(attributes) is CardPosition.NONE


def _position(attributes: Mapping[str, Any]) -> CardPosition:
    found = readings.listed(attributes.get("adm-card-position"))
    try:
        return CardPosition(found[0]) if found else CardPosition.UNKNOWN
    except ValueError:
        return CardPosition.UNKNOWN
