"""The dispenser's end of the line: acknowledges, executes and answers as a CRT-591 does, and badly when told to.

What each variant does for each command stands here, and not with the driver: the two must agree on the wire alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.card_dispenser import frames
from drivers.card_dispenser.frames import Bin, Broken, CardAt, Command, Control, Frame, Negative, Positive, Reader
from hardware_sim.card_dispenser.machine import DispenserMachine, MachineError
from hardware_sim.faults.arming import Phase
from hardware_sim.serial_devices.line import SerialLine

TICK_S = 0.05
SILENT_TICKS = 4  # within a frame: its rest does not come
UNDEFINED, PARAMETER, NOT_RESET = "00", "01", "B0"
INIT, STATUS, MOVE, ENTRY, SERIAL, CONFIG, VERSION, COUNT = 0x30, 0x31, 0x32, 0x33, 0xA2, 0xA3, 0xA4, 0xA5
GO = {0x30: "gate", 0x31: "bin", 0x33: "stay", 0x34: "gate", 0x35: "bin", 0x37: "stay"}

Act = Callable[[DispenserMachine], None]
Key = tuple[int, int, bytes]


@dataclass(frozen=True)
class Variant:
    """One of the machines of that name; ``bauds``: it takes the one at which it is first initialised."""

    firmware: str
    version: str
    config: str
    serial: str
    bauds: tuple[int, ...]
    full_bin: Bin
    init_data: int  # bytes that its INIT wants
    acts: dict[Key, Act]


def _entry(on: bool) -> Act:
    return lambda machine: setattr(machine, "entry", on)


def _feed(to: CardAt) -> Act:
    return lambda machine: machine.feed(to)


VARIANTS = {
    "m001": Variant(
        "CRT-591-M001",
        "CRT591M001V1.0",
        "",
        "591M0100000001",
        (9600, 19200, 38400, 57600),
        Bin.FULL,
        0,
        {
            (MOVE, 0x30, b""): DispenserMachine.to_gate,
            (MOVE, 0x31, b""): _feed(CardAt.INSIDE),
            (MOVE, 0x32, b""): _feed(CardAt.INSIDE),
            (MOVE, 0x33, b""): DispenserMachine.to_bin,
            (MOVE, 0x39, b""): DispenserMachine.to_gate,
            (ENTRY, 0x30, b""): _entry(True),
            (ENTRY, 0x31, b""): _entry(False),
        },
    ),
    "r02": Variant(
        "CRT-591-V1.00",
        "C591_R02_A_170413",
        "9V10HRLD2",
        "591R0200000001",
        (115200,),
        Bin.FULL_R02,
        0,
        {
            (MOVE, 0x30, b""): DispenserMachine.to_gate,
            (MOVE, 0x31, b""): _feed(CardAt.GATE),
            (MOVE, 0x34, b""): _feed(CardAt.INSIDE),
            (MOVE, 0x33, b""): DispenserMachine.to_bin,
            (MOVE, 0x39, b""): DispenserMachine.to_bin,
            (ENTRY, 0x30, b""): _entry(False),
            (ENTRY, 0x32, b""): _entry(True),
        },
    ),
    "h001": Variant(
        "CRT-591-H001",
        "",
        "",
        "",
        (115200,),
        Bin.FULL,
        12,
        {
            (MOVE, 0x32, b"1"): _feed(CardAt.INSIDE),
            (MOVE, 0x32, b"2"): _feed(CardAt.INSIDE),
            (ENTRY, 0x30, b""): DispenserMachine.to_gate,
            (ENTRY, 0x31, b""): DispenserMachine.to_bin,
        },
    ),
    # None that the driver knows; it moves as an R02 does.
    "x999": Variant("CRT-591-X", "C591_X99", "", "", (115200,), Bin.FULL_R02, 0, {}),
}


class SimulatedDispenser:
    """One dispenser on one line, at address 0 unless told otherwise."""

    def __init__(self, link: Path, variant: str = "m001", printer: str | None = None, address: int = 0) -> None:
        self.line = SerialLine(link)
        self.machine = DispenserMachine(printer)
        self.address = address
        self.heard: list[Command] = []  # each command that was executed, or refused
        self.received = 0  # frames that came whole, also those that were sent again
        self._reset = False
        self._baud: int | None = None
        self._silent = False
        self._faults: dict[str, int] = {}  # how many more commands each strikes
        self._byte_every_s = 0.0
        self._last_answer = b""
        self._reader = Reader()
        self._thread = threading.Thread(target=self._serve, name="card dispenser", daemon=True)
        self.variant(variant)

    def start(self) -> None:
        self.line.plug()
        self._thread.start()

    def close(self) -> None:
        self.machine.ending.set()
        self._thread.join(5)
        self.line.close()

    def asked(self, cm: int) -> list[Command]:
        """The commands of this kind that were executed, or refused."""
        return [command for command in self.heard if command.cm == cm]

    def state(self) -> dict[str, Any]:
        return {
            "port": str(self.line.link),
            "plugged": self.line.plugged,
            "variant": self._name,
            "initialised": self._reset,
            "baud": self._baud,
            "commands": len(self.heard),
            "silent": self._silent,
            "byte_every_s": self._byte_every_s,
            "faults": {fault: left for fault, left in self._faults.items() if left},
            **self.machine.state(),
        }

    # -- what goes wrong

    def silence(self, on: bool = True) -> None:
        """Take commands and answer none: the dispenser has no power, the adapter has."""
        self._silent = on

    def nak(self, times: int = 1, motions: bool = False) -> None:
        """Say NAK to so many commands (or motions), and do not execute them."""
        self._arm("nak", times, motions)

    def wrong_bcc(self, times: int = 1, motions: bool = False) -> None:
        """Spoil the check byte of so many answers (or answers to motions)."""
        self._arm("wrong_bcc", times, motions)

    def lose_answer(self, times: int = 1, motions: bool = True) -> None:
        """Execute so many motions (or commands), and send no answer."""
        self._arm("lose_answer", times, motions)

    def lose_ack(self, times: int = 1, motions: bool = True) -> None:
        """Execute and answer so many motions (or commands) without the ACK before."""
        self._arm("lose_ack", times, motions)

    def lose_command(self, times: int = 1, motions: bool = True) -> None:
        """Hear nothing of so many motions (or commands)."""
        self._arm("lose_command", times, motions)

    def slow_bytes(self, seconds: float) -> None:
        """Pause so long before each byte of an answer; 0 for none."""
        self._byte_every_s = seconds

    def restart(self) -> None:
        """Lose power for a moment: everything but an INIT is refused with B0, and the speed is looked for again."""
        self._reset, self._baud, self._last_answer = False, None, b""
        self.machine.power_cycle()

    def variant(self, name: str) -> None:
        """Be another machine of the same name: m001, r02, h001, x999."""
        if name not in VARIANTS:
            raise ValueError(f"no variant {name!r}; there are {sorted(VARIANTS)}")
        self._name, self._variant = name, VARIANTS[name]
        self.machine.full_bin = self._variant.full_bin
        self.restart()

    def repair(self) -> None:
        """Nothing wrong any more, full and empty as it should be."""
        self._silent = False
        self._faults.clear()
        self._byte_every_s = 0.0
        self.machine.whole()
        self.line.plug()

    # -- the line, in its thread

    def _serve(self) -> None:
        quiet = 0
        while not self.machine.ending.is_set():
            self.machine.look_at_the_gate()
            if not self.line.wait(TICK_S):
                quiet += 1
                if quiet >= SILENT_TICKS and self._reader.in_frame:
                    for found in self._reader.give_up():
                        self._take(found)
                if not self.line.plugged:
                    self._reader.forget()
                    self.machine.ending.wait(TICK_S)
                continue
            quiet = 0
            data = self.line.read(1024)
            if not self._hears_at(self.line.speed):
                continue  # at another speed the bytes are none
            for found in self._reader.take(data):
                self._take(found)

    def _hears_at(self, speed: int | None) -> bool:
        return speed == self._baud if self._baud else speed in self._variant.bauds

    def _take(self, found: Frame | Broken | Control) -> None:
        if self._silent:
            return
        if found is Control.NAK and self._last_answer:
            self._answer(self._last_answer, spoiled=self._strikes("wrong_bcc", self.heard[-1]))
        elif found is Control.EOT:
            self.line.write(bytes([Control.EOT]))
        elif isinstance(found, Broken):
            self.line.write(bytes([Control.NAK]))
        elif isinstance(found, Frame) and found.address == self.address and isinstance(found.text, Command):
            self.received += 1
            self._obey(found.text)

    def _obey(self, command: Command) -> None:
        if self._strikes("lose_command", command):
            return
        if self._strikes("nak", command):
            self.line.write(bytes([Control.NAK]))
            return
        if not self._strikes("lose_ack", command):
            self.line.write(bytes([Control.ACK]))
        self.heard.append(command)
        try:
            data = self._execute(command)
            text: Positive | Negative = Positive(command.cm, command.pm, self.machine.status(), data)
        except MachineError as error:
            text = Negative(command.cm, command.pm, error.code)
        self._last_answer = frames.encode(text, self.address)
        if not self._strikes("lose_answer", command) and not self._silent:
            self._answer(self._last_answer, spoiled=self._strikes("wrong_bcc", command))

    def _arm(self, fault: str, times: int, motions: bool) -> None:
        self._faults.pop(fault, None)
        self._faults.pop(f"{fault} motion", None)
        self._faults[f"{fault} motion" if motions else fault] = times

    def _strikes(self, fault: str, command: Command) -> bool:
        motion = (command.cm, command.pm, command.data) in self._variant.acts
        for name in (fault, f"{fault} motion") if motion else (fault,):
            if self._faults.get(name):
                self._faults[name] -= 1
                return True
        return False

    def _execute(self, command: Command) -> bytes:
        """The data of the answer. Raises MachineError."""
        key = (command.cm, command.pm, command.data)
        if command.cm == INIT:
            return self._initialise(command)
        if not self._reset:
            raise MachineError(NOT_RESET)
        if key in self._variant.acts:
            self.machine.reached(Phase.BEFORE)
            self._variant.acts[key](self.machine)
            self.machine.reached(Phase.AFTER)
            return b""
        if command.cm == COUNT and command.pm == 0x31 and self._name != "h001":
            self.machine.set_counter(frames.parse_count(command.data))
            return b""
        return self._told(command)

    def _initialise(self, command: Command) -> bytes:
        if command.pm not in GO or len(command.data) != self._variant.init_data:
            raise MachineError(PARAMETER)
        self._baud = self.line.speed
        self.machine.initialise(GO[command.pm])
        self._reset = True
        return self._variant.firmware.encode()

    def _told(self, command: Command) -> bytes:
        variant = self._variant
        answers: dict[tuple[int, int], bytes] = {
            (STATUS, 0x30): b"",
            (STATUS, 0x31): self.machine.sensors(),
            (SERIAL, 0x30): bytes([len(variant.serial)]) + variant.serial.encode(),
            (CONFIG, 0x30): variant.config.encode(),
            (VERSION, 0x30): variant.version.encode(),
            (COUNT, 0x30): f"{self.machine.counter:03d}".encode(),
        }
        if self._name == "h001":
            answers = {key: data for key, data in answers.items() if key[0] == STATUS}
        if (command.cm, command.pm) not in answers:
            raise MachineError(UNDEFINED)
        return answers[command.cm, command.pm]

    def _answer(self, frame: bytes, *, spoiled: bool = False) -> None:
        if spoiled:
            frame = frame[:-1] + bytes([frame[-1] ^ 0xFF])
        if not self._byte_every_s:
            self.line.write(frame)
            return
        for byte in frame:
            if self.machine.ending.wait(self._byte_every_s):
                return
            self.line.write(bytes([byte]))
