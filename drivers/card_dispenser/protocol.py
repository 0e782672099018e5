"""Exchanges with the dispenser over RS-232, blocking: all of it belongs to one thread.

The paper (1.4): a command is acknowledged within 300 ms, else sent again; then it is executed, and answered; an answer
with a wrong check byte is asked for again with NAK. In one point this is stricter than the paper: a *motion* that was
not acknowledged is sent again only when the machine says NAK, or when its status shows that nothing was begun. A lost
ACK looks the same as a lost command, and the machine may be feeding already. After its ACK no motion is ever resent.
"""

from __future__ import annotations

import contextlib
import enum
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import serial

from drivers.card_dispenser import frames
from drivers.card_dispenser.errors import (
    NOT_BEGUN,
    WRONG_VARIANT,
    DispenserFaultError,
    DispenserRefusedError,
    ErrorCode,
    known,
)
from drivers.card_dispenser.frames import (
    Broken,
    CardAt,
    Cm,
    Command,
    Control,
    Frame,
    FrameError,
    Negative,
    Positive,
    Reader,
    Status,
)
from drivers.card_dispenser.variants import H001, M001, PROFILES, Profile, identify
from drivers.dispenser import OutcomeUnknownError
from drivers.errors import DeviceAwayError, DeviceError, DeviceTimeoutError, PermanentDeviceError

ACK_S = 0.3  # 1.4.2, case 1
SENDS = 3  # of one command
ASKED_AGAIN = 3  # NAKs for one answer
SILENCE_S = 0.25  # within a frame: its rest does not come (bytes take 1 ms at 9600)
READ_S = 0.05
# The fastest first: machines that were met run at it, though the paper ends at 57600.
BAUDS = (115200, 9600, 38400, 19200, 57600)
# closing and opening a line that was unplugged raises termios.error, which is no OSError
LINE_ERRORS = (OSError, termios.error)

STATUS = Command(Cm.STATUS, 0x30)
SENSORS = Command(Cm.STATUS, 0x31)
SERIAL, CONFIG, VERSION, COUNT = (Command(cm, 0x30) for cm in (Cm.SERIAL, Cm.CONFIG, Cm.VERSION, Cm.BIN_COUNT))

T = TypeVar("T")
Heard = Frame | Broken | Control | None  # None: a pause


class Within(enum.Enum):
    """How long an answer may take after the ACK."""

    QUICK = enum.auto()
    CARD_IO = enum.auto()
    MOVE = enum.auto()
    INIT = enum.auto()
    MEET = enum.auto()  # an INIT at a speed that is only tried


# Of the field; the paper has no such times.
WITHIN_S = {Within.QUICK: 2.0, Within.CARD_IO: 8.0, Within.MOVE: 15.0, Within.INIT: 30.0, Within.MEET: 5.0}


class NotAcknowledgedError(DeviceTimeoutError):
    """Nothing was begun: the machine did not say that it has the command. ``denied``: it says that it has not (NAK)."""

    def __init__(self, device: str, reason: str, *, denied: bool = False) -> None:
        super().__init__(device, reason)
        self.denied = denied


@dataclass(frozen=True)
class Identity:
    """What the machine says of itself."""

    firmware: str
    version: str
    config: str
    serial: str
    baud: int

    @property
    def words(self) -> tuple[str, ...]:
        return (self.firmware, self.version, self.config, self.serial)


@dataclass(frozen=True)
class Reading:
    """One look at the machine."""

    status: Status
    sensors: tuple[bool, ...]  # S1 to S7, True where a card is; empty where the machine does not tell
    captured: int | None
    initialised: int  # how often the line has initialised it by then


