"""The line to the engine, over a real Unix socket."""

from __future__ import annotations

import queue
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from views_shown import SITE

from kiosk.protocol import Back, HowToView, Said, Show, decode_said, encode
from kiosk.screen.connection import Connection

SHOW = Show(1, SITE, HowToView())


class FakeEngine:
    """Listens as the engine does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen()
        self.server.settimeout(5)

    def accept(self) -> socket.socket:
        client, _ = self.server.accept()
        client.settimeout(5)
        return client

    def stop(self) -> None:
        self.server.close()
        self._path.unlink()


@pytest.fixture
def heard() -> queue.Queue[Show | None]:
    """What the screen was told; None: the engine is lost."""
    return queue.Queue()


@pytest.fixture
def connection(tmp_path: Path, heard: queue.Queue[Show | None]) -> Iterator[Connection]:
    one = Connection(tmp_path / "engine.sock", heard.put, lambda: heard.put(None))
    yield one
    one.stop()


def test_show_arrives_and_said_is_sent(tmp_path: Path, connection: Connection, heard: queue.Queue[Show | None]) -> None:
    engine = FakeEngine(tmp_path / "engine.sock")
    connection.start()
    client = engine.accept()

    client.sendall(encode(SHOW))
    assert heard.get(timeout=5) == SHOW

    assert connection.say(Said(1, Back()))
    assert decode_said(client.makefile("rb").readline()) == Said(1, Back())
    client.close()
    engine.stop()


def test_engine_that_is_not_there_yet_is_waited_for(
    tmp_path: Path, connection: Connection, heard: queue.Queue[Show | None]
) -> None:
    connection.start()
    assert heard.get(timeout=5) is None
    assert not connection.say(Said(1, Back()))

    engine = FakeEngine(tmp_path / "engine.sock")
    client = engine.accept()
    client.sendall(encode(SHOW))

    assert heard.get(timeout=5) == SHOW
    client.close()
    engine.stop()


def test_lost_engine_is_told_once_and_found_again(
    tmp_path: Path, connection: Connection, heard: queue.Queue[Show | None]
) -> None:
    engine = FakeEngine(tmp_path / "engine.sock")
    connection.start()
    client = engine.accept()
    client.sendall(encode(SHOW))
    assert heard.get(timeout=5) == SHOW

    client.close()
    assert heard.get(timeout=5) is None

    again = engine.accept()
    again.sendall(encode(SHOW))
    assert heard.get(timeout=5) == SHOW
    assert heard.empty()
    again.close()
    engine.stop()


@pytest.mark.parametrize("line", [b"no json\n", b'{"page": 1}\n', b'{"page":1,"site":"x","view":{"type":"later"}}\n'])
def test_what_is_no_show_ends_the_line_and_another_is_tried(
    tmp_path: Path, connection: Connection, heard: queue.Queue[Show | None], line: bytes
) -> None:
    engine = FakeEngine(tmp_path / "engine.sock")
    connection.start()
    client = engine.accept()
    client.sendall(line)
    assert heard.get(timeout=5) is None

    again = engine.accept()
    again.sendall(encode(SHOW))
    assert heard.get(timeout=5) == SHOW
    client.close()
    again.close()
    engine.stop()


def test_engine_that_does_not_read_holds_no_finger(
    tmp_path: Path, connection: Connection, heard: queue.Queue[Show | None]
) -> None:
    engine = FakeEngine(tmp_path / "engine.sock")
    connection.start()
    client = engine.accept()
    client.sendall(encode(SHOW))
    heard.get(timeout=5)

    sent = [connection.say(Said(1, Back())) for _ in range(20_000)]

    assert not sent[-1]  # the line is full, and say returned all the same
    client.close()
    engine.stop()
