"""The recorded device, played: on a pseudo-terminal or a TCP port, for whatever driver comes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from hardware_sim.serial_devices.line import SerialLine
from hardware_sim.tap.conversation import Conversation, Said, Turn
from hardware_sim.tap.recording import Recording, Side
from hardware_sim.tap.veils import veil

CHUNK = 4096
SILENCE_S = 0.5  # after which what was begun is given up


class _Player:
    """Says what the device said; for one line or connection."""

    def __init__(self, recording: Recording, conversation: Conversation, lock: threading.Lock, *, timing: bool) -> None:
        self._veil = veil(recording.header.speaks, Side.DRIVER, content=recording.header.content)
        self._conversation = conversation
        self._lock = lock
        self._timing = timing

    def answer(self, data: bytes) -> Iterable[Said]:
        """What the device says to these bytes of the driver, in order and, where asked for, in its time."""
        with self._lock:
            turns = self._conversation.hear(self._veil.feed(data))
        for turn in turns:
            yield from self.play(turn)

    def play(self, turn: Turn) -> Iterable[Said]:
        passed = 0.0
        for said in turn.answers:
            if self._timing:
                time.sleep(max(0.0, said.after_s - passed))
                passed = said.after_s
            yield said

    def silence(self) -> None:
        with self._lock:
            self._conversation.silence()


class SerialReplay:
    """The recorded device at ``link``."""

    def __init__(self, recording: Recording, link: Path, *, timing: bool = False) -> None:
        self.conversation = Conversation(recording)
        self.where = str(link)
        self._line = SerialLine(link)
        self._player = _Player(recording, self.conversation, threading.Lock(), timing=timing)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)

    def start(self) -> None:
        self._line.plug()
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join(2)
        self._line.close()

    def _run(self) -> None:
        greeting = self.conversation.greeting
        for said in self._player.play(greeting) if greeting else ():
            self._line.write(said.data)
        while not self._ending.is_set():
            if not self._line.wait(SILENCE_S):
                self._player.silence()
                continue
            for said in self._player.answer(self._line.read(CHUNK)):
                self._line.write(said.data)


class TcpReplay:
    """The recorded device on a port of 127.0.0.1. All connections share the one conversation."""

    def __init__(self, recording: Recording, listen: int = 0, *, timing: bool = False) -> None:
        self.conversation = Conversation(recording)
        self._player: Callable[[], _Player]
        lock = threading.Lock()
        self._player = lambda: _Player(recording, self.conversation, lock, timing=timing)
        self._server = socket.create_server(("127.0.0.1", listen))
        self.port: int = self._server.getsockname()[1]
        self.where = f"127.0.0.1:{self.port}"
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._server.settimeout(0.2)
        self._threads.append(threading.Thread(target=self._accept, name="replay", daemon=True))
        self._threads[0].start()

    def close(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(2)
        self._server.close()

    def _accept(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                driver, _ = self._server.accept()
                thread = threading.Thread(target=self._serve, args=(driver,), name="replay", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, driver: socket.socket) -> None:
        player = self._player()
        driver.settimeout(SILENCE_S)
        with driver, contextlib.suppress(ConnectionError):
            greeting = self.conversation.greeting
            for said in player.play(greeting) if greeting else ():
                driver.sendall(said.data)
            while not self._ending.is_set():
                try:
                    data = driver.recv(CHUNK)
                except TimeoutError:
                    player.silence()
                    continue
                if not data:
                    return
                for said in player.answer(data):
                    driver.sendall(said.data)
                    if said.closes:
                        return
