"""Exchanges with upsd over TCP, in the event loop: a socket needs no thread. Reading needs no login.

No library: python3-nut2 and PyNUT block, have no deadlines worth the name, and are longer than this.
"""

from __future__ import annotations

import asyncio
import contextlib

from drivers.errors import DeviceAwayError, DeviceRefusedError, DeviceTimeoutError, PermanentDeviceError
from drivers.ups.frames import (
    LONGEST_LINE,
    Answer,
    ListBegins,
    ListEnds,
    Refusal,
    Variable,
    list_variables,
    parse_answer,
)

CONNECT_WITHIN_S = 3.0
ANSWER_WITHIN_S = 3.0  # upsd answers from its memory, whatever the UPS does
MOST_VARIABLES = 1000  # the largest drivers have about 200

# Codes of ERR after which trying again cannot help: the settings name another UPS than upsd's, or upsd minds the kiosk.
_PERMANENT = frozenset({"UNKNOWN-UPS", "ACCESS-DENIED", "INVALID-ARGUMENT"})


class UpsdLink:
    """One connection to upsd."""

    def __init__(self, device: str, host: str, port: int, ups: str) -> None:
        self._device = device
        self._host = host
        self._port = port
        self._command = list_variables(ups)
        self._ups = ups
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Connect. Raises DeviceAwayError."""
        await self.close()
        where = f"upsd at {self._host}:{self._port}"
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=LONGEST_LINE)
        except TimeoutError as error:
            raise DeviceTimeoutError(self._device, f"{where} does not answer") from error
        except OSError as error:
            raise DeviceAwayError(self._device, f"{where} cannot be reached ({error})") from error

    async def close(self) -> None:
        writer, self._reader, self._writer = self._writer, None, None
        if writer is not None:
            writer.transport.abort()  # nothing is on its way that matters, and a dead peer is not waited for
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def variables(self) -> dict[str, str]:
        """All variables of the UPS, as upsd knows them now.

        Raises DeviceRefusedError when upsd itself does not know (data stale, driver away), DeviceAwayError when the
        connection is gone or not understood (open it anew), PermanentDeviceError when upsd has no such UPS.
        """
        reader, writer = self._reader, self._writer
        if reader is None or writer is None:
            raise DeviceAwayError(self._device, "not connected to upsd")
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                writer.write(self._command)
                await writer.drain()
                return await self._list(reader)
        except TimeoutError as error:
            raise DeviceTimeoutError(self._device, f"upsd does not answer within {ANSWER_WITHIN_S:g} s") from error
        except OSError as error:
            raise DeviceAwayError(self._device, f"upsd is gone ({error})") from error
        except ValueError as error:
            raise DeviceAwayError(self._device, f"upsd is not understood ({error})") from error

    async def _list(self, reader: asyncio.StreamReader) -> dict[str, str]:
        first = await self._answer(reader)
        if isinstance(first, Refusal):
            if first.code in _PERMANENT:
                raise PermanentDeviceError(self._device, f"upsd says {first.code} of {self._ups!r}")
            raise DeviceRefusedError(self._device, f"upsd says {first.code}")
        if not isinstance(first, ListBegins):
            raise ValueError("no list")  # noqa: TRY004  # what upsd sent is wrong, and not a type of ours
        found: dict[str, str] = {}
        for _ in range(MOST_VARIABLES):
            match await self._answer(reader):
                case Variable(name=name, value=value):
                    found[name] = value
                case ListEnds():
                    return found
                case _:
                    raise ValueError("something else within a list")
        raise ValueError("a list without end")

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        line = await reader.readline()  # ValueError for a line beyond the limit
        if not line.endswith(b"\n"):
            raise DeviceAwayError(self._device, "upsd closed the connection")
        return parse_answer(line.decode(errors="replace"))
