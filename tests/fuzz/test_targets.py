"""Every parser of bytes from outside, with real frames, spoiled ones, noise, and what was found before.

The findings are in ``regressions/``: one input in hex each, named TARGET.WHAT.hex.
"""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
import targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TARGETS = targets.table()
REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.hex"))
SLOW = {"pdf", "card"}  # milliseconds an input
some = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(some, max_examples=30)


@functools.cache
def seeds(name: str) -> list[bytes]:
    return TARGETS[name].seeds()


@st.composite
def spoiled(draw: st.DrawFn, name: str) -> bytes:
    """A real frame, or two, with bits turned, and bytes cut out, put in or repeated."""
    data = bytearray(b"".join(draw(st.lists(st.sampled_from(seeds(name)), min_size=1, max_size=2))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.sampled_from([0, 1, 1, 2, 20])))
        old, bit = bytes(data[at:end]), draw(st.integers(0, 7))
        turned = bytes(byte ^ 1 << bit for byte in old)
        data[at:end] = draw(st.binary(max_size=6) | st.sampled_from([turned, old * 3]))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_real_frames_whole_and_cut_anywhere(name: str) -> None:
    for seed in seeds(name):
        step = 1 if name not in SLOW else len(seed) // 40
        for end in [*range(0, len(seed), step), len(seed)]:
            TARGETS[name].parse(seed[:end])


@pytest.mark.parametrize("name", TARGETS)
def test_spoiled_frames_and_noise(name: str) -> None:
    @(few if name in SLOW else some)
    @given(st.binary(max_size=300) | spoiled(name))
    def parse(data: bytes) -> None:
        TARGETS[name].parse(data)

    parse()


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_what_was_found_before(path: Path) -> None:
    TARGETS[path.name.partition(".")[0]].parse(bytes.fromhex(path.read_text()))
