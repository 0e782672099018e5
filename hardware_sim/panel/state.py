"""One picture of the world for the page, gathered from the devices' controls while somebody watches."""

from __future__ import annotations

import asyncio
import enum
import json
import time
from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

from hardware_sim.control import Hand, State
from hardware_sim.faults.injector import Injector
from hardware_sim.panel.active import active, waiting
from hardware_sim.panel.output import Output, for_page

LOOK_EVERY_S = 0.35
LOOK_WITHIN_S = 0.3  # whoever has not answered by then is shown as before, and does not hold up the others
ANSWER_WITHIN_S = 1.0  # a device answers in milliseconds; one that needs longer is frozen
ASK_AGAIN_S = 2.0  # after no answer: each question lies in a frozen process until it goes on
KEEP_ALIVE_S = 10.0
VOLATILE = frozenset(
    {"requests", "apdus", "jobs", "kiosks", "permits", "cards", "receipts", "bytes_waiting", "commands"}
)


class Health(enum.StrEnum):
    """What can be told of a device before it says anything."""

    WELL = "well"
    FROZEN = "frozen"  # its port takes the question and nothing answers
    GONE = "gone"  # nobody is at its port


@dataclass(frozen=True)
class Reading:
    """What a device said last, and whether it still says anything."""

    health: Health
    state: State | None


class Watch:
    """Looks at all devices, as often as somebody watches. Belongs to one loop."""

    def __init__(self, where: Mapping[str, Any]) -> None:
        self._where = where
        self._injector = Injector(where)
        self.output = Output(where)
        self._receipt_taken = ""  # the newest one that somebody has torn off: the printer itself cannot tell
        self._pool = ThreadPoolExecutor(len(self._injector.devices) + 1, "panel looks")
        self._asked: dict[str, asyncio.Future[Reading]] = {}
        self._heard: dict[str, Reading] = {}
        self._ask_after: dict[str, float] = {}
        self._looking = asyncio.Lock()
        self._sooner = asyncio.Event()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def look_soon(self) -> None:
        """Something was done: do not wait for the next turn."""
        self._sooner.set()

    def take_receipt(self) -> None:
        """ValueError when none hangs out."""
        newest = next((piece.file for piece in self.output.pieces() if piece.device == "receipt"), "")
        if newest == self._receipt_taken:
            raise ValueError("no receipt hangs out")
        self._receipt_taken = newest

    async def changes(self) -> AsyncGenerator[str, None]:
        """The picture as JSON, now and whenever it has changed; an empty text when nothing did for a while."""
        shown, told_at = "", time.monotonic()
        while True:
            picture = json.dumps(await self.picture(), separators=(",", ":"))
            if picture != shown:
                shown, told_at = picture, time.monotonic()
                yield picture
            elif time.monotonic() - told_at > KEEP_ALIVE_S:
                told_at = time.monotonic()
                yield ""
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._sooner.wait()
            except TimeoutError:
                continue
            self._sooner.clear()

    async def reading(self) -> dict[str, Any]:
        """The picture, of answers to questions that are asked after this call; a silent device holds it up for once."""
        async with self._looking:
            while self._asked:
                await self._collect(ANSWER_WITHIN_S)
            self._ask_after.clear()
        return await self.picture(2 * ANSWER_WITHIN_S)

    async def picture(self, within_s: float = LOOK_WITHIN_S) -> dict[str, Any]:
        """Everything as it was heard last, after one round of questions."""
        async with self._looking:  # two who watch share one look's threads
            await self._look(within_s)
            pieces = await asyncio.get_running_loop().run_in_executor(self._pool, self.output.pieces)
        states = {device: reading.state for device, reading in self._heard.items() if reading.state is not None}
        faults = self._injector.faults
        serial = states.get("card", {}).get("serial", "")
        on_card = next((p.file for p in pieces if p.device == "card" and serial and p.serial == serial), None)
        receipt = next((p.file for p in pieces if p.device == "receipt"), None)
        return {
            "devices": {device: self._shown(device) for device in self._injector.devices},
            "active": active(faults, states),
            "waiting": waiting(faults, states, self._where),
            "out": for_page(pieces),
            "card": on_card,
            "paper": next((p.file for p in pieces if p.device == "paper"), None),
            "receipt": None if receipt == self._receipt_taken else receipt,
        }

    async def _look(self, within_s: float) -> None:
        loop, now = asyncio.get_running_loop(), time.monotonic()
        for device in self._injector.devices:
            if device in self._frozen:
                self._heard[device] = Reading(Health.FROZEN, self._last(device))
            elif device not in self._asked and now >= self._ask_after.get(device, 0.0):
                self._asked[device] = loop.run_in_executor(self._pool, self._ask, device)
        await self._collect(within_s)

    async def _collect(self, within_s: float) -> None:
        """Take the answers that come in that time."""
        if self._asked:
            await asyncio.wait(self._asked.values(), timeout=within_s)
        for device, answer in list(self._asked.items()):
            if answer.done():
                del self._asked[device]
                self._heard[device] = answer.result()
                if answer.result().health is not Health.WELL:
                    self._ask_after[device] = time.monotonic() + ASK_AGAIN_S

    @property
    def _frozen(self) -> list[str]:
        """Those that the machine's own control has stopped: they need not be asked."""
        frozen: list[str] = (self._last("machine") or {}).get("frozen", [])
        return frozen

    def _last(self, device: str) -> State | None:
        return self._heard[device].state if device in self._heard else None

    def _ask(self, device: str) -> Reading:
        try:
            state = Hand(self._where[device]["control"]).state(ANSWER_WITHIN_S)
            # One process can hold several serial devices: each has its own part of the state.
            return Reading(Health.WELL, {**state, **state.pop(device, {})})
        except requests.ConnectionError as error:
            frozen = isinstance(error, requests.Timeout)  # so many questions lie there that it takes no more
            return Reading(Health.FROZEN if frozen else Health.GONE, self._last(device))
        except (requests.RequestException, ValueError):
            return Reading(Health.FROZEN, self._last(device))

    def _shown(self, device: str) -> dict[str, Any]:
        reading = self._heard.get(device, Reading(Health.FROZEN, None))
        state = {key: value for key, value in (reading.state or {}).items() if key not in VOLATILE}
        return {"health": reading.health, **state}
