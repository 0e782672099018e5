"""The library's names, played by a machine in this process: feeder, path, slot, bin, counters, faults.

Only what the driver uses. The machine moves when it is told to, takes its time, and answers with the codes and words of
the real library, so that a test sees the driver as the library would.
"""

from __future__ import annotations

import enum
import io
import threading
import time
from types import ModuleType, SimpleNamespace
from typing import Any

from PIL import Image
from sdk_names import FLAGS, MINORS, RETURN_CODES

ReturnCode = enum.Enum("ReturnCode", RETURN_CODES)
Minor = enum.Enum("Minor", {name: number for number, name in enumerate(MINORS)})
Major = enum.Enum("Major", {"OFF": 0, "READY": 1, "WARNING": 2, "ERROR": 3})
Flag = enum.Enum("Flag", {name: number for number, name in enumerate(FLAGS)})
CardPos = enum.Enum("CardPos", {"EJECT": 3, "REJECT": 4, "CONTACT": 5, "CONTACTLESS": 6})
OutputTray = enum.Enum("OutputTray", {"STANDARD": 1, "ERROR": 8, "BEZEL": 64, "ERRORSLOT": 128})
InputTray = enum.Enum("InputTray", {"FEEDER": 1, "MANUAL": 2})
BezelBehavior = enum.Enum("BezelBehavior", {"UNKNOWN": 0, "REJECT": 1, "INSERT": 2, "DONOTHING": 3})
CardFace = enum.Enum("CardFace", {"FRONT": 0, "BACK": 1})
OpenMode = enum.Enum("OpenMode", {"AUTO": 0, "DIRECT": 1, "SUPERVISED": 2})
PLACES = {"print": "INF_CARD_PRINT", "contact": "INF_CARD_SMART", "contactless": "INF_CARD_CONTACTLESS"}
PLACES |= {"slot": "INF_BEZEL_CARD_OUTSIDE"}


class SimulatedMachine:
    """The printer. Tests set its faults and are its hands."""

    def __init__(self) -> None:
        self.name = "Evolis KM500B"
        self.there = True
        self.print_s = 0.05
        self.total = 4000  # cards since it was made
        self.fed = 0  # blanks that left the feeder
        self.place: str | None = None  # of the card in the path
        self.binned = 0
        self.words: set[str] = set()  # flags that hold beside those of the sensors
        self.minor = "PRINTER_READY"
        self.major = "READY"
        self.print_code: str | None = None  # the next print call answers this
        self.fails_at = "end"  # of that call: "start" (nothing moved), "middle" (fed, not counted), "end"
        self.lost_answers = 0  # so many motions are made and answered with PRINTER_ENOCOM
        self.stuck = False  # motions are taken and nothing moves
        self.refuses: dict[str, str] = {}  # setter or call: return code
        self.calls: list[str] = []
        self.threads: set[int] = set()
        self.settings: dict[str, Any] = {}
        self.pictures: list[Image.Image] = []
        self.print_hangs = False  # the next print call stands until ``hung`` is set
        self.hung = threading.Event()
        self.hung.set()  # cleared: every question waits

    def flags(self) -> set[str]:
        found = set(self.words)
        if self.place:
            found.add(PLACES[self.place])
        return found

    def take(self) -> None:
        assert self.place == "slot"
        self.place = None

    def feed(self) -> None:
        self.fed += 1
        self.place = "print"


