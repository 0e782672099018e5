"""The cabinet's board as a process, and its acts, seen by another Modbus client than the driver."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pymodbus.client import ModbusSerialClient

from hardware_sim.control import Hand

pytestmark = pytest.mark.devices


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "hardware_sim.cabinet", "--dir", str(tmp_path_factory.mktemp("cabinet"))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.terminate()
    process.stdout.close()
    assert process.wait(10) == 0


@pytest.fixture
def hand(where: dict[str, Any]) -> Hand:
    return Hand(where["control"])


@pytest.fixture
def client(where: dict[str, Any], hand: Hand) -> Iterator[ModbusSerialClient]:
    client = ModbusSerialClient(where["cabinet"]["port"], baudrate=19200, timeout=0.5, retries=0)
    assert client.connect()
    yield client
    client.close()


def test_inputs_follow_the_hand(client: ModbusSerialClient, hand: Hand) -> None:
    def inputs() -> list[bool]:
        return list(client.read_discrete_inputs(0, count=5, device_id=1).bits[:5])

    assert inputs() == [True, True, True, False, False]
    hand.do("open_door", door="paper_door")
    state = hand.do("key", on=True)
    assert (state["open_doors"], state["key_in_service"]) == (["paper_door"], True)
    assert inputs() == [True, False, True, False, True]
    hand.do("close_door", door="paper_door")
    hand.do("key", on=False)
    assert inputs() == [True, True, True, False, False]


def test_coils_light_the_lamps(client: ModbusSerialClient, hand: Hand) -> None:
    assert not client.write_coil(1, True, device_id=1).isError()
    assert list(client.read_coils(0, count=4, device_id=1).bits[:4]) == [False, True, False, False]
    assert hand.state()["lit"] == ["paper_tray"]

    hand.do("restart")
    assert hand.state()["lit"] == []


def test_what_the_board_has_not_is_refused(client: ModbusSerialClient) -> None:
    assert client.read_coils(6, count=3, device_id=1).exception_code == 2
    assert client.write_register(5, 1, device_id=1).exception_code == 2
    assert client.read_holding_registers(0, device_id=1).exception_code == 1


def test_an_act_that_cannot_be_is_refused(hand: Hand) -> None:
    with pytest.raises(ValueError, match="no door 'roof'"):
        hand.do("open_door", door="roof")
