"""The dispenser as a process, and its acts, seen by somebody who writes the bytes of the paper by hand."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import serial

from hardware_sim.control import Hand

pytestmark = pytest.mark.devices

INIT_LEAVE = "F2 00 00 03 43 30 33 03 B2"
INIT_CAPTURE = "F2 00 00 03 43 30 31 03 B0"
STATUS = "F2 00 00 03 43 31 30 03 B0"
FEED = "F2 00 00 03 43 32 31 03 B2"
OUT = "F2 00 00 03 43 32 39 03 BA"
TO_BIN = "F2 00 00 03 43 32 33 03 B0"
ENTRY_ON = "F2 00 00 03 43 33 30 03 B2"
BIN_COUNT = "F2 00 00 03 43 A5 30 03 24"


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "hardware_sim.card_dispenser", "--dir", str(tmp_path_factory.mktemp("dispenser"))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.terminate()
    process.stdout.close()
    assert process.wait(10) == 0


@pytest.fixture
def hand(where: dict[str, Any]) -> Hand:
    hand = Hand(where["control"])
    hand.do("repair")
    hand.do("variant", name="m001")
    hand.do("times", motion_s=0.02)
    return hand


class Line:
    """A host that knows nothing but the paper."""

    def __init__(self, port: str) -> None:
        self.serial = serial.Serial(port, 9600, timeout=0.5)

    def ask(self, frame: str) -> str:
        """ACK and answer, as hexadecimal digits."""
        self.serial.reset_input_buffer()
        self.serial.write(bytes.fromhex(frame))
        answer = self.read()
        self.serial.write(b"\x06")
        return answer

    def read(self) -> str:
        answer = b""
        while byte := self.serial.read(1):
            answer += byte
            if len(answer) > 5 and len(answer) == 1 + 6 + int.from_bytes(answer[3:5], "big"):
                break
        return answer.hex(" ").upper()


@pytest.fixture
def line(where: dict[str, Any], hand: Hand) -> Iterator[Line]:
    line = Line(where["card_dispenser"]["port"])
    yield line
    line.serial.close()


def test_the_settings_are_those_of_the_kiosks_table(where: dict[str, Any]) -> None:
    assert where["card_dispenser"].keys() == {"port", "baud", "address", "variant"}


def test_it_speaks_the_frames_of_the_paper(line: Line, hand: Hand) -> None:
    assert line.ask(STATUS) == "06 F2 00 00 05 4E 31 30 42 30 03 C9", "B0 before the first INIT"
    assert line.ask(INIT_LEAVE).startswith("06 F2 00 00 12 50 30 33 30 32 30 43 52 54 2D 35 39 31 2D 4D 30 30 31")
    assert line.ask(STATUS) == "06 F2 00 00 06 50 31 30 30 32 30 03 94"
    hand.do("stacker", n=0)
    assert line.ask(FEED) == "06 F2 00 00 05 4E 32 31 41 30 03 C8"


def test_a_card_goes_the_whole_way(line: Line, hand: Hand) -> None:
    line.ask(INIT_LEAVE)
    line.ask(FEED)
    assert hand.state()["card"] == "inside"
    line.ask(OUT)
    assert (hand.state()["card"], hand.state()["fed"]) == ("gate", 1)
    assert hand.do("take_card")["card"] == "none"
    with pytest.raises(ValueError, match="no card is in the gate"):
        hand.do("take_card")


def test_the_bin_is_counted_and_full_at_last(line: Line, hand: Hand) -> None:
    line.ask(INIT_LEAVE)
    line.ask(FEED)
    line.ask(TO_BIN)
    assert line.ask(BIN_COUNT)[-14:-6] == "30 30 31"
    line.ask(FEED)
    hand.do("fill_bin")
    assert "41 31" in line.ask(TO_BIN), "A1"
    assert line.ask(STATUS)[24:32] == "32 32 31"


def test_an_init_may_capture(line: Line, hand: Hand) -> None:
    line.ask(INIT_LEAVE)
    line.ask(FEED)
    line.ask(INIT_CAPTURE)
    assert (hand.state()["card"], hand.state()["bin"]) == ("none", 1)


def test_the_gate_takes_a_card_only_when_it_may(line: Line, hand: Hand) -> None:
    line.ask(INIT_LEAVE)
    with pytest.raises(ValueError, match="the gate takes no card"):
        hand.do("insert_card")
    line.ask(ENTRY_ON)
    assert hand.do("insert_card")["card"] == "inside"


def test_a_card_that_nobody_takes_is_taken_back(line: Line, hand: Hand) -> None:
    hand.do("times", take_back_s=0.1)
    taken = hand.state()["taken"]
    line.ask(INIT_LEAVE)
    line.ask(FEED)
    line.ask(OUT)
    deadline = time.monotonic() + 10
    while hand.state()["card"] == "gate":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert (hand.state()["counter"], hand.state()["taken"]) == (1, taken)


def test_a_spoiled_frame_is_not_executed(line: Line, hand: Hand) -> None:
    line.ask(INIT_LEAVE)
    fed = hand.state()["fed"]
    line.serial.write(bytes.fromhex(FEED[:-2] + "00"))
    assert line.serial.read(1) == b"\x15"
    assert hand.state()["fed"] == fed


def test_an_answer_is_repeated_on_nak_and_eot_is_answered(line: Line, hand: Hand) -> None:
    line.ask(INIT_LEAVE)
    hand.do("wrong_bcc")
    spoiled = line.ask(STATUS)
    line.serial.write(b"\x15")
    assert line.serial.read(12).hex(" ").upper() == "F2 00 00 06 50 31 30 30 32 30 03 94"
    assert spoiled.endswith("03 6B")
    line.serial.write(b"\x04")
    assert line.serial.read(1) == b"\x04"


def test_at_another_speed_it_hears_nothing_once_it_has_found_its_own(line: Line) -> None:
    line.ask(INIT_LEAVE)
    line.serial.baudrate = 38400
    assert line.ask(STATUS) == ""
    line.serial.baudrate = 9600
    assert line.ask(STATUS).startswith("06 F2")


def test_a_fault_waits_for_its_phase(line: Line, hand: Hand) -> None:
    line.ask(INIT_LEAVE)
    hand.do("arm", phase="printing", act="jam", arguments={"on": True})
    assert "31 30 03" in line.ask(FEED), "error 10"
    assert hand.state()["jammed"]
    assert hand.do("jam", on=False)["card"] == "none"


def test_an_act_that_cannot_be_is_refused(hand: Hand) -> None:
    with pytest.raises(ValueError, match="no variant 'z80'"):
        hand.do("variant", name="z80")
    with pytest.raises(ValueError, match="do not fit"):
        hand.do("refill", n=1)
