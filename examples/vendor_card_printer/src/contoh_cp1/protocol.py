"""Questions to the machine over TCP, one connection for each, and each with its deadline."""

from __future__ import annotations

import asyncio

from contoh_cp1 import frames
from contoh_cp1.frames import FrameError, JobState, Status
from drivers.errors import DeviceAwayError, DeviceRefusedError, DeviceTimeoutError

CONNECT_S = 2.0
ANSWER_S = 3.0
PICTURE_S = 20.0


class Machine:
    """The machine at one address."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self._name = name
        self._host = host
        self._port = port

    async def status(self) -> Status:
        words = await self._ask(frames.question("STATUS"))
        try:
            return frames.status(words)
        except FrameError as error:
            raise DeviceRefusedError(self._name, str(error)) from error

    async def job(self, attempt_id: str) -> JobState:
        return JobState((await self._ask(frames.question("JOB", attempt_id)))[0])

    async def print(self, attempt_id: str, picture: bytes) -> None:
        """Hand over a picture. DeviceRefusedError: nothing moved. DeviceTimeoutError: nobody knows."""
        line = frames.question("PRINT", attempt_id, str(len(picture)))
        await self._ask(line + picture, within=PICTURE_S)

    async def move(self, destination: str) -> None:
        """Ask for a motion of the card to "slot" or "bin", once."""
        await self._ask(frames.question("MOVE", destination))

    async def _ask(self, sent: bytes, within: float = ANSWER_S) -> list[str]:
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(self._host, self._port)
        except (OSError, TimeoutError) as error:
            raise DeviceAwayError(self._name, f"does not take connections ({error})") from error
        try:
            async with asyncio.timeout(within):
                writer.write(sent)
                await writer.drain()
                agreed, words = frames.answer(await reader.readline())
        except (OSError, TimeoutError, ValueError) as error:
            # It may have heard us: what it did is not known, and is asked for, never sent again.
            raise DeviceTimeoutError(self._name, f"the answer was lost ({error})") from error
        finally:
            writer.close()
        if not agreed:
            raise DeviceRefusedError(self._name, " ".join(words) or "says no")
        return words
