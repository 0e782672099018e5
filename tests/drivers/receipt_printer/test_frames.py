"""Status bytes of ESC/POS, and receipts as bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.device import Condition, DeviceState
from drivers.receipt_printer.frames import Flags, Query, is_done, is_status
from drivers.receipt_printer.render import render

FLAGS = st.builds(Flags, *[st.booleans()] * 9)


@given(FLAGS)
def test_flags_survive_the_four_answers(flags: Flags) -> None:
    answers = {query: flags.answer(query) for query in Query}

    assert Flags.from_answers(answers) == flags
    assert all(is_status(answer) and not is_done(answer) for answer in answers.values())


@given(FLAGS)
def test_a_ready_printer_has_no_fault_and_every_fault_is_seen(flags: Flags) -> None:
    faults = {**vars(flags), "paper_near_end": False}

    assert (flags.state is DeviceState.ONLINE) == (not any(faults.values()))


def test_the_questions_are_dle_eot() -> None:
    assert [query.frame.hex() for query in Query] == ["100401", "100402", "100403", "100404"]


@pytest.mark.parametrize(
    ("answers", "state", "conditions"),
    [
        ((0x12, 0x12, 0x12, 0x12), DeviceState.ONLINE, set()),
        ((0x16, 0x12, 0x12, 0x12), DeviceState.ONLINE, set()),  # bit 2: drawer, no matter
        ((0x1A, 0x12, 0x12, 0x12), DeviceState.OFFLINE, set()),
        ((0x1A, 0x16, 0x12, 0x12), DeviceState.USER_ERROR, {Condition.COVER_OPEN}),
        ((0x1A, 0x32, 0x12, 0x7E), DeviceState.USER_ERROR, {Condition.MEDIA_EMPTY}),
        ((0x12, 0x12, 0x12, 0x1E), DeviceState.ONLINE, {Condition.MEDIA_LOW}),
        ((0x1A, 0x52, 0x1A, 0x12), DeviceState.USER_ERROR, {Condition.CUTTER_FAULT}),
        ((0x1A, 0x52, 0x32, 0x12), DeviceState.HARDWARE_ERROR, set()),
        ((0x1A, 0x52, 0x52, 0x12), DeviceState.OFFLINE, {Condition.COOLING}),
    ],
)
def test_answers_of_the_reference_in_the_words_of_the_devices(
    answers: tuple[int, ...], state: DeviceState, conditions: set[Condition]
) -> None:
    flags = Flags.from_answers(dict(zip(Query, answers, strict=True)))

    assert (flags.state, flags.conditions) == (state, conditions)


@pytest.mark.parametrize("byte", [0x00, 0xFF, 0x37, 0x25, 0x41])
def test_other_bytes_are_no_status(byte: int) -> None:
    assert not is_status(byte)


def test_a_receipt_begins_afresh_and_ends_with_a_cut() -> None:
    data = render(Image.new("1", (576, 500), 1), 576, cut=True)

    assert data.startswith(b"\x1b@\x1dv0\x00\x48\x00")
    assert data.endswith(b"\x1dV\x00")
    assert data.count(b"\x1dv0") == 3
    assert b"\x1dV" not in render(Image.new("1", (576, 500), 1), 576, cut=False)


def test_grey_is_made_black_or_white_at_the_middle() -> None:
    picture = Image.new("L", (16, 1), 100)
    picture.putpixel((0, 0), 200)

    assert render(picture, 576, cut=False).endswith(b"\x7f\xff")


@pytest.mark.parametrize("size", [(577, 10), (10, 0)])
def test_a_picture_that_does_not_fit_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        render(Image.new("1", size), 576, cut=True)


def test_rendering_says_nothing_and_leaves_no_pickle_behind(tmp_path: Path) -> None:
    """python-escpos prints remarks, and leaves a folder with a pickle behind at each import."""
    program = (
        "from PIL import Image; from drivers.receipt_printer.render import render;"
        "render(Image.new('1', (576, 500)), 576, cut=True)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    environment.pop("ESCPOS_CAPABILITIES_PICKLE_DIR", None)
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, timeout=60, check=True)

    assert done.stdout == b""
    assert list(tmp_path.rglob("*.pickle")) == []
