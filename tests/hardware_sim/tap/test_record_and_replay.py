"""Recorded through a tap with the real driver, then played: the driver sees the same."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sessions

from drivers.card_reader.frames import Answer, read_binary
from drivers.errors import DeviceError
from hardware_sim.tap.apdu import NOT_RECORDED, ReplayedChip
from hardware_sim.tap.recording import Hidden, Recording, Side, load
from hardware_sim.tap.replay import SerialReplay, TcpReplay

pytestmark = pytest.mark.devices

SERIAL = {"cabinet": sessions.use_cabinet, "receipt": sessions.use_receipt_printer}
TCP = {"ups": sessions.use_ups, "printer": sessions.use_printer}


def replayed(kind: str, recording: Recording, folder: Path, *, timing: bool = False) -> tuple[list[object], list[str]]:
    """What the driver sees, and what it did otherwise than recorded."""
    played: SerialReplay | TcpReplay
    if kind in SERIAL:
        played = SerialReplay(recording, folder / "line", timing=timing)
        use, where = SERIAL[kind], str(folder / "line")
    else:
        played = TcpReplay(recording, timing=timing)
        use, where = TCP[kind], played.port
    played.start()
    try:
        return asyncio.run(use(where)), played.conversation.differences()  # type: ignore[operator]  # each has its own
    finally:
        played.close()


@pytest.mark.parametrize("kind", [*SERIAL, *TCP])
def test_a_driver_sees_the_same_of_the_recording_as_of_the_device(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    saw = sessions.RECORD[kind](tmp_path, out)

    again, differences = replayed(kind, load(out), tmp_path)

    assert again == saw
    assert [line for line in differences if not line.startswith("never said")] == []  # it may ask less often


@pytest.mark.parametrize("kind", [*SERIAL, *TCP])
def test_recordings_of_earlier_days_are_still_understood(kind: str, tmp_path: Path) -> None:
    saw, _ = replayed(kind, load(sessions.HERE / f"{kind}.jsonl"), tmp_path)

    known = {"cabinet": "paper_door", "receipt": "media_low", "ups": "charge=80", "printer": "printer-state"}
    assert known[kind] in repr(saw)


def test_another_receipt_is_taken_and_told(tmp_path: Path) -> None:
    recording = load(sessions.HERE / "receipt.jsonl")
    played = SerialReplay(recording, tmp_path / "line")
    played.start()
    try:
        asyncio.run(sessions.use_receipt_printer(str(tmp_path / "line"), "another day"))
    finally:
        played.close()

    assert any("other content" in line for line in played.conversation.differences())


def test_a_question_that_was_never_recorded_stays_without_answer_and_is_told(tmp_path: Path) -> None:
    played = SerialReplay(load(sessions.HERE / "receipt.jsonl"), tmp_path / "line")
    played.start()
    try:
        with pytest.raises((TimeoutError, DeviceError)):
            asyncio.run(asyncio.wait_for(sessions.use_cabinet(str(tmp_path / "line")), 2))
    finally:
        played.close()

    assert any("not recorded" in line for line in played.conversation.differences())


def test_with_timing_the_device_is_as_slow_as_it_was(tmp_path: Path) -> None:
    lines = (sessions.HERE / "receipt.jsonl").read_text().splitlines()
    slow = tmp_path / "slow.jsonl"
    shifted, late = [lines[0]], 0.0
    for line in lines[1:]:
        chunk = json.loads(line)
        late += 0.2 if chunk["from"] == "device" and late == 0.0 else 0.0
        shifted.append(json.dumps({**chunk, "t": chunk["t"] + late}))
    slow.write_text("\n".join(shifted))
    played = SerialReplay(load(slow), tmp_path / "line", timing=True)

    first = next(turn for turn in played.conversation.turns if turn.answers)

    assert first.answers[0].after_s == pytest.approx(0.2, abs=0.05)
    assert replayed("receipt", load(slow), tmp_path, timing=True)[0]


# -- what a recording holds


def test_a_recording_holds_no_receipt_unless_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    sessions.record_receipt_printer(tmp_path / "a", tmp_path / "veiled.jsonl")
    sessions.record_receipt_printer(tmp_path / "a", tmp_path / "whole.jsonl", content=True)

    veiled, whole = load(tmp_path / "veiled.jsonl"), load(tmp_path / "whole.jsonl")

    raster = b"\x1dv0"
    assert raster in said(whole)
    assert raster not in said(veiled)
    (picture,) = [symbol for chunk in veiled.chunks for symbol in chunk.symbols if isinstance(symbol, Hidden)]
    assert picture.length > sessions.WIDTH // 8 * 120
    assert whole.header.content
    assert not veiled.header.content


def said(recording: Recording) -> bytes:
    symbols = [s for chunk in recording.chunks if chunk.side is Side.DRIVER for s in chunk.symbols]
    return bytes(s for s in symbols if isinstance(s, int))


def test_a_recorded_chip_is_read_again_without_its_photo(tmp_path: Path) -> None:
    out = tmp_path / "chip.jsonl"
    sessions.record_chip(tmp_path, out)
    chip = ReplayedChip(load(out))

    photo = sessions.use_chip(chip.transmit)

    assert len(photo) == len(sessions.PHOTO)
    assert set(photo[6:]) == {0}
    assert chip.conversation.differences() == []
    assert chip.transmit(read_binary(0x7000, 5).to_bytes()) == NOT_RECORDED
    chip.reset()
    assert Answer.from_bytes(chip.transmit(bytes.fromhex("00a40000027f0a"))).ok


def test_the_committed_chip_is_still_read() -> None:
    assert len(sessions.use_chip(ReplayedChip(load(sessions.HERE / "chip.jsonl")).transmit)) == len(sessions.PHOTO)


@pytest.mark.parametrize("line", ["{}", "no json", '{"t":1,"from":"driver","hex":"zz"}', "[" * 5000])
def test_a_line_that_is_none_is_named(line: str, tmp_path: Path) -> None:
    head = (sessions.HERE / "ups.jsonl").read_text().splitlines()[0]
    (tmp_path / "r.jsonl").write_text(f"{head}\n{line}\n")

    with pytest.raises(ValueError, match="line 2"):
        load(tmp_path / "r.jsonl")


# -- the command


def adm_sim(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "hardware_sim.tap", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_commands_record_and_replay_a_serial_device(tmp_path: Path) -> None:
    line, out = tmp_path / "line", tmp_path / "again.jsonl"
    with adm_sim("replay", sessions.HERE / "cabinet.jsonl", "--as", line) as played:
        assert played.stdout is not None
        assert played.stdout.readline().strip() == str(line)
        arguments = ("--serial", line, "--as", tmp_path / "tap", "--speaks", "modbus", "--out", out)
        with adm_sim("record", *arguments) as tapped:
            assert tapped.stdout is not None
            assert "stands for" in tapped.stdout.readline()
            saw = asyncio.run(sessions.use_cabinet(str(tmp_path / "tap")))
            tapped.send_signal(signal.SIGTERM)
            assert tapped.wait(20) == 0
        played.send_signal(signal.SIGTERM)
        told = played.communicate(timeout=20)[0]

    assert "paper_door" in repr(saw)
    assert "recorded" in told
    assert load(out).header.device == str(line)
    assert not os.path.lexists(tmp_path / "tap")


def test_a_device_that_does_not_tell_what_is_content_is_not_recorded(tmp_path: Path) -> None:
    refused = adm_sim("record", "--serial", "/dev/ttyUSB7", "--as", tmp_path / "tap", "--out", tmp_path / "o.jsonl")

    assert "--speaks" in refused.communicate(timeout=20)[1]
    assert refused.returncode == 2
    assert not (tmp_path / "o.jsonl").exists()
