"""Exchanges with the board over RS-485, blocking: all of it belongs to one thread.

The client is pymodbus' synchronous one. Its asyncio client opens the port inside the event loop and reconnects by
itself, behind the back of our supervision. The port is opened here: the client's own way hides why it could not be.
"""

from __future__ import annotations

import contextlib
import logging
import termios
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

import serial
from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ConnectionException
from pymodbus.pdu import ModbusPDU

from drivers.cabinet.frames import BROKEN_FRAME, Contact, Lamp, Profile, active_contacts, lit_lamps, span_of
from drivers.errors import DeviceAwayError, DeviceRefusedError, DeviceTimeoutError, PermanentDeviceError

# Boards answer within some 50 ms; the longest answer takes 25 ms at 9600 baud (MODBUS over Serial Line 2.4.1 leaves the
# time-out to the application: 1 s or less is usual at 9600).
ANSWER_S = 0.3
TRIES_AGAIN = 1  # noise on the bus costs one frame; reading and setting a lamp may both be repeated
PARITIES = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}

# MODBUS Application Protocol 6: function codes.
_READ_COILS, _READ_INPUTS, _WRITE_COIL, _WRITE_REGISTER = 1, 2, 5, 6
# The same, 7: illegal function, address, value. The board is another, or the profile is wrong.
_WRONG_PROFILE = frozenset({1, 2, 3})
# closing and opening a line that was unplugged raises termios.error, which is no OSError
LINE_ERRORS = (OSError, termios.error)

# It logs every answer that does not come, at each try, as an error; supervision logs a loss once.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

T = TypeVar("T", Contact, Lamp)


class BoardLine:
    """The line to one board."""

    def __init__(self, device: str, port: str, baud: int, parity: str, profile: Profile) -> None:
        self._device = device
        self._path = port
        self._baud = baud
        self._parity = PARITIES[parity]
        self._profile = profile
        self._client: ModbusSerialClient | None = None
        self._lit: frozenset[Lamp] | None = None  # what the board was last known to light

    def open(self) -> None:
        """Open the line. Raises DeviceAwayError with the reason."""
        self.close()
        client = ModbusSerialClient(self._path, timeout=ANSWER_S, retries=TRIES_AGAIN)
        try:
            client.socket = serial.Serial(
                self._path,
                self._baud,
                parity=self._parity,
                timeout=ANSWER_S,
                write_timeout=ANSWER_S,
                exclusive=True,
            )
        except LINE_ERRORS as error:
            raise DeviceAwayError(self._device, f"{self._path} cannot be opened ({error})") from error
        self._client = client

    def close(self) -> None:
        client, self._client = self._client, None
        self._lit = None
        if client is not None and client.socket is not None:
            with contextlib.suppress(*LINE_ERRORS):
                client.socket.close()

    def greet(self) -> None:
        """Set the board's watchdog, where the profile names one. Errors as those of ``exchange``."""
        if self._profile.watchdog is None:
            return
        register, value = self._profile.watchdog
        self._ask(_WRITE_REGISTER, lambda board, unit: board.write_register(register, value, device_id=unit))

    def exchange(self, wanted: frozenset[Lamp], *, look: bool) -> frozenset[Contact]:
        """Read the contacts, and light the wanted lamps and no others. ``look``: see first which of them burn.

        Raises DeviceTimeoutError when the board is silent or not understood, DeviceAwayError when the line is gone,
        DeviceRefusedError when the board reports a fault of its own, PermanentDeviceError when it does not have what
        the profile says.
        """
        active = self._contacts()
        if look or self._lit is None:
            self._lit = self._burning()
        for lamp in sorted((wanted & self._profile.lamps.keys()) ^ self._lit):
            self._light(lamp, lamp in wanted)
            self._lit ^= {lamp}
        return active

    def darken(self) -> None:
        """Put all lamps out, whatever they are now. Errors as those of ``exchange``."""
        for lamp in sorted(self._profile.lamps):
            self._light(lamp, on=False)

    def _contacts(self) -> frozenset[Contact]:
        span = span_of(self._profile.contacts)
        if span is None:
            return frozenset()
        answer = self._ask(
            _READ_INPUTS,
            lambda board, unit: board.read_discrete_inputs(span.first, count=span.count, device_id=unit),
        )
        return self._understood(active_contacts, answer)

    def _burning(self) -> frozenset[Lamp]:
        span = span_of(self._profile.lamps)
        if span is None:
            return frozenset()
        answer = self._ask(
            _READ_COILS, lambda board, unit: board.read_coils(span.first, count=span.count, device_id=unit)
        )
        return self._understood(lit_lamps, answer)

    def _light(self, lamp: Lamp, on: bool) -> None:
        address = self._profile.lamps[lamp]
        self._ask(_WRITE_COIL, lambda board, unit: board.write_coil(address, on, device_id=unit))

    def _understood(self, read: Callable[[Profile, Sequence[bool]], frozenset[T]], answer: ModbusPDU) -> frozenset[T]:
        try:
            return read(self._profile, answer.bits)
        except ValueError as error:
            raise DeviceTimeoutError(self._device, f"the board's answer is not understood ({error})") from error

    def _ask(self, function: int, ask: Callable[[ModbusSerialClient, int], ModbusPDU]) -> ModbusPDU:
        client = self._client
        if client is None or client.socket is None:
            raise DeviceAwayError(self._device, f"{self._path} is not open")
        try:
            answer = ask(client, self._profile.unit)
        except (ConnectionException, *LINE_ERRORS) as error:
            raise DeviceAwayError(self._device, f"{self._path} is gone ({error})") from error
        except BROKEN_FRAME as error:
            raise DeviceTimeoutError(self._device, "the board does not answer, or is not understood") from error
        if answer.isError():
            self._refused(answer.exception_code)
        if answer.function_code != function:  # an answer that comes late, to an earlier question
            raise DeviceTimeoutError(self._device, f"the board answers {answer.function_code} to {function}")
        return answer

    def _refused(self, code: int) -> NoReturn:
        if code in _WRONG_PROFILE:
            raise PermanentDeviceError(self._device, f"the board has not what the profile says (exception {code})")
        raise DeviceRefusedError(self._device, f"the board reports exception {code}")
