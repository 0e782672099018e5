"""`adm-sim tap card` on a real pcscd: it can be played as that card, and holds nothing of a person."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.card_reader.frames import FileId, read_binary, select
from hardware_sim.control import Hand
from hardware_sim.tap.apdu import ReplayedChip
from hardware_sim.tap.recording import load

pytestmark = pytest.mark.devices

READER = "Kiosk CardPrinter Encoder"
PHOTO = b"a face that stays on its card " * 40
Tap = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hand]:
    folder = tmp_path_factory.mktemp("pcsc")
    with subprocess.Popen(
        [sys.executable, "-m", "hardware_sim.smart_cards", "--dir", str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        hand = Hand(json.loads(process.stdout.readline())["control"])
        hand.do("start_pcscd")
        hand.do("plug", slot="encoder")
        yield hand
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture
def tap(cards: Hand) -> Tap:
    environment = {**os.environ, "PCSCLITE_CSOCK_NAME": cards.state()["socket"]}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "hardware_sim", "tap", "card", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    return run


@pytest.fixture
def card(cards: Hand) -> Iterator[str]:
    serial = "B-0000000042"
    cards.do("insert", slot="encoder", serial=serial)
    cards.do("put_photo", serial=serial, photo=base64.b64encode(PHOTO).decode())
    time.sleep(0.6)  # pcscd takes up to 0.4 s to see it
    yield serial
    cards.do("remove", slot="encoder")


def test_a_card_is_read_as_the_kiosk_reads_it_and_played_again(tap: Tap, card: str, tmp_path: Path) -> None:
    out = tmp_path / "card.jsonl"

    done = tap("--reader", READER, "--out", str(out))

    assert done.returncode == 0, done.stderr
    assert PHOTO[:20].hex() not in out.read_text(), "the photo is the person's"
    chip = ReplayedChip(load(out))
    assert chip.transmit(select(FileId.KTP_EL).to_bytes()) == b"\x90\x00"
    assert chip.transmit(select(FileId.PHOTO).to_bytes()) == b"\x90\x00"
    head = chip.transmit(read_binary(0, 8).to_bytes())
    assert int.from_bytes(head[:2], "big") == len(PHOTO)


def test_apdus_of_ones_own_are_sent_as_they_stand(tap: Tap, card: str, tmp_path: Path) -> None:
    out = tmp_path / "own.jsonl"

    done = tap("--reader", READER, "--out", str(out), "00A40000027F0A", "00A40000026FFF")

    assert done.returncode == 0, done.stderr
    assert [chunk.hex for chunk in load(out).chunks if chunk.side == "device"] == ["9000", "6a82"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--reader", "No such reader"), "no such reader; there are: Kiosk CardPrinter Encoder"),
        (("--reader", READER), "put one on the reader and try again"),
        (("--reader", READER, "00A4zz"), "00A4zz: expected an APDU in hex"),
    ],
    ids=["no reader", "no card", "no apdu"],
)
def test_what_is_missing_is_named_with_the_way_out(
    tap: Tap, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    done = tap(*arguments, "--out", str(tmp_path / "none.jsonl"))

    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "none.jsonl").exists()
