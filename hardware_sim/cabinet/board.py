"""The board: answers Modbus RTU requests as a real one does, and badly when it is told to.

Frames are pymodbus', from the other side.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU
from pymodbus.pdu.bit_message import (
    ReadCoilsRequest,
    ReadCoilsResponse,
    ReadDiscreteInputsRequest,
    ReadDiscreteInputsResponse,
    WriteSingleCoilRequest,
    WriteSingleCoilResponse,
)
from pymodbus.pdu.register_message import WriteSingleRegisterRequest, WriteSingleRegisterResponse

from drivers.cabinet.frames import ACTIVE_WHEN_OFF, BROKEN_FRAME, DOORS, Contact, Lamp, Profile
from hardware_sim.serial_devices.line import SerialLine

UNIT = 1
INPUTS = COILS = 8
WATCHDOG_REGISTER = 0  # tenths of a second without a request, after which the board puts its coils out; 0: never
PROFILE = Profile(
    unit=UNIT,
    contacts={contact: number for number, contact in enumerate(Contact)},
    lamps={lamp: number for number, lamp in enumerate(Lamp)},
    watchdog=(WATCHDOG_REGISTER, 30),
)
FRAME_ENDS_S = 0.05  # silence after which half a frame is forgotten
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS = 1, 2


class SimulatedBoard:
    """One board on one line. Whole and at rest: doors shut, key out, lamps dark."""

    def __init__(self, link: Path) -> None:
        self.line = SerialLine(link)
        self._framer = FramerRTU(DecodePDU(is_server=True))
        self._active: set[Contact] = set()
        self._coils = [False] * COILS
        self._watchdog_tenths = 0
        self._asked_at = time.monotonic()
        self.watchdog_bites = 0
        self.requests = 0
        self._silent = False
        self._wrong_crc = False
        self._byte_every_s = 0.0
        self._exception = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="cabinet board", daemon=True)

    def start(self) -> None:
        self.line.plug()
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join(5)
        self.line.close()

    def state(self) -> dict[str, Any]:
        return {
            "port": str(self.line.link),
            "plugged": self.line.plugged,
            "open_doors": sorted(self._active & DOORS),
            "call_pressed": Contact.CALL_BUTTON in self._active,
            "key_in_service": Contact.KEY_SWITCH in self._active,
            "lit": [lamp for lamp in Lamp if self._coils[PROFILE.lamps[lamp]]],
            "silent": self._silent,
            "wrong_crc": self._wrong_crc,
            "byte_every_s": self._byte_every_s,
            "refuses_with": self._exception,
            "watchdog_bites": self.watchdog_bites,
            "requests": self.requests,
        }

    # -- what a hand does

    def press_call(self, seconds: float = 0.3) -> None:
        """Press the call button and let it go again; returns when it is released."""
        self._active.add(Contact.CALL_BUTTON)
        time.sleep(seconds)
        self._active.discard(Contact.CALL_BUTTON)

    def open_door(self, door: str) -> None:
        self._active.add(_door(door))

    def close_door(self, door: str) -> None:
        self._active.discard(_door(door))

    def key(self, on: bool) -> None:
        """Turn the key to service, or back."""
        (self._active.add if on else self._active.discard)(Contact.KEY_SWITCH)

    # -- what goes wrong

    def silence(self, on: bool) -> None:
        """Take requests and answer none: the board has no power, the adapter has."""
        self._silent = on

    def wrong_crc(self, on: bool) -> None:
        """Spoil the check bytes of each answer."""
        self._wrong_crc = on

    def slow_bytes(self, seconds: float) -> None:
        """Pause so long before each byte of an answer; 0 for none."""
        self._byte_every_s = seconds

    def answer_exception(self, code: int) -> None:
        """Refuse each request with this Modbus exception; 0 for none."""
        self._exception = code

    def restart(self) -> None:
        """Lose power for a moment: the coils are dark and the watchdog is off, until somebody sets them."""
        self._coils = [False] * COILS
        self._watchdog_tenths = 0

    def repair(self) -> None:
        """Everything as it should be: plugged, doors shut, key in normal, all requests answered."""
        self._active.clear()
        self._silent = self._wrong_crc = False
        self._byte_every_s, self._exception = 0.0, 0
        self.line.plug()

    # -- the board itself, in its thread

    def _serve(self) -> None:
        buffer = b""
        while not self._ending.is_set():
            self._watch_the_master()
            if not self.line.wait(FRAME_ENDS_S):
                buffer = b""
                if not self.line.plugged:
                    self._ending.wait(FRAME_ENDS_S)
                continue
            buffer, answer = self.heard(buffer + self.line.read(1024))
            if answer is not None and not self._silent:
                self._send(answer)

    def heard(self, stream: bytes) -> tuple[bytes, ModbusPDU | None]:
        """What is left of the stream, and the answer to the request in it, if there is a whole one."""
        try:
            used, request = self._framer.handleFrame(stream, UNIT, 0)
        except BROKEN_FRAME:
            return b"", None  # a real board ignores what it does not understand, and waits for the next silence
        return stream[used:], None if request is None else self._answer(request)

    def _watch_the_master(self) -> None:
        if self._watchdog_tenths and time.monotonic() - self._asked_at > self._watchdog_tenths / 10:
            self._asked_at = time.monotonic()
            if any(self._coils):
                self.watchdog_bites += 1
            self._coils = [False] * COILS

    def _answer(self, request: ModbusPDU) -> ModbusPDU:
        self.requests += 1
        self._asked_at = time.monotonic()
        refused = self._exception
        if not refused:
            try:
                answer = self._obey(request)
            except IndexError:
                refused = ILLEGAL_ADDRESS
            else:
                if answer is not None:
                    return answer
                refused = ILLEGAL_FUNCTION
        return ExceptionResponse(request.function_code, refused, device_id=UNIT)

    def _obey(self, request: ModbusPDU) -> ModbusPDU | None:
        """The answer; None for a function that the board does not have. Raises IndexError for an address of none."""
        match request:
            case ReadDiscreteInputsRequest():
                return ReadDiscreteInputsResponse(dev_id=UNIT, bits=_part(self._input_bits(), request))
            case ReadCoilsRequest():
                return ReadCoilsResponse(dev_id=UNIT, bits=_part(self._coils, request))
            case WriteSingleCoilRequest():
                self._coils[request.address] = request.bits[0]
                return WriteSingleCoilResponse(dev_id=UNIT, address=request.address, bits=request.bits)
            case WriteSingleRegisterRequest(address=address, registers=[value]):
                if address != WATCHDOG_REGISTER:
                    raise IndexError(address)
                self._watchdog_tenths = value
                return WriteSingleRegisterResponse(dev_id=UNIT, address=address, registers=[value])
        return None

    def _input_bits(self) -> list[bool]:
        bits = [False] * INPUTS
        for contact, address in PROFILE.contacts.items():
            bits[address] = (contact in self._active) is not (contact in ACTIVE_WHEN_OFF)
        return bits

    def _send(self, answer: ModbusPDU) -> None:
        frame = self._framer.buildFrame(answer)
        if self._wrong_crc:
            frame = frame[:-1] + bytes([frame[-1] ^ 0xFF])
        if not self._byte_every_s:
            self.line.write(frame)
            return
        for byte in frame:
            if self._ending.wait(self._byte_every_s):
                return
            self.line.write(bytes([byte]))


def _part(bits: Sequence[bool], request: ModbusPDU) -> list[bool]:
    if request.address + request.count > len(bits):
        raise IndexError(request.address)
    return list(bits[request.address : request.address + request.count])


def _door(name: str) -> Contact:
    if name not in DOORS:
        raise ValueError(f"no door {name!r}; there are {sorted(DOORS)}")
    return Contact(name)