class DispenserLine:
    """The line to one dispenser. ``baud`` None: found by trying. ``variant`` None: by what the machine says."""

    def __init__(self, device: str, port: str, baud: int | None, address: int, variant: str | None) -> None:
        self._device = device
        self._path = port
        self._bauds = [baud] if baud else list(BAUDS)
        self._address = address
        self._variant = PROFILES[variant] if variant else None
        self._profile: Profile | None = None
        self._port: serial.Serial | None = None
        self._reader = Reader()
        self.initialised = 0  # how often; a machine that was switched off and on asks for it again

    # Opening

    def open(self) -> Identity:
        """Open the line, find its speed, initialise without moving a card, and learn which machine it is.

        Raises DeviceAwayError when nothing answers, PermanentDeviceError for a machine that is not known.
        """
        self.close()
        try:
            self._port = serial.Serial(
                self._path, self._bauds[0], timeout=READ_S, write_timeout=WITHIN_S[Within.QUICK], exclusive=True
            )
        except LINE_ERRORS as error:
            raise DeviceAwayError(self._device, f"{self._path} cannot be opened ({error})") from error
        firmware, baud = self._find_speed()
        identity = Identity(firmware, self._word(VERSION), self._word(CONFIG), self._word(SERIAL), baud)
        self._prefer(baud)  # after a loss the same machine is met at once
        self._profile = self._variant or identify(identity.words)
        if self._profile is None:
            said = ", ".join(repr(word) for word in identity.words if word)
            raise PermanentDeviceError(
                self._device,
                f"a CRT-591 of a variant that is not known ({said or 'it says nothing of itself'}); "
                f"set variant to one of {', '.join(PROFILES)}",
            )
        return identity

    def close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(*LINE_ERRORS):
                port.close()

    def _find_speed(self) -> tuple[str, int]:
        """The firmware's name and the speed at which it was told. The INIT is what a machine finds its speed by.

        Noise at a wrong speed may look like an ACK: waiting for its answer as long as for a true one kept the line busy
        for half a minute after a machine was well again. So only the first speed has all the time of an INIT, and one
        at which something was acknowledged is the first of the next time.
        """
        tried = tuple(self._bauds)
        for baud in tried:
            try:
                self._opened().baudrate = baud
            except LINE_ERRORS as error:
                raise DeviceAwayError(self._device, f"{self._path} is gone ({error})") from error
            try:
                return frames.printable(self.init(Within.INIT if baud == tried[0] else Within.MEET).data), baud
            except NotAcknowledgedError:
                continue
            except DeviceTimeoutError:
                self._prefer(baud)
        raise DeviceTimeoutError(self._device, f"nothing answers at address {self._address} of {self._path}")

    def _prefer(self, baud: int) -> None:
        self._bauds.sort(key=lambda other: other != baud)

    def _word(self, question: Command) -> str:
        """What the machine says of itself; empty where it does not know the question."""
        try:
            data = self.ask(question).data
        except DispenserRefusedError:
            return ""
        return frames.parse_serial(data) if question is SERIAL else frames.printable(data)

    # Questions

    def init(self, within: Within = Within.INIT) -> Positive:
        """Initialise and leave a card where it is: nothing moves before the kiosk has settled what the card is."""
        profile = self._profile or self._variant or M001
        try:
            answer = self._exchange(profile.init, within)
        except DispenserRefusedError as error:
            # An H001 wants a longer one, and cannot say before it that it is an H001.
            if self._profile or self._variant or error.code not in WRONG_VARIANT:
                raise
            answer = self._exchange(H001.init, within)
        self.initialised += 1
        return answer

    def ask(self, question: Command) -> Positive:
        """Ask something that moves nothing. A machine that was switched off and on is initialised first.

        Raises DeviceTimeoutError when it is silent or not understood, DispenserRefusedError with its code,
        DeviceAwayError when the line is gone.
        """
        try:
            return self._exchange(question, Within.QUICK)
        except DispenserRefusedError as error:
            if error.code is not ErrorCode.NOT_RESET:
                raise
        self.init()
        return self._exchange(question, Within.QUICK)

    def status(self) -> Status:
        """The three bytes of the status. Errors as those of ``ask``."""
        return self.ask(STATUS).status

    def sensors(self) -> tuple[bool, ...]:
        """S1 to S7, True where a card is. Errors as those of ``ask``."""
        return self._understood(frames.parse_sensors, self.ask(SENSORS).data)

    def look(self) -> Reading:
        """All that the driver watches. Errors as those of ``ask``."""
        status = self.status()
        try:
            sensors = self.sensors()
        except DispenserRefusedError:  # a variant without that question
            sensors = ()
        return Reading(status, sensors, self.captured(), self.initialised)

    def captured(self) -> int | None:
        """The bin counter; None where the machine has none. Errors as those of ``ask``."""
        if not self._known().counts:
            return None
        return self._understood(frames.parse_count, self.ask(COUNT).data)

    def set_captured(self, count: int) -> None:
        """Set the bin counter, 0 to 999."""
        self._exchange(Command(Cm.BIN_COUNT, 0x31, f"{count:03d}".encode()), Within.QUICK)

    # Motions

    def feed(self) -> Status:
        """Stacker to path. Errors of the three motions: see ``_move``."""
        return self._move(self._known().feed)

    def present(self) -> Status:
        return self._move(self._known().present)

    def capture(self) -> Status:
        return self._move(self._known().capture)

    def _move(self, motion: Command) -> Status:
        """Ask for a motion, once.

        Raises DispenserFaultError with the machine's code, or OutcomeUnknownError when its answer is lost: it was
        begun, or may have been. With other DeviceErrors it surely was not begun.
        """
        try:
            before = self.status().card
        except DeviceTimeoutError as error:
            raise NotAcknowledgedError(self._device, f"no motion was asked for: {error.reason}") from error
        for _ in range(SENDS):
            try:
                return self._exchange(motion, Within.MOVE, sends=1).status
            except NotAcknowledgedError as error:
                if not error.denied:
                    self._require_at_rest(before)
        raise NotAcknowledgedError(self._device, "the command was not acknowledged, and nothing moved")

    def _require_at_rest(self, before: CardAt) -> None:
        """OutcomeUnknownError, unless the status shows that a motion without ACK was not begun."""
        try:
            now = self.status().card
        except DeviceError as error:
            raise OutcomeUnknownError(self._device, "a motion was not acknowledged, nor is the status told") from error
        if now is not before:
            raise OutcomeUnknownError(self._device, "a motion was not acknowledged, and the card has moved")

    # One exchange

    def _exchange(self, command: Command, within: Within, *, sends: int = SENDS) -> Positive:
        port = self._opened()
        motion = within is Within.MOVE
        try:
            port.reset_input_buffer()  # answers to earlier questions that came too late
            self._reader.forget()
            answer = self._send(port, command, sends) or self._answer(port, command, within)
            if answer is None and within in (Within.QUICK, Within.CARD_IO):
                self._clear_line(port)
        except LINE_ERRORS as error:
            if motion:
                raise OutcomeUnknownError(self._device, f"{self._path} was lost in a motion ({error})") from error
            raise DeviceAwayError(self._device, f"{self._path} is gone ({error})") from error
        if answer is None:
            kind = OutcomeUnknownError if motion else DeviceTimeoutError
            raise kind(self._device, f"no answer that can be read within {WITHIN_S[within]:g} s")
        if isinstance(answer, Negative):
            may_have_moved = motion and known(answer.error) not in NOT_BEGUN
            raise (DispenserFaultError if may_have_moved else DispenserRefusedError)(self._device, answer.error)
        return answer

    def _send(self, port: serial.Serial, command: Command, sends: int) -> Positive | Negative | None:
        """Send until it is acknowledged; answers the answer if that comes in place of a lost ACK.

        Raises NotAcknowledgedError after the last try.
        """
        denied = False
        for _ in range(sends):
            port.write(frames.encode(command, self._address))
            denied = False
            for found in self._hear(port, ACK_S):
                if found is Control.ACK:
                    return None
                if found is Control.NAK:
                    denied = True
                    break
                if (answer := self._answer_to(command, found)) is not None:
                    port.write(bytes([Control.ACK]))
                    return answer
        raise NotAcknowledgedError(self._device, "the command is not acknowledged", denied=denied)

    def _answer(self, port: serial.Serial, command: Command, within: Within) -> Positive | Negative | None:
        """Wait for the answer; one that cannot be read is asked for again. None when there is none."""
        asked_again = 0
        unread = False
        for found in self._hear(port, WITHIN_S[within]):
            if found is None and unread:  # only in a pause: what looks broken may be noise before the answer itself
                if asked_again == ASKED_AGAIN:
                    return None
                asked_again += 1
                unread = False
                port.write(bytes([Control.NAK]))
            if isinstance(found, Broken) or (isinstance(found, Frame) and found.text is None):
                unread = True
            elif isinstance(found, Frame) and found.address == self._address:
                port.write(bytes([Control.ACK]))  # also to one that comes late, to an earlier command
                if (answer := self._answer_to(command, found)) is not None:
                    return answer
        return None

    def _answer_to(self, command: Command, found: Heard) -> Positive | Negative | None:
        if not isinstance(found, Frame) or found.address != self._address:
            return None
        match found.text:
            case Positive(cm, pm) | Negative(cm, pm) if (cm, pm) == (command.cm, command.pm):
                return found.text
        return None

    def _clear_line(self, port: serial.Serial) -> None:
        """Cancel what the machine still does for a question (1.4.2, cases 5 to 7). Never sent after a motion: it would
        stop a card between two sensors."""
        for _ in range(SENDS):
            port.write(bytes([Control.EOT]))
            for found in self._hear(port, ACK_S):
                if found is Control.EOT:
                    return
                if isinstance(found, Frame):  # it crossed our EOT
                    port.write(bytes([Control.ACK]))
                    return

    def _hear(self, port: serial.Serial, seconds: float) -> Iterator[Heard]:
        """What comes within so many seconds; None for each pause in it."""
        until = time.monotonic() + seconds
        heard_at = time.monotonic()
        yield from self._reader.take(b"")  # an answer may have come together with the ACK
        while (now := time.monotonic()) < until:
            data = port.read(max(1, port.in_waiting))
            if data:
                heard_at = now
                yield from self._reader.take(data)
            elif self._reader.in_frame:
                if now - heard_at > SILENCE_S:
                    yield from self._reader.give_up()
            else:
                yield None

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise DeviceAwayError(self._device, f"{self._path} is not open")
        return self._port

    def _known(self) -> Profile:
        if self._profile is None:
            raise DeviceAwayError(self._device, "it was not met yet")
        return self._profile

    def _understood(self, parse: Callable[[bytes], T], data: bytes) -> T:
        try:
            return parse(data)
        except FrameError as error:
            raise DeviceTimeoutError(self._device, f"the answer is not understood ({error})") from error
