"""What the supervisor hears: a real datagram socket in the place of systemd's."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.notify import ALIVE, READY, notify, watchdog_interval


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(path))
        heard.settimeout(2)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        yield heard


def test_supervisor_hears_each_state_as_a_datagram_of_its_own(supervisor: socket.socket) -> None:
    assert notify(READY)
    assert notify(ALIVE)

    assert supervisor.recv(100) == b"READY=1"
    assert supervisor.recv(100) == b"WATCHDOG=1"


def test_abstract_socket_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"adm-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("\0" + name)
        heard.settimeout(2)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)

        assert notify(READY)

        assert heard.recv(100) == b"READY=1"


def test_without_a_supervisor_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify(READY)

    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    assert not notify(READY)


@pytest.mark.parametrize(
    ("allowed", "watched", "expected"),
    [
        ("10000000", "", 5.0),
        pytest.param("10000000", str(os.getpid()), 5.0, id="watched"),
        ("10000000", "1", None),
        ("", "", None),
        ("0", "", None),
    ],
)
def test_signs_of_life_come_twice_as_often_as_they_must(
    allowed: str, watched: str, expected: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", allowed)
    monkeypatch.setenv("WATCHDOG_PID", watched)

    assert watchdog_interval() == expected
