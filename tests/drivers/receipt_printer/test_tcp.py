"""What goes wrong with a network and not with a cable, and ports that are none."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import pytest
from PIL import Image

from drivers.device import DeviceState
from drivers.errors import DeviceAwayError
from drivers.receipt_printer import lines
from drivers.receipt_printer.driver import ReceiptPrinter
from drivers.receipt_printer.errors import ReceiptUnknownError
from drivers.receipt_printer.frames import CLEAR, Flags
from drivers.receipt_printer.lines import LineStalledError, TcpLine, open_line
from drivers.receipt_printer.protocol import ReceiptLine
from drivers.testing import until
from hardware_sim.serial_devices.receipt_printer import SimulatedReceiptPrinter
from hardware_sim.serial_devices.tcp_line import TcpLine as SimulatedTcpLine

pytestmark = pytest.mark.devices

PICTURE = Image.new("1", (576, 80), 0)


@pytest.fixture
def kind() -> str:
    return "tcp"


def hole(machine: SimulatedReceiptPrinter, *, on: bool) -> None:
    assert isinstance(machine.line, SimulatedTcpLine)
    machine.line.black_hole(on=on)


def read_all(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


async def test_a_black_hole_is_unknown_and_what_was_not_confirmed_is_not_sent_again(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    await until(lambda: printer.status.ready)
    hole(machine, on=True)
    await until(lambda: printer.status.state is DeviceState.UNKNOWN)
    assert not printer.status.conditions
    with pytest.raises(DeviceAwayError, match="nothing was sent"):
        await printer.print_picture(PICTURE)

    hole(machine, on=False)
    await until(lambda: printer.status.ready)
    await printer.print_picture(PICTURE)
    assert len(machine.receipts.paths) == 1


async def test_a_black_hole_gives_no_connection_within_the_deadline(
    machine: SimulatedReceiptPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "CONNECT_S", 0.3)
    hole(machine, on=True)
    with pytest.raises(TimeoutError):
        open_line(machine.line.port, 9600, answer_s=0.3, stall_s=1)

    hole(machine, on=False)
    open_line(machine.line.port, 9600, answer_s=0.3, stall_s=1).close()


async def test_a_network_that_dies_in_mid_receipt_leaves_it_unknown(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.receipt_printer.driver.PRINT_MARGIN_S", 0.5)
    monkeypatch.setattr(lines, "CONNECT_S", 0.3)
    await until(lambda: printer.status.ready)
    machine.pace(115200)
    printing = asyncio.create_task(printer.print_picture(Image.new("1", (576, 300), 0)))
    await until(lambda: machine.state()["bytes_waiting"] > 0 or machine.state()["rows_uncut"] > 0)
    hole(machine, on=True)
    with pytest.raises(ReceiptUnknownError):
        await printing

    hole(machine, on=False)
    machine.pace(None)
    await until(lambda: printer.status.ready)
    assert machine.receipts.paths == [], "the rest came out for the next person"


async def test_a_byte_a_second_is_unknown_and_never_another_condition(
    printer: ReceiptPrinter, machine: SimulatedReceiptPrinter
) -> None:
    """Answers that come late are not taken for those to the next questions."""
    await until(lambda: printer.status.ready)
    machine.pace(10)
    await until(lambda: printer.status.state is DeviceState.UNKNOWN)
    seen = set()
    for _ in range(60):
        seen.add((printer.status.state, printer.status.conditions))
        await asyncio.sleep(0.05)
    assert seen == {(DeviceState.UNKNOWN, frozenset())}

    machine.pace(None)
    await until(lambda: printer.status.ready)


def test_a_printer_that_acknowledges_nothing_is_given_up_by_the_kernel_soon(machine: SimulatedReceiptPrinter) -> None:
    """Half-open connections cannot be had on loopback; what ends them is asked of the kernel."""
    line = open_line(machine.line.port, 9600, answer_s=0.3, stall_s=1)
    assert isinstance(line, TcpLine)
    try:
        assert line._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 8000
        assert line._socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    finally:
        line.close()


def test_a_printer_that_stops_reading_stalls_the_line_and_the_rest_is_taken_back() -> None:
    """The second connection gets nothing of what the first one could not deliver."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.settimeout(10)
        line = open_line(f"tcp://127.0.0.1:{listener.getsockname()[1]}", 9600, answer_s=0.2, stall_s=0.3)
        first, _ = listener.accept()
        with pytest.raises(LineStalledError):
            line.write(b"x" * 1_000_000)
        line.drop_output()
        second, _ = listener.accept()
        line.write(b"y")
        assert second.recv(10) == b"y"
        with pytest.raises(ConnectionResetError):
            read_all(first)
        line.close()
        first.close()
        second.close()


def test_a_connection_that_the_printer_closes_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = open_line(f"tcp://127.0.0.1:{listener.getsockname()[1]}", 9600, answer_s=60, stall_s=1)
        connection, _ = listener.accept()
        threading.Timer(0.1, connection.close).start()
        with pytest.raises(OSError, match="closed the connection"):
            line.read()
        line.close()


@pytest.mark.parametrize(
    "port", ["tcp://", "tcp://printer", "tcp:printer:9100", "tcp://a b:9100", "tcp://printer:port"]
)
def test_an_address_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match="expected tcp://host:port"):
        open_line(port, 9600, answer_s=1, stall_s=1)


def test_answers_that_come_late_and_together_are_not_taken_for_those_to_the_next_questions() -> None:
    """A network that stood still for a moment delivers three answers to "printer?" at once: offline, by bit 3.

    In the answer to "error?" bit 3 is the cutter.
    """
    flows = threading.Event()

    def answer(connection: socket.socket) -> None:
        for _ in range(3):
            connection.recv(3, socket.MSG_WAITALL)
        flows.wait(30)
        connection.sendall(b"\x1a\x1a\x1a")
        with contextlib.suppress(ConnectionResetError):  # which is how our end closes
            while connection.recv(3, socket.MSG_WAITALL):
                connection.sendall(b"\x12")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = ReceiptLine("receipt printer", f"tcp://127.0.0.1:{listener.getsockname()[1]}", 9600)
        line.open()
        connection, _ = listener.accept()
        connection.recv(len(CLEAR), socket.MSG_WAITALL)
        printer = threading.Thread(target=answer, args=(connection,), daemon=True)
        printer.start()
        assert [line.ask() for _ in range(3)] == [None, None, None]
        threading.Timer(0.1, flows.set).start()

        assert line.ask() == Flags()
        line.close()
        printer.join(5)
        connection.close()