class Connection:
    """evolis.Connection."""

    machine: SimulatedMachine  # set by library()

    def __init__(self) -> None:
        self.code = "OK"
        self.opened = False
        self.reserved = False

    def answer(self, call: str, code: str | None = None) -> bool:
        self.machine.calls.append(call)
        self.machine.threads.add(threading.get_ident())
        self.machine.hung.wait(20)
        self.code = code or self.machine.refuses.get(call, "OK")
        if not self.machine.there:
            self.code = "PRINTER_ENOCOM"
        return self.code == "OK"

    def open(self, name: str, mode: Any = OpenMode.AUTO) -> bool:
        self.opened = self.answer("open") and name == self.machine.name
        return self.opened

    def close(self) -> None:
        self.machine.calls.append("close")
        self.opened = False

    def get_last_error(self) -> Any:
        return ReturnCode[self.code]

    def get_state(self) -> Any:
        if not self.answer("get_state"):
            return SimpleNamespace(major=Major.OFF, minor=Minor.PRINTER_UNKNOWN)
        return SimpleNamespace(major=Major[self.machine.major], minor=Minor[self.machine.minor])

    def get_status(self) -> Any:
        if not self.answer("get_status"):
            return None
        seen = self.machine.flags()
        return SimpleNamespace(is_on=lambda flag: flag.name in seen)

    def get_cleaning_info(self) -> Any:
        return SimpleNamespace(totalCardCount=self.machine.total) if self.answer("get_cleaning_info") else None

    def reserve(self, session: int = 0, wait_ms: int = 5000) -> bool:
        self.reserved = self.answer("reserve")
        return self.reserved

    def release(self) -> bool:
        self.reserved = False
        return self.answer("release")

    def _set(self, name: str, value: Any) -> bool:
        self.machine.settings[name] = value
        return self.answer(name)

    def set_input_tray(self, tray: Any) -> bool:
        return self._set("set_input_tray", tray)

    def set_output_tray(self, tray: Any) -> bool:
        return self._set("set_output_tray", tray)

    def set_error_tray(self, tray: Any) -> bool:
        return self._set("set_error_tray", tray)

    def set_bezel_behavior(self, behaviour: Any) -> bool:
        return self._set("set_bezel_behavior", behaviour)

    def set_bezel_delay(self, seconds: int) -> bool:
        return self._set("set_bezel_delay", seconds)

    def _move(self, call: str, place: str | None) -> bool:
        if not self.answer(call):
            return False
        if self.machine.minor == "ERR_MECHANICAL":
            self.code = "CARD_ERROR"
            return False
        if not self.machine.stuck:
            self.machine.place = place
        if self.machine.lost_answers:
            self.machine.lost_answers -= 1
            self.code = "PRINTER_ENOCOM"
        return self.code == "OK"

    def set_card_pos(self, position: Any) -> bool:
        if self.machine.place is None:
            self.machine.feed()  # as the real one does
        return self._move("set_card_pos", position.name.lower())

    def eject_card(self) -> bool:
        return self._move("eject_card", "slot")

    def reject_card(self) -> bool:
        had = self.machine.place
        moved = self._move("reject_card", None)
        self.machine.binned += had is not None and self.machine.place is None
        return moved

    def clear_mechanical_errors(self) -> bool:
        self.machine.minor, self.machine.major = "PRINTER_READY", "READY"
        self.machine.words -= {"ERR_MECHANICAL"}
        return self.answer("clear_mechanical_errors")


class PrintSession:
    """evolis.PrintSession."""

    machine: SimulatedMachine  # set by library()

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.auto_eject = True
        self.picture: Image.Image | None = None

    def init(self) -> bool:
        return self.connection.answer("init")

    def set_auto_eject(self, value: bool) -> bool:
        self.auto_eject = value
        return True

    def get_last_error(self) -> Any:
        return self.connection.get_last_error()

    def set_image_buffer(self, face: Any, buffer: bytes) -> bool:
        assert isinstance(buffer, bytes), "ctypes takes bytes for a c_char_p, and nothing else"
        self.picture = Image.open(io.BytesIO(buffer), formats=["BMP", "PNG", "JPEG"])
        self.picture.load()
        return self.connection.answer("set_image_buffer")

    def print(self, timeout: int = 300_000) -> Any:
        assert self.connection.reserved
        code, self.machine.print_code = self.machine.print_code or "OK", None
        if not self.connection.answer("print") or (code != "OK" and self.machine.fails_at == "start"):
            return ReturnCode[code if self.connection.code == "OK" else self.connection.code]
        self.machine.feed()
        time.sleep(self.machine.print_s)
        if self.machine.print_hangs:
            self.machine.hung.clear()
        self.machine.hung.wait(20)
        if code != "OK" and self.machine.fails_at == "middle":
            if code == "PRINT_EMECHANICAL":
                self.machine.minor, self.machine.major = "ERR_MECHANICAL", "ERROR"
                self.machine.words.add("ERR_MECHANICAL")
            return ReturnCode[code]
        self.machine.total += 1
        assert self.picture is not None
        self.machine.pictures.append(self.picture)
        self.machine.place = "slot" if self.auto_eject else "print"
        return ReturnCode[code]


def library(machine: SimulatedMachine) -> ModuleType:
    """A module ``evolis`` whose only printer is this machine."""
    module = ModuleType("evolis")
    for each in (Connection, PrintSession):
        setattr(module, each.__name__, type(each.__name__, (each,), {"machine": machine}))
    for each in (ReturnCode, CardPos, OutputTray, InputTray, BezelBehavior, CardFace, OpenMode):
        setattr(module, each.__name__, each)
    module.State = SimpleNamespace(Major=Major, Minor=Minor)  # type: ignore[attr-defined]  # a module made by hand
    module.Status = SimpleNamespace(Flag=Flag)  # type: ignore[attr-defined]  # as above
    return module
