"""A private pcscd with virtual cards, in processes of its own, for all tests of this folder."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from drivers.card_reader.driver import CardReader
from hardware_sim.control import Hand
from hardware_sim.smart_cards.personalization import ChipContent, next_step

ENCODER = "Kiosk CardPrinter Encoder"
PHOTO = bytes(range(256)) * 40  # 10 kB


@pytest.fixture(scope="session")
def cards_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hand]:
    directory: Path = tmp_path_factory.mktemp("pcsc")
    with subprocess.Popen(
        [sys.executable, "-m", "hardware_sim.smart_cards", "--dir", str(directory)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        yield Hand(where["control"])
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture
def hand(cards_process: Hand, use_pcscd: Callable[[str], None]) -> Hand:
    """A hand at the readers: pcscd runs, both readers are plugged, both are empty."""
    use_pcscd(cards_process.state()["socket"])
    cards_process.do("start_pcscd")
    removed = []
    for slot in ("encoder", "operator"):
        cards_process.do("plug", slot=slot)
        removed.append(cards_process.do("remove", slot=slot)["result"])
    if any(removed):
        time.sleep(0.6)  # pcscd takes up to 0.4 s to see that the last test's card went
    return cards_process


@pytest.fixture
async def reader(hand: Hand) -> AsyncIterator[CardReader]:
    reader = CardReader("card reader", ENCODER)
    await reader.start()
    yield reader
    await reader.close()


@pytest.fixture
def serial(request: pytest.FixtureRequest) -> str:
    """A serial that no other test uses: cards keep their content."""
    return f"B-{abs(hash(request.node.nodeid)) % 10**10:010}"


@pytest.fixture
def personalize(hand: Hand) -> Callable[[CardReader, bytes], object]:
    """Write the chip through the reader, as the relay does."""

    async def write(reader: CardReader, photo: bytes = PHOTO) -> bool:
        content = ChipContent(photo, {"nama": "SITI SPESIMEN"})
        atr = (await reader.atr()).hex()
        answers: list[list[str]] = [[]]
        while not (step := next_step(content, atr, answers)).done:
            heard = await reader.transmit([bytes.fromhex(command) for command in step.commands])
            answers.append([answer.hex() for answer in heard])
        return bool(step.ok)

    return write


@pytest.fixture
def photo() -> bytes:
    return PHOTO


@pytest.fixture
def encoder() -> str:
    return ENCODER
