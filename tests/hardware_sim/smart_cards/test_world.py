"""The virtual cards' acts, over the control of the real process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from hardware_sim.control import Hand
from hardware_sim.smart_cards.pcscd import Pcscd, PcscdError
from hardware_sim.smart_cards.slots import Faults

pytestmark = pytest.mark.devices


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    directory = tmp_path_factory.mktemp("cards")
    command = [sys.executable, "-m", "hardware_sim.smart_cards", "--dir", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


@pytest.fixture(scope="module")
def where(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    answer: dict[str, str] = json.loads(process.stdout.readline())
    return answer


@pytest.fixture
def hand(where: dict[str, str]) -> Iterator[Hand]:
    hand = Hand(where["control"])
    yield hand
    hand.do("start_pcscd")
    for slot in ("encoder", "operator"):
        hand.do("remove", slot=slot)


def readers_seen(where: dict[str, str]) -> str:
    environment = {**os.environ, "PCSCLITE_CSOCK_NAME": where["PCSCLITE_CSOCK_NAME"]}
    return subprocess.run(["opensc-tool", "-l"], env=environment, capture_output=True, text=True, timeout=20).stdout


def test_both_readers_have_their_names(hand: Hand, where: dict[str, str]) -> None:
    seen = readers_seen(where)

    assert "Kiosk CardPrinter Encoder 00 00" in seen
    assert "Kiosk Operator Reader 00 00" in seen


def test_the_machines_own_pcscd_is_not_touched(hand: Hand, where: dict[str, str]) -> None:
    pid = hand.state()["pcscd_pid"]
    own, others = Path(where["PCSCLITE_CSOCK_NAME"]), Path("/run/pcscd/pcscd.comm")

    assert Path(f"/proc/{pid}/ns/mnt").readlink() != Path("/proc/self/ns/mnt").readlink()
    assert own.is_socket()
    assert not others.exists() or not others.samefile(own)


def test_two_worlds_run_side_by_side(hand: Hand, where: dict[str, str], tmp_path: Path) -> None:
    other = Pcscd(tmp_path, ["Another Reader"])
    other.start()
    try:
        assert "Another Reader" in readers_seen({"PCSCLITE_CSOCK_NAME": str(other.socket)})
        assert "Another Reader" not in readers_seen(where)
    finally:
        pid = other.pid
        other.stop()
    assert pid is not None
    assert not alive(pid)


@pytest.mark.parametrize(
    ("act", "arguments", "why"),
    [
        ("insert", {"slot": "chute", "serial": "X1"}, "no slot"),
        ("insert", {"slot": "encoder", "serial": "X1", "kind": "bank"}, "no kind"),
        ("insert", {"slot": "encoder"}, "serial"),
        ("fault", {"slot": "encoder", "mute": True}, "no card"),
        ("put_photo", {"serial": "never seen", "photo": ""}, "never"),
        ("put_key", {"serial": "never seen", "key_slot": "9C", "certificate": "", "key": ""}, "no staff card"),
        ("issue_staff", {"slot": "operator", "serial": "X1", "certificate": "", "key": "no PEM"}, "load|PEM"),
        ("issue_staff", {"slot": "operator", "serial": "X1", "certificate": "", "key": "", "pin": "12"}, "digits"),
        ("no_such_act", {}, "no act"),
    ],
)
def test_wrong_acts_are_refused_with_a_sentence(hand: Hand, act: str, arguments: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        hand.do(act, **arguments)


def test_a_card_is_in_one_place_only(hand: Hand) -> None:
    hand.do("insert", slot="encoder", serial="W1")

    with pytest.raises(ValueError, match="already"):
        hand.do("insert", slot="encoder", serial="W2")
    with pytest.raises(ValueError, match="already"):
        hand.do("insert", slot="operator", serial="W1")


def test_a_staff_card_takes_more_keys_and_keeps_them_outside_the_reader(
    hand: Hand, make_staff: Callable[[str], Any]
) -> None:
    person = make_staff("Petugas SPESIMEN")
    hand.do("issue_staff", slot="operator", serial="W4", **person.pem)
    state = hand.do("put_key", serial="W4", key_slot="9C", **person.pem)
    assert state["slots"]["operator"]["card"]["keys"] == ["9A", "9C"]
    with pytest.raises(ValueError, match="already"):
        hand.do("issue_staff", slot="encoder", serial="W4", **person.pem)

    hand.do("remove", slot="operator")
    with pytest.raises(ValueError, match="is a piv"):
        hand.do("insert", slot="operator", serial="W4")
    state = hand.do("insert", slot="operator", serial="W4", kind="piv")
    assert state["slots"]["operator"]["card"]["keys"] == ["9A", "9C"]


def test_repair_takes_a_fault_from_a_card(hand: Hand) -> None:
    hand.do("insert", slot="encoder", serial="W5")
    hand.do("fault", slot="encoder", two_cards=True, delay_s=0.5)

    assert hand.do("repair")["slots"]["encoder"]["faults"] == asdict(Faults())


def test_an_unknown_fault_is_refused_and_faults_go_with_the_card(hand: Hand) -> None:
    hand.do("insert", slot="encoder", serial="W3")
    with pytest.raises(ValueError, match="no fault"):
        hand.do("fault", slot="encoder", coffee=True)
    state = hand.do("fault", slot="encoder", hang=True, delay_s=0.5)
    assert state["slots"]["encoder"]["faults"]["hang"]

    hand.do("remove", slot="encoder")
    state = hand.do("insert", slot="encoder", serial="W3")
    assert state["slots"]["encoder"]["faults"] == asdict(Faults())


def test_a_killed_pcscd_is_reaped_and_starts_again(hand: Hand, where: dict[str, str]) -> None:
    before = hand.state()["pcscd_pid"]

    assert hand.do("kill_pcscd")["pcscd_pid"] is None
    assert not alive(before)
    hand.do("start_pcscd")
    assert "Kiosk CardPrinter Encoder" in readers_seen(where)


@pytest.mark.parametrize("kill", [False, True], ids=["SIGTERM", "kill -9"])
def test_nothing_is_left_running(tmp_path: Path, kill: bool) -> None:
    command = [sys.executable, "-m", "hardware_sim.smart_cards", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        hand = Hand(json.loads(process.stdout.readline())["control"])
        hand.do("kill_pcscd")
        pid = hand.do("start_pcscd")["pcscd_pid"]  # started by a thread of the control
        assert alive(pid)
        process.kill() if kill else process.terminate()
        process.wait(10)
    gone = subprocess.run(["timeout", "5", "tail", f"--pid={pid}", "-f", "/dev/null"]).returncode == 0
    if not gone:
        os.kill(pid, signal.SIGKILL)

    assert gone


def test_a_directory_too_deep_for_a_socket_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(PcscdError, match="shorter directory"):
        Pcscd(tmp_path / ("deep" * 25), ["Reader"]).start()


def test_the_ports_of_readers_are_none_that_an_outgoing_connection_could_take_meanwhile(tmp_path: Path) -> None:
    lowest_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    pcscd = Pcscd(tmp_path, ["one", "two"])
    pcscd._configure()

    assert all(port + 1 < lowest_outgoing for port in pcscd.ports.values())
    assert abs(pcscd.ports["one"] - pcscd.ports["two"]) > 1
