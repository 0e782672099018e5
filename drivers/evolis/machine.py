"""The library's handle, in the one thread that owns it; every answer of the library becomes a value or a DeviceError.

The library is Python over C (evolis-sdk), without types and blocking: a question waits up to 30 s for a machine that is
silent, a print call until the card is printed. So each call has its deadline here, and while a print call runs nothing
else is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from drivers.errors import DeviceAwayError, DeviceError, DeviceRefusedError, DeviceTimeoutError, PermanentDeviceError
from drivers.evolis import states
from drivers.evolis.picture import bitmap_of
from drivers.evolis.states import Reading
from drivers.owner import OwnerThread

T = TypeVar("T")

ASK_S = 10.0  # opening a printer on the network included
MOVE_S = 20.0


@dataclass(frozen=True)
class Wiring:
    """How the machine is set up; the words are the library's own."""

    printer: str  # its name, as the library lists it, or its address
    output_tray: str  # OutputTray
    error_tray: str  # OutputTray
    station: str  # CardPos
    bezel_reject_s: int  # 0: the machine never takes a card back by itself


class Machine:
    """One printer. ``library`` is the module ``evolis``."""

    def __init__(self, name: str, library: Any, wiring: Wiring) -> None:
        self._name = name
        self._library = library
        self._wiring = wiring
        self._thread = OwnerThread(f"{name}-evolis")
        self._connection: Any = None  # evolis.Connection, owned by the thread; None before the first call
        self._flags: list[Any] = []

    def start(self) -> None:
        self._thread.start()

    async def close(self) -> None:
        """Close the connection behind whatever is still running, and end the thread."""
        self._thread.submit(self._drop)
        await self._thread.close()

    async def reading(self) -> Reading:
        """State, flags and card count now."""

        def read(connection: Any) -> Reading:
            state = connection.get_state()
            self._check(connection, "state")
            status = connection.get_status()
            flags = None if status is None else frozenset(f.name for f in self._flags if status.is_on(f))
            cleaning = connection.get_cleaning_info()
            cards = None if cleaning is None else int(cleaning.totalCardCount)
            return Reading(state.major.name, state.minor.name, flags, cards)

        return await self._call(read, within=ASK_S)

    async def picture(self, document: bytes) -> bytes:
        """The document's picture as the library takes it. Raises PictureError. (PDFium, too, belongs to one thread.)"""
        return await self._thread.call(lambda: bitmap_of(document), within=ASK_S)

    def begin_print(self, bitmap: bytes, within: float) -> Future[str]:
        """Print a card and keep it in the machine. The future has the name of the library's return code.

        From here on the machine may move. ``within`` is the library's own deadline in seconds.
        """
        return self._thread.submit(lambda: self._connected(lambda connection: self._print(connection, bitmap, within)))

    async def to_station(self) -> None:
        """Move the printed card to the chip station. Never to be called without a card: the machine would feed one."""
        await self._move(lambda connection: connection.set_card_pos(self._library.CardPos[self._wiring.station]))

    async def eject(self) -> None:
        """Ask for the motion to the slot, once."""
        await self._move(lambda connection: connection.eject_card())

    async def reject(self) -> None:
        """Ask for the motion to the reject bin, once."""
        await self._move(lambda connection: connection.reject_card())

    async def clear_mechanical_error(self) -> None:
        """Tell the machine that a person has cleared the jam; else it takes no other job."""
        await self._move(lambda connection: connection.clear_mechanical_errors())

    async def _move(self, motion: Callable[[Any], bool]) -> None:
        def move(connection: Any) -> None:
            if not motion(connection):
                self._check(connection, "motion")
                raise DeviceRefusedError(self._name, "the printer does not move the card, and does not say why")

        await self._call(move, within=MOVE_S)

    def _print(self, connection: Any, bitmap: bytes, within: float) -> str:
        library = self._library
        if not connection.reserve(0, 0):  # 0: a session of the machine's choice, without waiting for another's end
            return str(connection.get_last_error().name)
        try:
            session = library.PrintSession(connection)
            ready = session.init() and session.set_auto_eject(False)
            # Bytes and not a file: nothing of a person is written to a disk. The library takes no bytearray here.
            if not ready or not session.set_image_buffer(library.CardFace.FRONT, bitmap):
                code = session.get_last_error().name
                return "PRINT_EDATA" if code == "OK" else str(code)
            return str(session.print(int(within * 1000)).name)
        finally:
            connection.release()

    # In the thread

    async def _call(self, call: Callable[[Any], T], *, within: float) -> T:
        return await self._thread.call(lambda: self._connected(call), within=within)

    def _connected(self, call: Callable[[Any], T]) -> T:
        """Do the call on the connection, and drop a connection that failed."""
        try:
            if self._connection is None:
                self._connection = self._open()
            return call(self._connection)
        except DeviceAwayError:
            self._drop()
            raise
        except DeviceError:
            raise
        except Exception as error:  # a library without contract: whatever it raises is a lost machine
            self._drop()
            raise DeviceAwayError(self._name, f"the library failed ({type(error).__name__}: {error})") from error

    def _open(self) -> Any:
        library, wiring = self._library, self._wiring
        connection = library.Connection()
        if not connection.open(wiring.printer, library.OpenMode.AUTO):
            raise DeviceAwayError(self._name, f"no printer {wiring.printer!r}")
        self._flags = [flag for flag in library.Status.Flag if states.watched_flag(flag.name)]
        try:
            self._set(connection, "set_input_tray", library.InputTray.FEEDER)
            self._set(connection, "set_output_tray", library.OutputTray[wiring.output_tray])
            self._set(connection, "set_error_tray", library.OutputTray[wiring.error_tray])
            if wiring.output_tray == "BEZEL":
                behaviour = library.BezelBehavior.REJECT if wiring.bezel_reject_s else library.BezelBehavior.DONOTHING
                self._set(connection, "set_bezel_behavior", behaviour)
                if wiring.bezel_reject_s:
                    self._set(connection, "set_bezel_delay", wiring.bezel_reject_s)
        except DeviceError:
            connection.close()
            raise
        return connection

    def _set(self, connection: Any, setter: str, value: Any) -> None:
        if not getattr(connection, setter)(value):
            self._check(connection, f"{setter} {getattr(value, 'name', value)}")
            raise DeviceRefusedError(self._name, f"{setter} {getattr(value, 'name', value)} was not taken")

    def _check(self, connection: Any, what: str) -> None:
        """Raise what the last return code says; OK raises nothing."""
        code = connection.get_last_error().name
        if code == "OK":
            return
        sentence = f"{what}: {code}"
        if code in states.AWAY_CODES:
            raise DeviceAwayError(self._name, sentence)
        if code in states.LATE_CODES:
            raise DeviceTimeoutError(self._name, sentence)
        if code in states.PERMANENT_CODES:
            raise PermanentDeviceError(self._name, sentence)
        raise DeviceRefusedError(self._name, sentence)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
