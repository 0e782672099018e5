"""The serial devices as a process, and their acts."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from PIL import Image

from drivers.receipt_printer.frames import ASK_WHEN_DONE, CLEAR, CLEARED, Query
from hardware_sim.control import Hand

pytestmark = pytest.mark.devices

RECEIPT = b"\x1b@SPESIMEN\n\x1dV\x00"


class Process:
    """The process, where it is, and a hand on it."""

    def __init__(self, directory: Path, *options: str) -> None:
        command = [sys.executable, "-m", "hardware_sim.serial_devices", "--dir", str(directory), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.where = json.loads(self.process.stdout.readline())
        self.hand = Hand(self.where["control"])

    def open(self, device: str) -> serial.Serial:
        return serial.Serial(self.where[device]["port"], 9600, timeout=5, write_timeout=5)

    def end(self) -> int:
        self.process.terminate()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait(10)


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("serial"))
    yield process
    assert process.end() == 0


@pytest.fixture
def hand(devices: Process) -> Hand:
    for device in ("receipt", "scanner"):
        devices.hand.do("plug", device=device)
    devices.hand.do("paper", level="ok")
    devices.hand.do("silence", on=False)
    return devices.hand


def print_one(devices: Process) -> bytes:
    """Print a receipt; the answer that it is out."""
    with devices.open("receipt") as port:
        port.write(RECEIPT + ASK_WHEN_DONE)
        return port.read(1)


def test_each_receipt_becomes_a_picture(devices: Process, hand: Hand) -> None:
    before = len(hand.state()["receipt"]["receipts"])

    assert print_one(devices) == b"\x00"
    assert print_one(devices) == b"\x00"

    paths = hand.state()["receipt"]["receipts"]
    assert len(paths) == before + 2
    with Image.open(paths[-1]) as picture:
        assert (picture.width, picture.mode) == (576, "1")
        assert picture.getextrema()[0] == 0, "nothing is on it"


def test_paper_out_holds_the_receipt_until_there_is_paper(devices: Process, hand: Hand) -> None:
    before = len(hand.state()["receipt"]["receipts"])
    hand.do("paper", level="out")
    with devices.open("receipt") as port:
        port.write(RECEIPT + ASK_WHEN_DONE + Query.PAPER.frame)
        assert port.read(1) == b"\x7e", "the question is answered past what waits"
        assert len(hand.state()["receipt"]["receipts"]) == before

        hand.do("paper", level="ok")
        assert port.read(1) == b"\x00"
    assert len(hand.state()["receipt"]["receipts"]) == before + 1


def test_a_receipt_after_one_that_was_given_up_comes_to_each_phase_again(devices: Process, hand: Hand) -> None:
    hand.do("paper", level="out")
    with devices.open("receipt") as port:
        port.write(RECEIPT + ASK_WHEN_DONE)
        port.read(1)
        port.write(CLEAR)
        assert port.read(len(CLEARED)) == CLEARED
        hand.do("paper", level="ok")

        hand.do("arm", phase="before", act="cover", arguments={"open": True})
        port.write(RECEIPT + Query.PRINTER.frame)
        port.read(1)
    assert hand.state()["receipt"]["cover_open"] is True


def test_silence_is_silence(devices: Process, hand: Hand) -> None:
    hand.do("silence", on=True)
    with devices.open("receipt") as port:
        port.timeout = 0.2
        port.write(Query.PRINTER.frame)
        assert port.read(1) == b""


def test_unplugged_lines_are_gone_and_come_back_under_the_same_name(devices: Process, hand: Hand) -> None:
    port = devices.open("scanner")
    hand.do("unplug", device="scanner")
    with pytest.raises((serial.SerialException, OSError)):
        port.read(1)
    assert not Path(devices.where["scanner"]["port"]).exists()

    hand.do("plug", device="scanner")
    with devices.open("scanner") as again:
        hand.do("scan", text="ADM1:contoh")
        assert again.read_until(b"\n") == b"ADM1:contoh\r\n"


@pytest.mark.parametrize(
    ("act", "arguments", "why"),
    [
        ("paper", {"level": "some"}, "no level"),
        ("unplug", {"device": "toaster"}, "no device"),
        ("pace", {"baud": 0}, "above 0"),
        ("cover", {"shut": True}, "shut"),
    ],
)
def test_wrong_acts_are_refused_with_a_sentence(hand: Hand, act: str, arguments: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        hand.do(act, **arguments)


def test_the_end_takes_the_names_away(tmp_path: Path) -> None:
    process = Process(tmp_path)
    port = Path(process.where["receipt"]["port"])
    assert port.is_symlink()

    assert process.end() == 0
    assert not port.is_symlink()


@pytest.fixture(scope="module")
def on_tcp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("tcp"), "--receipt", "tcp")
    yield process
    assert process.end() == 0


def address(process: Process) -> tuple[str, int]:
    host, _, port = process.where["receipt"]["port"].removeprefix("tcp://").rpartition(":")
    return host, int(port)


def test_the_receipt_printer_may_be_behind_a_tcp_port(on_tcp: Process) -> None:
    with socket.create_connection(address(on_tcp), 5) as connection:
        connection.sendall(RECEIPT + ASK_WHEN_DONE)
        assert connection.recv(1) == b"\x00"
    assert len(on_tcp.hand.state()["receipt"]["receipts"]) == 1


def test_the_next_connection_waits_for_the_end_of_the_one_before(on_tcp: Process) -> None:
    with socket.create_connection(address(on_tcp), 5) as first:
        first.sendall(Query.PRINTER.frame)
        assert first.recv(1) == b"\x12"
        second = socket.create_connection(address(on_tcp), 5)
        second.sendall(Query.PRINTER.frame)
        second.settimeout(0.3)
        with pytest.raises(TimeoutError):
            second.recv(1)
    second.settimeout(5)
    assert second.recv(1) == b"\x12"
    second.close()


def test_unplugged_the_connection_is_reset_and_the_port_closed_until_it_is_plugged_in(on_tcp: Process) -> None:
    with socket.create_connection(address(on_tcp), 5) as connection:
        connection.sendall(Query.PRINTER.frame)
        assert connection.recv(1) == b"\x12"
        on_tcp.hand.do("unplug", device="receipt")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(on_tcp), 5)

    on_tcp.hand.do("plug", device="receipt")
    socket.create_connection(address(on_tcp), 5).close()


def test_a_black_hole_answers_nobody_and_is_repaired(on_tcp: Process) -> None:
    with socket.create_connection(address(on_tcp), 5) as connection:
        connection.sendall(Query.PRINTER.frame)
        assert connection.recv(1) == b"\x12"
        on_tcp.hand.do("black_hole", on=True)
        connection.sendall(Query.PRINTER.frame)
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        with pytest.raises(TimeoutError):
            socket.create_connection(address(on_tcp), 0.3)

        on_tcp.hand.do("repair")
        connection.settimeout(5)
        assert connection.recv(1) == b"\x12"
    socket.create_connection(address(on_tcp), 5).close()


def test_at_a_pace_of_ten_baud_a_byte_is_read_a_second(on_tcp: Process) -> None:
    on_tcp.hand.do("pace", baud=10)
    with socket.create_connection(address(on_tcp), 5) as connection:
        connection.sendall(Query.PRINTER.frame)
        connection.settimeout(1)  # the question has three bytes
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(30)
        assert connection.recv(1) == b"\x12"
    on_tcp.hand.do("repair")
